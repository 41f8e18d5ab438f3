"""News: the index of a section, its purposes, and the pages that announce themselves."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from home.models import OpenPage, SiteDetails, SpokenPage
from news.models.announced import (
    AnnouncedPage,
    AnnouncedPageForm,
    ByDay,
    batch,
    closing_panel,
    with_cards,
    words_panels,
)
from news.models.key_dates import in_order, next_one, out_of_order
from social_publish.admin.panels import announcement_panels
from social_publish.models import AnnounceableSection


class Purpose(models.TextChoices):
    """What the council uses its pages and channels for (Looe 1.1)."""

    ANNOUNCEMENT = "announcement", "Announcements"
    NOTICE = "notice", "Public notices"
    DEMOCRACY = "democracy", "Services and local democracy"
    ELECTION = "election", "Elections and co-options"
    OPINION = "opinion", "Have your say"
    TOURISM = "tourism", "Culture and tourism"
    COMMUNITY = "community", "Community and resilience"
    GOOD_NEWS = "good-news", "Good news"
    PARTNER = "partner", "From our partners"
    GROUP = "group", "Community groups"
    PRESS = "press", "Press and good practice"
    BUSINESS = "business", "Local business"


# What a resident must not miss, shown apart on the front page.
NOTICES = (Purpose.NOTICE, Purpose.ELECTION, Purpose.OPINION)
UNDATED = timedelta(days=90)  # so long it stands there without a closing date
PURPOSE_IN_WORDS = (
    "What the council publishes this for. Public notices, elections and surveys stand apart on the"
    f" front page until their closing date, or for {UNDATED.days} days where they have none."
)


class NewsIndexPage(OpenPage, SpokenPage, AnnounceableSection, Page):
    """The news of one section, newest first; `?purpose=` shows one purpose."""

    intro = models.TextField(max_length=300, blank=True)

    template = "news/news_index_page.html"
    page_description = "A list of news, newest first. Add the news below it."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["news.NewsPage"]
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        items = NewsPage.open_ones().filter(listed_under_id=self.pk).order_by("-date", "-pk")
        wanted = request.GET.get("purpose", "")
        context["purposes"] = Purpose
        if wanted in Purpose.values:
            context["purpose"] = Purpose(wanted)
            context["part"] = {"purpose": wanted}
            items = items.filter(purpose=wanted)
        name = "news", self.pk, context.get("purpose"), timezone.localdate()
        context["items"] = batch(ByDay(with_cards(items), name=name), request)
        return context


class Partner(models.Model):
    """An organisation whose news we share: police, harbour, health, a trust, a club."""

    name = models.CharField(max_length=100, unique=True)
    address = models.URLField("website", blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class NewsPageForm(AnnouncedPageForm):
    """Looks at the key dates of an election together."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        dates = self._dates()
        if not dates:
            return cleaned
        if cleaned.get("purpose") != Purpose.ELECTION:
            self.add_error("purpose", "Key dates are for “Elections and co-options”: choose it.")
        wrong = out_of_order(dates)
        if wrong:
            self.add_error(None, f"Key dates: {wrong}")
        if not cleaned.get("closes_on"):
            cleaned["closes_on"] = max(day for _, day in dates)
        return cleaned

    def _dates(self) -> list[tuple[str, date]]:
        """Steps and days of the rows that are whole and stay."""
        forms = self.formsets["dates"].forms if "dates" in self.formsets else []
        rows = [form.cleaned_data for form in forms if form.is_valid()]
        return [
            (row["step"], row["day"])
            for row in rows
            if row.get("step") and row.get("day") and not row.get("DELETE")
        ]


class NewsPage(AnnouncedPage):
    """One piece of news, which posts itself to the section's channels once approved."""

    date = models.DateField(default=timezone.localdate, db_index=True)
    purpose = models.CharField(
        max_length=15,
        choices=Purpose,
        default=Purpose.ANNOUNCEMENT,
        db_index=True,
        help_text="What the council publishes this for. Public notices, elections and surveys"
        " stand apart on the front page until their closing date.",
    )
    partner = models.ForeignKey(
        Partner,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="shared from",
        help_text="Whose news it is. The page then names them and says that it is not the council's own.",
    )
    source_address = models.URLField(
        "address of the source", blank=True, help_text="The very page it was taken from."
    )

    base_form_class = NewsPageForm
    template = "news/news_page.html"
    shown_with = ("image", "partner")
    page_description = (
        "A piece of news or a public notice. It can be announced on the council's channels."
    )
    parent_page_types: ClassVar[list[str]] = ["news.NewsIndexPage"]
    content_panels: ClassVar[list[Any]] = [
        *words_panels(FieldPanel("date"), FieldPanel("purpose", help_text=PURPOSE_IN_WORDS)),
        MultiFieldPanel(
            [FieldPanel("partner"), FieldPanel("source_address")], heading="Shared material"
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    content="<p>For elections and co-options: copy the days from the returning"
                    " officer’s notice. Residents see them as a table. “Notice of election” and"
                    " “Polling day” also tell staff when the pre-election period holds. Without a"
                    " closing date the page leaves the lists after the last of these days.</p>"
                ),
                InlinePanel("dates", label="Key date"),
            ],
            heading="Key dates",
        ),
        closing_panel,
        *announcement_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *AnnouncedPage.search_fields,
        index.FilterField("date"),
    ]

    class Meta:
        # As lists read them: without these a list of 10,000 is sorted for each reader.
        indexes = [
            models.Index(fields=["listed_under", "-date", "-page_ptr"], name="news_of_list"),
            models.Index(
                fields=["listed_under", "purpose", "-date", "-page_ptr"], name="news_of_purpose"
            ),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        # Other news does not ask the database for them.
        if self.purpose == Purpose.ELECTION:
            context["dates"] = in_order(self.dates.all())
            context["next_date"] = next_one(context["dates"])
        return context

    @property
    def next_date(self) -> Any:
        """The next key date of an election; None where there is none."""
        return next_one(in_order(self.dates.all()))

    def linked_data(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "@type": "NewsArticle",
            "headline": self.title[:110],
            "description": self.intro,
            "datePublished": self.date.isoformat(),
            "dateModified": self.last_published_at.isoformat() if self.last_published_at else None,
            "inLanguage": self.text_language or SiteDetails.for_request(request).language,
            "isBasedOn": self.source_address or None,
            "sourceOrganization": {"@type": "Organization", "name": self.partner.name}
            if self.partner
            else None,
            "mainEntityOfPage": self.get_full_url(request),
            "publisher": {
                "@type": "GovernmentOrganization",
                "name": SiteDetails.for_request(request).council_name,
            },
        }

    def clean(self) -> None:
        super().clean()
        if self.purpose == Purpose.PARTNER and not self.partner:
            raise ValidationError(
                {"partner": "Choose whose news it is: the page must name them (“Partners”)."}
            )
        if self.partner and not self.source_address:
            raise ValidationError(
                {"source_address": "Give the address it was taken from: it is printed on the page."}
            )
