"""What a check found is written down, and when the next one is due."""

from datetime import datetime

from social_publish import outbox
from social_publish.models import Delivery
from social_publish.replies.checked import Checked, words_of
from social_publish.replies.rhythm import next_check, pause_before


def settle(delivery: Delivery, checked: Checked, *, now: datetime) -> None:
    """Record a check, in words a clerk reads."""
    if checked.gone:
        outbox.miss(delivery, now=now)
        return
    outbox.settle_replies(
        delivery,
        now=now,
        given=checked.given or delivery.replies_given,
        confirmed=checked.confirmed,
        hidden=checked.hidden,
        why=words_of(checked, wish_closed=delivery.replies_wanted == "closed"),
        again=next_check(delivery, checked, now),
    )


def not_checked(delivery: Delivery, why: str, *, now: datetime) -> None:
    """The check could not be made; it is tried again."""
    outbox.settle_replies(
        delivery,
        now=now,
        given=delivery.replies_given,
        confirmed=False,
        hidden=0,
        why=f"Replies could not be checked. {why}",
        again=now + pause_before(delivery, now),
    )
