"""Writing down what a network answered, also while the database is away."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection

from social_publish import kept_answers, outbox
from social_publish.jobs.work import Job
from social_publish.models import Delivery
from social_publish.networks.answers import Accepted, Unknown
from social_publish.outbox import breaker

logger = logging.getLogger(__name__)

# How long to wait before an answer is written once more, while the database is away.
WRITE_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
DATABASE_AWAY = (OperationalError, InterfaceError)


def answer_of(future: Future[object]) -> object:
    """What a job's call gave, or that nobody knows."""
    error = future.exception()
    if error is None:
        return future.result()
    # A fault of ours after bytes may have left: looked into, never resent. The text
    # of the error may hold anything, so only its kind is logged.
    logger.error("A network call failed: %s", type(error).__name__)
    return Unknown("The answer could not be understood.")


def is_posted(job: Job, answer: object) -> bool:
    """Is a post out, so that the job has no next step?"""
    return job.operation == outbox.SEND and isinstance(answer, Accepted)


def accept_together(answered: list[tuple[Job, object]], now: datetime) -> set[int]:
    """Write down in one go what was posted; gives the ids of the deliveries that are written.

    The others are recorded singly, all of them where the database is away.
    """
    posted = [
        (job.delivery, answer.remote_id, answer.remote_url)
        for job, answer in answered
        if job.operation == outbox.SEND and isinstance(answer, Accepted)
    ]
    try:
        written = outbox.accept_all(posted, now=now)
    except Exception:
        logger.exception("Answers could not be written", extra={"event": "settle.failed"})
        return set()
    try:
        breaker.note_answers({delivery.channel_id for delivery in written})
    except Exception:
        # They are written all the same; the channel's next post tells the breaker.
        logger.exception("A breaker stays as it was", extra={"event": "breaker.failed"})
    return {delivery.pk for delivery in written}


def record(
    job: Job, answer: object, clock: Callable[[], datetime], has_time: Callable[[], bool]
) -> Job | None:
    """Write one answer down, again and again while the database is away; gives the next step."""
    lease = job.delivery.lease
    for pause in (0.0, *WRITE_AGAIN):
        try:
            if pause and not _still_ours(job.delivery, lease, after=pause):
                break
            return job.settle(answer, clock(), has_time())
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


def dropping(delivery: Delivery, operation: str) -> Job:
    """Nothing was asked of the network, so the claim is given back once the database allows it."""

    def settle(answer: object, at: datetime, more: bool) -> None:
        outbox.drop(delivery, operation, now=at)

    return Job(delivery, operation, call=lambda: None, settle=settle)
