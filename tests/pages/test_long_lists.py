"""People and problems when there are many: in parts, found by a word without a script, bounded."""

import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.models import Site

from home.models import (
    Committee,
    CommitteeSeat,
    PeopleIndexPage,
    PersonPage,
    ProblemKind,
    ProblemsPage,
    SiteDetails,
)
from tests.council import Council
from tests.residents import publish

pytestmark = pytest.mark.django_db

NOBODY = "0 found for “submarine”"


def html(path: str) -> str:
    answer = Client(headers={"host": "council.example"}).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def names(shown: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]+">([^<]+)</a></h3>', shown)


@pytest.fixture
def people(council: Council) -> PeopleIndexPage:
    """Forty councillors of four wards, one clerk, and a committee of thirty."""
    index: PeopleIndexPage = publish(council.home, PeopleIndexPage(title="People", slug="people"))
    planning = Committee.objects.create(name="Planning committee")
    index.add_child(instance=PersonPage(title="Col Vane", slug="col", kind="staff", role="Clerk"))
    for number in range(40):
        person = PersonPage(
            title=f"Councillor {number:02}", slug=f"c{number}", ward=f"Ward {number % 4}"
        )
        if number >= 10:
            post = "Chair" if number == 39 else ""
            person.seats = [CommitteeSeat(committee=planning, post=post)]
        index.add_child(instance=person)
    return index


def test_many_people_come_in_parts_councillors_first(people: PeopleIndexPage) -> None:
    first, second = html("/people/"), html("/people/?page=2")
    assert names(first) == [f"Councillor {n:02}" for n in range(24)]
    assert names(second) == [f"Councillor {n:02}" for n in range(24, 40)] + ["Col Vane"]
    assert second.index("Councillor 39") < second.index(">Staff</h2>") < second.index("Col Vane")
    assert "Page 1 of 2" in first
    assert "Planning committee</h3>" not in second


def test_a_great_committee_is_led_by_its_chair_and_leads_on(people: PeopleIndexPage) -> None:
    panel = html("/people/").partition("Planning committee</h3>")[2].partition("</div>")[0]
    assert re.findall(r">(Councillor \d+)</a>(, Chair)?", panel)[0] == ("Councillor 39", ", Chair")
    assert panel.count("<li>") == 15
    (address,) = re.findall(r'href="(\?find=[^"]+)">All 30 members', panel)
    assert "30 found" in html(f"/people/{address}")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("councillor+07", ["Councillor 07"]),
        ("CLERK", ["Col Vane"]),
        ("ward+3", [f"Councillor {n:02}" for n in range(3, 40, 4)]),
        ("chair+planning", []),
        ("3+ward", [f"Councillor {n:02}" for n in range(40) if n % 4 == 3 or "3" in f"{n:02}"]),
        ("submarine", []),
        ("%00+%27%22%3C", []),
    ],
)
def test_anyone_is_found_by_name_role_or_ward(
    people: PeopleIndexPage, words: str, found: list[str]
) -> None:
    assert names(html(f"/people/?find={words}")) == found


def test_whoever_finds_nobody_is_told_what_to_do(people: PeopleIndexPage) -> None:
    shown = html("/people/?find=submarine")
    assert NOBODY in shown
    assert "ask the office" in shown
    assert 'href="?">Show all' in shown
    assert 'value="submarine"' in shown


def test_wards_are_links(people: PeopleIndexPage) -> None:
    links = re.findall(r'class="choice" href="(\?find=[^"]+)"[^>]*>(Ward \d)', html("/people/"))
    assert [ward for _, ward in links] == ["Ward 0", "Ward 1", "Ward 2", "Ward 3"]
    assert "10 found" in html(f"/people/{links[0][0]}")


def test_a_hundred_people_ask_no_more_than_forty(people: PeopleIndexPage) -> None:
    def asked() -> int:
        html("/people/")
        with CaptureQueriesContext(connection) as captured:
            html("/people/")
        return len(captured.captured_queries)

    few = asked()
    for number in range(60):
        people.add_child(instance=PersonPage(title=f"More {number}", slug=f"m{number}"))
    asked()
    assert asked() <= few


def test_a_few_people_need_no_box(council: Council) -> None:
    index = publish(council.home, PeopleIndexPage(title="People", slug="people"))
    publish(index, PersonPage(title="Ann Lee", slug="ann", ward="Mill"))
    assert 'name="find"' not in html("/people/")


def test_many_problems_are_found_by_a_word(council: Council) -> None:
    page = ProblemsPage(title="Report a problem", slug="report")
    page.kinds = [
        ProblemKind(problem=f"Problem {n:02}", tier="2 district", body="District", phone="1")
        for n in range(45)
    ] + [ProblemKind(problem="Gas leak", tier="0 danger", body="Gas Emergency", phone="0800")]
    publish(council.home, page)
    first = html("/report/")
    assert first.count("<dt>Problem") == 39
    assert first.index("Gas leak") < first.index("Problem 00")
    assert html("/report/?page=2").count("<dt>Problem") == 6
    assert re.findall("<dt>([^<]+)</dt>", html("/report/?find=GAS+emergency").partition("</main")[0]) == ["Gas leak"]  # fmt: skip
    assert NOBODY in html("/report/?find=submarine")


def test_what_is_looked_for_is_not_kept_and_the_list_is(
    people: PeopleIndexPage, settings: Settings
) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    SiteDetails.for_site(Site.objects.get())
    caches["pages"].clear()
    client = Client(headers={"host": "council.example"})
    assert "private" in client.get("/people/?find=vane")["Cache-Control"]
    assert "public" in client.get("/people/?page=2")["Cache-Control"]
    PersonPage.objects.filter(slug="col").update(role="Town Clerk")
    assert "Town Clerk" in html("/people/?find=vane")
    assert "Town Clerk" not in html("/people/?page=2&x=1") + html("/people/?page=2")
    caches["pages"].clear()
