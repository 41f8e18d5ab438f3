"""The content version: everything residents see changes it, in its own transaction."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, Site

from home import content_version
from home.models import Alert, Committee, ContentPage, SiteDetails
from news.models import NewsPage, Partner
from social_publish.models import OfficeContact
from tests.council import Council, picture
from tests.residents import document, publish

pytestmark = pytest.mark.django_db


def bins(council: Council) -> ContentPage:
    page: ContentPage = publish(council.home, ContentPage(title="Bins", slug="bins"))
    return page


def changed_by(work: Callable[[], object]) -> bool:
    before = content_version.current()
    work()
    return content_version.current() != before


def test_a_page_that_comes_changes_and_goes(council: Council) -> None:
    page = council.home.add_child(instance=ContentPage(title="Bins", slug="bins", live=False))
    for title in ("Bins", "Rubbish"):
        page.title = title
        revision = page.save_revision()
        assert changed_by(revision.publish)
    page.refresh_from_db()
    assert changed_by(page.unpublish)
    assert changed_by(page.delete)


def test_drafts_change_nothing(council: Council) -> None:
    page = bins(council)
    page.title = "Rubbish"
    assert not changed_by(page.save_revision)


def test_moving_and_putting_in_order(council: Council) -> None:
    page, other = bins(council), publish(council.home, ContentPage(title="Town", slug="town"))
    client = council.client("superuser")
    order = reverse("wagtailadmin_pages:set_page_position", args=[other.pk])
    assert changed_by(lambda: client.post(f"{order}?position=0"))
    move = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.pk])
    assert changed_by(lambda: client.post(move))
    page.refresh_from_db()
    assert page.get_parent().pk == other.pk


def test_moved_news_is_listed_before_the_version_changes(council: Council) -> None:
    """A page built under the new version must find the news where it now is."""
    page = publish(council.section, NewsPage(title="N", intro="I"))
    other = type(council.section)(title="Other", slug="other", live=True)
    council.home.add_child(instance=other)
    assert changed_by(lambda: page.move(other, pos="last-child"))
    assert "N</a>" in Client().get("/other/").content.decode()


def test_whatever_stands_beside_the_pages(council: Council) -> None:
    page = bins(council)
    site = Site.objects.get()
    causes = {
        "alert": lambda: Alert.objects.create(title="High water"),
        "end of the alert": lambda: Alert.objects.get().delete(),
        "colours": lambda: SiteDetails.for_site(site).save(),
        "office": OfficeContact.objects.get().save,
        "picture": picture,
        "document": document,
        "redirect": lambda: Redirect.add_redirect("/old", page),
        "site": site.save,
        "password": lambda: PageViewRestriction.objects.create(
            page=page, restriction_type="password", password="w"
        ),
        "password gone": lambda: PageViewRestriction.objects.get().delete(),
        "committee": lambda: Committee.objects.create(name="Parks"),
        "partner": lambda: Partner.objects.create(name="The harbour"),
        "channel": council.x.save,
    }
    assert [name for name, cause in causes.items() if not changed_by(cause)] == []


def test_a_post_that_appears_and_goes(
    council: Council, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    page = council.write()
    council.approve(page)

    def deliver() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            council.deliver()

    assert changed_by(deliver)
    assert not changed_by(deliver)


def test_it_is_read_once_a_second_at_most(django_assert_num_queries: Any) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        content_version.bump()
        with django_assert_num_queries(1):
            for _ in range(50):
                content_version.current()
        clock.shift(1.01)
        with django_assert_num_queries(1):
            for _ in range(50):
                content_version.current()


# --- other processes, and a database that goes away ---------------------------------------

TALK = """
import sys, django
django.setup()
from django.db import connection, transaction
from home import content_version
from home.models import ContentVersion
@transaction.atomic
def bump_and_fail():
    now = content_version.current()
    content_version.bump()
    content_version.current()
    transaction.set_rollback(True)
    return now
for line in sys.stdin:
    match line.strip():
        case "make":
            with connection.schema_editor() as editor:
                editor.create_model(ContentVersion)
        case "bump":
            content_version.bump()
        case "begin":
            whole = transaction.atomic()
            whole.__enter__()
        case "roll back":
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
        case "bump and fail":
            print(bump_and_fail(), flush=True)
            continue
        case "part":
            part = transaction.atomic()
            part.__enter__()
        case "roll back part":
            transaction.set_rollback(True)
            part.__exit__(None, None, None)
        case "close":
            connection.close()
    print(content_version.current(), flush=True)
"""


class Process:
    """A process of its own, with a database file that only such processes share."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", TALK],
            cwd=configured.BASE_DIR,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "cms.settings.test",
                "DATA_DIR": str(folder),
                "DATABASE_URL": f"sqlite:///{folder / 'shared.sqlite3'}",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, word: str = "current") -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def end(self) -> None:
        self.process.communicate(timeout=60)


def test_what_is_rolled_back_changes_nothing_and_its_number_never_comes_back(
    tmp_path: Path,
) -> None:
    process = Process(tmp_path)
    process.ask("make")
    before = process.ask("bump")
    process.ask("begin")
    inside = process.ask("bump")
    assert process.ask("roll back") == before
    after = process.ask("bump")
    assert len({before, inside, after}) == 3
    process.end()


def test_the_next_transaction_knows_nothing_of_one_that_was_rolled_back(tmp_path: Path) -> None:
    process = Process(tmp_path)
    process.ask("make")
    before = process.ask("bump")
    assert process.ask("begin") == before
    assert process.ask("bump") != before
    process.ask("roll back")
    # At once: what was heard in the first would still be good for a second.
    assert process.ask("begin") == before
    process.ask("roll back")
    process.end()


def test_nor_does_the_next_call_of_a_function_that_was_rolled_back(tmp_path: Path) -> None:
    """One decorated function has one and the same object for all of its transactions."""
    process = Process(tmp_path)
    process.ask("make")
    before = process.ask("bump")
    assert [process.ask("bump and fail") for _ in range(2)] == [before, before]
    process.end()


def test_a_part_that_was_rolled_back_takes_its_number_with_it(tmp_path: Path) -> None:
    process = Process(tmp_path)
    process.ask("make")
    process.ask("begin")
    whole = process.ask("bump")
    assert process.ask("part") == whole
    assert process.ask("bump") != whole
    assert process.ask("roll back part") == whole
    process.ask("roll back")
    process.end()


def test_other_processes_hear_of_it_and_keep_it_while_the_database_is_away(tmp_path: Path) -> None:
    first = Process(tmp_path)
    assert first.ask("make") == 0
    number = first.ask("bump")
    second = Process(tmp_path)
    assert second.ask() == number
    newer = first.ask("bump")
    assert newer != number
    # Within a second; the loop ends as soon as it heard, and a fault makes it endless.
    while second.ask() != newer:
        time.sleep(0.05)
    second.ask("close")
    (tmp_path / "shared.sqlite3").rename(tmp_path / "elsewhere.sqlite3")
    (tmp_path / "shared.sqlite3").mkdir()
    for _ in range(25):
        assert second.ask() == newer
        time.sleep(0.05)
    for process in (first, second):
        process.end()
