"""One delivery at a time: claim, call the network, settle. No rules of its own.

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
from social_publish.jobs import Job, account_of, post_of, prepare, settle_sending
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
                for future in done:
                    self._enduring(partial(self._settle, pool, future))
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
            for delivery, operation in self.due.claim(self.clock(), busy_channels=busy, free=free):
                taken = True
                self.claimed += 1
                kill_points.passing(f"{operation}: claimed")
                self._submit(pool, self._prepared(delivery, operation))
                if not self._has_time():
                    return

    def _prepared(self, delivery: Delivery, operation: str) -> Job | None:
        try:
            return prepare(delivery, operation, now=self.clock(), pages=self.pages)
        except DATABASE_AWAY as error:
            logger.exception("A post could not be prepared", extra={"event": "prepare.failed"})
            self.failure = self.failure or error
            return _dropping(delivery, operation)
        except Exception:
            # One faulty row must not sink the others; its lease runs out, and it is looked for.
            logger.exception("A post could not be prepared", extra={"event": "prepare.failed"})
            return None

    def _submit(self, pool: ThreadPoolExecutor, job: Job | None) -> None:
        if job:
            self.running[pool.submit(job.call)] = job

    def _settle(self, pool: ThreadPoolExecutor, future: Future[object]) -> None:
        job = self.running.pop(future)
        error = future.exception()
        if error is not None:
            # A fault of ours after bytes may have left: looked into, never resent. The text
            # of the error may hold anything, so only its kind is logged.
            logger.error("A network call failed: %s", type(error).__name__)
        answer = Unknown("The answer could not be understood.") if error else future.result()
        kill_points.passing(f"{job.operation}: answered")
        following = self._record(job, answer)
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
