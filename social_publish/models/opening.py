"""On what terms an editor asks to open the replies of a page's posts."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

RIGHT = "access_admin"


def possible_watchers() -> models.QuerySet[User]:
    """People who can sign in here and can be reached by e-mail."""
    right = Q(groups__permissions__codename=RIGHT) | Q(user_permissions__codename=RIGHT)
    people = User.objects.filter(right | Q(is_superuser=True), is_active=True)
    return people.exclude(email="").distinct().order_by("first_name", "username")


def end_of(day: date) -> datetime:
    """The moment at which a day is over, by the council's own clock."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


class OpeningTerms(models.Model):
    """Why, watched by whom and until when people may reply. Part of a page, so of its approval."""

    replies_opinion = models.BooleanField(
        "the page asks for the community's opinion",
        default=False,
        help_text="Replies are opened for this purpose only.",
    )
    replies_reason = models.CharField(
        "why replies are opened", max_length=300, blank=True, help_text="Kept with the record."
    )
    replies_watcher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="who watches the replies",
        help_text="They are told by e-mail when the posts are out, and a day before the end.",
    )
    replies_until = models.DateField(
        "last day for replies",
        null=True,
        blank=True,
        help_text="When this day is over, replies are closed again.",
    )

    class Meta:
        abstract = True

    def opening_faults(self, today: date, go_live: date | None = None) -> dict[str, str]:
        """{field: sentence} of what is missing before replies can be opened.

        today, go_live: days by the council's own clock.
        """
        faults = {}
        watcher, until = self.replies_watcher, self.replies_until
        if not self.replies_opinion:
            faults["replies_opinion"] = (
                "Replies are opened only where the page asks for the community's opinion."
                " Tick that it does, or leave replies closed."
            )
        if not self.replies_reason.strip():
            faults["replies_reason"] = "Say why replies are opened."
        if watcher is None or not possible_watchers().filter(pk=watcher.pk).exists():
            faults["replies_watcher"] = (
                "Choose who watches the replies: a person who can sign in here and has an e-mail"
                " address."
            )
        if until is None:
            faults["replies_until"] = "Choose the last day on which people may reply."
        elif until < max(today, go_live or today):
            faults["replies_until"] = "The last day for replies is over before the posts are out."
        return faults
