"""Claim, call the network, settle: what is due together goes together. No rules of its own.

Claims and settling happen in the calling thread; a pool of threads does HTTP and nothing
else, so no thread ever touches the database.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.utils import timezone

from social_publish import kept_answers, kill_points, outbox
from social_publish.jobs import (
    DATABASE_AWAY,
    Job,
    accept_together,
    account_of,
    answer_of,
    begin,
    dropping,
    is_posted,
    post_of,
    prepare,
    record,
    settle_sending,
)
from social_publish.models import Delivery
from social_publish.publication import RecentAnswers

__all__ = ["Drain", "account_of", "drain", "post_of", "record_kept_answers", "settle_sending"]

logger = logging.getLogger(__name__)

THREADS = 8
SECONDS_TO_CLAIM = 30.0
# So many pieces at most are claimed before a thread is free for them, so that none waits for the
# database. A network that hangs must keep nothing else: only while some call on its way is younger
# than PATIENCE seconds, and what has waited so long for a thread is given back.
AHEAD = 4
PATIENCE = 2.0
# Seconds: where many posts go out, residents' pages hear of them this often.
TELL_EVERY = 1.0


@dataclass(frozen=True)
class Timed:
    """A job that waits for a thread or runs in one; since: monotonic seconds."""

    job: Job
    since: float = field(default_factory=time.monotonic)

    def is_older(self, seconds: float) -> bool:
        return time.monotonic() - self.since > seconds


@dataclass
class Drain:
    """One round of work. clock gives aware datetimes; claimed counts what was taken.

    running: what the threads have; ready: what is claimed and waits for a thread.
    failure: what went wrong first, besides the answers of networks; nothing is claimed after it.
    """

    clock: Callable[[], datetime] = timezone.now
    seconds: float = SECONDS_TO_CLAIM
    running: dict[Future[object], Timed] = field(default_factory=dict)
    ready: list[Timed] = field(default_factory=list)
    claimed: int = 0
    ends: float = 0.0
    pages: RecentAnswers = field(default_factory=RecentAnswers)
    failure: Exception | None = None
    due: outbox.Due = field(default_factory=outbox.Due)
    untold: bool = False
    told_at: float = float("-inf")

    def run(self) -> int:
        """Work until nothing is due or the time to claim is over. Returns how much was claimed.

        Raises what kept it from working, but only when every call on its way has been settled:
        its answer would be lost otherwise.
        """
        self.ends = time.monotonic() + self.seconds
        with ThreadPoolExecutor(THREADS, thread_name_prefix="network") as pool:
            self._enduring(lambda: self._fill(pool))
            while self.running or self.ready:
                done, _ = wait(self.running, timeout=0.25, return_when=FIRST_COMPLETED)
                self._settle_all(pool, done)
                self._give_back_late()
                self._tell_public(TELL_EVERY)
                self._enduring(lambda: self._fill(pool))
        self._tell_public(0.0)
        if self.failure:
            raise self.failure
        return self.claimed

    def _tell_public(self, every: float) -> None:
        """Say that there are new posts, no sooner than `every` seconds after it was said last."""
        if self.untold and time.monotonic() - self.told_at >= every:
            outbox.posts_changed.send_robust(Delivery)
            self.untold, self.told_at = False, time.monotonic()

    def _has_time(self) -> bool:
        return self.failure is None and time.monotonic() < self.ends

    def _enduring(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            logger.exception("A round of work was cut short", extra={"event": "drain.failed"})
            self.failure = self.failure or error

    def _fill(self, pool: ThreadPoolExecutor) -> None:
        """Give every thread something to do, and have some more at hand, as long as it is due."""
        self._begin(pool)
        taken = self._has_time()
        while taken and self._wanted() and self._has_time():
            taken = False
            kill_points.passing("before claim")
            for pieces in self.due.claim(
                self.clock(), busy_channels=self._busy(), free=self._wanted()
            ):
                taken = True
                self.claimed += len(pieces)
                self._prepare(pieces)
                self._begin(pool)
                if not self._has_time():
                    return

    def _busy(self) -> set[int]:
        return {timed.job.delivery.channel_id for timed in [*self.running.values(), *self.ready]}

    def _wanted(self) -> int:
        """How many pieces to claim; those that are ahead a few together, to share the commit."""
        taken = len(self.running) + len(self.ready)
        free = max(THREADS - taken, 0)
        # Before its first answer, a worker leaves the rest to others, whose threads may be idle.
        answered = self.claimed > taken
        if answered and any(not timed.is_older(PATIENCE) for timed in self.running.values()):
            return THREADS + AHEAD - taken if len(self.ready) < AHEAD // 2 else 0
        return free

    def _prepare(self, pieces: list[tuple[Delivery, str]]) -> None:
        for delivery, operation in pieces:
            kill_points.passing(f"{operation}: claimed")
            job = self._prepared(delivery, operation)
            if job:
                self.ready.append(Timed(job))

    def _prepared(self, delivery: Delivery, operation: str) -> Job | None:
        try:
            return prepare(delivery, operation, now=self.clock(), pages=self.pages)
        except DATABASE_AWAY as error:
            self._note_failure(error)
            return dropping(delivery, operation)
        except Exception:
            # One faulty row must not sink the others; its lease runs out, and it is looked for.
            logger.exception("A post could not be prepared", extra={"event": "prepare.failed"})
            return None

    def _begin(self, pool: ThreadPoolExecutor, *, kept: int = 0) -> None:
        """Whatever has been claimed is begun, also when the time is over meanwhile.

        kept: threads to leave free.
        """
        while self.ready and (free := THREADS - kept - len(self.running)) > 0:
            first, self.ready = self.ready[:free], self.ready[free:]
            for job in self._begun([timed.job for timed in first]):
                self._submit(pool, job)

    def _begun(self, prepared: list[Job]) -> list[Job]:
        try:
            return begin(prepared, now=self.clock())
        except DATABASE_AWAY as error:
            self._note_failure(error)
            return [dropping(job.delivery, job.operation) for job in prepared]

    def _note_failure(self, error: Exception) -> None:
        logger.exception("A post could not be prepared", extra={"event": "prepare.failed"})
        self.failure = self.failure or error

    def _submit(self, pool: ThreadPoolExecutor, job: Job | None) -> None:
        if job:
            self.running[pool.submit(job.call)] = Timed(job)

    def _give_back_late(self) -> None:
        late = [timed.job for timed in self.ready if timed.is_older(PATIENCE)]
        self.ready = [timed for timed in self.ready if timed.job not in late]
        for job in late:
            record(dropping(job.delivery, job.operation), None, self.clock, self._has_time)

    def _settle_all(self, pool: ThreadPoolExecutor, done: set[Future[object]]) -> None:
        """Record the answers that are there, and go on with what has a next step.

        What is ready goes first to the threads of the posts that are out.
        """
        answered = []
        for future in done:
            job = self.running.pop(future).job
            answered.append((job, answer_of(future)))
            kill_points.passing(f"{job.operation}: answered")
        going_on = sum(not is_posted(job, answer) for job, answer in answered)
        self._enduring(lambda: self._begin(pool, kept=going_on))
        written = accept_together(answered, self.clock())
        self.untold = self.untold or bool(written)
        for job, answer in answered:
            self._enduring(partial(self._settle, pool, job, answer, job.delivery.pk in written))

    def _settle(self, pool: ThreadPoolExecutor, job: Job, answer: object, written: bool) -> None:
        following = None if written else record(job, answer, self.clock, self._has_time)
        kill_points.passing(f"{job.operation}: settled")
        self._submit(pool, following)


def record_kept_answers(now: datetime) -> int:
    """Write down what was kept aside while the database was away."""
    recorded = 0
    for kept in kept_answers.kept():
        delivery = Delivery.objects.filter(pk=kept.delivery_id).first()
        if delivery:
            why = "Its answer was kept aside while the database was away."
            answer = kept.answer
            done = outbox.accept(delivery, answer.remote_id, answer.remote_url, now=now, why=why)
            if not done and delivery.remote_id != answer.remote_id:
                continue
            recorded += 1
        kept.forget()
    return recorded


def drain(clock: Callable[[], datetime] = timezone.now) -> int:
    """Do all due work, in rounds. Returns how many pieces were claimed."""
    return Drain(clock).run()
