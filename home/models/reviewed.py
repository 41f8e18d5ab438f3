"""Who looks after a page, and when it must be read again (Ilminster, website)."""

from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

from home.models.open_page import OpenPage
from home.models.spoken import SpokenPage


def in_a_year() -> date:
    return timezone.localdate() + timedelta(days=365)


class ReviewedPage(OpenPage, SpokenPage):
    """Fields of a lasting page: a post that answers for it and a day to check it by."""

    answers = models.CharField(
        "who looks after it",
        max_length=80,
        blank=True,
        help_text="A job title, for example Deputy Clerk. Residents do not see it.",
    )
    review_on = models.DateField(
        "check it again by",
        default=in_a_year,
        null=True,
        blank=True,
        help_text="From this day on the page stands in the report “Pages to check”.",
    )

    class Meta:
        abstract = True


review_panels: list[Panel] = [
    MultiFieldPanel([FieldPanel("answers"), FieldPanel("review_on")], heading="Keeping it true")
]
