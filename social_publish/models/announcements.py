"""What was proposed, approved and sent: announcements, deliveries and their history."""

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page

from social_publish.models.announceable import short_link
from social_publish.models.channels import Channel

_TOKEN_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def new_token() -> str:
    """Ten random characters of a delivery's short link; without look-alikes, about 50 bits."""
    return "".join(secrets.choice(_TOKEN_ALPHABET) for _ in range(10))


class Announcement(models.Model):
    """One page's words, links and picture for its channels: proposed, then approved or superseded."""

    class Status(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        SUPERSEDED = "superseded"
        # Approved for a planned day that was cancelled: its number may be approved anew.
        WITHDRAWN = "withdrawn"

    # No record falls with the page or the person it is about.
    page = models.ForeignKey(
        Page, null=True, on_delete=models.SET_NULL, related_name="announcements"
    )
    page_title = models.CharField(max_length=255)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=Status, default=Status.PROPOSED)
    content_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    go_live_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    authors = models.CharField(max_length=500, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approver_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-proposed_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("page",),
                condition=models.Q(status="proposed"),
                name="one_proposal_per_page",
            ),
            models.UniqueConstraint(
                fields=("page", "number"),
                condition=models.Q(status="approved"),
                name="one_approval_per_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_title} ({self.number})"


class State(models.TextChoices):
    """What we know of a delivery (`docs/delivery-states.md`); the words are those on the screens."""

    PROPOSED = "proposed", "Waiting for approval"
    HELD = "held", "On hold"
    QUEUED = "queued", "Waiting to be posted"
    SENDING = "sending", "Being posted"
    UNKNOWN = "unknown", "Checking whether it was posted"
    POSTED = "posted", "Posted"
    REFUSED = "refused", "Refused by the network"
    NEEDS_PERSON = "needs person", "Needs your decision"
    CANCELLED = "cancelled", "Cancelled, not posted"
    REMOVING = "removing", "Being removed"
    REMOVED = "removed", "Removed"
    GONE = "gone", "Removed by someone else"


class HoldReason(models.TextChoices):
    NONE = "", ""
    PUBLICATION = "awaiting publication", "Waits until the page can be read by the public"
    PAUSED = "paused", "The channel is paused, or may not post yet"
    STOPPED = "stopped", "The emergency stop held it back: post it or leave it by hand"
    APPROVER = "approver", "Who approved it may approve no more: another moderator decides"
    ACCOUNT = "account", "The channel now belongs to another account than the approved one"
    RESTORED = "restored", "Loaded from a copy: release it by hand when it was never posted"


class Wanted(models.TextChoices):
    PRESENT = "present"
    ABSENT = "absent"


class Delivery(models.Model):
    """One announcement on one channel: the exact bytes that are approved, sent, removed.

    Only `outbox` changes `state`. Times are aware datetimes; a lease is held by whoever
    knows its random word, until lease_until.
    """

    announcement = models.ForeignKey(
        Announcement, on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    # The account for which it was approved: a channel may be connected to another one.
    account_id = models.CharField(max_length=100, blank=True)
    token = models.CharField(max_length=10, unique=True, default=new_token)
    text = models.TextField()
    length = models.PositiveIntegerField()
    picture = models.CharField(max_length=64, blank=True)
    alt_text = models.TextField(blank=True)

    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    wanted = models.CharField(max_length=10, choices=Wanted, default=Wanted.PRESENT)
    hold_reason = models.CharField(
        max_length=30, choices=HoldReason, default=HoldReason.NONE, blank=True
    )
    why = models.CharField("what happened", max_length=500, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # When a worker last took it to be posted: an emergency stop after that has caught it.
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    looks = models.PositiveIntegerField(default=0)
    removals = models.PositiveIntegerField(default=0)
    resent = models.BooleanField(default=False)
    # A person, or the network's own refusal, said that it is not there: look all the same.
    look_first = models.BooleanField(default=False)
    # A person let it go as approved, although the page had changed meanwhile.
    despite_change = models.BooleanField(default=False)
    deaths = models.PositiveIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True, blank=True)
    unknown_since = models.DateTimeField(null=True, blank=True)
    handles = models.JSONField(default=dict, blank=True)

    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.URLField("address", max_length=500, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    other_copies = models.JSONField(default=list, blank=True)

    replies_wanted = models.CharField(max_length=20, default="closed")
    # Where they were opened: the moment from which on they are wanted closed.
    replies_until = models.DateTimeField(null=True, blank=True)
    replies_given = models.CharField(max_length=20, blank=True)
    replies_confirmed_at = models.DateTimeField(null=True, blank=True)
    replies_due_at = models.DateTimeField(null=True, blank=True)
    replies_hidden = models.PositiveIntegerField(default=0)

    # The hash of the last line of its history; the next line is chained to it.
    history_hash = models.CharField(max_length=64, blank=True)

    removal_reason = models.CharField(max_length=500, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    delete_text_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "post"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("announcement", "channel"), name="one_delivery_per_channel"
            )
        ]
        # SQLite uses no index whose condition compares with a value that is bound later.
        indexes = [
            models.Index(fields=("state", "not_before", "id"), name="deliveries_at_work"),
            models.Index(fields=("state", "posted_at"), name="deliveries_by_state"),
            models.Index(fields=("wanted", "state"), name="deliveries_to_go"),
            models.Index(fields=("state", "replies_due_at"), name="deliveries_replies_due"),
            models.Index(fields=("channel", "posted_at"), name="deliveries_last_posted"),
            models.Index(
                fields=("lease_until",),
                condition=models.Q(lease_until__isnull=False),
                name="deliveries_leased",
            ),
            models.Index(
                fields=("delete_text_on",),
                condition=models.Q(delete_text_on__isnull=False),
                name="deliveries_to_forget",
            ),
        ]
        permissions = [
            ("decide_delivery", "Can retry, remove and settle posts of their section"),
            ("view_removed_text", "Can read the text of removed posts"),
        ]

    def __str__(self) -> str:
        return f"{self.announcement.page_title}: {self.channel.name}"

    @property
    def link(self) -> str:
        return short_link(self.token)

    @property
    def text_is_sealed(self) -> bool:
        """A removed post's text is for the clerk alone (Looe 4.5)."""
        return bool(self.removal_reason)


class DeliveryEvent(models.Model):
    """One line of a delivery's history: append-only, each line hashed over the one before."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    move = models.CharField(max_length=40)
    state_before = models.CharField(max_length=20, blank=True)
    state_after = models.CharField(max_length=20)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%d %B %Y %H:%M}: {self.move}"

    def expected_hash(self) -> str:
        """SHA-256 over this line's facts and the hash of the line before it."""
        facts: list[Any] = [
            self.previous_hash,
            self.delivery_id,
            self.at.astimezone(UTC).isoformat(),
            self.move,
            self.state_before,
            self.state_after,
            self.actor_name,
            self.why,
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
