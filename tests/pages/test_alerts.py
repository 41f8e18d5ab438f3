"""The banner above everything else: where it is told to be, from then to then."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from home.models import Alert
from tests.council import Council

pytestmark = pytest.mark.django_db


def alert(**changes: object) -> Alert:
    return Alert.objects.create(**({"title": "High water", "level": Alert.Level.WARNING} | changes))


def shown(path: str) -> bool:
    return "High water" in Client().get(path).content.decode()


def test_it_comes_and_goes_by_itself(council: Council) -> None:
    now = timezone.now()
    alert(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=3))
    assert not shown("/")
    with time_machine.travel(now + timedelta(hours=2)):
        assert shown("/")
        assert shown("/search/")
        assert shown("/nothing-here/")
    with time_machine.travel(now + timedelta(hours=3, seconds=1)):
        assert not shown("/")


def test_for_a_section_or_one_page(council: Council) -> None:
    page = council.write()
    council.approve(page)
    section = alert(scope="section", page=council.section.page_ptr)
    assert shown("/news/")
    assert shown(page.get_url())
    assert not shown("/")
    assert not shown("/search/")
    section.page = council.home.page_ptr
    section.save()
    assert all(shown(path) for path in ("/", "/news/", "/search/", "/nothing-here/"))
    section.scope, section.page = "page", council.section.page_ptr
    section.save()
    assert shown("/news/")
    assert not shown("/search/")
    assert not shown(page.get_url())


@pytest.mark.parametrize("level", Alert.Level)
def test_each_level_says_what_it_is_in_words(council: Council, level: Alert.Level) -> None:
    alert(level=level)
    page = Client().get("/").content.decode()
    assert f"alert-{level.value}" in page
    assert str(level.label) in page


def test_the_gravest_comes_first(council: Council) -> None:
    alert(title="A notice", level=Alert.Level.NOTICE)
    alert(title="An emergency", level=Alert.Level.EMERGENCY)
    page = Client().get("/").content.decode()
    assert page.index("An emergency") < page.index("A notice")


def test_the_clerk_puts_one_out_and_mistakes_are_told_beside_the_field(council: Council) -> None:
    client, now = council.client("clerk"), timezone.localtime()
    form = {
        "level": "1",
        "title": "Fire at the quay",
        "text": "Keep away.",
        "scope": "page",
        "page": "",
        "more": "",
        "starts_at": now.strftime("%Y-%m-%d %H:%M"),
        "ends_at": (now - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M"),
    }
    refused = client.post("/admin/snippets/home/alert/add/", form).content.decode()
    assert "It must end after it starts." in refused
    form["ends_at"] = (now + timedelta(hours=5)).strftime("%Y-%m-%d %H:%M")
    refused = client.post("/admin/snippets/home/alert/add/", form).content.decode()
    assert "Choose the page on which it is shown." in refused
    assert client.post("/admin/snippets/home/alert/add/", form | {"scope": "everywhere"}).url
    assert "Fire at the quay" in Client().get("/").content.decode()
    assert "Shown now" in client.get("/admin/snippets/home/alert/").content.decode()
