"""The page cache, by the addresses residents ask for.

A kept page is told from a new one by changing a row behind the models, which nothing hears of.
"""

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from wagtail import hooks
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from cms.page_cache import QUERY
from home.models import Alert, ContactPage, ContentPage, SiteDetails
from news.models import NewsPage
from tests.council import Council
from tests.residents import event, publish

pytestmark = pytest.mark.django_db

BEHIND = "Changed behind the models"
NOON = datetime(2030, 6, 3, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def noon() -> Iterator[None]:
    """Every page turns over at midnight, and a run of the tests may pass it."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture(autouse=True)
def kept(noon: None, settings: Settings, council: Council) -> Iterator[None]:
    settings.PAGE_CACHE_SECONDS = 300
    # A site's details are made when they are first asked for, and that is a change.
    SiteDetails.for_site(Site.objects.get())
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def bins(council: Council) -> ContentPage:
    page: ContentPage = publish(council.home, ContentPage(title="Bins", slug="bins"))
    return page


def ask(path: str, **headers: str) -> Any:
    return Client(headers={"host": "council.example"} | headers).get(path)


def words(path: str, **headers: str) -> str:
    return str(ask(path, **headers).content.decode())


def change_behind(page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(title=BEHIND)


def is_kept(page: Page, path: str = "/bins/", **headers: str) -> bool:
    """Ask, change the row, ask again: is it the same?"""
    ask(path, **headers)
    title = page.title
    change_behind(page)
    same = BEHIND not in words(path, **headers)
    Page.objects.filter(pk=page.pk).update(title=title)
    return same


def test_a_page_is_kept_until_something_changes(council: Council, bins: ContentPage) -> None:
    assert is_kept(bins)
    change_behind(bins)
    publish(council.section, NewsPage(title="News", intro="I"))
    assert BEHIND in words("/bins/")
    bins.refresh_from_db()
    bins.unpublish()
    assert ask("/bins/").status_code == 410


def test_cookies_of_others_and_unknown_queries_get_the_same_copy(bins: ContentPage) -> None:
    first = words("/bins/")
    change_behind(bins)
    for path in ("/bins/?utm_source=x", "/bins/?fbclid=1&fbclid=2", "/bins/?", "/bins/?page=-1"):
        assert words(path) == first
    for cookie in ("a=b", "_ga=1; a=b", "csrftoken=x", "a=sessionid", "sessionid"):
        assert words("/bins/", cookie=cookie) == first
    for name, value in {"Range": "bytes=0-9", "Accept-Language": "cy", "Accept": "a/b"}.items():
        assert words("/bins/", **{name: value}) == first


def test_a_strangers_query_leaves_no_trace_in_what_others_get(council: Council) -> None:
    for number in range(25):
        publish(council.section, NewsPage(title=f"N{number}", intro="I."))
    words("/news/?utm_source=spoiled&purpose=spoiled&page=2", cookie="a=spoiled")
    second = words("/news/?page=2")
    assert "spoiled" not in second
    NewsPage.objects.update(title=BEHIND)
    assert words("/news/?page=2&x=1") == second
    assert BEHIND in words("/news/")
    assert BEHIND in words("/news/?page=3")
    assert "There is no news" in words("/news/?purpose=election")


def test_who_takes_it_packed_gets_it_packed_and_others_do_not(bins: ContentPage) -> None:
    plain = ask("/bins/")
    packed = [
        ask("/bins/", **{"Accept-Encoding": takes})
        for takes in ("gzip", "br, gzip, deflate", "deflate;q=0.5, GZIP ;q=0.1", "gzip;q=0.01")
    ]
    change_behind(bins)
    for answer in packed:
        assert answer["Content-Encoding"] == "gzip"
        assert int(answer["Content-Length"]) == len(answer.content) < len(plain.content) / 2
        assert gzip.decompress(answer.content) == plain.content
        assert answer["ETag"] == packed[0]["ETag"] != plain["ETag"]
        assert answer["Vary"] == "Accept-Encoding"
    for takes in ("", "identity", "br", "gzip;q=0", "br, gzip; q=0.000, deflate", "x-gzipped"):
        answer = ask("/bins/", **{"Accept-Encoding": takes})
        assert answer.content == plain.content
        assert "Content-Encoding" not in answer
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed[0]["ETag"]}
    assert ask("/bins/", **again).status_code == 304
    assert ask("/bins/", **again | {"If-None-Match": plain["ETag"]}).status_code == 200


def test_other_hosts_neither_get_nor_spoil_it(bins: ContentPage) -> None:
    assert not is_kept(bins, host="evil.example")
    assert not is_kept(bins, host="council.example:81")
    assert "evil" not in words("/bins/")
    assert is_kept(bins, host="council.example:443")


def test_only_get_fills_it_and_only_get_and_head_are_answered(bins: ContentPage) -> None:
    client = Client(headers={"host": "council.example"})
    client.head("/bins/")
    change_behind(bins)
    assert BEHIND in words("/bins/")
    Page.objects.filter(pk=bins.pk).update(title="Bins")
    head = client.head("/bins/")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == ask("/bins/")["ETag"]
    for method in (client.post, client.put, client.options):
        assert "ETag" not in method("/bins/").headers


def test_staff_see_what_is_true_now(council: Council, bins: ContentPage) -> None:
    staff = council.client("editor")
    answer = staff.get("/bins/", headers={"host": "council.example"})
    assert answer["Cache-Control"] == "private"
    change_behind(bins)
    assert BEHIND in words("/bins/")
    Page.objects.filter(pk=bins.pk).update(title="Bins")
    fresh = staff.get("/bins/", headers={"host": "council.example"}).content.decode()
    assert BEHIND not in fresh


def test_what_is_never_kept(council: Council, bins: ContentPage) -> None:
    contact = publish(council.home, ContactPage(title="Contact", slug="contact"))
    assert words("/contact/") != words("/contact/")
    assert "we have your message" in words("/contact/?sent")
    assert not is_kept(contact, "/contact/")
    assert not is_kept(bins, "/search/?q=bins")
    for kind, answer in (("password", 200), ("login", 302)):
        PageViewRestriction.objects.all().delete()
        PageViewRestriction.objects.create(page=bins, restriction_type=kind, password="w")
        assert ask("/bins/").status_code == answer
        assert "s-maxage" not in ask("/bins/")["Cache-Control"]
        assert BEHIND not in words("/bins/")


def test_a_private_page_opens_for_who_may_read_it_and_for_nobody_else(
    council: Council, bins: ContentPage
) -> None:
    words("/bins/")
    lock = PageViewRestriction.objects.create(page=bins, restriction_type="password", password="w")
    reader = Client(headers={"host": "council.example"})
    asked = reader.get("/bins/")
    action = asked.context["action_url"]
    wrong = reader.post(action, {"password": "x", "return_url": "/bins/"})
    assert "Bins</h1>" not in wrong.content.decode()
    opened = reader.post(action, {"password": "w", "return_url": "/bins/"}, follow=True)
    assert "Bins</h1>" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert "Bins</h1>" not in words("/bins/")
    lock.restriction_type = "login"
    lock.save()
    assert reader.get("/bins/", follow=True).status_code == 200
    staff = council.client("councillor")
    assert "Bins</h1>" in staff.get("/bins/", headers={"host": "council.example"}).content.decode()


def test_a_page_that_was_not_there_may_come(council: Council) -> None:
    assert ask("/bins/").status_code == 404
    Redirect.add_redirect("/index.php?id=12", council.section, is_permanent=True)
    assert ask("/index.php?id=12").url == "/news/"
    page = council.home.add_child(instance=ContentPage(title="Bins", slug="bins", live=False))
    Page.objects.filter(pk=page.pk).update(live=True)
    assert ask("/bins/").status_code == 200


def test_a_preview_of_a_draft_is_neither_answered_from_it_nor_kept(bins: ContentPage) -> None:
    words("/bins/")
    bins.title = "A draft"
    assert "A draft" in bins.make_preview_request().content.decode()
    assert "A draft" not in words("/bins/")


def test_caches_in_front_and_browsers_are_told(bins: ContentPage) -> None:
    for answer in (ask("/bins/"), ask("/bins/?again")):
        assert answer["Cache-Control"] == "public, max-age=0, s-maxage=60"
        assert answer["Vary"] == "Accept-Encoding"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
    again = ask("/bins/", **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == answer["ETag"]
    assert ask("/bins/", **{"If-None-Match": '"other"'}).status_code == 200


def test_what_changes_by_the_clock_changes_on_time(council: Council, bins: ContentPage) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        Alert.objects.create(
            title="High water",
            starts_at=NOON + timedelta(seconds=30),
            ends_at=NOON + timedelta(seconds=90),
        )
        event(council.home, 0, ends_at=NOON + timedelta(seconds=120), title="A market")
        assert "High water" not in words("/")
        assert ask("/")["Cache-Control"].endswith("s-maxage=30")
        clock.move_to(NOON + timedelta(seconds=30))
        assert "High water" in words("/")
        clock.move_to(NOON + timedelta(seconds=90))
        assert "High water" not in words("/")
        assert "A market" in words("/events/")
        clock.move_to(NOON + timedelta(seconds=121))
        assert "A market" not in words("/events/")


def test_lists_turn_over_at_midnight(council: Council) -> None:
    late = NOON.replace(hour=23, minute=58)
    with time_machine.travel(late, tick=False) as clock:
        page = NewsPage(title="Last day", intro="I", closes_on=late.date())
        publish(council.section, page)
        assert "Last day" in words("/news/")
        clock.move_to(late + timedelta(minutes=2))
        assert "Last day" not in words("/news/")


def test_nothing_is_kept_longer_than_the_setting_says(bins: ContentPage) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert is_kept(bins)
        change_behind(bins)
        clock.shift(299)
        assert BEHIND not in words("/bins/")
        clock.shift(1)
        assert BEHIND in words("/bins/")


def test_one_request_builds_a_page_anew_and_others_get_the_old_one(bins: ContentPage) -> None:
    old = words("/bins/")
    bins.title = "Rubbish"
    bins.save_revision().publish()
    meanwhile = []

    def another_comes(*_: Any) -> None:
        meanwhile.append(words("/bins/"))

    with hooks.register_temporarily("before_serve_page", another_comes):
        new = words("/bins/")
    assert meanwhile == [old]
    assert "Rubbish" in new
    assert words("/bins/") == new


def test_every_name_that_pages_read_of_a_query_is_known() -> None:
    names = set()
    for room in ("home", "news", "cms", "social_publish"):
        for file in Path(configured.BASE_DIR, room).rglob("*.py"):
            if "admin" not in file.parts and file.name != "search.py":
                names |= set(
                    re.findall(r'GET\.get\(\s*"(\w+)"|"(\w+)" in request\.GET', file.read_text())
                )
    assert {a or b for a, b in names} == set(QUERY)


def test_a_shared_cache_that_is_away_costs_only_speed(
    bins: ContentPage, settings: Settings
) -> None:
    redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:9",
    }
    settings.CACHES = settings.CACHES | {"pages": redis}
    try:
        assert [ask("/bins/").status_code for _ in range(2)] == [200, 200]
    finally:
        # The fixture empties the real one.
        settings.CACHES = settings.CACHES | {
            "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
        }


# --- a database that is away ---------------------------------------------------------------


def is_away(*_: Any) -> None:
    raise OperationalError("the database does not answer")


def test_kept_pages_are_served_while_the_database_is_away(bins: ContentPage) -> None:
    old = words("/bins/")
    with time_machine.travel(timezone.now() + timedelta(hours=3)) as clock:
        for _ in range(3):
            with connection.execute_wrapper(is_away):
                assert words("/bins/?x") == old
            clock.shift(7)
        client = Client(raise_request_exception=False, headers={"host": "council.example"})
        with connection.execute_wrapper(is_away):
            other = client.get("/news/")
        assert other.status_code == 503
        clock.shift(60)
        change_behind(bins)
        assert BEHIND in words("/bins/")


ASK = """
import django
django.setup()
from django.test import Client
for path in ("/", "/bins/?page=2", "/search/?q=bins"):
    answer = Client(raise_request_exception=False).get(path)
    print(answer.status_code, answer["Retry-After"], answer["Cache-Control"], len(answer.cookies))
    print(answer.content.decode().count("This page cannot be shown just now"))
"""


@pytest.mark.parametrize("address", ["sqlite:////nowhere/db", "postgres://a:b@127.0.0.1:9/c"])
def test_without_a_kept_page_a_plain_page_says_so(address: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=configured.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": address,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.splitlines() == ["503 60 no-store 0", "2"] * 3
