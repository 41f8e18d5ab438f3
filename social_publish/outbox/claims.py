"""Taking work: the claim is committed before any byte leaves, and carries a lease."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import shuffle
from time import monotonic
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from social_publish.models import Channel, Delivery, EmergencyStop, HoldReason, State, Wanted
from social_publish.outbox.proposals import hold
from social_publish.outbox.settling import WITHDRAWN, follow_wish, lose_sight, put_back
from social_publish.outbox.statements import Sql, is_still, update
from social_publish.outbox.table import LEASE, NO_STOP, move, no_stop_since

MAX_AGE = timedelta(seconds=getattr(settings, "OUTBOX_MAX_AGE_SECONDS", 24 * 3600))
DEATHS_BEFORE_PERSON = 3
CANDIDATES = 40
FRESH = 0.5  # seconds for which what was read as due is given out
FRESH_LEASE = LEASE * 0.9  # a claim just taken needs no renewal, which would be a write
SEND, LOOK, REMOVE, REPLIES = "send", "look", "remove", "replies"

# No network's call may be on its way to the channel, and it must not have asked for a pause.
_NOT_CALLED = (
    f"channel_id NOT IN (SELECT channel_id FROM {Delivery._meta.db_table} WHERE lease_until >= %s)"  # noqa: S608
)
_CHANNEL_TAKES = (
    f"channel_id IN (SELECT id FROM {Channel._meta.db_table}"  # noqa: S608
    " WHERE NOT paused AND COALESCE(not_before <= %s, TRUE))"
)

TOO_OLD = "It waited too long to be posted without asking you."
DIED_ON_IT = "The work on it was cut off three times. Look on the network what became of it."


class Due:
    """The work that is due, read now and then, and given out piece by piece.

    What was read is only a proposal: each claim looks anew at its row, at the emergency stop
    and at the channel.
    """

    def __init__(self) -> None:
        self.left: Iterator[tuple[Delivery, str]] = iter(())
        self.fresh_until = 0.0

    def claim(
        self, now: datetime, *, busy_channels: set[int], free: int
    ) -> Iterator[tuple[Delivery, str]]:
        """Take due work, up to `free` pieces; each claim is committed when it is given out.

        busy_channels: channels this worker has a call on its way to. One call at a time to each
        channel, of all workers together, keeps a dead network from taking every thread. Gives
        each delivery with what to do with it.
        """
        busy = set(busy_channels)
        for delivery, operation in self._rows(now, busy):
            if delivery.channel_id not in busy and _take(delivery, operation, now):
                busy.add(delivery.channel_id)
                free -= 1
                yield delivery, operation
            if not free:
                return

    def _rows(self, now: datetime, busy: set[int]) -> Iterator[tuple[Delivery, str]]:
        """What is left of the last reading, while it is fresh; then a new one."""
        if monotonic() < self.fresh_until:
            for row in self.left:
                yield row
        self.fresh_until = monotonic() + FRESH
        self.left = _read(now, busy | _called(now))
        for row in self.left:
            yield row


def claim(now: datetime, *, busy_channels: set[int], free: int) -> Iterator[tuple[Delivery, str]]:
    """Take due work as it is at this moment; see `Due.claim`."""
    return Due().claim(now, busy_channels=busy_channels, free=free)


def _read(now: datetime, busy: set[int]) -> Iterator[tuple[Delivery, str]]:
    for operation, due in _due(now):
        rows = due.exclude(channel__in=busy).select_related("channel", "announcement")
        found = list(rows.order_by("not_before", "pk")[:CANDIDATES])
        # Two workers read the same rows: they should not want them in the same order.
        turns = list({delivery.channel_id for delivery in found})
        shuffle(turns)
        found.sort(key=lambda delivery: turns.index(delivery.channel_id))
        for delivery in found:
            yield delivery, operation


def _called(now: datetime) -> set[int]:
    """The channels to which some worker has a call on its way."""
    leased = Delivery.objects.filter(lease_until__gte=now).order_by("lease_until")
    return set(leased.values_list("channel_id", flat=True))


def claim_next(now: datetime, *, busy_channels: set[int]) -> tuple[Delivery, str] | None:
    """Take the next due piece of work; see `claim`."""
    return next(claim(now, busy_channels=busy_channels, free=1), None)


def _due(now: datetime) -> list[tuple[str, QuerySet[Delivery]]]:
    """Each kind of work with the rows that are due; a post that must go comes first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    # Keys that have ended are renewed first: the sweep sees to it, and says so where it fails.
    rows = Delivery.objects.filter(Q(channel__keys_end=None) | Q(channel__keys_end__gt=now))
    removals = rows.filter(free, due, state=State.REMOVING)
    posts = rows.filter(
        due,
        _channel_ready(now),
        state=State.QUEUED,
        wanted=Wanted.PRESENT,
        released_at__gte=now - MAX_AGE,
    )
    looks = rows.filter(free, due, state=State.UNKNOWN)
    replies = rows.filter(free, state=State.POSTED, replies_due_at__lte=now)
    return [(REMOVE, removals), (SEND, posts), (LOOK, looks), (REPLIES, replies)]


