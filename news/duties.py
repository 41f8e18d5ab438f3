"""The two duties of time around a meeting: three clear days before, a month after.

Local Government Act 1972, schedule 12, paragraphs 10 and 26 (clear days; section 243 leaves out
Sundays, bank holidays, the Christmas break and the Easter break; days of public mourning or
thanksgiving too, which no calendar knows beforehand); Transparency Code for Smaller Authorities
(draft minutes).
"""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta
from holidays import HolidayBase, country_holidays

CLEAR_DAYS = 3
CLEAR_DAYS_IN_WORDS = (
    "The law asks for three clear days before the meeting. Sundays, bank holidays, the days around"
    " Christmas and Easter, and days of public mourning do not count."
)
SUNDAY = 6  # as date.weekday() counts
WARN_DAYS = 4  # days before a deadline from which staff are reminded


def agenda_due(meeting: date) -> date:
    """The last day on which the agenda may be put out."""
    day, left = meeting - timedelta(days=1), CLEAR_DAYS
    while True:
        if not _is_left_out(day):
            if left == 0:
                return day
            left -= 1
        day -= timedelta(days=1)


def minutes_due(meeting: date) -> date:
    """The last day for the draft minutes."""
    return meeting + relativedelta(months=1)


def agenda(meeting: date, today: date) -> str:
    """What to tell staff about a missing agenda; "" while there is time."""
    due = agenda_due(meeting)
    if today >= meeting or today < due - timedelta(days=WARN_DAYS):
        return ""
    if today > due:
        return f"The agenda is late: it was due by {due:%A} {due.day} {due:%B}, three clear days before."
    return (
        f"Put the agenda out by {due:%A} {due.day} {due:%B}: three clear days before the meeting."
    )


def agenda_undated(meeting: date, today: date) -> str:
    """What to tell staff where nobody could show when the agenda came out."""
    if not agenda_due(meeting) <= today <= meeting:
        return ""
    return (
        "Write down when the agenda was put out: without the day nobody can show that it was three"
        " clear days before."
    )


def agenda_was_late(meeting: date, put_out: date) -> str:
    due = agenda_due(meeting)
    if put_out <= due:
        return ""
    return (
        f"The agenda came out on {put_out.day} {put_out:%B}, later than three clear days before"
        f" ({due.day} {due:%B}). Ask the clerk whether the meeting can go ahead."
    )


def minutes(meeting: date, today: date) -> str:
    """What to tell staff about missing draft minutes; "" while there is time."""
    due = minutes_due(meeting)
    if today < due - timedelta(days=2 * WARN_DAYS) or today <= meeting:
        return ""
    word = "are late: they were due" if today > due else "are due"
    return f"The draft minutes {word} by {due.day} {due:%B}, one month after the meeting."


def _is_left_out(day: date) -> bool:
    return (
        day.weekday() == SUNDAY
        or day in _bank_holidays()
        or _is_christmas_break(day)
        or _is_easter_break(day)
    )


def _is_christmas_break(day: date) -> bool:
    """From the last week day before Christmas Day to the first one after that is no bank holiday."""
    if day.month != 12:
        return False
    first, last = date(day.year, 12, 24), date(day.year, 12, 26)
    while first.weekday() == SUNDAY:
        first -= timedelta(days=1)
    while last.weekday() == SUNDAY or last in _bank_holidays():
        last += timedelta(days=1)
    return first <= day <= last


def _is_easter_break(day: date) -> bool:
    """From the Thursday before Easter Day to the Tuesday after."""
    return -3 <= (day - easter(day.year)).days <= 2


@cache
def _bank_holidays() -> HolidayBase:
    """Of England and Wales, royal occasions too; the years fill in as they are asked for."""
    return country_holidays("GB", subdiv="ENG")
