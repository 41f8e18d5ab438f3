"""What a site says of itself: names, colours, office, and the facts behind its statements."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string

from home import finding
from home.colours import demand_readable
from home.kept import kept
from social_publish.models import OfficeContact

DISCLAIMER = (
    "We share this because it may help people here. It comes from another organisation, and it is"
    " not the direct responsibility of the council."
)
language_tag = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "Use a language code, for example kw, cy or en-GB."
)


@register_setting(icon="home")
class SiteDetails(BaseSiteSetting):
    """One row for each site of the install (Looe has three)."""

    council_name = models.CharField(max_length=80, default="Town Council")
    language = models.CharField(
        max_length=12,
        default="en-GB",
        validators=[language_tag],
        help_text="The language of the site's own words, as a code: en-GB, cy.",
    )
    second_name = models.CharField(
        max_length=80,
        blank=True,
        help_text="The council's name in another language, for example Konsel Tre Logh.",
    )
    second_name_language = models.CharField(
        max_length=12,
        blank=True,
        validators=[language_tag],
        help_text="That language's code, so that screen readers pronounce it: kw for Cornish, cy for Welsh.",
    )
    tagline = models.CharField(max_length=120, blank=True)
    address = models.TextField(blank=True, help_text="The postal address, a line each.")
    crest = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The council's crest or logo. Without one a plain sign is shown.",
    )
    office = models.ForeignKey(
        OfficeContact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The office that answers where no channel group's office is nearer.",
    )
    main_colour = models.CharField(
        max_length=7,
        default="#0b3c49",
        validators=[demand_readable],
        help_text="Of the menu, headings' rules and links. White words must be readable on it.",
    )
    accent_colour = models.CharField(
        max_length=7,
        default="#a8431f",
        validators=[demand_readable],
        help_text="Of the line at the top and of buttons. White words must be readable on it.",
    )
    disclaimer = models.TextField(
        max_length=400,
        default=DISCLAIMER,
        help_text="Printed on everything that comes from a partner (Ilminster, sharing).",
    )
    keep_messages_days = models.PositiveSmallIntegerField(
        "keep messages for (days)",
        default=180,
        validators=[MinValueValidator(7), MaxValueValidator(2555)],
        help_text="Messages from the website's forms are deleted after so many days. The privacy notice says so.",
    )

    select_related = ("crest", "office")
    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldPanel("council_name"),
                FieldPanel("language"),
                FieldPanel("second_name"),
                FieldPanel("second_name_language"),
                FieldPanel("tagline"),
            ],
            heading="Names",
        ),
        MultiFieldPanel([FieldPanel("address"), FieldPanel("office")], heading="Contact"),
        MultiFieldPanel(
            [FieldPanel("crest"), FieldPanel("main_colour"), FieldPanel("accent_colour")],
            heading="Look",
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    content="<p>The site's statements are written from what stands here.</p>"
                ),
                FieldPanel("disclaimer"),
                FieldPanel("keep_messages_days"),
            ],
            heading="Promises",
        ),
    ]

    class Meta:
        verbose_name = "site details"

    def clean(self) -> None:
        super().clean()
        if self.second_name and not self.second_name_language:
            raise ValidationError(
                {"second_name_language": "Give that language's code, for example kw for Cornish."}
            )

    @classmethod
    def for_request(cls, request: HttpRequest) -> "SiteDetails":
        """Those of the reader's site; not to be changed, since requests share them."""
        site = finding.site_of(request)
        return kept(("site details", site and site.pk), lambda: cls.for_site(site))

    @property
    def own_colours(self) -> bool:
        """Has this site other colours than those that stand in the stylesheet?"""
        fields = ("main_colour", "accent_colour")
        return any(getattr(self, f) != self._meta.get_field(f).default for f in fields)
