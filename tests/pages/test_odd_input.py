"""What people type, paste and delete, and addresses that nobody meant: the pages stay up."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from home.blocks import ButtonBlock
from home.models import ContactPage, ContentPage, DocumentEntry, DocumentsPage, HomePage
from news.models import EventIndexPage, MeetingIndexPage, NewsPage
from tests.council import Council, picture
from tests.residents import document, event, make_pictures, meeting, publish, vacancy

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
VALUES = (
    "%00",
    "-1",
    "9" * 30,
    "%C2%B2",
    "0000",
    "%D9%A3",
    "%F0%9F%98%80",
    "%E2%80%AE",
    "'\"<",
    "",
)
# Word's line break, its bullet, invisible signs and a bell.
FROM_WORD = "Late\x0bopening\x07 \u00a0\u200b\ufeff\u2028 “tea” \uf0b7\tand\r\ncake"


def status(path: str) -> int:
    return Client(raise_request_exception=False).get(path).status_code


def html(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def body(*parts: tuple[str, Any]) -> str:
    return json.dumps([{"type": kind, "value": value} for kind, value in parts])


def test_whatever_stands_in_an_address_no_page_breaks(council: Council) -> None:
    meeting(council.home)
    event(council.home)
    vacancy(council.home)
    lists = ("/news/?purpose=", "/meetings/?committee=", "/meetings/?year=", "/search/?q=")
    pages = [f"{path}?page=" for path in ("/news/", "/meetings/", "/events/", "/jobs/", "/posts/")]
    for value in VALUES:
        assert [p + value for p in (*lists, *pages) if status(p + value) != 200] == []
        for address in (
            f"/feeds/{value}/news.atom",
            f"/feeds/{value}/calendar.ics",
            f"/feeds/event/{value}.ics",
            f"/letters/{value}/",
            f"/style/{value}/x.css",
            f"/news/{value or 'x'}/",
            f"/n/{value}",
        ):
            assert status(address) in (301, 302, 404), address


def test_what_is_deleted_leaves_no_broken_page(council: Council) -> None:
    image, file = picture("Boats"), document()
    other = publish(council.home, ContentPage(title="Other", slug="other"))
    parts = body(
        ("picture", {"image": image.pk, "decorative": False, "alt_text": "Boats"}),
        ("file", {"title": "The plan", "document": file.pk}),
        ("button", {"label": "Onward", "page": other.pk, "address": ""}),
    )
    publish(council.home, ContentPage(title="A", slug="a", body=parts))
    make_pictures()
    whole = html("/a/")
    assert 'alt="Boats"' in whole
    assert 'class="button" href="/other/"' in whole
    Path(file.file.path).unlink()
    assert status(file.url) == 404
    other.unpublish()
    assert "Onward" not in html("/a/")
    image.delete()
    file.delete()
    other.delete()
    left = html("/a/")
    assert "<figure>" not in left
    assert 'href=""' not in left
    assert "The plan is not here any more" in left


def test_a_button_leads_somewhere() -> None:
    with pytest.raises(ValidationError):
        ButtonBlock().clean({"label": "Go", "page": None, "address": ""})


def test_words_pasted_from_word_break_no_feed(council: Council) -> None:
    words = {"title": FROM_WORD, "intro": FROM_WORD}
    publish(council.section, NewsPage(slug="word", **words))
    event(council.home, place=FROM_WORD, **words)
    meeting(council.home, place=FROM_WORD, **words)
    for address in ("/", "/news/", "/news/word/", "/events/", "/meetings/"):
        assert "“tea”" in html(address)
    for kind in ("atom", "rss"):
        ElementTree.fromstring(html(f"/feeds/{council.section.pk}/news.{kind}"))
    for index in (MeetingIndexPage.objects.get(), EventIndexPage.objects.get()):
        (found,) = Calendar.from_ical(html(f"/feeds/{index.pk}/calendar.ics")).walk("VEVENT")
        assert str(found["SUMMARY"]).startswith("Late opening")


def test_what_looks_like_html_is_words_to_feed_readers(council: Council) -> None:
    publish(council.section, NewsPage(title="A < B", slug="a", intro="5 < 6 & <img src=x>"))
    atom = ElementTree.fromstring(html(f"/feeds/{council.section.pk}/news.atom"))
    rss = ElementTree.fromstring(html(f"/feeds/{council.section.pk}/news.rss"))
    for words in (
        atom.findtext(f"{ATOM}entry/{ATOM}summary"),
        rss.findtext("channel/item/description"),
    ):
        assert words == "5 &lt; 6 &amp; &lt;img src=x&gt;"
    assert atom.findtext(f"{ATOM}entry/{ATOM}title") == "A < B"
    assert atom.findtext(f"{ATOM}author/{ATOM}name"), "RFC 4287 asks for one"


def test_half_an_emoji_in_a_text_is_forgiven(council: Council) -> None:
    blocks = [{"key": "abcde", "text": "Half \ud83d of it", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": [], "data": {}}]  # fmt: skip
    text = json.dumps({"blocks": blocks, "entityMap": {}})
    form = {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "text", "body-0-id": "", "body-0-value": text}  # fmt: skip
    assert council.post_new(action="", **form).status_code == 302
    assert "Half ? of it" in str(NewsPage.objects.get().latest_revision.content["body"])


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"words": "w" * 3_000_000}},
        {"data": b"--x", "content_type": "multipart/form-data"},
        {"data": b"words=a", "content_type": "application/x-www-form-urlencoded; charset=utf-16"},
    ],
    ids=["too much", "damaged", "another alphabet"],
)
def test_what_cannot_be_read_is_said_in_plain_words(council: Council, sent: dict[str, Any]) -> None:
    page = publish(council.home, ContactPage(title="Contact", slug="contact"))
    answer = Client().post(f"/letters/{page.pk}/", **sent)
    assert answer.status_code == 400
    assert "Go back, where your words may still be" in answer.content.decode()


def test_a_form_of_the_admin_that_was_open_too_long_says_so(council: Council) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(council.people["webmaster"])
    answer = client.post(f"/admin/pages/{council.home.pk}/edit/", {"title": "x"})
    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()


def test_a_title_that_is_too_long_comes_back_with_everything_else(council: Council) -> None:
    answer = council.post_new(title="W" * 300, intro="Kept words", action="")
    shown = answer.content.decode()
    assert "at most 255 characters" in shown
    assert "Kept words" in shown
    assert not NewsPage.objects.exists()


def test_what_is_shared_names_its_source(council: Council) -> None:
    answer = council.post_new(purpose="partner")
    assert "Choose whose news it is" in answer.content.decode()


@pytest.mark.parametrize(
    "now",
    ["2026-03-29T00:30:00+00:00", "2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00"],
    ids=["clocks forward", "clocks back", "the hour again"],
)
def test_the_nights_when_the_clocks_change(council: Council, now: str) -> None:
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        at_night = meeting(council.home, 0, title="At night", start=time(1, 30))
        event(council.home, -1, title="On now", ends_at=timezone.now() + timedelta(hours=2))
        assert "At night" in html("/")
        assert "1.30am" in html(at_night.get_url())
        assert "On now" in html("/events/")
        (found,) = Calendar.from_ical(html(f"/feeds/event/{at_night.pk}.ics")).walk("VEVENT")
        assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(hours=2)


def test_long_lists_are_turned_over(council: Council) -> None:
    for day in range(1, 15):
        meeting(council.home, day, title=f"Coming {day}.")
    meeting(council.home, -1, title="Past")
    first = html("/meetings/")
    assert first.count('class="row"') == 13
    assert "All coming meetings" in first
    assert 'class="row"' in html("/meetings/?coming=all&page=2")
    assert html("/meetings/?coming=all&page=2").count('class="row"') == 2
    page = DocumentsPage(title="Documents", slug="documents")
    file = document()
    page.entries = [DocumentEntry(title=f"Paper {n}", document=file) for n in range(101)]
    publish(council.home, page)
    assert html("/documents/").count("<h3>") == 100
    assert html("/documents/?page=2").count("<h3>") == 1


def test_a_years_minutes_are_one_link_from_the_meetings(council: Council) -> None:
    last_year = timezone.localdate().year - 1
    old = meeting(council.home, title="Old", date=datetime(last_year, 5, 5).date(), minutes_status="approved", minutes=body(("text", "<p>Agreed.</p>")))  # fmt: skip
    meeting(council.home, 7, title="Coming soon")
    assert f'href="?year={last_year}"' in html("/meetings/")
    shown = html(f"/meetings/?year={last_year}")
    assert f'href="{old.get_url()}#minutes"' in shown
    assert "Coming soon" not in shown
    assert 'id="minutes"' in html(old.get_url())


def test_each_site_of_an_install_may_have_its_front_page(council: Council) -> None:
    root = council.home.get_parent()
    assert HomePage.can_create_at(root)
    assert not HomePage.can_exist_under(council.home)
