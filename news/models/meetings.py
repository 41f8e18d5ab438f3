"""Meetings: agenda, papers and minutes, as words first and the file beside them."""

import datetime as dt
import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from home.blocks import BodyBlock
from home.models import Committee, OpenPage, SiteDetails, SpokenPage
from news import duties
from news.models.announced import PER_PAGE, AnnouncedPage, batch, happening, words_panels
from social_publish.admin.panels import announcement_panels
from social_publish.models import AnnounceableSection

SEVEN = dt.time(19)


class MeetingIndexPage(OpenPage, SpokenPage, AnnounceableSection, Page):
    """The council's meetings: what comes, and what was, by committee and year."""

    intro = models.TextField(max_length=300, blank=True)

    template = "news/meeting_index_page.html"
    page_description = "Meetings by committee and year. Add each meeting below it."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["news.MeetingPage"]
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        meetings = (
            MeetingPage.public_ones().filter(listed_under_id=self.pk).select_related("committee")
        )
        today = timezone.localdate()
        committees = list(Committee.objects.filter(meetings__listed_under_id=self.pk).distinct())
        wanted = request.GET.get("committee", "")
        committee = next((c for c in committees if str(c.pk) == wanted), None)
        if committee:
            meetings = meetings.filter(committee=committee)
        coming = meetings.filter(date__gte=today).order_by("date", "start", "pk")
        past = meetings.filter(date__lt=today).order_by("-date", "-start", "-pk")
        context["years"] = [d.year for d in past.dates("date", "year", order="DESC")]
        year = request.GET.get("year", "")
        if re.fullmatch("[12][0-9]{3}", year):
            context["year"] = int(year)
            past = past.filter(date__year=year)
        context["only_coming"] = "coming" in request.GET and "year" not in context
        context["upcoming"] = coming[: PER_PAGE + 1]
        context["items"] = batch(coming if context["only_coming"] else past, request)
        context["committees"], context["committee"] = committees, committee
        chosen = {
            "committee": committee and committee.pk,
            "year": context.get("year"),
            "coming": "all" if context["only_coming"] else None,
        }
        context["part"] = {name: value for name, value in chosen.items() if value}
        return context


class MeetingPage(AnnouncedPage):
    """One meeting of the council or of a committee."""

    class Minutes(models.TextChoices):
        NONE = "", "Not there yet"
        DRAFT = "draft", "Draft: not agreed yet"
        APPROVED = "approved", "Agreed as a true record"

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="meetings")
    date = models.DateField(default=timezone.localdate, db_index=True)
    start = models.TimeField("begins at", default=SEVEN)
    place = models.CharField(max_length=200)
    cancelled = models.CharField(
        "cancelled because",
        max_length=200,
        blank=True,
        help_text="Words here mark the meeting as cancelled. Leave the page up.",
    )
    agenda = StreamField(
        BodyBlock(),
        blank=True,
        help_text="The agenda as words: readable on a phone and by a screen reader, as a PDF often is not.",
    )
    agenda_file = models.ForeignKey(
        get_document_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="agenda as a file",
    )
    agenda_on = models.DateField(
        "agenda put out on",
        null=True,
        blank=True,
        help_text="The law asks for three clear days before the meeting, Sundays and bank holidays not counted.",
    )
    minutes_status = models.CharField(
        "minutes", max_length=10, choices=Minutes, default=Minutes.NONE, blank=True
    )
    minutes = StreamField(BodyBlock(), blank=True, verbose_name="the minutes as words")
    minutes_file = models.ForeignKey(
        get_document_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="minutes as a file",
    )

    template = "news/meeting_page.html"
    shown_with = ("image", "committee", "agenda_file", "minutes_file")
    page_description = "One meeting: agenda, papers, and later the minutes."
    parent_page_types: ClassVar[list[str]] = ["news.MeetingIndexPage"]
    content_panels: ClassVar[list[Any]] = [
        *words_panels(
            FieldPanel("committee"),
            FieldRowPanel([FieldPanel("date"), FieldPanel("start")]),
            FieldPanel("place"),
            FieldPanel("cancelled"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("agenda"),
                FieldPanel("agenda_file"),
                FieldPanel("agenda_on", help_text=duties.CLEAR_DAYS_IN_WORDS),
            ],
            heading="Agenda",
        ),
        InlinePanel("papers", heading="Papers", label="Paper"),
        MultiFieldPanel(
            [FieldPanel("minutes_status"), FieldPanel("minutes"), FieldPanel("minutes_file")],
            heading="Minutes",
        ),
        *announcement_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *AnnouncedPage.search_fields,
        index.SearchField("place"),
        index.SearchField("agenda"),
        index.SearchField("minutes"),
    ]

    def clean(self) -> None:
        super().clean()
        if self.minutes_status and not (self.minutes or self.minutes_file):
            raise ValidationError(
                {"minutes_status": "Add the minutes below, as words or as a file."}
            )
        if (self.minutes or self.minutes_file) and not self.minutes_status:
            raise ValidationError(
                {
                    "minutes_status": "Say whether these are draft or agreed: only then are they shown."
                }
            )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["papers"] = list(self.papers.select_related("document"))
        return context

    def linked_data(self, request: HttpRequest) -> dict[str, Any]:
        return happening(self, request, organizer=SiteDetails.for_request(request).council_name)

    @classmethod
    def coming(cls, today: dt.date) -> QuerySet[Any]:
        """Meetings of today and later that take place, soonest first."""
        meetings = cls.public_ones().filter(date__gte=today, cancelled="")
        return meetings.order_by("date", "start", "pk")

    @property
    def starts_at(self) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.date, self.start))

    @property
    def ends_at(self) -> dt.datetime:
        # Nobody knows when a meeting ends; calendars want to be told, and two hours is usual.
        # Counted in UTC: on the nights when the clocks change local hours would lie.
        return self.starts_at.astimezone(dt.UTC) + dt.timedelta(hours=2)

    @property
    def has_agenda(self) -> bool:
        return bool(self.agenda_file_id or self.agenda)

    @property
    def is_past(self) -> bool:
        return self.date < timezone.localdate()

    @property
    def has_minutes(self) -> bool:
        return bool(self.minutes_status and (self.minutes_file_id or self.minutes))

    def duties(self, today: dt.date) -> list[str]:
        """What the law asks of this meeting and is not done, in words for staff."""
        if self.cancelled:
            return []
        found = []
        if not self.has_agenda:
            found.append(duties.agenda(self.date, today))
        elif self.agenda_on:
            found.append(duties.agenda_was_late(self.date, self.agenda_on))
        else:
            found.append(duties.agenda_undated(self.date, today))
        if not self.has_minutes:
            found.append(duties.minutes(self.date, today))
        return [words for words in found if words]


class MeetingPaper(Orderable):
    """A paper that comes with the agenda."""

    meeting = ParentalKey(MeetingPage, on_delete=models.CASCADE, related_name="papers")
    title = models.CharField(max_length=150)
    document = models.ForeignKey(
        get_document_model_string(), on_delete=models.PROTECT, related_name="+"
    )

    panels: ClassVar[list[Any]] = [FieldPanel("title"), FieldPanel("document")]
