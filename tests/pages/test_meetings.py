"""Meetings: what comes, what was, and what the law asks of them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from news import duties
from news.admin.duties import open_duties
from tests.council import Council
from tests.residents import document, meeting

pytestmark = pytest.mark.django_db


def body(text: str) -> str:
    return f'[{{"type": "text", "value": "<p>{text}</p>"}}]'


def html(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_front_page_names_the_next_meeting_and_turns_over(council: Council) -> None:
    assert "The next meeting will stand here" in html("/")
    meeting(council.home, 3, title="Planning")
    meeting(council.home, 1, title="Cancelled one", cancelled="Not enough members")
    meeting(council.home, 10, title="Full council")
    front = html("/")
    assert front.index(">Planning<") < front.index(">Full council<")
    assert "Cancelled one" not in front
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert ">Planning<" not in html("/")
        assert ">Full council<" in html("/")


def test_meetings_by_committee_and_year(council: Council) -> None:
    meeting(council.home, 5, title="Coming")
    meeting(council.home, -5, title="Parks last week", committee="Amenities")
    old = meeting(council.home, -800, title="Long ago")
    whole = html("/meetings/")
    assert whole.index("Coming") < whole.index("Parks last week") < whole.index("Long ago")
    amenities = html(f"/meetings/?committee={old.committee_id}")
    assert "Long ago" in amenities
    assert "Parks last week" not in amenities
    year = html(f"/meetings/?year={old.date.year}")
    assert "Long ago" in year
    assert "Parks last week" not in year


@pytest.mark.parametrize(
    "query", ["committee=x&year=y", "committee=9999999", "year=9999", "page=-1"]
)
def test_nonsense_in_the_address_is_no_error(council: Council, query: str) -> None:
    meeting(council.home, -5)
    assert Client().get(f"/meetings/?{query}").status_code == 200


def test_words_come_first_and_the_file_beside_them(council: Council) -> None:
    page = meeting(
        council.home,
        -3,
        agenda=body("Railings"),
        agenda_file=document("Agenda"),
        minutes=body("It was resolved"),
        minutes_status="draft",
        minutes_file=document("Minutes"),
    )
    shown = html(page.get_url())
    assert shown.index("It was resolved") < shown.index("The minutes as a file")
    assert shown.index("Railings") < shown.index("The agenda as a file")
    assert "a draft until the next meeting" in shown


def test_minutes_without_words_or_file_are_refused(council: Council) -> None:
    page = meeting(council.home, -3)
    page.minutes_status = "draft"
    with pytest.raises(Exception, match="Add the minutes below"):
        page.clean()


def test_minutes_that_would_stay_hidden_are_refused(council: Council) -> None:
    page = meeting(council.home, -3)
    page.minutes_file = document("Minutes")
    with pytest.raises(ValidationError, match="draft or agreed"):
        page.clean()
    page.minutes_status = "draft"
    page.clean()


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 24), date(2026, 11, 19)),  # a Sunday between
        (date(2026, 11, 20), date(2026, 11, 16)),
        # The Christmas break of 2026: Thursday the 24th to Tuesday the 29th.
        (date(2027, 1, 5), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2026, 12, 21)),
        (date(2026, 12, 29), date(2026, 12, 19)),
        # In 2023 the 24th was a Sunday: the break begins on Saturday the 23rd, and ends on the 27th.
        (date(2023, 12, 28), date(2023, 12, 19)),
        # The Easter break: from the Thursday before (the 2nd) to the Tuesday after (the 7th).
        (date(2026, 4, 8), date(2026, 3, 28)),
        (date(2026, 4, 10), date(2026, 3, 31)),
        (date(2026, 5, 6), date(2026, 4, 30)),  # a bank holiday on a Monday
    ],
)
def test_three_clear_days(day: date, due: date) -> None:
    assert duties.agenda_due(day) == due
    assert "three clear days" in duties.agenda(day, due)
    assert "late" in duties.agenda(day, due + timedelta(days=1))
    assert duties.agenda(day, due - timedelta(days=10)) == ""
    assert duties.agenda_was_late(day, due) == ""
    assert "Ask the clerk" in duties.agenda_was_late(day, due + timedelta(days=1))


def test_draft_minutes_within_a_month() -> None:
    day = date(2026, 1, 31)
    assert duties.minutes_due(day) == date(2026, 2, 28)
    assert duties.minutes(day, date(2026, 2, 10)) == ""
    assert "are due by 28 February" in duties.minutes(day, date(2026, 2, 25))
    assert "are late" in duties.minutes(day, date(2026, 3, 1))


def test_staff_are_warned_on_their_front_page(council: Council) -> None:
    late = meeting(council.home, 1, title="No agenda yet")
    today = timezone.localdate()
    meeting(council.home, 2, title="All well", agenda=body("Railings"), agenda_on=today - timedelta(days=20))  # fmt: skip
    meeting(council.home, 1, title="Called off", cancelled="Storm")
    assert [page.pk for page, _ in open_duties(timezone.localdate())] == [late.pk]
    shown = council.client("clerk").get("/admin/").content.decode()
    assert "The agenda is late" in shown


def test_an_agenda_without_its_day_is_asked_for(council: Council) -> None:
    page = meeting(council.home, 2, agenda=body("Railings"))
    meeting(council.home, 20, title="There is time", agenda=body("Railings"))
    assert [found.pk for found, _ in open_duties(timezone.localdate())] == [page.pk]
    shown = council.client("clerk").get("/admin/").content.decode()
    assert "Write down when the agenda was put out" in shown


def test_last_years_minutes_are_two_taps_away(council: Council) -> None:
    page = meeting(
        council.home, -370, title="A year ago", minutes=body("Words"), minutes_status="approved"
    )
    assert page.get_url() in html("/meetings/")
