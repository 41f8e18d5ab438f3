"""What is wrong until it is mended: the memory of which trouble was told to whom may act."""

from django.db import models
from django.db.models.functions import Coalesce

from social_publish.models.announcements import Delivery
from social_publish.models.channels import Channel
from social_publish.models.groups import ChannelGroup


class Trouble(models.Model):
    """One trouble of one post, of one channel, or (without either) of the whole site.

    words: the cause, and what to do next; told_words: the words that were last sent by e-mail.
    telling_until: until then one sweep is sending; another one leaves the row alone.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", "A post needs your decision"
        REFUSED = "refused", "A post was refused by the network"
        STILL_THERE = "still there", "A post that must go may still be there"
        GONE = "gone", "A post was removed by someone else"
        COPIES = "copies", "A post stands on the network more than once"
        REPLIES = "replies", "People can reply to a post that should be closed"
        OPENED = "opened", "Replies that were opened need you"
        CHECKS = "checks", "Security checks of a channel are overdue"
        CHANNEL = "channel", "A channel is in trouble"
        SIGN_IN = "sign in", "A channel's sign-in ends"
        CHECK = "check", "A channel needs looking at"
        WAITING = "waiting", "Posts have waited longer than 15 minutes"
        NOT_OUT = "not out", "An approved page did not come out"
        WORKER = "worker", "The website's worker is silent"
        SCHEDULE = "schedule", "Scheduled publishing has not run"

    kind = models.CharField(max_length=20, choices=Kind)
    delivery = models.ForeignKey(
        Delivery, null=True, blank=True, on_delete=models.PROTECT, related_name="troubles"
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.PROTECT, related_name="troubles"
    )
    words = models.TextField()
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_words = models.TextField(blank=True)
    telling_until = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("since", "pk")
        constraints = [
            models.UniqueConstraint(
                "kind",
                Coalesce("delivery", 0, output_field=models.BigIntegerField()),
                Coalesce("channel", 0, output_field=models.BigIntegerField()),
                condition=models.Q(over_at__isnull=True),
                name="one_open_trouble",
            )
        ]

    def __str__(self) -> str:
        subject = self.delivery or self.channel
        words = f"{self.get_kind_display()}: {subject}" if subject else self.get_kind_display()
        where = self.where
        return f"{words} (rehearsal)" if where and where.rehearsal else words

    @property
    def subject(self) -> tuple[str, int | None, int | None]:
        """What it is about: no two open rows have the same."""
        return self.kind, self.delivery_id, self.channel_id

    @property
    def where(self) -> Channel | None:
        """The channel it concerns; None when it concerns the whole site."""
        return self.delivery.channel if self.delivery else self.channel

    @property
    def group(self) -> ChannelGroup | None:
        return self.where.group if self.where else None
