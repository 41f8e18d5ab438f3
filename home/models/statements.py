"""The accessibility statement and the privacy notice: written from what is true of this site."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from home.blocks import RICH_TEXT_FEATURES
from home.letterbox import TOO_LATE
from home.models.reviewed import ReviewedPage, review_panels
from social_publish.models import Channel
from social_publish.networks import NETWORKS

A_YEAR = timedelta(days=365)


class AccessibilityPage(ReviewedPage, Page):
    """The statement that the Accessibility Regulations 2018 ask for.

    It says "fully" only where a test is on record and no fault is known.
    """

    prepared_on = models.DateField("statement prepared on", default=timezone.localdate)
    tested_on = models.DateField(
        "site last tested on", null=True, blank=True, help_text="Leave empty if it never was."
    )
    tested_by = models.CharField(
        max_length=200,
        blank=True,
        help_text="Who tested it and how, for example: by us, with a keyboard, a screen reader and axe.",
    )
    enforcer = models.CharField(
        max_length=5,
        choices=[
            ("ehrc", "Equality and Human Rights Commission (England, Scotland, Wales)"),
            ("ecni", "Equality Commission for Northern Ireland"),
        ],
        default="ehrc",
    )

    template = "home/accessibility_page.html"
    page_description = "The statement the law asks for. It writes itself from the facts you enter."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("prepared_on"),
                FieldPanel("tested_on"),
                FieldPanel("tested_by"),
                FieldPanel("enforcer"),
            ],
            heading="The statement's facts",
        ),
        InlinePanel("faults", heading="Known faults", label="Fault"),
        *review_panels,
    ]

    @property
    def status(self) -> str:
        """ "untested", "partly" or "fully" compliant; nothing else may be claimed."""
        if self.tested_on is None or self.tested_on < timezone.localdate() - A_YEAR:
            return "untested"
        return "partly" if self.open_faults else "fully"

    @property
    def open_faults(self) -> list["KnownFault"]:
        today = timezone.localdate()
        return [fault for fault in self.faults.all() if not fault.is_mended(today)]


class KnownFault(Orderable):
    """Something on the site that shuts people out, and when it will be mended."""

    page = ParentalKey(AccessibilityPage, on_delete=models.CASCADE, related_name="faults")
    what = models.CharField("what does not work", max_length=200)
    criterion = models.CharField(
        max_length=60, blank=True, help_text="For example: WCAG 1.1.1, pictures without words."
    )
    instead = models.CharField("what people can do instead", max_length=200, blank=True)
    mend_by = models.DateField("we will mend it by", null=True, blank=True)
    mended_on = models.DateField(null=True, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("what"),
        FieldPanel("criterion"),
        FieldPanel("instead"),
        FieldPanel("mend_by"),
        FieldPanel("mended_on"),
    ]

    def is_mended(self, today: date) -> bool:
        return bool(self.mended_on and self.mended_on <= today)


class PrivacyPage(ReviewedPage, Page):
    """What this site keeps about its readers; the facts come from the settings themselves."""

    officer = models.CharField(
        "data protection contact",
        max_length=120,
        blank=True,
        help_text="A job title and how to reach it. Empty: the office.",
    )
    more = RichTextField(
        "more about our work beyond this site",
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Hall bookings, allotments, the electoral roll: what this site cannot know.",
    )

    template = "home/privacy_page.html"
    page_description = "The privacy notice. It writes itself from this site's settings."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("officer"),
        FieldPanel("more"),
        *review_panels,
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["networks"] = sorted(_places(), key=str.casefold)
        context["form_hours"] = int(TOO_LATE.total_seconds() // 3600)
        return context


def _places() -> set[str]:
    """Where the council posts; what is posted by hand goes by the name the council gave it."""
    channels = Channel.objects.all()
    if not settings.SHOW_REHEARSAL_POSTS:
        channels = channels.filter(rehearsal=False)
    return {
        name if NETWORKS[network].capabilities.by_hand else NETWORKS[network].name
        for network, name in channels.values_list("network", "name")
        if network in NETWORKS
    }
