"""The admin as the people of each role find it: short menus, days that can be read."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from home.models import ContentPage
from tests.council import Council
from tests.residents import meeting, publish

pytestmark = pytest.mark.django_db

MENU = {
    "webmaster": ("News and dates", "Pages to check", "Style guide"),
    "editor": ("News and dates", "Pages to check", "Style guide"),
    "clerk": ("Pages to check", "Style guide"),
    "councillor": (),
}


@pytest.mark.parametrize("role", MENU)
def test_menus_hold_what_the_role_can_use(council: Council, role: str) -> None:
    late = timezone.localdate() - timedelta(days=1)
    publish(council.home, ContentPage(title="Stale", slug="stale", review_on=late))
    front = council.client(role).get("/admin/").content.decode()
    for entry in ("News and dates", "Pages to check", "Style guide"):
        assert (f'"{entry}"' in front) == (entry in MENU[role]), entry
    assert ("to check</a>" in front) == ("Pages to check" in MENU[role])


def test_the_list_of_meetings_says_the_day(council: Council) -> None:
    coming = meeting(council.home, 400)
    listed = council.client("webmaster").get("/admin/meeting_list/").content.decode()
    assert f"{coming.date:%b %Y}" in re.sub(r"\s+", " ", listed)


def test_each_type_of_page_says_what_it_is_for(council: Council) -> None:
    choice = council.client("webmaster").get(f"/admin/pages/{council.home.pk}/add_subpage/")
    assert "Meetings by committee and year" in choice.content.decode()
    kinds = [m for m in type(council.home).allowed_subpage_models() if m.is_creatable]
    assert all(model.page_description for model in kinds)
