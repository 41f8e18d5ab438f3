"""The residents' pages and the safety of the whole site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from wagtail.models import GroupPagePermission, Page, WorkflowPage

from home.models import ContentPage, HomePage
from news.models import NewsIndexPage, NewsPage
from social_publish.council import make_group
from social_publish.models import Channel, ChannelGroup, OfficeContact, State, Suggestion, Wanted
from social_publish.networks import NETWORKS
from tests.council import Council

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    call_command("setup_demo")


def counts() -> list[int]:
    models = (Page, Channel, ChannelGroup, OfficeContact, Group, GroupPagePermission, WorkflowPage)
    return [model.objects.count() for model in models]


def test_the_demonstration_may_be_built_again(demo: None) -> None:
    before = counts()
    call_command("setup_demo")
    assert counts() == before
    assert NewsPage.objects.live().count() == 14
    assert ChannelGroup.objects.count() == 3
    assert Channel.objects.filter(rehearsal=True).count() == Channel.objects.count() == 14


def test_the_town_council_of_the_demonstration_is_on_every_network(demo: None) -> None:
    networks = Channel.objects.filter(group__name="Town Council").values_list("network", flat=True)
    # One Mastodon server is enough to try: GoToSocial speaks the same.
    assert sorted(networks) == sorted(set(NETWORKS) - {"gotosocial"})
    assert all(channel.has_credentials and channel.is_ready for channel in Channel.objects.all())


def test_the_demonstration_refuses_beside_other_data(council: Council) -> None:
    with pytest.raises(CommandError, match="another site"):
        call_command("setup_demo")


def test_residents_pages_set_no_cookie_and_ask_nobody_else(demo: None) -> None:
    client = Client()
    for page in Page.objects.live().filter(depth__gt=1):
        response = client.get(page.get_url_parts()[2])
        assert response.status_code == 200
        assert not response.cookies
        html = response.content.decode()
        # Facts for search engines are data; no script runs.
        assert not re.search(r'<script(?! type="application/ld\+json">)', html)
        assert "style=" not in html
        assert not re.search(r'(?:src|srcset)="https?://', html)
        assert response["Content-Security-Policy"].startswith("default-src 'none'")


def test_an_empty_index_says_what_will_be_there(council: Council) -> None:
    assert "There is no news here yet" in Client().get("/news/").content.decode()


def test_news_is_turned_over_in_pages_of_twelve(council: Council) -> None:
    for number in range(13):
        page = council.section.add_child(instance=NewsPage(title=f"News {number}", intro="Intro."))
        page.save_revision().publish()
    first, second = Client().get("/news/"), Client().get("/news/?page=2")
    assert first.content.decode().count('class="card"') == 12
    assert second.content.decode().count('class="card"') == 1
    assert "Older news" in first.content.decode()


def test_page_types_know_their_places() -> None:
    assert NewsPage.allowed_parent_page_models() == [NewsIndexPage]
    assert NewsPage.allowed_subpage_models() == []
    assert NewsIndexPage.allowed_subpage_models() == [NewsPage]
    assert HomePage in ContentPage.allowed_parent_page_models()


def test_no_group_publishes_what_is_announced(council: Council) -> None:
    page = council.section.add_child(instance=NewsPage(title="N", intro="I"))
    for role, person in council.people.items():
        if role != "superuser":
            assert not page.permissions_for_user(person).can_publish()
            assert not Page.objects.get(pk=page.pk).permissions_for_user(person).can_publish()
            assert not council.section.permissions_for_user(person).can_publish_subpage()
    assert not Group.objects.filter(name__in=("Editors", "Moderators")).exists()


def test_the_webmaster_publishes_other_pages_and_changes_the_contact(council: Council) -> None:
    page = council.home.add_child(instance=ContentPage(title="Bins", slug="bins"))
    client = council.client("webmaster")
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert page.permissions_for_user(council.people["webmaster"]).can_publish()
    contact = council.group.office_contact
    address = f"/admin/officecontact/edit/{contact.pk}/"
    assert "Give a phone number" in client.post(address, {"name": "Office"}).content.decode()
    client.post(address, {"name": "New office", "phone": "01632 960 999"})
    contact.refresh_from_db()
    assert contact.name == "New office"


def test_the_webmaster_pauses_a_channel(council: Council) -> None:
    page = council.write()
    council.approve(page)
    client = council.client("webmaster")
    assert client.get(f"/admin/social/channel/{council.x.pk}/pause/").status_code == 200
    council.x.refresh_from_db()
    assert not council.x.paused
    client.post(f"/admin/social/channel/{council.x.pk}/pause/")
    council.deliver()
    assert council.posts(council.x) == []
    assert len(council.posts(council.facebook)) == 1
    client.post(f"/admin/social/channel/{council.x.pk}/resume/")
    council.deliver()
    assert len(council.posts(council.x)) == 1


def test_a_councillor_suggests_and_nothing_more(council: Council) -> None:
    client = council.client("councillor")
    client.post("/admin/suggestions/new/", {"title": "Benches", "words": "More of them."})
    assert Suggestion.objects.get().suggested_by == council.people["councillor"]
    add = reverse("wagtailadmin_pages:add", args=["news", "newspage", council.section.pk])
    assert client.get(add).status_code == 302
    assert not council.home.permissions_for_user(council.people["councillor"]).can_edit()


NO_OFFICERS = pytest.mark.parametrize("role", ["editor", "councillor", "clerk"])


@NO_OFFICERS
def test_only_officers_take_down(council: Council, role: str) -> None:
    page = council.write()
    council.approve(page)
    address = f"/admin/social/take-down/{page.pk}/"
    answer = council.client(role).post(address, {"ground": "It is a mistake of ours"})
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"
    page.refresh_from_db()
    assert page.live
    assert {d.wanted for d in council.deliveries(page).values()} == {Wanted.PRESENT}


@NO_OFFICERS
def test_only_officers_cancel_a_go_live(council: Council, role: str) -> None:
    page = council.write(go_live_at="2027-03-01 09:00")
    council.approve(page)
    answer = council.client(role).post(f"/admin/social/cancel/{page.pk}/")
    assert answer["Location"] == "/admin/"
    assert page.get_latest_revision().approved_go_live_at
    assert {d.state for d in council.deliveries(page).values()} == {State.HELD}


@NO_OFFICERS
def test_only_officers_move(council: Council, role: str) -> None:
    """An officer of where the page would go is not yet one of where it is."""
    page = council.write()
    council.approve(page)
    archive = council.home.add_child(instance=NewsIndexPage(title="Archive", slug="archive"))
    make_group(name="Archive", section=archive, office_contact=council.group.office_contact)
    council.people[role].groups.add(Group.objects.get(name="Archive moderators"))
    answer = council.client(role).post(f"/admin/social/move/{page.pk}/", {"target": archive.pk})
    assert answer["Location"] == "/admin/"
    page.refresh_from_db()
    assert page.get_parent().pk == council.section.pk


def test_every_template_compiles() -> None:
    for folder in ("templates", "social_publish/templates"):
        for path in (settings.BASE_DIR / folder).rglob("*.html"):
            get_template(str(path.relative_to(settings.BASE_DIR / folder)))


@pytest.mark.parametrize("missing", ["SECRET_KEY", "CHANNEL_KEYS", "SITE_URL"])
def test_production_refuses_to_start_without_its_secrets(missing: str, tmp_path: object) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "SECRET_KEY": "s" * 60,
        "CHANNEL_KEYS": Fernet.generate_key().decode(),
        "SITE_URL": "https://council.example",
    }
    del environment[missing]
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"The environment variable {missing} is missing." in done.stderr


def test_the_lists_show_no_secret(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    client = council.client("moderator")
    pages = [
        client.get(address)
        for address in (
            "/admin/",
            "/admin/social_publish/delivery/",
            "/admin/social_publish/delivery/?export=csv",
            "/admin/social_publish/channel/",
            "/admin/social_publish/channel/?export=csv",
        )
    ]
    secrets = [v for c in Channel.objects.all() for v in c.unseal().values()]
    for response in pages:
        assert response.status_code == 200
        text = b"".join(response) if response.streaming else response.content
        assert not [s for s in secrets if s.encode() in text]
    assert b"Late opening" in pages[1].content
