"""Facebook tells of comments: the handshake, the proof, and what a message can do and cannot."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from social_publish.models import Channel, Delivery
from social_publish.rehearsal.telling import signature
from social_publish.webhooks import verify_token
from tests.council import Council

pytestmark = pytest.mark.django_db

PATH = "/n/facebook/comments"


class Door:
    """The website's address as Facebook reaches it. It keeps the messages that come.

    The handshake is answered by the site; a message is handed on by the test, whose
    transaction no other thread can see.
    """

    def __init__(self) -> None:
        self.messages: list[tuple[bytes, str]] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = Client().get(self.path)
                self._answer(answer.status_code, answer.content)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                door.messages.append((body, self.headers["X-Hub-Signature-256"]))
                self._answer(200, b"Received.")

            def _answer(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def door(council: Council, settings: Settings) -> Iterator[Door]:
    opened = Door()
    settings.SITE_URL = opened.url
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


def hear() -> str:
    out = StringIO()
    call_command("hear_comments", stdout=out)
    return out.getvalue()


def posted(council: Council) -> Delivery:
    page = council.write(**{"channel_words-ticked": [str(council.facebook.pk)]})
    council.approve(page)
    council.deliver()
    OrmQ.objects.all().delete()
    return Delivery.objects.get()


def comment(council: Council, delivery: Delivery) -> None:
    said = council.rehearsal.stranger_replies(
        "facebook", council.facebook.account_id, delivery.remote_id, "Well!"
    )
    assert said


def send(body: bytes, signed: str, **headers: str) -> HttpResponse:
    return Client().post(
        PATH,
        body,
        content_type="application/json",
        headers={"X-Hub-Signature-256": signed, **headers},
    )


def message(delivery: Delivery, **value: Any) -> dict[str, Any]:
    told = {"item": "comment", "verb": "add", "post_id": delivery.remote_id} | value
    change = {"field": "feed", "value": told}
    return {"object": "page", "entry": [{"id": delivery.account_id, "changes": [change]}]}


def send_signed(council: Council, told: Any) -> HttpResponse:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    page = council.rehearsal.account("facebook", council.facebook.account_id)
    return send(body, signature(page, body))


def is_due() -> bool:
    due = Delivery.objects.get().replies_due_at
    return due is not None and due <= timezone.now()


def woken() -> int:
    return OrmQ.objects.count()


def test_a_comment_is_hidden_as_soon_as_facebook_tells_of_it(council: Council, door: Door) -> None:
    assert hear() == "Council on facebook: Facebook tells this website of each new comment.\n"
    delivery = posted(council)
    assert not is_due()
    comment(council, delivery)
    ((body, signed),) = door.messages
    answer = send(body, signed)
    assert (answer.status_code, woken()) == (200, 1)
    assert is_due()
    council.deliver()
    assert [row["hidden"] for row in council.rehearsal.comments(delivery.remote_id)] == [1]


def test_a_message_that_comes_again_makes_no_work(council: Council, door: Door) -> None:
    hear()
    delivery = posted(council)
    comment(council, delivery)
    Delivery.objects.update(replies_confirmed_at=timezone.now() + timedelta(minutes=2))
    for body, signed in door.messages * 3:
        assert send(body, signed).status_code == 200
    assert (is_due(), woken()) == (False, 0)


def test_a_comment_that_comes_during_a_check_keeps_a_check_of_its_own(council: Council) -> None:
    delivery = posted(council)
    Delivery.objects.update(
        replies_due_at=timezone.now(),
        lease="busy",
        lease_until=timezone.now() + timedelta(minutes=1),
    )
    send_signed(council, message(delivery))
    assert is_due()
    assert woken() == 1


def test_nothing_is_believed_without_the_apps_signature(council: Council) -> None:
    delivery = posted(council)
    body = json.dumps(message(delivery)).encode()
    page = council.rehearsal.account("facebook", council.facebook.account_id)
    stranger = replace(page, credentials={**page.credentials, "app_secret": "of another app"})
    for signed in ("", "sha256=", "sha256=00", "ä", signature(stranger, body)):
        assert send(body, signed.encode("ascii", "replace").decode()).status_code == 403
    assert send(body + b" ", signature(page, body)).status_code == 403
    Channel.objects.update(sealed_credentials=b"")
    for signed in ("sha256=", signature(page, body)):
        assert send(body, signed).status_code == 403
    assert (is_due(), woken()) == (False, 0)


def test_one_apps_message_moves_no_other_pages_posts(council: Council) -> None:
    delivery = posted(council)
    council.rehearsal.open_account("facebook", handle="other")
    told = message(delivery)
    told["entry"][0]["id"] = "999"
    assert send_signed(council, told).status_code == 200
    assert (is_due(), woken()) == (False, 0)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[" * 100_000,
        b"null",
        b"[]",
        {"entry": "x"},
        {"entry": [1, {"changes": {}}, {"id": 1, "changes": [2, {"field": "feed", "value": 3}]}]},
    ],
    ids=str,
)
def test_garbage_does_nothing(council: Council, told: Any) -> None:
    posted(council)
    assert send_signed(council, told).status_code == 200
    assert (is_due(), woken()) == (False, 0)


@pytest.mark.parametrize(
    "value",
    [
        {"item": "reaction"},
        {"verb": "remove"},
        {"verb": "hide"},
        {"post_id": "1_2"},
        {"post_id": None},
        {"post_id": "\x00"},
        {"created_time": -(10**30), "post_id": "1_2"},
    ],
    ids=str,
)
def test_other_news_of_the_page_does_nothing(council: Council, value: dict[str, Any]) -> None:
    assert send_signed(council, message(posted(council), **value)).status_code == 200
    assert (is_due(), woken()) == (False, 0)


@pytest.mark.parametrize("when", [10**30, -1, "soon", None, 1.5])
def test_an_odd_time_hides_no_comment_from_us(council: Council, when: Any) -> None:
    send_signed(council, message(posted(council), created_time=when))
    # Long ago (-1) is before the last check, so that there is nothing new to see.
    assert is_due() is (when != -1)


def test_a_message_that_is_too_long_is_not_read(council: Council) -> None:
    posted(council)
    assert send(b" " * (1024 * 1024 + 1), "sha256=00").status_code == 413
    assert send_signed(council, b" " * 1024).status_code == 200


def test_only_who_knows_the_word_gets_its_challenge_back(council: Council) -> None:
    known = {"hub.mode": "subscribe", "hub.verify_token": verify_token(), "hub.challenge": "4711"}
    answer = Client().get(PATH, known)
    assert (answer.status_code, answer.content) == (200, b"4711")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert not answer.cookies
    for wrong in ({"hub.verify_token": "guess"}, {"hub.mode": "other"}, {"hub.verify_token": "ä"}):
        assert Client().get(PATH, known | wrong).status_code == 403
    assert Client().get(PATH).status_code == 403
    assert Client().put(PATH).status_code == 405


def test_what_stands_in_the_way_is_said(council: Council, door: Door) -> None:
    door.server.shutdown()
    door.server.server_close()
    words = hear()
    assert "Callback verification" not in words
    assert "Until then comments are looked for by themselves" in words
    Channel.objects.filter(network="facebook").update(sealed_credentials=b"")
    assert "Council on facebook: " in hear()
    Channel.objects.filter(network="facebook").delete()
    assert hear() == "No channel on Facebook is connected yet.\n"


def until_next_check(council: Council) -> timedelta:
    """How long after a check of a new post the next one is planned."""
    now = timezone.now()
    Delivery.objects.update(replies_due_at=now)
    council.deliver()
    due = Delivery.objects.get().replies_due_at
    assert due
    return due - now


def test_comments_are_looked_for_rarely_while_facebook_tells_of_them(council: Council) -> None:
    delivery = posted(council)
    assert until_next_check(council) < timedelta(minutes=2)
    send_signed(council, message(delivery, verb="remove"))
    assert until_next_check(council) >= timedelta(hours=1)
    Channel.objects.update(comments_heard_at=timezone.now() - timedelta(days=8))
    assert until_next_check(council) < timedelta(minutes=2)


def test_what_nobody_signed_does_not_make_the_website_look_rarely(council: Council) -> None:
    delivery = posted(council)
    send(json.dumps(message(delivery)).encode(), "sha256=00")
    assert until_next_check(council) < timedelta(minutes=2)


@pytest.mark.parametrize(("used", "hours"), [(74, 0), (75, 1), (95, 4)])
def test_a_budget_that_runs_low_is_spared(council: Council, used: int, hours: int) -> None:
    posted(council)
    page = council.rehearsal.account("facebook", council.facebook.account_id)
    council.rehearsal.store.change_account(page, used=used)
    assert until_next_check(council) // timedelta(hours=1) == hours