def _channel_ready(now: datetime) -> Q:
    return (
        Channel.ready("channel__")
        & (Q(channel__not_before__isnull=True) | Q(channel__not_before__lte=now))
        & (
            Q(channel__budget_day__isnull=True)
            | ~Q(channel__budget_day=timezone.localdate(now))
            | Q(channel__budget_used__lt=F("channel__daily_budget"))
            # What was begun has been counted already.
            | Q(first_sent_at__isnull=False)
        )
    )


def _take(delivery: Delivery, operation: str, now: datetime) -> bool:
    lease, until = uuid4().hex, now + LEASE
    if operation == SEND:
        return _take_to_send(delivery, lease, now)
    # Whoever looked at it before us may have changed more than its lease.
    as_known = {
        "state": delivery.state,
        "lease": delivery.lease,
        "history_hash": delivery.history_hash,
        "replies_due_at": delivery.replies_due_at,
    }
    leased = {"lease": lease, "lease_until": until}
    if not update(delivery, leased, as_known, Sql(_NOT_CALLED, (now,))):
        return False
    delivery.lease, delivery.lease_until = lease, until
    return True


def _take_to_send(delivery: Delivery, lease: str, now: datetime) -> bool:
    """Claim it and count it among the channel's posts of today, both or neither."""
    guards = (
        NO_STOP,
        Sql("wanted = %s", (Wanted.PRESENT,)),
        Sql("released_at >= %s", (now - MAX_AGE,)),
        Sql(_CHANNEL_TAKES, (now,)),
        Sql(_NOT_CALLED, (now,)),
    )
    with transaction.atomic():
        if delivery.first_sent_at is None and not _spend(delivery.channel, now):
            return False
        taken = move(
            delivery,
            "claim",
            now=now,
            guards=guards,
            attempts=delivery.attempts + 1,
            claimed_at=now,
            first_sent_at=delivery.first_sent_at or now,
            lease=lease,
            lease_until=now + LEASE,
            not_before=None,
        )
        if not taken:
            transaction.set_rollback(True)
    return taken


def _spend(channel: Channel, now: datetime) -> bool:
    """Count one post of today's budget; False when it is used up."""
    today = timezone.localdate(now)
    used = Sql("CASE WHEN budget_day = %s THEN budget_used + 1 ELSE 1 END", (today,))
    within = "(budget_day IS NULL OR budget_day <> %s OR budget_used < daily_budget)"
    counted = {"budget_day": today, "budget_used": used}
    return bool(update(channel, counted, {}, Sql(within, (today,))))


def begin_sending(delivery: Delivery, *, now: datetime) -> bool:
    """The moment before the first byte that could publish: from here on, look before resending.

    False, and then nothing may be sent: the lease is over, the post was withdrawn, or an
    emergency stop came since it was taken.
    """
    as_known = {"state": State.SENDING, "lease": delivery.lease, "wanted": Wanted.PRESENT}
    guards = (Sql("lease_until > %s", (now,)), no_stop_since(delivery.claimed_at))
    if not delivery.look_first and (delivery.lease_until or now) - now > FRESH_LEASE:
        may = is_still(delivery, as_known, *guards)
    else:
        renewed = {"lease_until": now + LEASE, "look_first": False}
        may = update(delivery, renewed, as_known, *guards)
        delivery.lease_until, delivery.look_first = now + LEASE, False
    if not may:
        _give_back(delivery, now)
    return bool(may)


def _give_back(delivery: Delivery, now: datetime) -> None:
    if EmergencyStop.since(delivery.claimed_at).exists():
        stand_down(delivery, HoldReason.STOPPED, now=now)
    else:
        put_back(delivery, "", now=now, after=timedelta(0))


def stand_down(delivery: Delivery, reason: HoldReason, *, now: datetime) -> bool:
    """A claimed delivery of which no byte has left is held instead of sent."""
    with transaction.atomic():
        held = hold(delivery, reason, now=now)
        if held:
            follow_wish(delivery, now=now, why=WITHDRAWN)
    return held


def drop(delivery: Delivery, operation: str, *, now: datetime) -> None:
    """A claim on which nothing could be begun: it is due again at once."""
    if operation == SEND:
        put_back(delivery, "", now=now, after=timedelta(0))
    else:
        Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(
            lease="", lease_until=None
        )


def expire_leases(now: datetime) -> int:
    """A worker that did not come back: what it was posting is looked for, never resent."""
    lost = list(Delivery.objects.filter(lease_until__lt=now).order_by("lease_until"))
    for delivery in lost:
        if delivery.state == State.SENDING:
            lose_sight(delivery, "The work on it was cut off.", now=now)
        else:
            _count_death(delivery, now)
    return len(lost)


def _count_death(delivery: Delivery, now: datetime) -> None:
    deaths = delivery.deaths + 1
    if deaths >= DEATHS_BEFORE_PERSON and delivery.state in (State.UNKNOWN, State.REMOVING):
        move(delivery, "ask", now=now, why=DIED_ON_IT, deaths=0)
        return
    Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(
        lease="", lease_until=None, deaths=deaths
    )


def park_too_old(now: datetime) -> int:
    """What waited too long is not sent by itself any more (row 5 of the table)."""
    waiting = Delivery.objects.filter(
        state=State.QUEUED, wanted=Wanted.PRESENT, released_at__lt=now - MAX_AGE
    )
    for delivery in waiting:
        move(delivery, "ask", now=now, why=TOO_OLD)
    return len(waiting)
