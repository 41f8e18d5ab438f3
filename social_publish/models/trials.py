"""A channel's test posts: each is posted once, read back, and must be gone again."""

from datetime import datetime

from django.conf import settings
from django.db import models

from social_publish.models.announceable import short_link
from social_publish.models.announcements import new_token
from social_publish.models.channels import Channel


class TrialPost(models.Model):
    """One test post. lines: what was done so far, as [{"at", "words", "good"}].

    asking: a call that may have posted it is under way, or was cut off. busy_until: until then
    somebody is at it. not_before: the network asked for that much time.
    """

    class State(models.TextChoices):
        SENDING = "sending", "It is being posted"
        UNKNOWN = "unknown", "Nobody knows yet whether it is there"
        POSTED = "posted", "It is there, and must go"
        GONE = "gone", "It was posted and is gone again"
        FAILED = "failed", "Nothing was posted"

    OPEN = (State.SENDING, State.UNKNOWN, State.POSTED)

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="trials")
    account_id = models.CharField(max_length=100)
    key = models.CharField(max_length=10, unique=True, default=new_token)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.SENDING)
    handles = models.JSONField(default=dict, blank=True)
    asking = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    remote_id = models.CharField(max_length=300, blank=True)
    remote_url = models.URLField(max_length=500, blank=True)
    lines = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    busy_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("channel",),
                condition=models.Q(state__in=("sending", "unknown", "posted")),
                name="one_open_trial",
            )
        ]

    def __str__(self) -> str:
        return f"Test post on {self.channel}"

    @property
    def is_open(self) -> bool:
        """Is there, or may there be, something to be removed?"""
        return self.state in self.OPEN

    @property
    def link(self) -> str:
        return short_link(self.key)

    @property
    def nothing_out(self) -> bool:
        """Is it certain that nothing of it can be seen?"""
        return self.state == self.State.SENDING and not self.asking

    def note(self, words: str, *, good: bool, now: datetime) -> None:
        """Add a line to what was done; the row still has to be saved."""
        self.lines = [*self.lines, {"at": now.isoformat(), "words": words, "good": good}]
