"""What is due: read now and then, and given out piece by piece."""

from collections.abc import Iterator
from datetime import datetime
from random import shuffle
from time import monotonic

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from social_publish.models import Channel, Delivery, State, Wanted
from social_publish.outbox.claims import (
    LOOK,
    MAX_AGE,
    REMOVE,
    REPLIES,
    SEND,
    still_due,
    take,
    take_to_send,
)

CANDIDATES = 40
FRESH = 0.5  # seconds for which what was read as due is given out


class Due:
    """The work that is due, read now and then, and given out piece by piece.

    What was read is only a proposal: each claim looks anew at its row, at the emergency stop
    and at the channel.
    """

    def __init__(self) -> None:
        self.readings: Iterator[tuple[str, list[Delivery]]] = iter(())
        self.operation = ""
        self.left: list[Delivery] = []
        self.fresh_until = 0.0

    def claim(
        self, now: datetime, *, busy_channels: set[int], free: int
    ) -> Iterator[list[tuple[Delivery, str]]]:
        """Take due work, up to `free` pieces. What is claimed in one transaction is given out
        together, once it is committed.

        busy_channels: channels this worker has a call on its way to. One call at a time to each
        channel, of all workers together, keeps a dead network from taking every thread. Gives
        each delivery with what to do with it.
        """
        busy = set(busy_channels)
        for operation in self._operations(now, busy):
            while free and (taken := self._take(operation, now, busy=busy, free=free)):
                free -= len(taken)
                busy |= {delivery.channel_id for delivery in taken}
                yield [(delivery, operation) for delivery in taken]
            if not free:
                return

    def _operations(self, now: datetime, busy: set[int]) -> Iterator[str]:
        """Each kind of work, with its deliveries in `left`: what is left of the last reading,
        while it is fresh; then a new one."""
        if monotonic() < self.fresh_until:
            yield self.operation
            yield from self._read_on()
        self.fresh_until = monotonic() + FRESH
        self.readings = _read(now, busy | _called(now))
        yield from self._read_on()

    def _read_on(self) -> Iterator[str]:
        for operation, found in self.readings:
            self.operation, self.left = operation, found
            yield operation

    def _take(self, operation: str, now: datetime, *, busy: set[int], free: int) -> list[Delivery]:
        """Claim some of what is left; [] when nothing of it can be had."""
        while one_each := _one_each(self.left, busy):
            open_ = still_due(one_each, now) if operation == SEND else one_each[:1]
            tried = open_[:free]
            done_with = {d.pk for d in one_each} - {d.pk for d in open_} | {d.pk for d in tried}
            self.left = [delivery for delivery in self.left if delivery.pk not in done_with]
            taken = take_to_send(tried, now) if operation == SEND else take(tried, now)
            if taken:
                return taken
        return []


def _one_each(deliveries: list[Delivery], busy: set[int]) -> list[Delivery]:
    """The first one of each channel that is not busy."""
    firsts: dict[int, Delivery] = {}
    for delivery in deliveries:
        if delivery.channel_id not in busy:
            firsts.setdefault(delivery.channel_id, delivery)
    return list(firsts.values())


def claim(now: datetime, *, busy_channels: set[int], free: int) -> Iterator[tuple[Delivery, str]]:
    """Take due work as it is at this moment, piece by piece; see `Due.claim`."""
    for taken in Due().claim(now, busy_channels=busy_channels, free=free):
        yield from taken


def claim_next(now: datetime, *, busy_channels: set[int]) -> tuple[Delivery, str] | None:
    """Take the next due piece of work; see `claim`."""
    return next(claim(now, busy_channels=busy_channels, free=1), None)


def _read(now: datetime, busy: set[int]) -> Iterator[tuple[str, list[Delivery]]]:
    for operation, due in _due(now):
        rows = due.exclude(channel__in=busy).select_related("channel", "announcement")
        found = list(rows.order_by("not_before", "pk")[:CANDIDATES])
        # Two workers read the same rows: they should not want them in the same order.
        turns = list({delivery.channel_id for delivery in found})
        shuffle(turns)
        found.sort(key=lambda delivery: turns.index(delivery.channel_id))
        yield operation, found


def _called(now: datetime) -> set[int]:
    """The channels to which some worker has a call on its way."""
    leased = Delivery.objects.filter(lease_until__gte=now).order_by("lease_until")
    return set(leased.values_list("channel_id", flat=True))


def _due(now: datetime) -> Iterator[tuple[str, QuerySet[Delivery]]]:
    """Each kind of work with the rows that are due; a post that must go comes first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    # Keys that have ended are renewed first: the sweep sees to it, and says so where it fails.
    rows = Delivery.objects.filter(Q(channel__keys_end=None) | Q(channel__keys_end__gt=now))
    yield REMOVE, rows.filter(free, due, state=State.REMOVING)
    yield (
        SEND,
        rows.filter(
            due,
            _channel_ready(now),
            state=State.QUEUED,
            wanted=Wanted.PRESENT,
            released_at__gte=now - MAX_AGE,
        ),
    )
    yield LOOK, rows.filter(free, due, state=State.UNKNOWN)
    yield REPLIES, rows.filter(free, state=State.POSTED, replies_due_at__lte=now)


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
