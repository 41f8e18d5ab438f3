"""The banner above everything else: for the whole site, a section or one page, from then to then."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.models import Page, Site

from home.kept import kept


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


class Alert(models.Model):
    """One message. It appears and disappears by its times; nobody has to be there."""

    class Level(models.IntegerChoices):
        EMERGENCY = 1, "Emergency: danger to people"
        WARNING = 2, "Warning: be ready or take care"
        NOTICE = 3, "Notice: something is different"
        CLEAR = 4, "All clear: it is over, or good news"

    class Scope(models.TextChoices):
        EVERYWHERE = "everywhere", "Every page"
        SECTION = "section", "A page and all pages below it"
        PAGE = "page", "One page only"

    level = models.PositiveSmallIntegerField(choices=Level, default=Level.NOTICE)
    title = models.CharField(max_length=80, help_text="What it is: Flood warning for the harbour.")
    text = models.TextField(
        max_length=400, blank=True, help_text="What people should do, in one or two sentences."
    )
    more = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="page that says more",
    )
    scope = models.CharField("where", max_length=12, choices=Scope, default=Scope.EVERYWHERE)
    page = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name="which page",
        help_text="For a section or one page. A site's front page with all below it is that whole site.",
    )
    starts_at = models.DateTimeField("from", default=timezone.now)
    ends_at = models.DateTimeField(
        "until", default=tomorrow, help_text="The alert goes away by itself at this time."
    )

    class Meta:
        ordering = ("level", "-starts_at", "pk")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "It must end after it starts."})
        if self.scope != self.Scope.EVERYWHERE and self.page is None:
            raise ValidationError({"page": "Choose the page on which it is shown."})

    def status(self, now: datetime | None = None) -> str:
        """For staff: shown now, waiting, or over."""
        now = now or timezone.now()
        if now < self.starts_at:
            return "Waiting"
        return "Shown now" if self.is_shown(now) else "Over"

    def is_shown(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    def covers(self, page: Page | None, site: Site | None = None) -> bool:
        """Is it for this page? None: one that is no page, as a search, on the site given."""
        if self.scope == self.Scope.EVERYWHERE:
            return True
        if self.page is None:
            return False
        if self.scope == self.Scope.PAGE:
            return page is not None and bool(page.path == self.page.path)
        place = page or (site and site.root_page)
        return bool(place and place.path.startswith(self.page.path))


def current_alerts(page: Page | None, site: Site | None, *, now: datetime) -> Sequence[Alert]:
    """The alerts that a reader of this page must see now, the gravest first."""
    return [a for a in kept("alerts", _not_over) if a.is_shown(now) and a.covers(page, site)]


def _not_over() -> list[Alert]:
    """Those of today and of later: an alert that waits must come without an edit."""
    alerts = Alert.objects.filter(ends_at__gt=timezone.now())
    return list(alerts.select_related("page", "more"))
