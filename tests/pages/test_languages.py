"""Pages in Cornish and other languages are marked as such, wherever their titles and words stand."""

import json
import re

import pytest
from django.test import Client
from icalendar import Calendar
from wagtail.models import Site

from home.models import ContentPage, HomeTile, SiteDetails
from news.models import NewsPage
from tests.council import Council
from tests.residents import event, meeting, publish

pytestmark = pytest.mark.django_db

KW = ' lang="kw" dir="auto"'
TEXT = json.dumps([{"type": "text", "value": "<p>Myttin da.</p>"}])
WORDS = {"title": "Dynnargh", "intro": "Konsel Tre.", "language": "kw"}


def html(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_page_in_cornish_is_marked_in_the_page_and_in_lists(council: Council) -> None:
    above = publish(council.home, ContentPage(title="Council", slug="council"))
    page = publish(
        above,
        ContentPage(slug="dynnargh", body=TEXT, search_description="Konsel Tre.", **WORDS),
    )
    shown = html(page.get_url())
    assert '<html lang="kw">' in shown
    assert '<body lang="en-GB">' in shown
    assert f"<h1{KW}>Dynnargh</h1>" in shown
    assert f'<p class="lead"{KW}>Konsel Tre.</p>' in shown
    assert re.search(rf"<div{KW}>.*Myttin da", shown, re.S)
    assert f'aria-current="page"{KW}>Dynnargh' in shown
    section = html("/council/")
    assert '<html lang="en-GB">' in section
    assert "<body>" in section
    assert f'href="/council/dynnargh/"{KW}>Dynnargh' in section
    assert f"<p{KW}>Konsel Tre." in section
    found = html("/search/?q=konsel")
    assert f'href="/council/dynnargh/"{KW}>Dynnargh' in found


def test_menu_trail_and_tiles_say_it_too(council: Council) -> None:
    page = publish(council.home, ContentPage(slug="dynnargh", show_in_menus=True, **WORDS))
    below = publish(page, ContentPage(title="English", slug="english"))
    council.home.tiles = [HomeTile(page=page.page_ptr)]
    council.home.save_revision().publish()
    front = html("/")
    assert front.count(f'href="/dynnargh/"{KW}>Dynnargh') == 3  # twice in the menu, and the tile
    shown = html(below.get_url())
    assert shown.count(f'href="/dynnargh/"{KW}') >= 1
    assert "<h1>English</h1>" in shown
    page.language = ""
    page.save_revision().publish()
    assert "kw" not in html("/")


def test_a_title_alone_may_be_in_another_language(council: Council) -> None:
    publish(council.section, NewsPage(slug="gool", only_title=True, body=TEXT, **WORDS))
    shown = html("/news/gool/")
    assert '<html lang="en-GB">' in shown
    assert f"<h1{KW}>" in shown
    assert '<p class="lead">Konsel' in shown
    listed = html("/news/")
    assert f'"{KW}>Dynnargh' in listed
    assert "<p>Konsel Tre.</p>" in listed


def test_dated_pages_in_their_lists_and_calendars(council: Council) -> None:
    gool = event(council.home, **WORDS)
    keskusulyans = meeting(council.home, **WORDS)
    for path, page in (("/events/", gool), ("/meetings/", keskusulyans), ("/", keskusulyans)):
        assert f'href="{page.get_url()}"{KW}>Dynnargh' in html(path)
    calendar = Client().get(f"/feeds/event/{gool.pk}.ics").content
    (found,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert found["SUMMARY"].params["LANGUAGE"] == "kw"


def test_the_sites_own_language_is_that_of_its_words(council: Council) -> None:
    details = SiteDetails.for_site(Site.objects.get())
    details.language = "cy"
    details.save()
    publish(council.home, ContentPage(title="English", slug="english", language="en-GB"))
    shown = html("/english/")
    assert '<html lang="en-GB">' in shown
    assert '<body lang="cy">' in shown
    assert '<html lang="cy">' in html("/search/?q=x")


def test_an_editor_chooses_the_language_in_the_form(council: Council) -> None:
    page = council.write(announce="", title="Dynnargh", language="kw", only_title="on")
    council.approve(page)
    assert f"<h1{KW}>Dynnargh</h1>" in html(page.get_url())
    refused = council.post_new(language="xx", slug="other")
    assert "not one of the available choices" in refused.content.decode()
