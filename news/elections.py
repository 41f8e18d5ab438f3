"""When the council must take care what it announces: before an election.

From the notice of election to the close of the poll (Local Government Act 1986, section 2, and the
Code of Recommended Practice on Local Authority Publicity 2011).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min, Q

from news.models import KeyDate, NewsPage, Purpose

AHEAD = timedelta(days=14)  # staff are told so long before it begins


@dataclass(frozen=True)
class CarefulTime:
    """The pre-election period of one election; its last day is the day of the poll."""

    title: str
    page_id: int
    first: date
    last: date


def careful_times(today: date) -> list[CarefulTime]:
    """Those that hold now or begin soon, the soonest first."""
    elections = NewsPage.objects.live().filter(purpose=Purpose.ELECTION)
    rows = elections.annotate(
        first=Min("dates__day", filter=Q(dates__step=KeyDate.Step.NOTICE)),
        last=Max("dates__day", filter=Q(dates__step=KeyDate.Step.POLL)),
    ).filter(first__lte=today + AHEAD, last__gte=today)
    found = rows.order_by("first", "pk").values_list("title", "pk", "first", "last")
    return [CarefulTime(*row) for row in found]
