"""What the queue and the worker process run. Tasks fetch; services decide."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from social_publish import (
    approval,
    openings,
    outbox,
    pictures,
    pulse,
    sign_ins,
    tending,
    troubles,
    worker,
)
from social_publish.wake import wake_worker

logger = logging.getLogger(__name__)

STEP = 0.5  # seconds


def drain() -> int:
    """The wake-up: do all due work, and ask to be woken again while there was some.

    A removal that failed is waited for in the same way, in steps that keep a worker only shortly.
    """
    claimed = worker.drain()
    soon = outbox.removal_soon(timezone.now())
    if soon and not claimed:
        time.sleep(STEP)
    if claimed or soon:
        wake_worker()
    return claimed


def sweep(clock: Callable[[], datetime] = timezone.now) -> int:
    """The guarantee, each minute and with the queue off too: whatever is due is found and done."""
    try:
        claimed = _do_what_is_due(clock)
    except Exception:
        _tell_of_troubles(clock())
        raise
    _tell_of_troubles(clock())
    return claimed


def _do_what_is_due(clock: Callable[[], datetime]) -> int:
    now, failed = clock(), None
    for step in STEPS:
        try:
            step(now)
        except Exception as error:
            # One row at fault must not keep the others waiting; it is told all the same.
            logger.exception("A step of the sweep failed", extra={"event": "sweep.failed"})
            failed = error
    claimed = worker.drain(clock)
    if failed:
        raise failed
    pulse.sign(pulse.SWEEP, clock())
    # Last, so that a network that hangs keeps nothing waiting.
    tending.check(clock())
    return claimed


def _forget(now: datetime) -> None:
    pictures.delete(outbox.forget_removed_texts(now))


def _hold_stopped(now: datetime) -> None:
    outbox.hold_stopped(now=now)


STEPS: tuple[Callable[[datetime], object], ...] = (
    worker.record_kept_answers,
    outbox.expire_leases,
    outbox.heed_clock,
    outbox.finish_withdrawals,
    approval.withdraw_of_hidden_pages,
    _forget,
    approval.follow_all_publications,
    outbox.release_resumed,
    _hold_stopped,
    outbox.park_too_old,
    sign_ins.record_kept,
    tending.renew,
    openings.end,
)


def _tell_of_troubles(now: datetime) -> None:
    """Noticing and telling must not undo or hinder what they speak of."""
    try:
        troubles.notice(now)
        troubles.tell(now)
    except Exception:
        logger.exception("Troubles could not be told", extra={"event": "troubles.failed"})
    try:
        openings.tell(now)
    except Exception:
        logger.exception("Watchers could not be told", extra={"event": "openings.failed"})


def beat() -> None:
    """Run by the queue: proves that a queued task is really carried out."""
    pulse.sign(pulse.HEARTBEAT, timezone.now())


def enqueue_beat() -> None:
    """Ask the queue for a sign of life; `beat` gives it."""
    with transaction.atomic():
        async_task("social_publish.tasks.beat")
