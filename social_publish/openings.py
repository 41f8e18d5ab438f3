"""Replies that are open for a time: on what terms, ending them, telling who watches.

The sweep calls `end` before the work of the minute, and `tell` after it.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from social_publish import outbox
from social_publish.models import AnnounceablePage, Delivery, OpenReplies, State
from social_publish.networks import NETWORKS

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)
NOTICE = timedelta(days=1)
OVER = "The time for replies is over, so they are closed."
ENDED = "Replies are closed before their time was over."
WATCHER_GONE = (
    "Nobody watches its open replies any more: {name} can no longer sign in here. Name another"
    " person, or close the replies now."
)


def freeze(page: AnnounceablePage, deliveries: list[Delivery]) -> None:
    """Keep the terms beside each proposed post whose replies are to be open."""
    watcher = page.replies_watcher
    for delivery in deliveries:
        if delivery.replies_wanted == "open" and watcher:
            OpenReplies.objects.create(
                delivery=delivery,
                reason=page.replies_reason,
                watcher=watcher,
                watcher_name=outbox.name_of(watcher),
            )


def in_force() -> QuerySet[OpenReplies]:
    """Openings of posts that are out, soonest end first."""
    rows = OpenReplies.objects.filter(ended_at=None, delivery__state=State.POSTED)
    return rows.select_related("delivery__announcement", "delivery__channel__group", "watcher")


# --- ending ----------------------------------------------------------------------------


def end(now: datetime) -> int:
    """Close what is open beyond its time, and forbid it to what is not out yet."""
    over = OpenReplies.objects.filter(
        ended_at=None, delivery__replies_until__lte=now
    ).select_related("delivery")
    return sum(_end_one(opening, OVER, now=now) for opening in over)


@transaction.atomic
def _end_one(opening: OpenReplies, why: str, *, now: datetime, actor: User | None = None) -> bool:
    delivery = opening.delivery
    if delivery.state in (State.SENDING, State.UNKNOWN):
        # It may be on its way with open replies: closed as soon as that is known.
        return False
    if not outbox.close_opened(delivery, now=now, why=why, actor=actor):
        return False
    return bool(OpenReplies.objects.filter(pk=opening.pk, ended_at=None).update(ended_at=now))


def end_now(opening: OpenReplies, *, now: datetime, actor: User) -> bool:
    """A person closes them before their time."""
    return _end_one(opening, ENDED, now=now, actor=actor)


@transaction.atomic
def hand_over(opening: OpenReplies, watcher: User, *, now: datetime, actor: User) -> bool:
    """Another person watches from now on, and is told."""
    name = outbox.name_of(watcher)
    row = OpenReplies.objects.filter(pk=opening.pk, ended_at=None)
    changed = row.update(watcher=watcher, watcher_name=name, opening_told_at=None)
    why = f"{name} watches the replies from now on."
    return bool(changed) and outbox.remark(opening.delivery, why, now=now, actor=actor)


def unwatched(now: datetime) -> list[tuple[Delivery, str, datetime]]:
    """Posts with open replies whose watcher has left: the post, the words, since when."""
    gone = in_force().filter(Q(watcher=None) | Q(watcher__is_active=False))
    return [
        (row.delivery, WATCHER_GONE.format(name=row.watcher_name), row.delivery.posted_at or now)
        for row in gone
    ]


# --- telling ---------------------------------------------------------------------------


def tell(now: datetime) -> int:
    """Write to who watches: at the opening, and a day before the end. Returns how many e-mails."""
    reachable = (
        in_force()
        .filter(
            Q(telling_until=None) | Q(telling_until__lt=now),
            watcher__is_active=True,
        )
        .exclude(watcher__email="")
    )
    opened = reachable.filter(opening_told_at=None)
    ending = reachable.filter(
        opening_told_at__isnull=False,
        ending_told_at=None,
        delivery__replies_until__lte=now + NOTICE,
    )
    sent = sum(_tell(rows, "opening_told_at", now) for rows in _by_page(opened))
    return sent + sum(_tell(rows, "ending_told_at", now) for rows in _by_page(ending))


def _by_page(rows: Iterable[OpenReplies]) -> list[list[OpenReplies]]:
    """One message for all posts of a page that one person watches."""
    together: dict[tuple[int, int | None], list[OpenReplies]] = {}
    for row in rows:
        key = row.delivery.announcement_id, row.watcher_id
        together.setdefault(key, []).append(row)
    return list(together.values())


def _tell(rows: list[OpenReplies], field: str, now: datetime) -> bool:
    """Claim the rows, so that no other sweep writes as well; mark them only when it is sent."""
    free = Q(telling_until=None) | Q(telling_until__lt=now)
    mine = OpenReplies.objects.filter(free, pk__in=[row.pk for row in rows], **{field: None})
    if not mine.update(telling_until=now + CLAIM):
        return False
    claimed = OpenReplies.objects.filter(pk__in=[row.pk for row in rows])
    try:
        sent = bool(_message(rows, ending=field == "ending_told_at").send())
    except (OSError, SMTPException):
        logger.exception("A watcher could not be told", extra={"event": "mail.failed"})
        sent = False
    done: dict[str, datetime] = {field: now} if sent else {}
    if sent and field == "opening_told_at" and rows[0].until <= now + NOTICE:
        done["ending_told_at"] = now
    claimed.update(telling_until=None, **done)
    return sent


def _message(rows: list[OpenReplies], *, ending: bool) -> EmailMessage:
    first = rows[0]
    assert first.watcher
    title = first.delivery.announcement.page_title
    subject = f"Replies are closed soon: {title}" if ending else f"You watch the replies: {title}"
    posts = [(row.delivery, about_the_end(row.delivery), address_of(row.delivery)) for row in rows]
    context = {"opening": first, "posts": posts, "ending": ending, "title": title}
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("social_publish/email/open_replies.txt", context),
        to=[first.watcher.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def about_the_end(delivery: Delivery) -> str:
    """What happens when the time is over, in the network's own terms."""
    return NETWORKS[delivery.channel.network].capabilities.open_sentence


def address_of(delivery: Delivery) -> str:
    """The post's page in the admin, with the site's address."""
    path = reverse("social_publish_delivery_modeladmin_inspect", args=[delivery.pk])
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"
