"""The two duties of time around a meeting: three clear days before, a month after.

Local Government Act 1972, schedule 12, paragraphs 10 and 26 (clear days; section 243 leaves out
Sundays and bank holidays); Transparency Code for Smaller Authorities (draft minutes).
"""

from datetime import date, timedelta
from functools import cache

from dateutil.relativedelta import relativedelta
from holidays import HolidayBase, country_holidays

CLEAR_DAYS = 3
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
    return day.weekday() == 6 or day in _bank_holidays()


@cache
def _bank_holidays() -> HolidayBase:
    """Of England and Wales, royal occasions too; the years fill in as they are asked for."""
    return country_holidays("GB", subdiv="ENG")
