"""What a person decides about a delivery."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from social_publish.models import Delivery, EmergencyStop, HoldReason, State, Wanted
from social_publish.outbox.proposals import hold
from social_publish.outbox.settling import accept
from social_publish.outbox.table import move, note


def retry(delivery: Delivery, *, now: datetime, actor: User) -> bool:
    """It is not there, post it: the same bytes, after one more look.

    False while the emergency stop is on, and for a post that was withdrawn meanwhile.
    """
    delivery.refresh_from_db(fields=["wanted"])
    if delivery.wanted == Wanted.ABSENT or EmergencyStop.is_on():
        return False
    moved = move(
        delivery,
        "retry",
        now=now,
        actor=actor,
        why="A person decided to post it.",
        # A row that came from a copy of the data may have been sent after the copy was made.
        look_first=delivery.first_sent_at is not None
        or delivery.hold_reason == HoldReason.RESTORED,
        despite_change=True,
        looks=0,
        hold_reason=HoldReason.NONE,
        released_at=now,
        not_before=None,
        unknown_since=None,
        handles={},
        account_id=delivery.channel.account_id,
    )
    if moved and not delivery.channel.is_ready:
        hold(delivery, HoldReason.PAUSED, now=now, actor=actor)
    return moved


def confirm_posted(
    delivery: Delivery,
    remote_id: str,
    remote_url: str,
    *,
    now: datetime,
    actor: User,
    replies: str = "",
) -> bool:
    """It is there, at this address. replies: the reply control there, by the person's word."""
    with transaction.atomic():
        confirmed = accept(
            delivery,
            remote_id,
            remote_url,
            now=now,
            name="confirm",
            why="A person said where it stands.",
            actor=actor,
        )
        if confirmed and replies and delivery.state == State.POSTED:
            move(
                delivery,
                "replies",
                now=now,
                actor=actor,
                why="What is known of replies there is this person's word.",
                replies_given=replies,
                replies_due_at=None,
            )
    return confirmed


def leave(delivery: Delivery, *, now: datetime, actor: User, seen: str = "") -> bool:
    """Leave it unposted; for a removal: a person saw that it is gone. seen: in their words."""
    if delivery.wanted == Wanted.ABSENT and delivery.remote_id:
        return move(
            delivery,
            "prove removed",
            now=now,
            actor=actor,
            why=f"A person saw that it is gone. {seen}".strip(),
            removed_at=now,
        )
    return move(delivery, "cancel", now=now, actor=actor, why="A person decided to leave it.")


def retry_removal(delivery: Delivery, *, now: datetime, actor: User) -> bool:
    """Try the removal again, from the start."""
    return move(
        delivery,
        "remove",
        now=now,
        actor=actor,
        why="A person asked to try again.",
        removals=0,
        not_before=now,
    )


def copies_gone(delivery: Delivery, *, now: datetime, actor: User) -> bool:
    """A person removed the other copies on the network."""
    why = "A person removed the other copies."
    return note(delivery, "second copy", why, now=now, actor=actor, other_copies=[])
