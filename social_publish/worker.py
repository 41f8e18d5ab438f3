"""Claim, call the network, settle: what is due together goes together. No rules of its own.

Claims and settling happen in the calling thread; a pool of threads does HTTP and nothing
else, so no thread ever touches the database (design 5).
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from social_publish import kept_answers, kill_points, outbox
from social_publish.jobs import Job, account_of, begin, post_of, prepare, settle_sending
from social_publish.models import Delivery
from social_publish.networks.base import Accepted, Unknown
from social_publish.publication import RecentAnswers

__all__ = ["Drain", "account_of", "drain", "post_of", "record_kept_answers", "settle_sending"]

logger = logging.getLogger(__name__)

THREADS = 8
SECONDS_TO_CLAIM = 30.0
# How long to wait before an answer is written once more, while the database is away.
WRITE_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
DATABASE_AWAY = (OperationalError, InterfaceError)


@dataclass
class Drain:
    """One round of work. clock gives aware datetimes; claimed counts what was taken.

    failure: what went wrong first, besides the answers of networks; nothing is claimed after it.
    """

    clock: Callable[[], datetime] = timezone.now
    seconds: float = SECONDS_TO_CLAIM
    running: dict[Future[object], Job] = field(default_factory=dict)
    claimed: int = 0
    ends: float = 0.0
    pages: RecentAnswers = field(default_factory=RecentAnswers)
    failure: Exception | None = None
    due: outbox.Due = field(default_factory=outbox.Due)

    def run(self) -> int:
        """Work until nothing is due or the time to claim is over. Returns how much was claimed.

        Raises what kept it from working, but only when every call on its way has been settled:
        its answer would be lost otherwise.
        """
        self.ends = time.monotonic() + self.seconds
        with ThreadPoolExecutor(THREADS, thread_name_prefix="network") as pool:
            self._enduring(lambda: self._fill(pool))
            while self.running:
                done, _ = wait(self.running, timeout=0.25, return_when=FIRST_COMPLETED)
                self._settle_all(pool, done)
                self._enduring(lambda: self._fill(pool))
        if self.failure:
            raise self.failure
        return self.claimed

    def _has_time(self) -> bool:
        return self.failure is None and time.monotonic() < self.ends

    def _enduring(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            logger.exception("A round of work was cut short", extra={"event": "drain.failed"})
            self.failure = self.failure or error

    def _fill(self, pool: ThreadPoolExecutor) -> None:
        """Take work as long as threads are free and something is due."""
        taken = self._has_time()
        while taken and len(self.running) < THREADS and self._has_time():
            taken = False
            kill_points.passing("before claim")
            busy = {job.delivery.channel_id for job in self.running.values()}
            free = THREADS - len(self.running)
            for pieces in self.due.claim(self.clock(), busy_channels=busy, free=free):
                taken = True
                self.claimed += len(pieces)
                self._start(pool, pieces)
                if not self._has_time():
                    return

    def _start(self, pool: ThreadPoolExecutor, pieces: list[tuple[Delivery, str]]) -> None:
        """Whatever has been claimed is begun, also when the time is over meanwhile."""
        jobs = []
        for delivery, operation in pieces:
            kill_points.passing(f"{operation}: claimed")
            jobs.append(self._prepared(delivery, operation))
        for job in self._begun([job for job in jobs if job]):
            self._submit(pool, job)

    def _begun(self, prepared: list[Job]) -> list[Job]:
        try:
            return begin(prepared, now=self.clock())
        except DATABASE_AWAY as error:
            self._note_failure(error)
            return [_dropping(job.delivery, job.operation) for job in prepared]

    def _prepared(self, delivery: Delivery, operation: str) -> Job | None:
        try:
            return prepare(delivery, operation, now=self.clock(), pages=self.pages)
        except DATABASE_AWAY as error:
            self._note_failure(error)
            return _dropping(delivery, operation)
        except Exception:
            # One faulty row must not sink the others; its lease runs out, and it is looked for.
            logger.exception("A post could not be prepared", extra={"event": "prepare.failed"})
            return None

    def _note_failure(self, error: Exception) -> None:
        logger.exception("A post could not be prepared", extra={"event": "prepare.failed"})
        self.failure = self.failure or error

    def _submit(self, pool: ThreadPoolExecutor, job: Job | None) -> None:
        if job:
            self.running[pool.submit(job.call)] = job

    def _settle_all(self, pool: ThreadPoolExecutor, done: set[Future[object]]) -> None:
        """Record the answers that are there, and go on with what has a next step."""
        answered = []
        for future in done:
            job = self.running.pop(future)
            answered.append((job, _answer_of(future)))
            kill_points.passing(f"{job.operation}: answered")
        written = _accept_together(answered, self.clock())
        for job, answer in answered:
            self._enduring(partial(self._settle, pool, job, answer, job.delivery.pk in written))

    def _settle(self, pool: ThreadPoolExecutor, job: Job, answer: object, written: bool) -> None:
        following = None if written else self._record(job, answer)
        kill_points.passing(f"{job.operation}: settled")
        self._submit(pool, following)

    def _record(self, job: Job, answer: object) -> Job | None:
        """Write the answer down, again and again while the database is away (F54, F55)."""
        lease = job.delivery.lease
        for pause in (0.0, *WRITE_AGAIN):
            try:
                if pause and not _still_ours(job.delivery, lease, after=pause):
                    break
                return job.settle(answer, self.clock(), self._has_time())
            except DATABASE_AWAY:
                logger.exception("An answer could not be written", extra={"event": "settle.failed"})
                if connection.in_atomic_block:
                    break
            except Exception:
                logger.exception("An answer could not be settled", extra={"event": "settle.failed"})
                break
        if isinstance(answer, Accepted) and job.operation == outbox.SEND:
            kept_answers.keep(job.delivery.pk, answer)
        return None


def _answer_of(future: Future[object]) -> object:
    error = future.exception()
    if error is None:
        return future.result()
    # A fault of ours after bytes may have left: looked into, never resent. The text
    # of the error may hold anything, so only its kind is logged.
    logger.error("A network call failed: %s", type(error).__name__)
    return Unknown("The answer could not be understood.")


def _accept_together(answered: list[tuple[Job, object]], now: datetime) -> set[int]:
    """Write down in one go what was posted; gives the ids of the deliveries that are written.

    The others are settled singly, all of them where the database is away.
    """
    posted = [
        (job.delivery, answer.remote_id, answer.remote_url)
        for job, answer in answered
        if job.operation == outbox.SEND and isinstance(answer, Accepted)
    ]
    try:
        return {delivery.pk for delivery in outbox.accept_all(posted, now=now)}
    except Exception:
        logger.exception("Answers could not be written", extra={"event": "settle.failed"})
        return set()


def _still_ours(delivery: Delivery, lease: str, *, after: float) -> bool:
    """Read the row anew over a fresh connection: it may have been written all the same.

    after: seconds to wait before.
    """
    connection.close()
    time.sleep(after)
    delivery.refresh_from_db()
    return delivery.lease == lease


def _dropping(delivery: Delivery, operation: str) -> Job:
    """Nothing was asked of the network, so the claim is given back once the database allows it."""

    def settle(answer: object, at: datetime, more: bool) -> None:
        outbox.drop(delivery, operation, now=at)

    return Job(delivery, operation, call=lambda: None, settle=settle)


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
