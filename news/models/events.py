"""What is on: events with a start, an end and a place."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from home.models import OpenPage, SiteDetails, SpokenPage
from news.models.announced import (
    AnnouncedPage,
    batch,
    closing_panel,
    happening,
    words_panels,
)
from social_publish.admin.panels import announcement_panels
from social_publish.models import AnnounceableSection


class EventIndexPage(OpenPage, SpokenPage, AnnounceableSection, Page):
    """What is on in town, soonest first."""

    intro = models.TextField(max_length=300, blank=True)

    template = "news/event_index_page.html"
    page_description = "A list of events with a calendar feed. Add the events below it."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["news.EventPage"]
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        if "past" in request.GET:
            events = EventPage.public_ones().filter(listed_under_id=self.pk, ends_at__lt=now)
            context["items"] = batch(events.order_by("-starts_at", "-pk"), request)
        else:
            context["items"] = batch(EventPage.coming(now).filter(listed_under_id=self.pk), request)
        context["past"] = "past" in request.GET
        context["part"] = {"past": ""} if context["past"] else {}
        return context


class EventPage(AnnouncedPage):
    """One event of ours or of the town's."""

    starts_at = models.DateTimeField("begins", db_index=True)
    ends_at = models.DateTimeField(
        "ends", blank=True, null=True, help_text="Empty: two hours after it begins."
    )
    all_day = models.BooleanField("all day", default=False)
    place = models.CharField(max_length=200)
    cost = models.CharField(max_length=100, blank=True, help_text="For example: Free, or £5.")
    organiser = models.CharField(max_length=100, blank=True, help_text="Where it is not us.")
    booking_address = models.URLField("book at", blank=True)
    cancelled = models.CharField("cancelled because", max_length=200, blank=True)

    template = "news/event_page.html"
    page_description = "One event, of the council's or of the town's."
    parent_page_types: ClassVar[list[str]] = ["news.EventIndexPage"]
    content_panels: ClassVar[list[Any]] = [
        *words_panels(
            FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
            FieldPanel("all_day"),
            FieldPanel("place"),
            FieldPanel("cancelled"),
        ),
        MultiFieldPanel(
            [FieldPanel("cost"), FieldPanel("organiser"), FieldPanel("booking_address")],
            heading="Taking part",
        ),
        closing_panel,
        *announcement_panels,
    ]
    search_fields: ClassVar[list[Any]] = [*AnnouncedPage.search_fields, index.SearchField("place")]

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": "It must end after it begins."})
        if self.starts_at and not self.ends_at:
            self.ends_at = self._usual_end()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.ends_at is None and self.starts_at:
            self.ends_at = self._usual_end()
        super().save(*args, **kwargs)

    def _usual_end(self) -> datetime:
        if self.all_day:
            day = timezone.localtime(self.starts_at).date()
            return timezone.make_aware(datetime.combine(day, time(23, 59)))
        # Counted in UTC: on the nights when the clocks change local hours would lie.
        return self.starts_at.astimezone(UTC) + timedelta(hours=2)

    def linked_data(self, request: HttpRequest) -> dict[str, Any]:
        return happening(
            self,
            request,
            organizer=(self.organiser or SiteDetails.for_request(request).council_name),
        )

    @classmethod
    def coming(cls, now: datetime) -> QuerySet[Any]:
        """What is on now or later, soonest first."""
        today = timezone.localdate(now)
        return cls.open_ones(today).filter(ends_at__gte=now).order_by("starts_at", "pk")

    @property
    def is_over(self) -> bool:
        return bool(self.ends_at and self.ends_at < timezone.now())

    @property
    def is_one_day(self) -> bool:
        first, last = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return first.date() == last.date()
