"""Waking the worker. The wake-up carries nothing and may be lost: the sweep is the guarantee."""

import logging

from django.db import DatabaseError, transaction
from django_q.tasks import async_task

logger = logging.getLogger(__name__)


def wake_worker() -> None:
    """Ask the queue for a drain; a queue that is away is logged and costs a minute at most."""
    try:
        with transaction.atomic():
            async_task("social_publish.tasks.drain")
    except (DatabaseError, OSError):
        logger.exception("The worker could not be woken", extra={"event": "wake.failed"})
