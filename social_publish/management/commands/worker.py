"""`manage.py worker`: the queue under guard, the minute sweep, and scheduled publishing.

django-q2 can look alive and do nothing, so only a beat that a queued
task really wrote counts as life; without one for three minutes the whole group is replaced.
"""

import logging
import os
import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from social_publish import children, pulse, tasks

logger = logging.getLogger(__name__)

MINUTE = 60.0
BEATS = 3  # how many may be missed in a row
REPLACE_GRACE = 3.0
LONGEST_REST = 20.0


class Command(BaseCommand):
    help = "Runs everything that works in the background. One of these per site is enough."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--grace",
            type=int,
            default=45,
            help="Seconds that work under way may still take when the worker is asked to stop.",
        )
        parser.add_argument(
            "--heartbeat-limit",
            type=float,
            default=BEATS * MINUTE,
            help="Seconds without a beat after which the queue is started anew.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.grace: int = options["grace"]
        self.limit: float = options["heartbeat_limit"]
        self.stopping = False
        self.failures = 0
        self._start()
        signal.signal(signal.SIGALRM, self._give_up)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        # Nothing is called silent that has had no time yet.
        _survive(lambda: pulse.sign(pulse.STARTED, timezone.now()))
        next_round = next_look = 0.0
        pause = min(MINUTE, self.limit / BEATS)
        while not self.stopping:
            now = time.monotonic()
            if now >= next_round:
                next_round = now + pause
                self._round()
            if now >= next_look or self.cluster.poll() is not None:
                next_look = now + pause / 6
                self._guard()
            time.sleep(0.5)
        self._end()

    def _start(self) -> None:
        self.cluster = children.start(*children.manage("qcluster"))
        self.started = time.monotonic()

    # --- stopping: every step is bounded by the alarm ---

    def _stop(self, *args: Any) -> None:
        """Ask the cluster's parent, once: django-q2 may hang when it is asked again."""
        if not self.stopping:
            self.stopping = True
            signal.alarm(max(self.grace, 1))
            self.cluster.terminate()

    def _end(self) -> None:
        while self.cluster.poll() is None:
            time.sleep(0.05)
        children.kill_group(self.cluster)

    def _give_up(self, *args: Any) -> None:
        """What is cut here keeps its lease and is looked for on the network later."""
        try:
            os.killpg(self.cluster.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os._exit(0)

    # --- working ---

    def _round(self) -> None:
        for work in (tasks.enqueue_beat, _publish_scheduled, tasks.sweep):
            if self.stopping:
                return
            _survive(work)
            # Each may have waited long for a lock that a dead queue holds.
            self._guard()

    def _guard(self) -> None:
        """Replace a cluster that has ended, or whose queued beats are no longer carried out."""
        running = time.monotonic() - self.started
        alive = self.cluster.poll() is None
        # Only a cluster that had the time to beat is asked for its beat.
        age = _heartbeat_age() if alive and running >= self.limit else 0.0
        if not must_replace(alive=alive, running=running, age=age, limit=self.limit):
            return
        self.failures = 0 if running >= self.limit else self.failures + 1
        logger.error("The queue stopped working and is started anew", extra={"event": "queue.dead"})
        children.stop([self.cluster], grace=REPLACE_GRACE)
        self._rest(rest_before_restart(self.failures))
        if not self.stopping:
            self._start()

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.stopping:
            time.sleep(0.2)


def must_replace(*, alive: bool, running: float, age: float | None, limit: float) -> bool:
    """Whether the cluster is dead or silent.

    running and age (of the last beat; None where there never was one) are seconds. A beat older
    than the cluster says nothing about it, so it never counts for longer than it has been running.
    """
    silence = running if age is None else min(running, age)
    return not alive or silence >= limit


def rest_before_restart(failures: int) -> float:
    """Seconds to wait after so many clusters in a row that ended soon after their start."""
    return min(2.0**failures, LONGEST_REST)


def _heartbeat_age() -> float | None:
    close_old_connections()
    try:
        return pulse.silence_of_queue(timezone.now())
    except Exception:
        # A database that is away is no fault of the cluster.
        logger.exception("The heartbeat could not be read", extra={"event": "heartbeat.unread"})
        return 0.0


def _publish_scheduled() -> None:
    call_command("publish_scheduled")
    pulse.sign(pulse.SCHEDULED, timezone.now())


def _survive(work: Callable[[], object]) -> None:
    """Whatever goes wrong in one minute, the next one comes."""
    try:
        close_old_connections()
        work()
    except Exception:
        logger.exception("A round of the worker failed", extra={"event": "round.failed"})
