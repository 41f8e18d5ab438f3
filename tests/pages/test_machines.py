"""What machines read: feeds, calendars, sitemap, robots, linked data, share tags."""

import json
import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, PageViewRestriction, Site

from home.models import ContentPage, SiteDetails
from news.models import NewsIndexPage, NewsPage
from tests.council import Council, picture
from tests.residents import event, make_pictures, meeting, publish, vacancy

pytestmark = pytest.mark.django_db


def linked(html: str) -> dict[str, object]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert len(blocks) == 1
    found: dict[str, object] = json.loads(blocks[0])
    return found


def test_the_calendar_of_meetings_opens_in_a_calendar(council: Council) -> None:
    page = meeting(council.home, 7, title="Full council; with, signs\\")
    meeting(council.home, 8, title="Called off", cancelled="Storm")
    answer = Client().get(f"/feeds/{page.get_parent().pk}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    first, second = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(first["SUMMARY"]) == "Full council; with, signs\\"
    assert first["DTSTART"].dt == page.starts_at
    assert f"X-WR-CALNAME:Town Council: {page.get_parent().title}" in answer.content.decode()
    assert [str(e["STATUS"]) for e in (first, second)] == ["CONFIRMED", "CANCELLED"]
    assert str(first["URL"]) == page.full_url
    assert answer.content.endswith(b"END:VCALENDAR\r\n")


def test_a_page_that_a_script_put_up_breaks_no_calendar(council: Council) -> None:
    page = meeting(council.home, 7)
    type(page).objects.filter(pk=page.pk).update(first_published_at=None, last_published_at=None)
    for address in (f"/feeds/{page.get_parent().pk}/calendar.ics", f"/feeds/event/{page.pk}.ics"):
        (found,) = Calendar.from_ical(Client().get(address).content).walk("VEVENT")
        assert found["DTSTAMP"].dt
    assert Client().get(page.get_url()).status_code == 200


def test_an_event_all_day_has_no_hours(council: Council) -> None:
    page = event(council.home, all_day=True, slug="مهرجان")
    answer = Client().get(f"/feeds/event/{page.pk}.ics")
    sent = answer["Content-Disposition"]
    assert sent == f"attachment; filename*=utf-8''{quote(page.slug)}.ics"
    (found,) = Calendar.from_ical(answer.content).walk("VEVENT")
    first = timezone.localtime(page.starts_at).date()
    assert found["DTSTART"].dt == first
    seen = linked(Client().get(page.get_url()).content.decode())
    assert seen["startDate"] == first.isoformat()
    assert found["DTEND"].dt > first


def test_no_calendar_of_drafts_or_other_pages(council: Council) -> None:
    page = event(council.home)
    page.unpublish()
    assert Client().get(f"/feeds/event/{page.pk}.ics").status_code == 404
    assert Client().get(f"/feeds/{council.section.pk}/calendar.ics").status_code == 404
    assert Client().get(f"/feeds/event/{council.home.pk}.ics").status_code == 404


def test_feed_readers_find_the_news_from_the_front_page(council: Council) -> None:
    front = Client().get("/").content.decode()
    (address,) = re.findall(r'type="application/atom\+xml" title="[^"]+" href="([^"]+)"', front)
    assert Client().get(address)["Content-Type"].startswith("application/atom+xml")


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_news_in_feed_readers_by_purpose(council: Council, kind: str) -> None:
    for title, purpose in (("A seat is free", "election"), ("Well done & <b>all</b>", "good-news")):
        publish(council.section, NewsPage(title=title, intro="Words.", purpose=purpose))
    address = f"/feeds/{council.section.pk}/news.{kind}"
    everything = Client().get(address).content.decode()
    ElementTree.fromstring(everything)
    assert "A seat is free" in everything
    assert "Well done &amp; &lt;b&gt;all" in everything
    elections = Client().get(f"{address}?purpose=election").content.decode()
    assert "A seat is free" in elections
    assert "Well done" not in elections


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_news_that_moves_is_not_new_to_feed_readers(council: Council, kind: str) -> None:
    page = publish(council.section, NewsPage(title="A seat is free", intro="Words."))
    other = publish(council.home, NewsIndexPage(title="Visit", slug="visit"))
    name = re.compile(r"<(?:id|guid)[^>]*>(urn:uuid:[^<]+)<")

    def names(section: Page) -> list[str]:
        feed = Client().get(f"/feeds/{section.pk}/news.{kind}").content.decode()
        return name.findall(feed.partition("A seat is free")[2])

    before = names(council.section)
    page.move(other, pos="last-child")
    assert before
    assert names(other) == before
    assert names(council.section) == []


def test_the_feed_of_one_purpose_is_a_feed_of_its_own(council: Council) -> None:
    SiteDetails.objects.create(site=Site.objects.get(), language="cy")
    publish(council.section, NewsPage(title="A seat", intro="Words.", purpose="election"))
    address = f"/feeds/{council.section.pk}/news.atom"
    client = Client(headers={"host": "council.example"})
    everything, one = (
        ElementTree.fromstring(client.get(address + query).content)
        for query in ("", "?purpose=election&other=x")
    )
    atom = "{http://www.w3.org/2005/Atom}"
    own = [
        (feed.findtext(f"{atom}id"), *(link.get("href") for link in feed.findall(f"{atom}link")))
        for feed in (everything, one)
    ]
    assert own[0][0] != own[1][0]
    assert own[0][1:] == (council.section.full_url, f"http://council.example{address}")
    assert own[1][1:] == tuple(f"{link}?purpose=election" for link in own[0][1:])
    assert everything.get("{http://www.w3.org/XML/1998/namespace}lang") == "cy"


def test_the_sitemap_holds_public_pages_only(council: Council) -> None:
    shown = publish(council.home, ContentPage(title="Bins", slug="bins"))
    hidden = publish(council.home, ContentPage(title="Staff", slug="staff"))
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    draft = publish(council.home, ContentPage(title="Draft", slug="draft"))
    draft.unpublish()
    answer = Client(headers={"host": "council.example"}).get("/sitemap.xml")
    ElementTree.fromstring(answer.content)
    addresses = re.findall(r"<loc>(.*?)</loc>", answer.content.decode())
    assert shown.full_url in addresses
    assert council.home.full_url in addresses
    assert not [a for a in addresses if "staff" in a or "draft" in a]


def test_the_sitemap_does_not_grow_in_queries(
    council: Council, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(15):
        publish(council.home, ContentPage(title=f"P{number}", slug=f"p{number}"))
    with django_assert_max_num_queries(4):
        assert Client().get("/sitemap.xml").content.count(b"<url>") == 17


def test_robots(council: Council) -> None:
    text = Client().get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "/sitemap.xml" in text


def test_linked_data_of_each_kind(council: Council) -> None:
    page = meeting(council.home, title="</script><b>Council</b>")
    html = Client().get(page.get_url()).content.decode()
    assert linked(html)["name"] == "</script><b>Council</b>"
    assert "<b>Council</b>" not in html
    job = Client().get(vacancy(council.home).get_url()).content.decode()
    assert linked(job)["@type"] == "JobPosting"
    course = vacancy(council.home, kind="learning", title="First aid", employer="St Agnes Trust")
    learning = linked(Client().get(course.get_url()).content.decode())
    assert (learning["@type"], learning["name"]) == ("Course", "First aid")
    assert learning["provider"] == {"@type": "Organization", "name": "St Agnes Trust"}
    called_off = event(council.home, cancelled="Storm")
    happening = linked(Client().get(called_off.get_url()).content.decode())
    assert happening["eventStatus"] == "https://schema.org/EventCancelled"
    assert linked(Client().get("/").content.decode())["@type"] == "GovernmentOrganization"


def test_one_set_of_share_tags_with_a_sized_picture(council: Council) -> None:
    image = picture("Shelves & books")
    make_pictures()
    page = publish(council.section, NewsPage(title="Late “opening”", intro="Until 8.", image=image))
    html = Client().get(page.get_url()).content.decode()
    tags = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)"', html))
    assert html.count('property="og:title"') == 1
    assert html.count('rel="canonical"') == 1
    assert html.count('name="description"') == 1
    assert tags["image"].startswith("https://council.example/media/")
    assert (tags["image:width"], tags["image:height"]) == ("1200", "630")
    assert tags["image:alt"] == "Shelves &amp; books"
    assert tags["url"] == page.full_url
    assert tags["type"] == "article"
    assert 'content="summary_large_image"' in html
    for kind in ("image/avif", "image/webp"):
        assert f'type="{kind}"' in html


def test_a_part_of_a_long_list_is_its_own_address(council: Council) -> None:
    for number in range(13):
        publish(council.section, NewsPage(title=f"N{number}", intro="I."))
    whole = "https://council.example/news/"
    for asked, true in (
        ("?page=2&other=x", "?page=2"),
        ("?page=999", "?page=2"),
        ("?page=1", ""),
        ("?purpose=announcement&page=2", "?purpose=announcement&amp;page=2"),
        ("?purpose=unheard", ""),
    ):
        html = Client().get(f"/news/{asked}").content.decode()
        assert f'<link rel="canonical" href="{whole}{true}">' in html
    title = Client().get("/news/?purpose=announcement&page=2").content.decode()
    assert "<title>News: Announcements (page 2 of 2) – " in title


def test_what_was_chosen_of_a_list_is_in_its_address_and_title(council: Council) -> None:
    page = meeting(council.home, -400)
    event(council.home, hours=-48)
    year = page.date.year
    for path, address, title in (
        (f"/meetings/?year={year}", f"/meetings/?year={year}", f"Meetings: {year}"),
        ("/meetings/?year=abc", "/meetings/", "Meetings"),
        ("/events/?past", "/events/?past=", "Events: past events"),
    ):
        html = Client().get(path).content.decode()
        assert f'<link rel="canonical" href="https://council.example{address}">' in html
        assert f"<title>{title} – " in html


def test_events_that_are_over_leave_the_list(council: Council) -> None:
    event(council.home, -5, title="Over")
    event(council.home, 5, title="Coming")
    shown = Client().get("/events/").content.decode()
    assert "Coming" in shown
    assert "Over<" not in shown
    assert "Over" in Client().get("/events/?past").content.decode()
