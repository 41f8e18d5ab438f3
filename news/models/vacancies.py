"""Jobs and opportunities to learn."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtail.models import Page
from wagtail.search import index

from home.models import OpenPage, SiteDetails, SpokenPage
from news.models.announced import AnnouncedPage, batch, words_panels
from social_publish.admin.panels import announcement_panels
from social_publish.models import AnnounceableSection


class VacancyIndexPage(OpenPage, SpokenPage, AnnounceableSection, Page):
    """The vacancies that are open, those that close soonest first."""

    intro = models.TextField(max_length=300, blank=True)

    template = "news/vacancy_index_page.html"
    page_description = "A list of jobs and places to learn. Add each below it."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["news.VacancyPage"]
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        vacancies = VacancyPage.coming(timezone.localdate()).filter(listed_under_id=self.pk)
        context["items"] = batch(vacancies, request)
        return context


class VacancyPage(AnnouncedPage):
    """One job, apprenticeship, volunteering place or course."""

    class Kind(models.TextChoices):
        JOB = "job", "Job"
        APPRENTICESHIP = "apprenticeship", "Apprenticeship"
        VOLUNTEER = "volunteer", "Volunteering"
        LEARNING = "learning", "Course or training"

    kind = models.CharField(max_length=15, choices=Kind, default=Kind.JOB)
    employer = models.CharField(
        max_length=100, blank=True, help_text="Where it is not the council."
    )
    place = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=100, blank=True, help_text="For example: 18 hours a week.")
    pay = models.CharField(max_length=100, blank=True)
    apply_to = models.CharField(
        "how to apply", max_length=200, help_text="An e-mail address, a phone number, or words."
    )
    apply_address = models.URLField("apply at", blank=True)
    details_file = models.ForeignKey(
        get_document_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="description as a file",
    )

    template = "news/vacancy_page.html"
    shown_with = ("image", "details_file")
    page_description = "A job, an apprenticeship, a volunteering place or a course. It leaves the list when it closes."
    parent_page_types: ClassVar[list[str]] = ["news.VacancyIndexPage"]
    content_panels: ClassVar[list[Any]] = [
        *words_panels(FieldPanel("kind"), FieldPanel("closes_on")),
        MultiFieldPanel(
            [
                FieldPanel("employer"),
                FieldPanel("place"),
                FieldPanel("hours"),
                FieldPanel("pay"),
            ],
            heading="The work",
        ),
        MultiFieldPanel(
            [FieldPanel("apply_to"), FieldPanel("apply_address"), FieldPanel("details_file")],
            heading="Applying",
        ),
        *announcement_panels,
    ]
    search_fields: ClassVar[list[Any]] = [*AnnouncedPage.search_fields, index.SearchField("place")]

    def clean(self) -> None:
        super().clean()
        if self.closes_on is None:
            raise ValidationError({"closes_on": "Give the last day for applications."})

    def linked_data(self, request: HttpRequest) -> dict[str, Any]:
        details = SiteDetails.for_request(request)
        who = {"@type": "Organization", "name": self.employer or details.council_name}
        if self.kind == self.Kind.LEARNING:
            facts = {"name": self.title, "description": self.intro, "provider": who}
            return {"@type": "Course", **facts}
        return {
            "@type": "JobPosting",
            "title": self.title,
            "description": self.intro,
            "datePosted": self.first_published_at.date().isoformat()
            if self.first_published_at
            else None,
            "validThrough": self.closes_on.isoformat() if self.closes_on else None,
            "hiringOrganization": who,
            "employmentType": "VOLUNTEER" if self.kind == self.Kind.VOLUNTEER else None,
            "jobLocation": {"@type": "Place", "address": self.place or details.address},
        }

    @classmethod
    def coming(cls, today: date) -> QuerySet[Any]:
        """Open vacancies, those that close soonest first."""
        return cls.open_ones(today).order_by("closes_on", "pk")
