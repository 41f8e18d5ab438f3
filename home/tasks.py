"""What the queue runs for the residents' pages. Tasks fetch; services decide."""

from django.db.models import QuerySet
from django.utils import timezone
from django_q.tasks import async_task
from wagtail.contrib.frontend_cache.utils import purge_urls_from_cache

from home import content_version, mailroom, pdfs, pictures
from home.models import (
    CouncilImage,
    ResidentMessage,
    SiteDetails,
    forget_messages,
    unread_pdfs,
)


def tell_staff(message_id: int) -> None:
    message = ResidentMessage.objects.select_related("site", "page").filter(pk=message_id).first()
    if message:
        mailroom.tell_staff(message)


def forget() -> int:
    """Each hour: messages whose time is over are deleted."""
    return forget_messages(timezone.now())


def make_pictures(image_id: int) -> bool:
    """After a picture was put up or changed: its sizes, a few in each run; True while more wait."""
    image = CouncilImage.objects.filter(pk=image_id).first()
    is_crest = SiteDetails.objects.filter(crest=image_id).exists()
    wanted = (pictures.CREST, *pictures.EVERY) if is_crest else pictures.EVERY
    more = bool(image and pictures.make_next(image, wanted))
    # Pages show what is ready, so they change with each batch.
    content_version.bump()
    if more:
        async_task("home.tasks.make_pictures", image_id)
    return more


def make_missing_pictures() -> int:
    """Each hour: whatever the task above missed; returns how many pictures were queued."""
    crests = CouncilImage.objects.filter(pk__in=SiteDetails.objects.values("crest"))
    missing = _without(pictures.SHARED, CouncilImage.objects.all())
    missing |= _without(pictures.CREST, crests)
    for image_id in missing:
        async_task("home.tasks.make_pictures", image_id)
    return len(missing)


def _without(size: str, images: QuerySet[CouncilImage]) -> set[int]:
    have = CouncilImage.objects.filter(renditions__filter_spec=size)
    return set(images.exclude(pk__in=have.values("pk")).values_list("pk", flat=True))


def read_pdf(document_id: int) -> None:
    """After a PDF was put up or replaced."""
    document = unread_pdfs().filter(pk=document_id).first()
    if document:
        pdfs.read(document)


def read_unread_pdfs(after: int = 0) -> bool:
    """Each hour: whatever the task above missed, one in each run, so that posts wait for no more.

    `after`: the id of the document that was read last. True while more wait.
    """
    waiting = list(unread_pdfs().filter(pk__gt=after).order_by("pk")[:2])
    if waiting:
        pdfs.read(waiting[0])
    if len(waiting) > 1:
        async_task("home.tasks.read_unread_pdfs", waiting[0].pk)
    return len(waiting) > 1


def forget_in_front(addresses: list[str]) -> None:
    """After a page came, changed or went: the cache in front forgets these addresses."""
    purge_urls_from_cache(addresses)
