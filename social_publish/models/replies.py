"""Posts whose replies were opened: on whose watch, why, and until when."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from social_publish.models.announcements import Delivery


class OpenReplies(models.Model):
    """The terms on which one post's replies are open, frozen with its proposal.

    When they end stands in the delivery (`replies_until`); ended_at: when closing was begun.
    telling_until: until then one sweep is writing to the watcher; another leaves the row alone.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="open_replies")
    reason = models.CharField(max_length=300)
    watcher = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    watcher_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    opening_told_at = models.DateTimeField(null=True, blank=True)
    ending_told_at = models.DateTimeField(null=True, blank=True)
    telling_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("delivery__replies_until", "pk")

    def __str__(self) -> str:
        return f"{self.delivery}: open replies"

    @property
    def until(self) -> datetime:
        """Raises TypeError where no end was set, which `propose` never leaves so."""
        if self.delivery.replies_until is None:
            raise TypeError("Open replies have an end.")
        return self.delivery.replies_until

    @property
    def last_day(self) -> date:
        """The last day on which people may reply, by the council's own clock."""
        return timezone.localdate(self.until - timedelta(microseconds=1))

    @classmethod
    def of(cls, delivery: Delivery) -> "OpenReplies | None":
        """No question is asked for a post whose replies were never to be open."""
        if delivery.replies_until is None:
            return None
        return cls.objects.filter(delivery=delivery).select_related("delivery").first()
