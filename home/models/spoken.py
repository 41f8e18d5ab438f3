"""Pages in another language than their site's: heard and found as what they are."""

from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from home.languages import languages


class SpokenPage(models.Model):
    """Goes before Page among the bases of a page type."""

    language = models.CharField(
        max_length=12,
        blank=True,
        choices=languages,
        db_index=True,
        help_text="Where it is not the language of the site, so that screen readers pronounce it"
        " as what it is. Single parts have a block of their own, “Text in another language”.",
    )
    only_title = models.BooleanField(
        "only the title",
        default=False,
        help_text="The title is in that language, and the text in the language of the site.",
    )

    settings_panels: ClassVar[list[Any]] = [
        *Page.settings_panels,
        MultiFieldPanel(
            [FieldPanel("language"), FieldPanel("only_title")], heading="Another language"
        ),
    ]

    class Meta:
        abstract = True

    @property
    def text_language(self) -> str:
        """Of introduction and body; "" for the site's own."""
        return "" if self.only_title else self.language
