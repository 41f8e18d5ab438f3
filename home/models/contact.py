"""Pages through which residents reach the council: contact, concerns, problems in the town."""

from itertools import groupby
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from home import letterbox
from home.blocks import BodyBlock
from home.models import narrowed
from home.models.messages import ResidentMessage
from home.models.narrowed import NarrowedPage
from home.models.reviewed import ReviewedPage, review_panels

PER_PAGE = 40  # kinds of problem


class ContactPage(ReviewedPage, Page):
    """Office hours, ways to reach us, and a form. Never cached: its form carries a token."""

    subject = models.CharField(
        "what the form is for",
        max_length=10,
        choices=ResidentMessage.Subject,
        default=ResidentMessage.Subject.CONTACT,
        help_text="Concerns go to the clerk and to the moderators; messages go to the office.",
    )
    intro = models.TextField(max_length=300, blank=True)
    body = StreamField(BodyBlock(), blank=True)

    template = "home/contact_page.html"
    page_description = (
        "Ways to reach the office, and a form: one page for messages, one for concerns."
    )
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("subject"),
        FieldPanel("intro"),
        FieldPanel("body"),
        *review_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    @property
    def is_concern(self) -> bool:
        return self.subject == ResidentMessage.Subject.CONCERN

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["form"] = kwargs.get("form") or letterbox.fresh_form(self)
        context["sent"] = "sent" in request.GET
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().serve(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class ProblemsPage(NarrowedPage, ReviewedPage, Page):
    """ "Report a problem": who mends what, so that nobody rings the wrong council."""

    intro = models.TextField(max_length=300, blank=True)

    template = "home/problems_page.html"
    page_description = (
        "“Report a problem”: who mends what, with the address or phone number of each."
    )
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro"),
        InlinePanel("kinds", heading="Problems", label="Problem"),
        *review_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.RelatedFields("kinds", [index.SearchField("problem")]),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        words = narrowed.wanted(request)
        kinds = [kind for kind in self.kinds.all() if kind.is_about(words)]
        kinds.sort(key=lambda kind: (kind.tier, kind.problem.casefold()))
        shown = Paginator(kinds, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"wanted": words, "many": narrowed.MANY, "items": shown}
        context["part"] = {"find": words} if words else {}
        context["tiers"] = [
            (ProblemKind.Tier(tier).label, list(group))
            for tier, group in groupby(shown, key=lambda kind: kind.tier)
        ]
        return context


class ProblemKind(Orderable):
    """One kind of problem, and the body that deals with it."""

    class Tier(models.TextChoices):
        DANGER = "0 danger", "Danger now"
        TOWN = "1 town", "The town or parish council (us)"
        DISTRICT = "2 district", "The district or borough council"
        COUNTY = "3 county", "The county or unitary council"
        OTHER = "4 other", "Someone else"

    page = ParentalKey(ProblemsPage, on_delete=models.CASCADE, related_name="kinds")
    problem = models.CharField(max_length=80, help_text="For example: Pothole or broken pavement.")
    tier = models.CharField("who deals with it", max_length=12, choices=Tier, default=Tier.TOWN)
    body = models.CharField(
        "their name", max_length=80, blank=True, help_text="For example: Cornwall Council."
    )
    address = models.URLField("where to report it", blank=True)
    phone = models.CharField(max_length=30, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("problem"),
        FieldPanel("tier"),
        FieldPanel("body"),
        FieldPanel("address"),
        FieldPanel("phone"),
    ]

    def is_about(self, words: str) -> bool:
        """Is each of the words in the problem or in the name of who deals with it?"""
        own = f"{self.problem} {self.body}".casefold()
        return all(word in own for word in words.casefold().split())

    def clean(self) -> None:
        super().clean()
        if self.tier != self.Tier.TOWN and not (self.address or self.phone):
            raise ValidationError(
                {"address": "Give an address or a phone number: people must get on from here."}
            )
