"""Tells a cache in front of the site which pages to forget; Wagtail's own purging does the asking."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.dispatch import receiver
from django_q.tasks import async_task
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

logger = logging.getLogger(__name__)


@receiver([page_published, page_unpublished])
def forget_page(instance: Page, **_: Any) -> None:
    """The page, and what lists it: the pages above, up to the front page."""
    if not settings.WAGTAILFRONTENDCACHE:
        return
    batch = PurgeBatch()
    batch.add_pages([instance, *instance.get_ancestors().filter(depth__gt=1)])
    # By the queue: a cache that hangs must not hold up whoever publishes.
    transaction.on_commit(partial(_queue, sorted(batch.urls)))


def _queue(addresses: list[str]) -> None:
    # Lost with the queue it costs a minute: so long the cache keeps a page by itself.
    try:
        with transaction.atomic():
            async_task("home.tasks.forget_in_front", addresses)
    except (DatabaseError, OSError):
        logger.exception("A purge could not be queued", extra={"event": "purge.not_queued"})
