"""What people want of a post's replies, and what a person says of them."""

from datetime import datetime

from django.contrib.auth.models import User

from social_publish.models import Delivery, State
from social_publish.outbox.table import move, note


def close_opened(delivery: Delivery, *, now: datetime, why: str, actor: User | None = None) -> bool:
    """From now on replies are wanted closed; a post that is out is seen to at once."""
    until = min(delivery.replies_until or now, now)
    if delivery.state == State.POSTED:
        return move(
            delivery,
            "replies",
            now=now,
            actor=actor,
            why=why,
            replies_wanted="closed",
            replies_until=until,
            replies_confirmed_at=None,
            replies_due_at=now,
        )
    return note(
        delivery, "replies", why, now=now, actor=actor, replies_wanted="closed", replies_until=until
    )


def settle_by_hand(
    delivery: Delivery, given: str, seen: str, *, now: datetime, actor: User, again: bool
) -> bool:
    """A person saw to the replies. given: the reply control by their word, seen: in their words.

    again: the network can be asked whether it is so, and is asked at once.
    """
    return move(
        delivery,
        "replies",
        now=now,
        actor=actor,
        why=f"A person saw to the replies: {seen}",
        replies_given=given,
        replies_confirmed_at=None,
        replies_due_at=now if again else None,
    )


def remark(delivery: Delivery, why: str, *, now: datetime, actor: User) -> bool:
    """Add a line about the replies to the history, which changes nothing else."""
    return note(delivery, "replies", why, now=now, actor=actor)
