"""Recording what the network answered. Nothing here asks the network anything."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from social_publish.models import Delivery, EmergencyStop, HoldReason, State, Wanted
from social_publish.outbox.proposals import hold
from social_publish.outbox.statements import Sql
from social_publish.outbox.table import LEASE, MOVES, move, note
from social_publish.outbox.together import move_all

SETTLE = timedelta(minutes=10)
GIVE_UP_LOOKING = SETTLE * 1.5
LOOKS_BEFORE_ABSENT = 3
LOOK_MAY_BE_LATE = SETTLE / 5
WITHDRAWN = "It was withdrawn."
NEVER_OUT = (State.PROPOSED, State.HELD, State.QUEUED, State.REFUSED)
CLOCKS_AND_LISTS_LAG = timedelta(minutes=1)
OUT = (State.POSTED, State.REMOVING, State.REMOVED, State.GONE)


def follow_wish(delivery: Delivery, *, now: datetime, why: str, actor: User | None = None) -> None:
    """What people want absent is cancelled or removed, as far as its state allows.

    Called in the transaction that has just changed the row, so that nobody comes between; the
    move has brought the wish with it.
    """
    if delivery.wanted == Wanted.PRESENT:
        return
    if delivery.state in NEVER_OUT:
        move(delivery, "cancel", now=now, actor=actor, why=why)
    elif delivery.state == State.POSTED:
        move(delivery, "remove", now=now, actor=actor, why=why, not_before=now, removals=0)


def store_step(delivery: Delivery, handles: dict[str, str], *, now: datetime) -> bool:
    """Keep what a step gave, and the lease with it."""
    return move(
        delivery,
        "step",
        now=now,
        handles=handles,
        lease=delivery.lease,
        lease_until=now + LEASE,
    )


def accept_all(answers: Sequence[tuple[Delivery, str, str]], *, now: datetime) -> list[Delivery]:
    """Several are on the network, each with its number and its address there.

    Gives those that are written down; the caller sends `posts_changed`. `accept` sees to the
    others: what was withdrawn meanwhile, or whose lease was lost.
    """
    each = [
        (delivery, {"remote_id": remote_id, "remote_url": remote_url})
        for delivery, remote_id, remote_url in answers
        if delivery.state == State.SENDING
    ]
    wanted = Sql("wanted = %s", (Wanted.PRESENT,))
    return move_all(
        each, "accept", now=now, guards=(wanted,), lease="", lease_until=None, **_out(now)
    )


def _out(now: datetime) -> dict[str, Any]:
    return {"posted_at": now, "not_before": None, "replies_due_at": now, "deaths": 0}


def accept(
    delivery: Delivery,
    remote_id: str,
    remote_url: str,
    *,
    now: datetime,
    name: str = "accept",
    why: str = "",
    actor: User | None = None,
) -> bool:
    """It is on the network. Also takes the late yes of a worker that had lost its lease."""
    changes = {"remote_id": remote_id, "remote_url": remote_url, **_out(now)}
    with transaction.atomic():
        expected = delivery.state in MOVES[name].before
        moved = expected and move(delivery, name, now=now, why=why, actor=actor, **changes)
        if not moved:
            moved = _late_yes(delivery, why, now=now, **changes)
        if moved:
            follow_wish(delivery, now=now, why="It was withdrawn while it was being posted.")
    return moved


def _late_yes(delivery: Delivery, why: str, *, now: datetime, **changes: Any) -> bool:
    """Never thrown away (row 36): a yes for a row that has moved on meanwhile."""
    remote_id, remote_url = changes["remote_id"], changes["remote_url"]
    # Locked, so that nobody moves it on between reading and writing.
    delivery.refresh_from_db(from_queryset=Delivery.objects.select_for_update())
    if delivery.state in MOVES["late yes"].before:
        return move(delivery, "late yes", now=now, why=why, **changes)
    if delivery.state in OUT and delivery.remote_id != remote_id:
        return note_copies(delivery, [remote_url or remote_id], now=now)
    return False


def note_copies(delivery: Delivery, addresses: list[str], *, now: datetime) -> bool:
    """It stands on the network more than once: a person removes the others."""
    copies = [*delivery.other_copies, *(a for a in addresses if a not in delivery.other_copies)]
    words = "It stands on the network more than once. Remove the other copies there: "
    why = (words + ", ".join(copies))[:500]
    return note(delivery, "second copy", why, now=now, actor=None, other_copies=copies)


def put_back(
    delivery: Delivery, why: str, *, now: datetime, after: timedelta, **changes: Any
) -> bool:
    """Nothing was posted: later again. changes: other fields to set with the move."""
    changes["not_before"] = now + after
    return _queue_again(delivery, "put back", why, now=now, **changes)


def _queue_again(delivery: Delivery, name: str, why: str, *, now: datetime, **changes: Any) -> bool:
    """Back to what waits, unless it was withdrawn meanwhile or an emergency stop has caught it.

    A stop that was lifted again counts as well: it releases nothing by itself (row 35).
    """
    with transaction.atomic():
        moved = move(delivery, name, now=now, why=why, **changes)
        if moved:
            follow_wish(delivery, now=now, why=WITHDRAWN)
            stops = EmergencyStop.since(delivery.claimed_at)
            if delivery.state == State.QUEUED and stops.exists():
                hold(delivery, HoldReason.STOPPED, now=now)
    return moved


def put_back_refused(
    delivery: Delivery, why: str, *, now: datetime, after: timedelta, **changes: Any
) -> bool:
    """The network itself said that it did not take it, for now: look first all the same."""
    return put_back(delivery, why, now=now, after=after, look_first=True, **changes)


def refuse(delivery: Delivery, why: str, *, now: datetime) -> bool:
    """The network said no; a person may change their mind, the machine does not."""
    with transaction.atomic():
        moved = move(delivery, "refuse", now=now, why=why)
        if moved:
            follow_wish(delivery, now=now, why=WITHDRAWN)
    return moved


def lose_sight(delivery: Delivery, why: str, *, now: datetime) -> bool:
    """It may be out or not: look, starting at once."""
    return move(
        delivery,
        "lose sight",
        now=now,
        why=why,
        not_before=now,
        looks=0,
        unknown_since=now,
    )


def miss(delivery: Delivery, *, now: datetime) -> bool:
    """It is not on the network any more; what was never seen there is looked for first (F17)."""
    if delivery.replies_given:
        why = "The post is no longer on the network. Someone removed it there."
        return move(delivery, "miss", now=now, why=why, replies_due_at=None)
    return move(
        delivery,
        "doubt",
        now=now,
        why="The network said that it was posted, and does not show it.",
        remote_id="",
        remote_url="",
        replies_due_at=None,
        not_before=now,
        looks=0,
        unknown_since=now,
    )


def ask(delivery: Delivery, why: str, *, now: datetime) -> bool:
    """A person must decide."""
    return move(delivery, "ask", now=now, why=why)


def not_found(delivery: Delivery, why: str, *, proven: bool, now: datetime) -> bool:
    """A look found nothing. proven: an empty look means absence on this network.

    Absent in three looks over the settle window, proven, for the first time: sent once more.
    Anything weaker becomes a person's decision.
    """
    began = delivery.unknown_since or now
    since = began + _not_waited(delivery, now)
    looks = delivery.looks + (1 if proven else 0)
    if proven and looks >= LOOKS_BEFORE_ABSENT and now - since >= SETTLE:
        delivery.refresh_from_db(fields=["wanted"])
        if delivery.resent and delivery.wanted == Wanted.PRESENT:
            return ask(delivery, why, now=now)
        changes = {"resent": True, "not_before": None}
        return _queue_again(delivery, "send again", why, now=now, **changes)
    if now - began >= GIVE_UP_LOOKING:
        return ask(delivery, why, now=now)
    again = now + SETTLE / 3
    return move(
        delivery,
        "look again",
        now=now,
        why=why,
        looks=looks,
        not_before=again,
        unknown_since=since,
    )


def _not_waited(delivery: Delivery, now: datetime) -> timedelta:
    """How much of the time until this look does not count, because the look came far too late.

    Where the clock was set on meanwhile, that time has never passed, and a network's list may
    still show the post (F35).
    """
    late = now - (delivery.not_before or now)
    return late - LOOK_MAY_BE_LATE if late > LOOK_MAY_BE_LATE else timedelta(0)


def replies_told(channel_id: int, remote_id: str, since: datetime | None, *, now: datetime) -> bool:
    """The network told of a comment made at `since`: its post is checked at once.

    False where there is nothing to do: no such post, checked since, or due already.
    """
    # A check that is under way may have read the comments before this one came.
    posts = Delivery.objects.filter(
        Q(replies_due_at=None) | Q(replies_due_at__gt=now) | ~Q(lease=""),
        channel_id=channel_id,
        remote_id=remote_id,
        state=State.POSTED,
    )
    if since:
        # A message that comes again, or late, makes no work.
        posts = posts.exclude(replies_confirmed_at__gt=since + CLOCKS_AND_LISTS_LAG)
    return bool(posts.update(replies_due_at=now))


def settle_replies(
    delivery: Delivery,
    *,
    now: datetime,
    given: str,
    confirmed: bool,
    hidden: int,
    why: str,
    again: datetime | None,
) -> bool:
    """Record what reply control the network really gave, and when to look at replies again."""
    changes: dict[str, Any] = {
        "replies_given": given,
        "replies_due_at": _told_meanwhile(delivery) or again,
        "deaths": 0,
    }
    if confirmed:
        changes["replies_confirmed_at"] = now
    elif given != delivery.replies_given:
        # What was confirmed was something else.
        changes["replies_confirmed_at"] = None
    if hidden:
        changes["replies_hidden"] = delivery.replies_hidden + hidden
    if given != delivery.replies_given or hidden or why != delivery.why:
        return move(delivery, "replies", now=now, why=why, **changes)
    changes |= {"lease": "", "lease_until": None}
    return bool(Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(**changes))


def _told_meanwhile(delivery: Delivery) -> datetime | None:
    """A comment that came while the replies were being read keeps its check."""
    known = delivery.replies_due_at
    if known is None:
        return None
    told = Delivery.objects.filter(pk=delivery.pk, replies_due_at__gt=known)
    return told.values_list("replies_due_at", flat=True).first()
