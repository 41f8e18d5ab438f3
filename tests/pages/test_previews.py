"""A page that was never saved is looked at in the preview, whatever its type."""

from typing import Any

import pytest
from wagtail.models import Page

from home.models import Committee, PeopleIndexPage
from news.models import EventIndexPage, MeetingIndexPage, NewsIndexPage, VacancyIndexPage
from tests.council import Council
from tests.residents import index

pytestmark = pytest.mark.django_db


def rows(*names: str) -> dict[str, str]:
    return {f"{name}-{kind}_FORMS": "0" for name in names for kind in ("TOTAL", "INITIAL")}


POLL = {"dates-0-step": "poll", "dates-0-day": "2027-05-06", "dates-0-ORDER": "1"}
POLL |= {f"dates-0-{name}": "" for name in ("words", "note", "starts", "ends")}
# {type: (type of the page above, what its form holds)}
TYPES: dict[str, tuple[type[Page] | None, dict[str, str]]] = {
    "news.newspage": (
        NewsIndexPage,
        {"purpose": "election", "date": "2026-11-21"}
        | rows("dates")
        | {"dates-TOTAL_FORMS": "1"}
        | POLL,
    ),
    "news.eventpage": (EventIndexPage, {"starts_at": "2027-01-01 10:00", "place": "Here"}),
    "news.meetingpage": (
        MeetingIndexPage,
        {"date": "2027-01-01", "start": "19:00", "place": "Here", "minutes_status": ""}
        | {"agenda-count": "0", "minutes-count": "0"}
        | rows("papers"),
    ),
    "news.vacancypage": (
        VacancyIndexPage,
        {"kind": "job", "apply_to": "Us", "closes_on": "2027-01-01"},
    ),
    "news.newsindexpage": (None, {}),
    "news.eventindexpage": (None, {}),
    "news.meetingindexpage": (None, {}),
    "news.vacancyindexpage": (None, {}),
    "home.peopleindexpage": (None, {}),
    "home.personpage": (PeopleIndexPage, {"kind": "staff", "about": "null"} | rows("seats")),
    "home.contentpage": (None, {"footnote": "null"}),
    "home.contactpage": (None, {"subject": "contact"}),
    "home.problemspage": (None, rows("kinds")),
    "home.documentspage": (None, rows("entries")),
    "home.accessibilitypage": (
        None,
        {"prepared_on": "2026-01-01", "enforcer": "ehrc"} | rows("faults"),
    ),
    "home.privacypage": (None, {"more": "null"}),
}


def test_every_type_is_there(council: Council) -> None:
    kinds = {m._meta.label_lower for m in type(council.home).allowed_subpage_models()}
    assert kinds - {"wagtailcore.page"} <= TYPES.keys()


@pytest.mark.parametrize("kind", TYPES)
def test_a_new_page_can_be_looked_at(council: Council, kind: str) -> None:
    above, form = TYPES[kind]
    parent: Any = index(council.home, above, "above") if above else council.home
    committee = Committee.objects.create(name="Full council")
    common = {"title": "Seen before", "slug": "seen", "intro": "I.", "body-count": "0"}
    common |= {"committee": str(committee.pk), "language": "kw"} | rows("comments")
    address = f"/admin/pages/add/{kind.replace('.', '/')}/{parent.pk}/preview/"
    client = council.client("webmaster")
    assert client.post(address, common | form).json()["is_valid"]
    seen = client.get(address)
    assert seen.status_code == 200
    shown = seen.content.decode()
    assert '<h1 lang="kw"' in shown or '<h1><span lang="kw"' in shown
    assert ("Polling day" in shown) == (kind == "news.newspage")
