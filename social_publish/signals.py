"""Signals forward. Nothing here may undo what Wagtail was doing, so trouble is logged;
the minute sweep follows up what a receiver missed."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import (
    page_published,
    page_unpublished,
    task_submitted,
    workflow_cancelled,
    workflow_rejected,
)

from social_publish import approval, outbox
from social_publish.models import AnnounceablePage, Delivery, HoldReason, State

logger = logging.getLogger(__name__)


def _forward(work: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            work()
    except Exception:
        logger.exception("Following a page failed", extra={"event": "signal.failed"})


@receiver(task_submitted)
def propose_posts(instance: Any, user: Any = None, **_: Any) -> None:
    page = instance.workflow_state.content_object
    if isinstance(page, Page):
        draft = page.get_latest_revision_as_object()
        _forward(lambda: approval.propose(draft, now=timezone.now(), actor=user))


@receiver([workflow_rejected, workflow_cancelled])
def drop_proposal(instance: Any, user: Any = None, **_: Any) -> None:
    if isinstance(instance.content_object, Page):
        _forward(
            lambda: outbox.supersede(
                int(instance.object_id),
                now=timezone.now(),
                actor=user,
                why="The page was sent back or taken out of review.",
            )
        )


@receiver(page_published)
def follow_published(instance: Page, **_: Any) -> None:
    if isinstance(instance, AnnounceablePage):
        _forward(lambda: approval.follow_publication(instance.pk, now=timezone.now()))


@receiver(page_unpublished)
def withdraw_unpublished(instance: Page, **_: Any) -> None:
    _forward(
        lambda: approval.withdraw_posts(
            instance.pk, now=timezone.now(), why="The page was unpublished."
        )
    )


@receiver(pre_delete)
def withdraw_deleted(sender: type, instance: Any, **_: Any) -> None:
    if issubclass(sender, Page):
        _forward(
            lambda: approval.withdraw_posts(
                instance.pk, now=timezone.now(), why="The page was deleted."
            )
        )


@receiver(pre_save, sender=Delivery)
def hold_loaded_rows(instance: Delivery, raw: bool, **_: Any) -> None:
    """A row that comes from a copy of the data may have been posted since (fault F58)."""
    if raw and instance.state in (State.HELD, State.QUEUED, State.SENDING, State.UNKNOWN):
        instance.state, instance.hold_reason = State.HELD, HoldReason.RESTORED
        instance.lease, instance.lease_until = "", None
