"""What comes from others is named as theirs wherever it is shown (R66, R71)."""

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from news.models import NewsPage, Partner
from tests.council import Council
from tests.residents import event, publish, vacancy

pytestmark = pytest.mark.django_db

DISCLAIMER = "not the direct responsibility of the council"


def html(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def shared(council: Council) -> NewsPage:
    police = Partner.objects.create(name="Police & Co", address="https://police.example/")
    words = {"title": "Lock your bike", "slug": "bike", "intro": "At the station."}
    source = {"partner": police, "source_address": "https://police.example/bikes"}
    publish(council.section, NewsPage(title="Our own", slug="own", intro="Ours."))
    page: NewsPage = publish(council.section, NewsPage(purpose="notice", **words, **source))
    return page


def test_cards_and_notices_name_the_source(shared: NewsPage) -> None:
    for path in ("/", "/news/"):
        cards = re.findall(r'<li class="card">.*?</li>', html(path), re.S)
        named = ["Shared from Police &amp; Co, not the council’s own" in card for card in cards]
        assert named == ["Lock your bike" in card for card in cards]
        assert sorted(named) == [False, True]
    assert "shared from Police &amp; Co" in html("/").partition('id="notices"')[2]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feeds_carry_source_and_disclaimer(shared: NewsPage, kind: str) -> None:
    feed = html(f"/feeds/{shared.listed_under_id}/news.{kind}")
    ElementTree.fromstring(feed)
    # Words of HTML inside XML.
    assert feed.count("Shared from Police &amp;amp; Co: https://police.example/bikes") == 1
    assert feed.count(DISCLAIMER) == 1
    tag = "name" if kind == "atom" else "dc:creator"
    authors = re.findall(f"<{tag}[^>]*>([^<]+)</{tag}>", feed)
    assert set(authors) == {"Police &amp; Co", "Town Council"}


def test_search_engines_hear_whose_it_is(shared: NewsPage) -> None:
    shown = html("/news/bike/")
    assert '"isBasedOn": "https://police.example/bikes"' in shown
    assert '"sourceOrganization": {"@type": "Organization", "name": "Police & Co"}' in shown
    assert "isBasedOn" not in html("/news/own/")


def test_events_and_jobs_of_others_carry_the_disclaimer(council: Council) -> None:
    theirs = event(council.home, organiser="Market Friends")
    ours = event(council.home, title="Ours", slug="ours")
    assert "by Market Friends" in html("/events/")
    assert DISCLAIMER in html(theirs.get_url())
    assert DISCLAIMER not in html(ours.get_url())
    job = vacancy(council.home, employer="The harbour")
    assert "With The harbour" in html("/jobs/")
    assert DISCLAIMER in html(job.get_url())
