"""What news, meetings, events and vacancies share: words, picture, closing date, announcing."""

from collections.abc import Hashable
from datetime import date
from typing import Any, ClassVar

from django.core.paginator import Page as Batch
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks import BodyBlock
from home.finding import readable
from home.kept import kept
from home.models import CouncilRendition, OpenPage, SpokenPage
from home.pictures import SHARED, specs
from social_publish.admin.forms import AnnounceablePageForm
from social_publish.models import AnnounceablePage, PostPicture

PER_PAGE = 12
UNPUBLISHES = (
    "At this time Wagtail unpublishes the page: its address says that it was taken down, and its"
    " posts are removed from the networks. To let it leave the lists and stay readable, use the"
    " closing date instead."
)


class AnnouncedPageForm(AnnounceablePageForm):
    """Says what the two ways of ending do, beside the field that people take for the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "expire_at" in self.fields:
            self.fields["expire_at"].help_text = UNPUBLISHES


class AnnouncedPage(OpenPage, SpokenPage, AnnounceablePage, Page):
    """A dated page of one section; it leaves the lists after its closing date and stays readable."""

    intro = models.TextField(max_length=300, help_text="One or two sentences, shown in lists too.")
    image = models.ForeignKey(
        "home.CouncilImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(BodyBlock(), blank=True)
    closes_on = models.DateField(
        "closing date",
        null=True,
        blank=True,
        help_text="After this day it leaves the lists. The page stays, and no post is removed.",
    )
    # The page above, kept here so that lists need not walk the tree; 10,000 pages stay quick.
    listed_under = models.ForeignKey(
        Page, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    base_form_class = AnnouncedPageForm
    picture_field_name = "image"
    subpage_types: ClassVar[list[str]] = []
    # Fetched with the page, since its template shows them.
    shown_with: ClassVar[tuple[str, ...]] = ("image",)
    exclude_fields_in_copy = AnnounceablePage.exclude_fields_in_copy
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        above = Page.objects.filter(path=self.path[: -self.steplen]).values_list("pk", flat=True)
        self.listed_under_id = above.first()
        super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if self.image_id:
            shown = CouncilRendition.objects.filter(filter_spec__in=(*specs("lead"), SHARED))
            prefetch_related_objects([self], Prefetch("image__renditions", shown))
        return context

    def announcement_picture(self) -> PostPicture | None:
        if self.image is None:
            return None
        file = self.image.file
        return PostPicture(
            lambda: file.storage.open(file.name), self.image.description, self.image.changed_by
        )

    @classmethod
    def public_ones(cls) -> QuerySet[Any]:
        """Everything of this type that residents may read, closed or not."""
        return readable(cls.objects.all()).defer("body")

    @classmethod
    def open_ones(cls, today: date | None = None) -> QuerySet[Any]:
        """What still stands in the lists."""
        today = today or timezone.localdate()
        return cls.public_ones().filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today))

    @property
    def is_closed(self) -> bool:
        return bool(self.closes_on and self.closes_on < timezone.localdate())


def with_cards(pages: QuerySet[Any]) -> QuerySet[Any]:
    """News with its pictures and whose it is, as lists show it."""
    cards = CouncilRendition.objects.filter(filter_spec__in=specs("card"))
    return pages.select_related("image", "partner").prefetch_related(
        Prefetch("image__renditions", cards)
    )


class ByDay:
    """A long list by its dates, newest first, whose end costs no more than its beginning.

    The database would walk past all that stand before a part; so the part's day is found first.
    """

    def __init__(self, items: QuerySet[Any], *, name: Hashable) -> None:
        """name: of all that the list depends on, but for its content."""
        self.items = items
        # [(date, how many items it has)]
        self.days: list[tuple[date, int]] = kept(("days", name), self._count)

    def _count(self) -> list[tuple[date, int]]:
        dates: Any = self.items.prefetch_related(None).order_by("-date").values_list("date")
        return list(dates.annotate(Count("pk")))

    def __len__(self) -> int:
        return sum(number for _, number in self.days)

    def __getitem__(self, part: slice) -> QuerySet[Any]:
        before = 0
        for day, number in self.days:
            if before + number > part.start:
                return self.items.filter(date__lte=day)[part.start - before : part.stop - before]
            before += number
        return self.items.none()


def batch(items: Any, request: HttpRequest) -> Batch[Any]:
    """The part of a list that `?page=` asks for; a number beyond the end gives the last part."""
    return Paginator(items, PER_PAGE).get_page(request.GET.get("page"))


def words_panels(*dates: Panel) -> list[Any]:
    """The panels every one of these page types begins with."""
    return [
        *Page.content_panels,
        *dates,
        FieldPanel("intro"),
        FieldPanel("image"),
        FieldPanel("body"),
    ]


closing_panel = MultiFieldPanel([FieldPanel("closes_on")], heading="Leaving the lists")


def happening(page: Any, request: HttpRequest, *, organizer: str) -> dict[str, Any]:
    """A meeting or event for search engines (schema.org Event)."""
    start, end = timezone.localtime(page.starts_at), timezone.localtime(page.ends_at)
    has_hours = not getattr(page, "all_day", False)
    return {
        "@type": "Event",
        "name": page.title,
        "description": page.intro,
        "startDate": (start if has_hours else start.date()).isoformat(),
        "endDate": (end if has_hours else end.date()).isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if page.cancelled else 'Scheduled'}",
        "location": {"@type": "Place", "name": page.place, "address": page.place},
        "organizer": {"@type": "Organization", "name": organizer},
        "url": page.get_full_url(request),
    }
