"""What went otherwise with a post than people wanted, and is for people to put right."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from social_publish.models import (
    Delivery,
    DeliveryEvent,
    EmergencyStop,
    HoldReason,
    State,
    Trouble,
    Wanted,
)
from social_publish.networks import NETWORKS

REMOVAL_MAY_TAKE = timedelta(minutes=10)
SHOWN_AS_GONE = timedelta(days=7)
COPIES_TURN_UP_WITHIN = timedelta(days=30)


def every_post() -> QuerySet[Any]:
    """Deliveries with `entered`: when each came into the state in which it is."""
    changes = DeliveryEvent.objects.filter(delivery=OuterRef("pk"))
    entered = changes.exclude(state_before=F("state_after")).order_by("-pk").values("at")[:1]
    return Delivery.objects.select_related("announcement__page", "channel__group").annotate(
        entered=Coalesce(Subquery(entered), "announcement__proposed_at")
    )


def of_each(kind: Trouble.Kind, posts: Iterable[Any], words: str) -> Iterator[Trouble]:
    """words: what happened, with {why} for the post's own account of it."""
    for post in posts:
        yield Trouble(
            kind=kind,
            delivery=post,
            words=" ".join(words.format(why=post.why).split()),
            since=post.entered,
        )


def for_people_to_decide(now: datetime) -> Iterator[Trouble]:
    """What waits for a person's word."""
    asked = every_post().filter(state=State.NEEDS_PERSON, wanted=Wanted.PRESENT)
    yield from of_each(
        Trouble.Kind.DECISION,
        asked,
        "{why} Open the post, look at the channel's profile, and decide.",
    )
    held = [HoldReason.RESTORED, HoldReason.APPROVER, HoldReason.ACCOUNT]
    if not EmergencyStop.is_on():
        held.append(HoldReason.STOPPED)
    for post in every_post().filter(state=State.HELD, hold_reason__in=held):
        words = f"{post.get_hold_reason_display()}. It waits until you decide."
        yield from of_each(Trouble.Kind.DECISION, [post], words)


def refused(now: datetime) -> Iterator[Trouble]:
    """What a network refused."""
    words = "{why} It was not posted. Mend the cause and try again, or leave it unposted."
    yield from of_each(Trouble.Kind.REFUSED, every_post().filter(state=State.REFUSED), words)


def still_there(now: datetime) -> Iterator[Trouble]:
    """What was taken down and is not proven to be gone."""
    withdrawn = every_post().filter(wanted=Wanted.ABSENT)
    asked = withdrawn.filter(state=State.NEEDS_PERSON)
    only_people = [n.slug for n in NETWORKS.values() if not n.capabilities.can_remove]
    yield from of_each(
        Trouble.Kind.STILL_THERE,
        asked.exclude(channel__network__in=only_people),
        "It was taken down, but it may still be on the network. {why} Remove it there by hand, or"
        " let the website try again.",
    )
    yield from of_each(
        Trouble.Kind.STILL_THERE,
        asked.filter(channel__network__in=only_people),
        "It was taken down, but it may still be on the network. {why} Then open the post here and"
        " write down what you saw.",
    )
    under_way = withdrawn.filter(state__in=(State.SENDING, State.UNKNOWN, State.REMOVING))
    yield from of_each(
        Trouble.Kind.STILL_THERE,
        under_way.filter(entered__lt=now - REMOVAL_MAY_TAKE),
        "It was taken down, and that it is gone is not proven yet. The website keeps trying. If it"
        " cannot wait, remove it on the network by hand.",
    )


def gone(now: datetime) -> Iterator[Trouble]:
    """What somebody else removed, for a week after it was seen."""
    missing = every_post().filter(state=State.GONE, wanted=Wanted.PRESENT)
    yield from of_each(
        Trouble.Kind.GONE,
        missing.filter(entered__gte=now - SHOWN_AS_GONE),
        "{why} It is not posted again by itself. Ask who removed it, and why.",
    )


def more_than_once(now: datetime) -> Iterator[Trouble]:
    """Posts of which copies were found."""
    # In whatever state the post itself is: taking it down does not take down its copies.
    out = every_post().filter(posted_at__gte=now - COPIES_TURN_UP_WITHIN).exclude(other_copies=[])
    for post in out:
        words = (
            "It stands on the network more than once. Remove the other copies there, and then say"
            f" so: {', '.join(post.other_copies)}"
        )
        yield Trouble(kind=Trouble.Kind.COPIES, delivery=post, words=words, since=post.entered)
