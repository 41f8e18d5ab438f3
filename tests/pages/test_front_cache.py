"""A cache in front of the site is told what to forget."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from news.models import NewsPage
from tests.council import Council
from tests.residents import publish

pytestmark = pytest.mark.django_db


class Front(BaseHTTPRequestHandler):
    forgotten: list[tuple[str, str]]

    def do_PURGE(self) -> None:
        self.forgotten.append((self.headers["Host"], self.path))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def forgotten(settings: Settings) -> Iterator[list[tuple[str, str]]]:
    """(host, path) of each address the cache in front was told to forget."""
    Front.forgotten = []
    with HTTPServer(("127.0.0.1", 0), Front) as server:
        threading.Thread(target=server.serve_forever).start()
        settings.WAGTAILFRONTENDCACHE = {
            "front": {
                "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
                "LOCATION": f"http://127.0.0.1:{server.server_port}",
            }
        }
        yield Front.forgotten
        server.shutdown()


def carry_out() -> None:
    """What the queue's worker does with the purges that wait."""
    for row in OrmQ.objects.all():
        task = row.task
        if task["func"] == "home.tasks.forget_in_front":
            import_string(task["func"])(*task["args"])
        row.delete()


def test_a_page_and_what_lists_it_are_forgotten(
    council: Council,
    forgotten: list[tuple[str, str]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    whole = [("council.example", path) for path in ("/", "/news/", "/news/late/")]
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(council.section, NewsPage(title="Late", slug="late", intro="I"))
    assert forgotten == []
    carry_out()
    assert sorted(forgotten) == whole
    forgotten.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    carry_out()
    assert sorted(forgotten) == whole


def test_without_such_a_cache_nothing_is_queued(
    council: Council, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        publish(council.section, NewsPage(title="Late", slug="late", intro="I"))
    assert not [row for row in OrmQ.objects.all() if "forget" in row.task["func"]]
