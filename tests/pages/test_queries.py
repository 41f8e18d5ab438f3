"""How often a page asks the database, and that it does not ask more as the site grows."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from home import content_version
from home.models import Alert, Committee, CommitteeSeat, ContentPage, PeopleIndexPage, PersonPage
from news.models import UNDATED, NewsIndexPage, NewsPage
from social_publish.models import Announcement, Delivery
from tests.council import Council
from tests.many_pages import copy_page
from tests.residents import document, event, make_pictures, meeting, news, publish, vacancy

pytestmark = pytest.mark.django_db


def html(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def asked(path: str) -> list[str]:
    """What a page asks of the database once menu, settings, alerts and site are known.

    Without the content version, which each process reads once a second.
    """
    html(path)
    html(path)
    with CaptureQueriesContext(connection) as captured:
        html(path)
    return [q["sql"] for q in captured.captured_queries if "contentversion" not in q["sql"]]


def full_site(council: Council) -> dict[str, str]:
    """A page of each kind: {kind: address}."""
    person = PersonPage(title="Ann Lee", slug="ann", ward="Mill")
    person.seats = [CommitteeSeat(committee=Committee.objects.create(name="Parks"), post="Chair")]
    publish(publish(council.home, PeopleIndexPage(title="People", slug="people")), person)
    paper = document()
    with_file = meeting(council.home, agenda_file=paper)
    past = meeting(council.home, -30, minutes_file=paper, minutes_status="draft")
    found = {
        "news": news(council.section, 12)[0].get_url(),
        "list of news": "/news/",
        "front page": "/",
        "meeting": with_file.get_url(),
        "past meeting": past.get_url(),
        "meetings": "/meetings/",
        "event": event(council.home).get_url(),
        "events": "/events/",
        "vacancy": vacancy(council.home).get_url(),
        "person": "/people/ann/",
        "people": "/people/",
        "page": publish(council.home, ContentPage(title="Bins", slug="bins")).get_url(),
    }
    make_pictures()
    return found


# One more is left for the content version.
MOST = {
    "news": 6,
    "list of news": 7,
    "front page": 14,
    "meeting": 6,
    "past meeting": 6,
    "meetings": 9,
    "event": 6,
    "events": 7,
    "vacancy": 6,
    "person": 6,
    "people": 7,
    "page": 6,
}


def test_each_kind_of_page_asks_little(council: Council) -> None:
    found = full_site(council)
    counts = {kind: len(asked(address)) for kind, address in found.items()}
    assert {kind: n for kind, n in counts.items() if n > MOST[kind]} == {}
    assert counts.keys() == MOST.keys()


def test_two_hundred_pages_ask_no_more_than_twelve(council: Council) -> None:
    page = news(council.section, 12)[0]
    make_pictures()
    addresses = ("/", "/news/", page.get_url())
    few = [len(asked(address)) for address in addresses]
    picture = page.image
    for n in range(188):
        council.section.add_child(instance=NewsPage(title=f"More {n}", intro="I.", image=picture))
    assert [len(asked(address)) for address in addresses] == few


def test_the_end_of_a_long_list_costs_no_more_than_its_beginning(council: Council) -> None:
    first = news(council.section, 1)[0]
    copy_page(first, 99)
    days = [first.date - timedelta(days=number // 3) for number in range(100)]
    for page, day in zip(NewsPage.objects.order_by("pk"), days, strict=True):
        NewsPage.objects.filter(pk=page.pk).update(date=day)
    NewsPage.objects.filter(date=days[30]).update(closes_on=days[40])
    content_version.bump()
    open_ones = NewsPage.objects.exclude(date=days[30]).order_by("-date", "-pk")
    wanted = [page.get_url() for page in open_ones]
    parts = [
        re.findall(r'<h\d><a href="(/news/[^"]+)"', html(f"/news/?page={number}"))
        for number in (*range(1, 10), 99)
    ]
    assert [len(part) for part in parts] == [12] * 8 + [1, 1]
    assert [address for part in parts[:9] for address in part] == wanted
    assert parts[9] == parts[8]
    (statement,) = [sql for sql in asked("/news/?page=9") if "LIMIT" in sql and "date" in sql]
    offset = re.search(r"OFFSET (\d+)", statement)
    assert offset is None or int(offset[1]) < 3


def test_lists_do_not_walk_the_tree(council: Council) -> None:
    news(council.section, 2)
    for address in ("/", "/news/"):
        statements = [sql for sql in asked(address) if "news_newspage" in sql]
        assert statements
        assert not [sql for sql in statements if re.search(r'path" (BETWEEN|LIKE)', sql)]


def test_where_a_page_was_posted_is_not_sought_among_all_posts(council: Council) -> None:
    """Each statement about posts begins with those of this one page."""
    page = council.write()
    council.approve(page)
    council.deliver()
    assert "Also posted on" in html(page.get_url())
    (statement,) = [sql for sql in asked(page.get_url()) if Delivery._meta.db_table in sql]
    assert f'"{Announcement._meta.db_table}"."page_id" = {page.pk}' in statement
    assert '"state" =' not in statement


# What is kept in memory must be right all the same.


def test_a_page_below_a_private_one_is_for_nobody_else(council: Council) -> None:
    section = publish(council.home, ContentPage(title="Staff", slug="staff", show_in_menus=True))
    below = publish(section, ContentPage(title="Rota", slug="rota"))
    index = publish(section, NewsIndexPage(title="Inside", slug="inside"))
    piece = publish(index, NewsPage(title="Not for all", intro="I."))
    addresses = [page.get_url() for page in (section, below, index, piece)]
    assert [Client().get(address).status_code for address in addresses] == [200] * 4
    assert "Staff</a>" in html("/")
    restriction = PageViewRestriction.objects.create(
        page=section.page_ptr, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.get(name="Councillors"))
    assert [Client().get(address).status_code for address in addresses] == [302] * 4
    front = html("/")
    assert "Staff</a>" not in front
    assert "Not for all" not in front
    assert council.client("councillor").get(below.get_url()).status_code == 200
    restriction.delete()
    assert [Client().get(address).status_code for address in addresses] == [200] * 4


def test_an_alias_is_as_private_as_its_page(council: Council) -> None:
    page = publish(council.home, ContentPage(title="Staff", slug="staff"))
    alias = page.create_alias(parent=council.home.page_ptr, update_slug="staff-too")
    assert Client().get(alias.get_url()).status_code == 200
    PageViewRestriction.objects.create(
        page=page.page_ptr, restriction_type=PageViewRestriction.LOGIN
    )
    assert Client().get(alias.get_url()).status_code == 302


def test_drafts_and_other_addresses_are_not_found(council: Council) -> None:
    page = news(council.section, 1)[0]
    html(page.get_url())
    for wrong in ("/news-1/", "/news/news-1/more/", "/news/news-2/", f"/home{page.get_url()}"):
        assert Client().get(wrong).status_code == 404
    page.unpublish()
    assert Client().get(page.get_url()).status_code == 410
    # What is below a page that was taken down keeps its address, as everywhere in Wagtail.
    below = publish(council.section, NewsPage(title="Stays", slug="stays", intro="I."))
    NewsIndexPage.objects.get(pk=council.section.pk).unpublish()
    assert "Stays" in html(below.get_url())


def test_what_was_changed_is_shown_at_once(council: Council) -> None:
    page = news(council.section, 1)[0]
    section = NewsIndexPage.objects.get(pk=council.section.pk)
    assert ">News</a>" in html(page.get_url())
    section.title = "What is new"
    section.save_revision().publish()
    shown = html(page.get_url())
    assert shown.count(">What is new</a>") == 3  # twice in the menu, and in the trail
    council.group.office_contact.phone = "01632 960 999"
    council.group.office_contact.save()
    assert "01632 960 999" in html(page.get_url())
    below = publish(council.home, ContentPage(title="Services", slug="services"))
    section.move(Page.objects.get(pk=below.pk), pos="last-child")
    moved = html("/services/news/news-0/")
    assert 'href="/services/"' in moved


def test_another_host_is_another_site_at_once(council: Council) -> None:
    other = Page.objects.get(depth=1).add_child(
        instance=type(council.home)(title="The library", slug="library", intro="Books.")
    )
    publish(other, NewsIndexPage(title="Readers", slug="news", show_in_menus=True))
    at_the_library = Client(headers={"host": "library.example"})
    assert "Readers" not in at_the_library.get("/").content.decode()
    Site.objects.create(hostname="library.example", port=443, root_page=other)
    assert "Readers" in at_the_library.get("/news/").content.decode()
    assert "Readers" not in html("/news/")


def test_an_alert_that_waits_needs_no_edit_to_come(council: Council) -> None:
    now = timezone.now()
    Alert.objects.create(
        title="High water",
        level=Alert.Level.WARNING,
        starts_at=now + timedelta(minutes=1),
        ends_at=now + timedelta(minutes=2),
    )
    shown = []
    for seconds in (0, 59, 61, 119, 121):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            shown.append("High water" in html("/"))
    assert shown == [False, False, True, True, False]


def test_notices_and_meetings_turn_over_at_midnight(council: Council) -> None:
    today = timezone.localdate()
    fields: dict[str, Any] = {"intro": "I.", "purpose": "notice", "closes_on": today}
    publish(council.section, NewsPage(title="Road closed", **fields))
    meeting(council.home, 0, title="Full council")
    front = html("/")
    assert "Road closed" in front
    assert "Full council" in front
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tomorrow = html("/")
    assert "Road closed" not in tomorrow
    assert "Full council" not in tomorrow


def test_a_notice_without_an_end_does_not_stand_in_front_for_ever(council: Council) -> None:
    publish(council.section, NewsPage(title="Byelaws", intro="I.", purpose="notice"))
    assert "Byelaws" in html("/").partition('id="notices"')[2].partition("</section>")[0]
    with time_machine.travel(timezone.now() + UNDATED):
        later = html("/").partition('id="notices"')[2].partition("</section>")[0]
        assert "no public notices now" in later
        assert "Byelaws" in html("/news/")
