"""Calls to networks about a channel itself: made in threads that touch no database."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

from social_publish.models import Channel
from social_publish.networks.answers import Unknown

logger = logging.getLogger(__name__)

THREADS = 4


@dataclass(frozen=True)
class Call:
    """A channel that was taken, what to ask, and how to write the answer down."""

    channel: Channel
    ask: Callable[[], object]
    settle: Callable[[object, datetime], None]


def make(calls: Sequence[Call], now: datetime) -> None:
    """Make them all, and settle each as it is answered. Raises nothing: a channel that goes wrong
    is free again when its lease has run out."""
    if not calls:
        return
    with ThreadPoolExecutor(min(len(calls), THREADS), thread_name_prefix="channel") as pool:
        asked: dict[Future[object], Call] = {pool.submit(call.ask): call for call in calls}
        for future in as_completed(asked):
            try:
                asked[future].settle(_answer_of(future), now)
            except Exception:
                logger.exception(
                    "A channel could not be settled", extra={"event": "channel.failed"}
                )


def _answer_of(future: Future[object]) -> object:
    error = future.exception()
    if error is None:
        return future.result()
    # The text of the error may hold anything, so only its kind is logged.
    logger.error("A call about a channel failed: %s", type(error).__name__)
    return Unknown("The answer could not be understood.")
