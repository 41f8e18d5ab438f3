"""What a claim costs beside a thousand finished posts, and beside a million."""

import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from social_publish import approval, outbox, pulse, troubles
from social_publish.models import Channel, Delivery, State, Wanted
from tests.bench import world
from tests.bench.figures import Figure
from tests.bench.history import History
from tests.bench.processes import Failure

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CHANNELS = FREE = 8  # two for each kind of work
WAITING = 10  # pages with due work on each of its channels
LONGEST, FEWEST = 20.0, 7  # seconds and rounds for each median
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
BOUND = 1.5
STATES = (State.REMOVING, State.QUEUED, State.UNKNOWN, State.POSTED)
# A whole table of records, read from end to end. Channels are few, so theirs may be.
FULL_SCAN = re.compile(r"\b(?:Seq Scan on|SCAN) social_publish_(?:delivery|announcement)\w*")

Statements = list[tuple[str, Any]]


def measure(quick: bool) -> Iterator[Figure]:
    rounds = 20 if quick else 200
    here = world.build(CHANNELS)
    _queue_each_kind(here)
    history = History(here)
    works = {"a claim": _claim, "a look that finds nothing due": _look, "a sweep": _sweep}
    took: dict[str, list[float]] = {name: [] for name in works}
    sizes = SIZES[:3] if quick else SIZES
    for size in sizes:
        history.grow_to(size)
        for name, work in works.items():
            seconds, yardstick = _medians(work, rounds)
            took[name].append(seconds / yardstick)
            words = f"{seconds * 1000:.2f} ms, {took[name][-1]:.2f} yardsticks"
            sys.stdout.write(f"    {Delivery.objects.count():>9,} rows: {name} {words}\n")
            sys.stdout.flush()
    scans = {name: _tell_plans(name, work) for name, work in works.items()}
    for name, costs in took.items():
        bound = BOUND if name != "a sweep" else None
        grown = f"{sizes[-1]:,} / {sizes[0]:,} rows"
        yield Figure(f"{name}, {grown}", costs[-1] / costs[0], "", bound)
        yield Figure(f"{name}: statements that read all", scans[name], "", bound and 0)


def _queue_each_kind(here: world.World) -> None:
    """Due work of each kind, on two channels each, so that one round of claims meets all."""
    world.queue_posts(here, WAITING * CHANNELS)
    now = timezone.now()
    kinds = zip(STATES, (here.channels[at : at + 2] for at in range(0, CHANNELS, 2)), strict=True)
    for state, channels in kinds:
        removing = state == State.REMOVING
        Delivery.objects.filter(channel__in=channels).update(
            state=state,
            not_before=None if state == State.POSTED else now,
            wanted=Wanted.ABSENT if removing else Wanted.PRESENT,
            replies_due_at=now if state == State.POSTED else None,
            posted_at=now if state == State.POSTED else None,
        )


# --- the work that is timed: seconds for one piece of it, undone afterwards ----------------


def _claim() -> int:
    taken = list(outbox.claim(timezone.now(), busy_channels=set(), free=FREE))
    if {operation for _, operation in taken} != {"remove", "send", "look", "replies"}:
        raise Failure(f"Not every kind of work was claimed: {taken}")
    return len(taken)


def _look() -> int:
    """An idle worker's question: a time at which nothing was due yet finds nothing."""
    if list(outbox.claim(LONG_AGO, busy_channels=set(), free=FREE)):
        raise Failure("Something was due long ago.")
    return 1


def _sweep() -> int:
    """The sweep's questions, without the work it may find."""
    now = timezone.now()
    outbox.expire_leases(now)
    outbox.park_too_old(now)
    outbox.finish_withdrawals(now)
    outbox.forget_removed_texts(now)
    approval.follow_all_publications(now)
    pulse.take(now)
    troubles.notice(now)
    return 1


def _medians(work: Callable[[], int], rounds: int) -> tuple[float, float]:
    """The medians of the work and of the yardstick, which is taken in between.

    What slows the whole machine down for a while slows both.
    """
    seconds: list[float] = []
    yardsticks: list[float] = []
    ends = time.monotonic() + LONGEST
    while len(seconds) < rounds and (len(seconds) < FEWEST or time.monotonic() < ends):
        seconds.append(_timed(work))
        yardsticks.append(_timed(_yardstick))
    return statistics.median(seconds), statistics.median(yardsticks)


def _timed(work: Callable[[], int]) -> float:
    with _undone():
        began = time.perf_counter()
        pieces = work()
        return (time.perf_counter() - began) / pieces


def _yardstick() -> int:
    """Work of the same kind on tables that do not grow."""
    for channel in Channel.objects.select_related("group__office_contact"):
        Channel.objects.filter(pk=channel.pk, paused=False).update(budget_used=1)
    return 1


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- what the database does for it ---------------------------------------------------------


def _tell_plans(name: str, work: Callable[[], int]) -> int:
    """Print the plans of the claims, and of whatever reads a whole table; how many do."""
    sys.stdout.write(f"\n  {name}: its statements and their plans\n")
    scans = 0
    for sql, params in _statements_of(work):
        plan = _plan(sql, params)
        found = bool(FULL_SCAN.search(plan))
        scans += found
        if found or work is not _sweep:
            mark = "READS ALL" if found else ""
            sys.stdout.write(f"  {mark:<9} {_short(sql)}\n{plan}\n")
    return scans


def _statements_of(work: Callable[[], int]) -> Statements:
    """Each different statement that reads or changes rows."""
    seen: dict[str, Any] = {}

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen.setdefault(sql, params)
        return execute(sql, params, many, context)

    with _undone(), connection.execute_wrapper(note):
        work()
    return list(seen.items())


def _plan(sql: str, params: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql, params)
        return "\n".join(f"              {row[-1]}" for row in cursor.fetchall())


def _short(sql: str) -> str:
    """The statement without its list of columns."""
    words = re.sub(r"SELECT .* FROM social", "SELECT … FROM social", sql.replace('"', ""))
    return words.replace("social_publish_", "")[:700]
