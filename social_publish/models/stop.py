"""The emergency stop: while one is in force, nothing is posted on any channel."""

from datetime import datetime

from django.conf import settings
from django.db import models


class EmergencyStop(models.Model):
    """Who stopped all posting, when and why; who lifted it, and when."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(lifted_at__isnull=True),
                name="one_emergency_stop",
            )
        ]
        permissions = [("stop_everything", "Can stop all posting, and lift the stop")]

    def __str__(self) -> str:
        return f"{self.at:%d %B %Y %H:%M}"

    @classmethod
    def in_force(cls) -> models.QuerySet["EmergencyStop"]:
        return cls.objects.filter(lifted_at=None)

    @classmethod
    def since(cls, at: datetime | None) -> models.QuerySet["EmergencyStop"]:
        """The stops that are in force, or that still were at some time after `at`."""
        if at is None:
            return cls.in_force()
        return cls.objects.filter(models.Q(lifted_at=None) | models.Q(lifted_at__gte=at))

    @classmethod
    def is_on(cls) -> bool:
        return cls.in_force().exists()
