"""Pages and files for some people only: the doors look like the site, and nothing leaks or is kept."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site

from home.models import ContentPage, SiteDetails
from news.models import NewsIndexPage, NewsPage
from tests.council import Council
from tests.residents import document, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings: Settings, council: Council) -> None:
    """With the page cache, as on a real site."""
    settings.PAGE_CACHE_SECONDS = 300
    SiteDetails.for_site(Site.objects.get())
    caches["pages"].clear()


def resident() -> Client:
    return Client(headers={"host": "council.example"}, enforce_csrf_checks=True)


def fill_in(client: Client, answer: Any, **typed: str) -> Any:
    """Send the form of the page as a browser would."""
    html = answer.content.decode().partition("<main")[2]
    (address,) = re.findall(r'method="post" action="([^"]+)"', html)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
    return client.post(address, hidden | typed)


@pytest.fixture
def plots(council: Council) -> ContentPage:
    words = {"intro": "The gate code is 4711.", "search_description": "Secret words."}
    page: ContentPage = publish(council.home, ContentPage(title="Plots", slug="plots", **words))
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="marrow")
    return page


def looks_like_the_site(answer: Any) -> bool:
    html = answer.content.decode()
    return (
        "cms/site.css" in html
        and "Contact the office" in html
        and html.count("<h1>") == 1
        and "<script" not in html
        and not re.search(r'(src|href|action)="https?://(?!council\.example)', html)
        and "script-src" not in answer["Content-Security-Policy"]
    )


def test_a_page_with_a_password_says_nothing_of_itself(plots: ContentPage) -> None:
    answer = resident().get("/plots/")
    html = answer.content.decode()
    assert looks_like_the_site(answer)
    assert "noindex" in html
    for secret in ("4711", "Secret words", "Plots", "marrow"):
        assert secret not in html


def test_the_right_password_opens_it_and_nothing_is_kept(plots: ContentPage) -> None:
    client = resident()
    door = client.get("/plots/")
    assert "no-store" in door["Cache-Control"]
    wrong = fill_in(client, door, password="courgette")
    assert looks_like_the_site(wrong)
    assert "not correct" in wrong.content.decode()
    assert 'role="alert"' in wrong.content.decode()
    right = fill_in(client, wrong, password="marrow")
    assert (right.status_code, right["Location"]) == (302, "/plots/")
    inside = client.get("/plots/")
    assert "4711" in inside.content.decode()
    assert "no-store" in inside["Cache-Control"]
    assert "4711" not in resident().get("/plots/").content.decode()


def test_a_password_leads_to_no_other_site(plots: ContentPage) -> None:
    client = resident()
    door = client.get("/plots/")
    answer = fill_in(client, door, password="marrow", return_url="https://evil.example/")
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_page_of_some_groups_asks_for_an_account(council: Council) -> None:
    section = publish(council.home, NewsIndexPage(title="Inside", slug="inside"))
    publish(section, NewsPage(title="Rota", slug="rota", intro="Who opens the hall."))
    restriction = PageViewRestriction.objects.create(
        page=section.page_ptr, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.get(name="Councillors"))
    client = resident()
    sent = client.get("/inside/rota/")
    assert "no-store" in sent["Cache-Control"]
    door = client.get(sent["Location"])
    assert looks_like_the_site(door)
    assert "no-store" in door["Cache-Control"]
    refused = fill_in(client, door, username="councillor", password="wrong")
    assert looks_like_the_site(refused)
    assert 'role="alert"' in refused.content.decode()
    inside = fill_in(client, refused, username="councillor", password="x")
    assert inside["Location"] == "/inside/rota/"
    assert "Who opens the hall" in client.get("/inside/rota/").content.decode()
    stranger = council.client("editor")
    sent = stranger.get("/inside/rota/")
    assert "not open to your account" in stranger.get(sent["Location"]).content.decode()


@pytest.mark.parametrize("kind", ["password", "login"])
def test_a_file_of_a_private_collection(council: Council, kind: str) -> None:
    inside = Collection.get_first_root_node().add_child(name="For plot holders")
    file = document("Gate plan")
    file.collection = inside
    file.save()
    CollectionViewRestriction.objects.create(
        collection=inside, restriction_type=kind, password="marrow"
    )
    client = resident()
    door = client.get(file.url)
    if kind == "login":
        door = client.get(door["Location"])
    assert looks_like_the_site(door)
    assert "no-store" in door["Cache-Control"]
    assert "Gate plan" not in door.content.decode()
    typed = {"username": "councillor", "password": "x"}
    opened = fill_in(client, door, **(typed if kind == "login" else {"password": "marrow"}))
    assert opened["Location"] == file.url
    given = client.get(file.url)
    assert b"".join(given.streaming_content) == b"Words."
    assert given["Cache-Control"] == "private"
    assert "Gate plan" not in client.get("/search/?q=gate").content.decode()
