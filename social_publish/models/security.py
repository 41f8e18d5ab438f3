"""What people saw when they checked a channel's account (Looe 4.8)."""

from typing import Any

from django.conf import settings
from django.db import models

from social_publish.models.channels import Channel


class SecurityTick(models.Model):
    """One check of one channel: append-only, with who looked, when, and what they saw."""

    class Check(models.TextChoices):
        TWO_STEP = "two-step", "Two-step login"
        ADMINS = "admins", "Administrators"
        RECOVERY = "recovery", "Recovery e-mail"
        APPS = "apps", "Linked apps"
        PROFILE = "profile", "Profile text"
        POLICY = "policy", "Named in the policy"
        SIGN_IN = "sign-in", "Sign-in"
        RIGHTS = "rights", "Rights"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="security_ticks")
    check_name = models.CharField("check", max_length=20, choices=Check)
    at = models.DateTimeField("when")
    in_order = models.BooleanField()
    note = models.CharField("what was seen", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField("who", max_length=200)
    # Ticked for practice: it says nothing of the account that the channel has once it is live.
    rehearsal = models.BooleanField("for practice", default=False)

    class Meta:
        verbose_name = "security check"
        ordering = ("-at", "-pk")
        default_permissions = ("view",)
        permissions = [("tick_security", "Can tick the security checks of channels")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.get_check_name_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Lines are added and never changed: raises IntegrityError for one that is there."""
        super().save(*args, **kwargs | {"force_insert": True})
