"""Signals forward: the queue makes pictures to size and reads PDFs; what residents see has a new version."""

import logging
from functools import partial
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django_q.tasks import async_task
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import post_page_move

from home import content_version
from home.models import Alert, Committee, CouncilImage, SiteDetails, is_pdf
from social_publish.models import Channel, ChannelGroup, OfficeContact
from social_publish.outbox.table import posts_changed

logger = logging.getLogger(__name__)

# What stands on residents' pages beside the pages themselves.
SHOWN = (
    Alert,
    Channel,
    ChannelGroup,
    Committee,
    CouncilImage,
    OfficeContact,
    PageViewRestriction,
    Redirect,
    Site,
    SiteDetails,
    get_document_model(),
)

# Publishing, unpublishing and deleting save or delete; only a move goes past the models.
post_page_move.connect(content_version.bump)
posts_changed.connect(content_version.bump)


@receiver([post_save, post_delete])
def note_change(
    sender: type, instance: Any, update_fields: frozenset[str] | None = None, **_: Any
) -> None:
    """Wagtail saves a draft by naming fields; nobody but staff sees any of those."""
    if issubclass(sender, SHOWN) or (isinstance(instance, Page) and not update_fields):
        content_version.bump()


@receiver(pre_save, sender=Redirect)
def write_as_browsers_do(instance: Redirect, **_: Any) -> None:
    """Old files are called “Minutes May.pdf”, and Wagtail compares with what a browser sends."""
    path = instance.old_path.replace(" ", "%20")
    is_taken = Redirect.objects.filter(old_path=path, site=instance.site_id).exclude(pk=instance.pk)
    if len(path) <= Redirect._meta.get_field("old_path").max_length and not is_taken.exists():
        instance.old_path = path


@receiver(post_save, sender=CouncilImage)
def make_sizes(instance: CouncilImage, **_: Any) -> None:
    transaction.on_commit(partial(_queue, "home.tasks.make_pictures", instance.pk))


@receiver(post_save, sender=SiteDetails)
def make_crest(instance: SiteDetails, **_: Any) -> None:
    if instance.crest_id:
        transaction.on_commit(partial(_queue, "home.tasks.make_pictures", instance.crest_id))


@receiver(post_save, sender=get_document_model())
def read_pdf(instance: Any, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    if is_pdf(instance) and not update_fields:
        transaction.on_commit(partial(_queue, "home.tasks.read_pdf", instance.pk))


def _queue(task: str, key: int) -> None:
    # Lost with the queue it costs an hour at most: the hourly tasks do what was missed.
    try:
        with transaction.atomic():
            async_task(task, key)
    except (DatabaseError, OSError):
        logger.exception("A file could not be queued", extra={"event": "file.not_queued"})
