"""The worker's signs of life, and how long the oldest work has been waiting for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Min, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from social_publish.models import Channel, Delivery, State, Wanted, WorkerSign

HEARTBEAT, SWEEP, SCHEDULED, STARTED = "heartbeat", "sweep", "publish_scheduled", "started"

SILENT_AFTER = timedelta(minutes=3)
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Pulse:
    """What is known at `now`: when something last happened, None where it never did.

    heartbeat: the queue carried out a task; oldest_due: since when the oldest work is due.
    """

    now: datetime
    heartbeat: datetime | None
    sweep: datetime | None
    scheduled: datetime | None
    started: datetime | None
    oldest_due: datetime | None

    @property
    def sweeps(self) -> bool:
        return self._lives(self.sweep)

    @property
    def beats(self) -> bool:
        return self._lives(self.heartbeat)

    @property
    def late(self) -> bool:
        """Does due work wait longer than it may?"""
        return self.oldest_due is not None and self.now - self.oldest_due > LATE_AFTER

    @property
    def well(self) -> bool:
        return self.sweeps and self.beats and not self.late

    def _lives(self, at: datetime | None) -> bool:
        # A sign from a time to come was left before the clock was set back.
        return at is not None and abs(self.now - at) <= SILENT_AFTER


def take(now: datetime) -> Pulse:
    """Feel the pulse: a few small questions to the database."""
    signs = dict(WorkerSign.objects.values_list("name", "at"))
    return Pulse(
        now,
        heartbeat=signs.get(HEARTBEAT),
        sweep=signs.get(SWEEP),
        scheduled=signs.get(SCHEDULED),
        started=signs.get(STARTED),
        oldest_due=_oldest_due(now),
    )


def silence_of_queue(now: datetime) -> float | None:
    """Seconds since the queue carried out a task; None where it never did.

    A beat from a time to come was left before the clock was set back: it must beat anew from now.
    """
    beat = take(now).heartbeat
    if beat and beat > now:
        sign(HEARTBEAT, now)
        return 0.0
    return (now - beat).total_seconds() if beat else None


def sign(name: str, at: datetime) -> None:
    """Leave a sign of life."""
    WorkerSign.objects.update_or_create(name=name, defaults={"at": at})


def _oldest_due(now: datetime) -> datetime | None:
    """Since when the longest-waiting post, look or removal could have been taken by the worker."""
    spent = Q(
        channel__budget_day=timezone.localdate(now),
        channel__budget_used__gte=F("channel__daily_budget"),
        first_sent_at=None,
    )
    posts = Delivery.objects.filter(
        Channel.ready("channel__"), state=State.QUEUED, wanted=Wanted.PRESENT
    ).exclude(spent)
    ready = Greatest(
        "released_at",
        Coalesce("not_before", "released_at"),
        Coalesce("channel__not_before", "released_at"),
    )
    others = Delivery.objects.filter(state__in=(State.UNKNOWN, State.REMOVING))
    oldest = [
        posts.aggregate(at=Min(ready))["at"],
        others.aggregate(at=Min("not_before"))["at"],
    ]
    return min((at for at in oldest if at and at <= now), default=None)
