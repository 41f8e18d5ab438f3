"""Signals forward: a picture that was put up or changed is made to size by the queue."""

import logging
from functools import partial
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django_q.tasks import async_task

from home.models import CouncilImage

logger = logging.getLogger(__name__)


@receiver(post_save, sender=CouncilImage)
def make_sizes(instance: CouncilImage, **_: Any) -> None:
    transaction.on_commit(partial(_queue, instance.pk))


def _queue(image_id: int) -> None:
    # Lost with the queue it costs an hour at most: the hourly task makes what is missing.
    try:
        with transaction.atomic():
            async_task("home.tasks.make_pictures", image_id)
    except (DatabaseError, OSError):
        logger.exception("A picture could not be queued", extra={"event": "picture.not_queued"})
