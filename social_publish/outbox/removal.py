"""Withdrawing, removing, and forgetting what was removed."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from social_publish.models import Delivery, State, Wanted
from social_publish.outbox.proposals import supersede
from social_publish.outbox.settling import NEVER_OUT, WITHDRAWN, follow_wish
from social_publish.outbox.table import move, note

# A post that must go is urgent, and what failed once mostly works a moment later. After the
# last of these a person is asked.
REMOVE_AGAIN = (timedelta(seconds=5), timedelta(minutes=1))
KEEP_REMOVED_TEXT = timedelta(days=getattr(settings, "REMOVED_TEXT_DAYS", 365))
NOTHING_LEFT_TO_DO = (State.CANCELLED, State.REMOVED, State.GONE, State.REMOVING)


def withdraw(
    delivery: Delivery,
    *,
    now: datetime,
    why: str,
    actor: User | None = None,
    reason: str = "",
) -> None:
    """People want it absent. What is not out is cancelled, what is out is removed.

    reason: a moderator's ground for removing it; then the text is sealed for the clerk and
    deleted in time (Looe 4.5). Without one it is an ordinary withdrawal.
    """
    changes: dict[str, Any] = {"wanted": Wanted.ABSENT}
    if reason:
        changes |= {
            "removal_reason": reason[:500],
            "delete_text_on": (now + KEEP_REMOVED_TEXT).date(),
        }
    # The update keeps the row to us, so that no worker changes it before it is moved.
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**changes)
        delivery.refresh_from_db()
        follow_wish(delivery, now=now, why=why, actor=actor)


def finish_withdrawals(now: datetime) -> int:
    """What is withdrawn and yet posted or waiting, however that came about (row 28)."""
    open_ = Delivery.objects.filter(wanted=Wanted.ABSENT, state__in=(*NEVER_OUT, State.POSTED))
    for delivery in open_:
        withdraw(delivery, now=now, why=WITHDRAWN)
    return len(open_)


def withdraw_page(
    page_id: int,
    *,
    now: datetime,
    why: str,
    actor: User | None = None,
    reason: str = "",
) -> int:
    """Withdraw every delivery of a page. Returns how many were posted or on their way."""
    supersede(page_id, now=now, actor=actor, why=why)
    deliveries = Delivery.objects.filter(announcement__page_id=page_id).exclude(
        state__in=NOTHING_LEFT_TO_DO
    )
    for delivery in deliveries:
        withdraw(delivery, now=now, why=why, actor=actor, reason=reason)
    return len(deliveries)


def removal_proven(delivery: Delivery, *, now: datetime) -> bool:
    """Read back as gone."""
    return move(
        delivery,
        "prove removed",
        now=now,
        why="Read back: it is gone.",
        removed_at=now,
        deaths=0,
    )


def removal_open(delivery: Delivery, why: str, *, now: datetime) -> bool:
    """Removal failed or is not proven: again soon, and after the third time a person is told."""
    removals = delivery.removals + 1
    if removals > len(REMOVE_AGAIN):
        return move(delivery, "ask", now=now, why=why, removals=removals)
    again = now + REMOVE_AGAIN[removals - 1]
    return move(delivery, "remove again", now=now, why=why, removals=removals, not_before=again)


def removal_soon(now: datetime) -> bool:
    """Is a removal that failed to be tried again before the next sweep would come to it?"""
    soon = (now, now + REMOVE_AGAIN[0])
    return Delivery.objects.filter(state=State.REMOVING, not_before__range=soon).exists()


def forget_removed_texts(now: datetime) -> list[str]:
    """Delete the sealed text of removed posts whose time is up.

    Returns the names of the pictures that no delivery shows any more.
    """
    due = Delivery.objects.filter(delete_text_on__lte=now.date()).exclude(text="")
    due = due.order_by("delete_text_on")
    freed = set()
    for delivery in due:
        freed.add(delivery.picture)
        why = "The text was deleted on time."
        note(delivery, "forget", why, now=now, actor=None, text="", alt_text="", picture="")
    used = Delivery.objects.filter(picture__in=freed).values_list("picture", flat=True)
    return sorted(freed - set(used) - {""})
