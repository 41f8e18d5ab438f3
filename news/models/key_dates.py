"""The dates of an election or a co-option (Looe 1.1), as residents ask for them.

The council copies them from the returning officer's timetable: nothing is reckoned here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class KeyDate(Orderable):
    """One line of a timetable."""

    class Step(models.TextChoices):
        VACANCY = "vacancy", "Notice of vacancy"
        REQUEST = "request", "Last day to ask for an election instead of a co-option"
        APPLY = "apply", "Last day to apply for a co-option"
        CO_OPTION = "co-option", "The council meets to co-opt"
        NOTICE = "notice", "Notice of election"
        NOMINATIONS = "nominations", "Nominations close"
        NOMINATED = "nominated", "Candidates are named (statement of persons nominated)"
        REGISTER = "register", "Last day to register to vote"
        POSTAL = "postal", "Last day to ask for a postal vote"
        PROXY = "proxy", "Last day to ask for a proxy vote"
        VOTER_ID = "voter-id", "Last day to ask for a free voter ID"
        POLL = "poll", "Polling day"
        COUNT = "count", "Votes are counted"
        OTHER = "other", "Something else"

    page = ParentalKey("news.NewsPage", on_delete=models.CASCADE, related_name="dates")
    step = models.CharField("what", max_length=12, choices=Step)
    words = models.CharField(
        "in your own words",
        max_length=80,
        blank=True,
        help_text="Instead of the words above; for “Something else” they are needed.",
    )
    day = models.DateField()
    starts = models.TimeField("from", null=True, blank=True)
    ends = models.TimeField("until", null=True, blank=True)
    note = models.CharField(
        "where or how",
        max_length=150,
        blank=True,
        help_text="For example: at the Guildhall, or www.gov.uk/register-to-vote.",
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("step"),
        FieldPanel("words"),
        FieldRowPanel([FieldPanel("day"), FieldPanel("starts"), FieldPanel("ends")]),
        FieldPanel("note"),
    ]

    def __str__(self) -> str:
        return self.words or self.get_step_display()

    def clean(self) -> None:
        super().clean()
        if self.step == self.Step.OTHER and not self.words:
            raise ValidationError({"words": "Say in your own words what happens on this day."})
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": "It must end after it begins."})

    @property
    def is_past(self) -> bool:
        return self.day < timezone.localdate()

    @property
    def starts_at(self) -> datetime | None:
        return self._at(self.starts or self.ends)

    @property
    def ends_at(self) -> datetime | None:
        return self._at(self.ends or self.starts)

    def _at(self, clock: Any) -> datetime | None:
        return timezone.make_aware(datetime.combine(self.day, clock)) if clock else None


Step = KeyDate.Step
# Each of these comes before or with the next one (Local Elections (Parishes and Communities)
# (England and Wales) Rules 2006, rule 1; Representation of the People Regulations 2001).
ELECTION = (
    Step.NOTICE,
    Step.NOMINATIONS,
    Step.NOMINATED,
    Step.REGISTER,
    Step.POSTAL,
    Step.PROXY,
    Step.POLL,
    Step.COUNT,
)
CO_OPTION = (Step.VACANCY, Step.REQUEST, Step.APPLY, Step.CO_OPTION)


def out_of_order(dates: Sequence[tuple[str, date]]) -> str:
    """What is wrong with these steps and days, in a sentence; "" where their order can be."""
    for order in (ELECTION, CO_OPTION):
        given = [(step, day) for step in order for known, day in dates if known == step]
        for (earlier, first), (later, then) in pairwise(given):
            if then < first:
                return (
                    f"“{later.label}” ({then.day} {then:%B}) cannot come before"
                    f" “{earlier.label}” ({first.day} {first:%B}). Compare with the notice."
                )
    return ""


def in_order(dates: Any) -> list[KeyDate]:
    """As they happen; on one day, what has no hour first."""
    return sorted(dates, key=lambda one: (one.day, str(one.starts or one.ends or ""), one.pk or 0))


def next_one(dates: Sequence[KeyDate]) -> KeyDate | None:
    """The first that is not past, of dates in order."""
    return next((one for one in dates if not one.is_past), None)
