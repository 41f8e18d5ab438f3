"""Which part of the council posts where: office contacts and channel groups."""

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Page


class OfficeContact(models.Model):
    """How residents reach an office; a form of it stands in every post (ILM moderation)."""

    name = models.CharField(
        "office name", max_length=60, help_text="For example: Looe Town Council office."
    )
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(max_length=100, blank=True)
    web_address = models.URLField(
        max_length=150, blank=True, help_text="The contact page, with https:// at the start."
    )
    opening_hours = models.CharField(
        max_length=100, blank=True, help_text="For example: Monday to Friday, 10am to 3pm."
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not (self.phone or self.email):
            raise ValidationError(
                {"phone": "Give a phone number or an e-mail address: every post carries one."}
            )

    @property
    def is_complete(self) -> bool:
        return bool(self.name.strip() and (self.phone or self.email))

    @property
    def forms(self) -> tuple[str, ...]:
        """The contact in words, longest form first; each has the name and a way to reach it."""
        medium = ", ".join(part for part in (self.phone, self.email) if part)
        long = [f"{self.name}: {medium}"]
        long += [part for part in (self.opening_hours, self.web_address) if part]
        forms = (
            "\n".join(long),
            f"{self.name}: {medium}",
            f"{self.name}: {self.phone or self.email}",
        )
        return tuple(dict.fromkeys(forms))


class ChannelGroup(models.Model):
    """The channels of one section of the page tree, with its own office and officers."""

    name = models.CharField(max_length=60, unique=True)
    section = models.OneToOneField(
        Page,
        on_delete=models.PROTECT,
        related_name="channel_group",
        help_text="News pages below this page post to this group's channels.",
    )
    office_contact = models.ForeignKey(OfficeContact, on_delete=models.PROTECT)
    officers = models.ManyToManyField(
        Group,
        blank=True,
        verbose_name="moderators and webmasters",
        help_text="Members of these groups may take down, cancel and move this section's pages.",
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def for_page(cls, page: Page) -> "ChannelGroup | None":
        """The nearest group at or above a page (or above the parent of a page not saved yet)."""
        steplen = page.steplen
        paths = [page.path[:end] for end in range(steplen, len(page.path) + 1, steplen)]
        return (
            cls.objects.filter(section__path__in=paths)
            .select_related("office_contact")
            .order_by("-section__depth")
            .first()
        )
