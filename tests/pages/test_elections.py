"""Elections and co-options: the webmaster's form, the residents' table, the calendar, the staff's care."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from news.elections import careful_times
from news.models import KeyDate, NewsPage
from tests.council import Council
from tests.residents import publish

pytestmark = pytest.mark.django_db


def html(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def typed(*dates: dict[str, Any]) -> dict[str, str]:
    """The rows of the form's timetable, each filled in."""
    form = {"dates-TOTAL_FORMS": str(len(dates)), "dates-INITIAL_FORMS": "0"}
    for number, row in enumerate(dates):
        whole = {"words": "", "starts": "", "ends": "", "note": "", "ORDER": number + 1} | row
        form |= {f"dates-{number}-{name}": str(value) for name, value in whole.items()}
    return form


def election(council: Council, *days: tuple[str, int], **changes: Any) -> NewsPage:
    """A page with steps so many days from today."""
    today = timezone.localdate()
    facts = {"title": "By-election", "slug": "vote", "intro": "One seat.", "purpose": "election"}
    page = NewsPage(**(facts | changes))
    page.dates = [KeyDate(step=step, day=today + timedelta(days=n)) for step, n in days]
    found: NewsPage = publish(council.section, page)
    return found


def test_what_the_form_takes_is_a_table_for_residents(council: Council) -> None:
    page = council.write(
        announce="",
        purpose="election",
        **typed(
            {"step": "poll", "day": "2027-05-06", "starts": "07:00", "ends": "22:00"},
            {"step": "notice", "day": "2027-03-30"},
            {"step": "nominations", "day": "2027-04-08", "ends": "16:00", "note": "At the Guildhall"},
            {"step": "other", "day": "2027-05-20", "words": "The new council meets"},
        ),
    )  # fmt: skip
    council.approve(page)
    shown = html(page.get_url())
    table = shown[shown.index("<table") : shown.index("</table>")]
    words = [
        "Notice of election",
        "Tuesday 30 March 2027",
        "Nominations close",
        "At the Guildhall",
        "Thursday 8 April 2027</time>, by 4pm",
        "Polling day",
        "Thursday 6 May 2027</time>, 7am to 10pm",
        "The new council meets",
    ]
    places = [table.index(one) for one in words]
    assert places == sorted(places)
    assert table.count('scope="row"') == 4
    page.refresh_from_db()
    assert page.closes_on == date(2027, 5, 20)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            typed(
                {"step": "poll", "day": "2027-04-01"}, {"step": "nominations", "day": "2027-04-08"}
            ),
            "cannot come before “Nominations close” (8 April)",
        ),
        (typed({"step": "poll", "day": "2027-05-06"}) | {"purpose": "notice"}, "choose it"),
        (typed({"step": "other", "day": "2027-05-06"}), "Say in your own words"),
        (
            typed({"step": "poll", "day": "2027-05-06", "starts": "22:00", "ends": "07:00"}),
            "It must end after it begins",
        ),
    ],
)
def test_a_timetable_that_cannot_be_is_refused(
    council: Council, changes: dict[str, str], said: str
) -> None:
    form = {"announce": "", "purpose": "election"} | changes
    assert said in council.post_new(**form).content.decode()
    assert not NewsPage.objects.exists()


def test_what_comes_next_is_said_on_the_page_and_on_the_front_page(council: Council) -> None:
    page = election(council, ("poll", 40), ("notice", -2), ("nominations", 5))
    (row,) = re.findall(
        r'<tr>\s*<th scope="row">([^<]+) <span class="tag">Next', html("/news/vote/")
    )
    assert row == "Nominations close"
    assert "in 5 days" in html("/news/vote/")
    assert 'class="past"' in html("/news/vote/")
    assert "Nominations close: <time" in html("/")
    page.purpose = "notice"
    page.save_revision().publish()
    assert "<table" not in html("/news/vote/")


def test_the_dates_go_into_a_calendar(council: Council) -> None:
    page = election(council, ("notice", -2), ("poll", 40))
    poll = page.dates.get(step="poll")
    poll.starts, poll.ends = time(7), time(22)
    poll.save()
    address = f"/feeds/event/{page.pk}.ics"
    assert address in html("/news/vote/")
    notice, vote = Calendar.from_ical(Client().get(address).content).walk("VEVENT")
    today = timezone.localdate()
    assert str(notice["SUMMARY"]) == "Notice of election: By-election"
    assert notice["DTSTART"].dt == today - timedelta(days=2)
    assert vote["DTSTART"].dt == poll.starts_at
    assert vote["DTEND"].dt - vote["DTSTART"].dt == timedelta(hours=15)
    plain = publish(council.section, NewsPage(title="News", slug="plain", intro="I."))
    assert Client().get(f"/feeds/event/{plain.pk}.ics").status_code == 404


def test_staff_are_told_when_to_take_care(council: Council) -> None:
    today = timezone.localdate()
    page = election(council, ("notice", 10), ("poll", 45))
    election(council, ("apply", 3), title="Co-option", slug="co-option")
    past = election(council, ("notice", -50), ("poll", -10), title="Last year's", slug="past")
    draft = election(council, ("notice", -1), ("poll", 30), title="Draft", slug="draft")
    draft.unpublish()
    found = careful_times(today)
    assert [(t.page_id, t.first, t.last) for t in found] == [
        (page.pk, today + timedelta(days=10), today + timedelta(days=45))
    ]
    for role in ("editor", "moderator", "clerk", "councillor"):
        front = council.client(role).get("/admin/").content.decode()
        assert "take care what we announce" in front
        assert "It has not begun yet" in front
    assert careful_times(today - timedelta(days=60)) != []
    assert [t.page_id for t in careful_times(today - timedelta(days=30))] == [past.pk]
    assert careful_times(today + timedelta(days=46)) == []
    page.unpublish()
    assert "take care" not in council.client("clerk").get("/admin/").content.decode()
