"""The documents library: what the council must and may publish, each with a day to check it by."""

from itertools import groupby
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.documents import get_document_model_string
from wagtail.models import Orderable, Page
from wagtail.search import index

from home.models.reviewed import ReviewedPage, in_a_year, review_panels

PER_PAGE = 100


class DocumentsPage(ReviewedPage, Page):
    """A list of documents by subject."""

    intro = models.TextField(max_length=300, blank=True)

    template = "home/documents_page.html"
    page_description = "Documents by subject, each with a day to check it by."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro"),
        InlinePanel("entries", heading="Documents", label="Document"),
        *review_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.RelatedFields("entries", [index.SearchField("title"), index.SearchField("note")]),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        entries = sorted(
            self.entries.select_related("document").all(),
            key=lambda entry: (entry.subject, -entry.published_on.toordinal(), entry.title),
        )
        shown = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
        context["items"] = shown
        context["subjects"] = [
            (DocumentEntry.Subject(subject).label, list(group))
            for subject, group in groupby(shown, key=lambda entry: entry.subject)
        ]
        return context


class DocumentEntry(Orderable):
    """One document of the library."""

    # In the order of the Transparency Code for Smaller Authorities, then what else is expected.
    class Subject(models.TextChoices):
        FINANCE = "1 finance", "Finance and audit"
        SPENDING = "2 spending", "Spending over £100"
        GOVERNANCE = "3 governance", "How we govern ourselves"
        POLICIES = "4 policies", "Policies"
        LAND = "5 land", "Land and buildings"
        PLANNING = "6 planning", "Planning and neighbourhood plan"
        INFORMATION = "7 information", "Freedom of information and data protection"
        OTHER = "8 other", "Other documents"

    page = ParentalKey(DocumentsPage, on_delete=models.CASCADE, related_name="entries")
    subject = models.CharField(max_length=20, choices=Subject, default=Subject.OTHER)
    title = models.CharField(max_length=150, help_text="What it is, and for which year.")
    document = models.ForeignKey(
        get_document_model_string(), on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    published_on = models.DateField("date of the document", default=timezone.localdate)
    review_on = models.DateField("check it again by", default=in_a_year, null=True, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("subject"),
        FieldPanel("title"),
        FieldPanel("document"),
        FieldPanel("note"),
        FieldPanel("published_on"),
        FieldPanel("review_on"),
    ]
