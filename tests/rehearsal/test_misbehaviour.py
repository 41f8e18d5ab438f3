"""Faults on command, and the door through which another process commands them."""

import gzip
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from social_publish.rehearsal.store import Account, Store
from tests.rehearsal.signing import ask_x, signed
from tests.rehearsal_server import RehearsalServer


@pytest.fixture
def keys(rehearsal: RehearsalServer) -> dict[str, str]:
    return dict(rehearsal.open_account("x")["credentials"])


@pytest.fixture
def page(rehearsal: RehearsalServer) -> dict[str, Any]:
    return rehearsal.open_account("facebook")


def list_of(rehearsal: RehearsalServer, page: dict[str, Any], **query: str) -> Any:
    address = f"{rehearsal.url}/v25.0/{page['account_id']}/published_posts"
    return requests.get(address, params=signed(page) | query, timeout=60)


def raw_answer(rehearsal: RehearsalServer, most: int = 100_000) -> bytes:
    """What the wire carries in answer to a request without keys."""
    parts = urlsplit(rehearsal.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as wire:
        wire.sendall(b"GET /2/users/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while len(answer) < most and (piece := wire.recv(65536)):
            answer += piece
    return answer


def test_headers_that_never_end(rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("endless_headers")
    answer = raw_answer(rehearsal, most=500)
    assert answer.count(b"X-More:") > 5
    assert b"\r\n\r\n" not in answer


def test_continue_without_end(rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("endless_continue")
    answer = raw_answer(rehearsal, most=500)
    assert answer.count(b"HTTP/1.1 100 Continue\r\n\r\n") > 5
    assert b"401" not in answer


def test_an_endless_answer_ends_when_it_is_told_to(rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("endless_headers", seconds=0.05)
    assert raw_answer(rehearsal).startswith(b"HTTP/1.1 401")


def test_a_small_answer_that_unpacks_to_a_large_one(rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("gzip_bomb")
    head, _, body = raw_answer(rehearsal, most=2_000_000).partition(b"\r\n\r\n")
    assert b"Content-Encoding: gzip" in head
    assert len(body) < 1_000_000
    assert len(gzip.decompress(body)) > 50_000_000


def test_a_length_longer_than_the_body(rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("long_length")
    head, _, body = raw_answer(rehearsal).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body) + 100}".encode() in head


def test_an_answer_without_its_type(rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("no_type")
    assert b"Content-Type" not in raw_answer(rehearsal)


@pytest.mark.parametrize(
    ("mode", "body"), [("empty_list", b"[]"), ("empty_object", b"{}"), ("empty_200", b"")]
)
def test_answers_of_nothing(rehearsal: RehearsalServer, mode: str, body: bytes) -> None:
    rehearsal.misbehave(mode)
    assert raw_answer(rehearsal).endswith(b"\r\n\r\n" + body)


@pytest.mark.parametrize(("mode", "mark"), [("nul_body", "\x00"), ("surrogate_body", "\ud800")])
def test_texts_that_no_database_takes(rehearsal: RehearsalServer, mode: str, mark: str) -> None:
    rehearsal.misbehave(mode)
    body = raw_answer(rehearsal).partition(b"\r\n\r\n")[2]
    assert json.loads(body)["title"] == f"Unauthorized{mark}"


def test_a_body_in_another_charset_than_it_says(rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("wrong_charset")
    head, _, body = raw_answer(rehearsal).partition(b"\r\n\r\n")
    assert b"charset=utf-8" in head
    assert "Unauthorized" in body.decode("utf-16")


def test_a_fault_that_nobody_knows_is_refused(rehearsal: RehearsalServer) -> None:
    with pytest.raises(ValueError, match="no fault called hiccup"):
        rehearsal.misbehave("hiccup")


def test_list_faults_leave_other_requests_alone(
    rehearsal: RehearsalServer, keys: dict[str, str]
) -> None:
    rehearsal.misbehave("no_list")
    assert ask_x(rehearsal, keys, "GET", "/2/users/me").status_code == 200
    me = rehearsal.open_account("x")["account_id"]
    assert ask_x(rehearsal, keys, "GET", f"/2/users/{me}/tweets").status_code == 500


# --- pages of lists ---


def fill(rehearsal: RehearsalServer, page: dict[str, Any], numbers: range) -> None:
    account = rehearsal.account("facebook", page["account_id"])
    for number in numbers:
        rehearsal.store.add_post(
            account, f"{page['account_id']}_{number}", f"Post {number}", {"media": []}
        )


def test_a_post_made_between_two_pages_moves_nothing(
    rehearsal: RehearsalServer, page: dict[str, Any]
) -> None:
    fill(rehearsal, page, range(3))
    first = list_of(rehearsal, page, limit="2").json()
    assert [row["message"] for row in first["data"]] == ["Post 2", "Post 1"]
    assert "next" in first["paging"]
    fill(rehearsal, page, range(3, 4))
    after = first["paging"]["cursors"]["after"]
    second = list_of(rehearsal, page, limit="2", after=after).json()
    assert [row["message"] for row in second["data"]] == ["Post 0"]
    assert "next" not in second["paging"]


def test_a_cursor_that_was_never_given_out_is_refused(
    rehearsal: RehearsalServer, page: dict[str, Any], keys: dict[str, str]
) -> None:
    fill(rehearsal, page, range(3))
    for after in ("2", "bm9uZQ=="):
        answer = list_of(rehearsal, page, after=after)
        assert "names no page" in answer.json()["error"]["message"]
    me = rehearsal.open_account("x")["account_id"]
    path = f"/2/users/{me}/tweets?pagination_token=2"
    answer = ask_x(rehearsal, keys, "GET", path)
    assert answer.status_code == 400
    assert "names no page" in answer.json()["detail"]


# --- the control door ---


def command(rehearsal: RehearsalServer, **commands: Any) -> Any:
    return requests.post(f"{rehearsal.url}/rehearsal/control", json=commands, timeout=60)


def test_faults_are_commanded_from_another_process(
    rehearsal: RehearsalServer, keys: dict[str, str]
) -> None:
    fault = {"mode": "error_before", "times": 2, "match": "users/me", "options": {"status": 503}}
    assert command(rehearsal, faults=[fault]).json() == {"waiting": 2}
    assert ask_x(rehearsal, keys, "GET", "/2/users/me").status_code == 503
    assert command(rehearsal, clear=True).json() == {"waiting": 0}
    assert ask_x(rehearsal, keys, "GET", "/2/users/me").status_code == 200


def test_lag_and_clock_are_commanded_too(rehearsal: RehearsalServer, page: dict[str, Any]) -> None:
    fill(rehearsal, page, range(1))
    command(rehearsal, lag=5)
    assert list_of(rehearsal, page).json()["data"] == []
    command(rehearsal, clock=60)
    assert len(list_of(rehearsal, page).json()["data"]) == 1
    fill(rehearsal, page, range(1, 2))
    command(rehearsal, clear=True)
    posts = list_of(rehearsal, page).json()["data"]
    assert [post["message"] for post in posts] == ["Post 0"], "the other is from the future"


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ({"fault": []}, "Unknown"),
        ({"faults": [{"mode": "hiccup"}]}, "no fault called hiccup"),
        ({"faults": [{"mood": "bad"}]}, "mood"),
        ({"lag": "long"}, "long"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_with_the_reason(
    rehearsal: RehearsalServer, commands: dict[str, Any], words: str
) -> None:
    answer = command(rehearsal, **commands)
    assert answer.status_code == 400
    assert words in answer.json()["reason"]
    assert rehearsal.server.faults.waiting == []


def test_the_log_tells_every_request_and_no_secret(
    rehearsal: RehearsalServer, page: dict[str, Any], keys: dict[str, str]
) -> None:
    ask_x(rehearsal, keys, "POST", "/2/tweets", json={"text": "Hello"})
    list_of(rehearsal, page, limit="2")
    answer = requests.get(f"{rehearsal.url}/rehearsal/control/log", timeout=60)
    told = [(r["method"], r["path"], r["query"], r["json"]) for r in answer.json()["requests"]]
    assert told == [
        ("POST", "/2/tweets", {}, {"text": "Hello"}),
        ("GET", f"/v25.0/{page['account_id']}/published_posts", {"limit": "2"}, None),
    ]
    for secret in (*keys.values(), *page["credentials"].values()):
        assert secret not in answer.text


@pytest.fixture
def uncontrolled(tmp_path: Path) -> Iterator[RehearsalServer]:
    server = RehearsalServer(tmp_path, controlled=False)
    yield server
    server.stop()


def test_without_being_asked_for_there_is_no_such_door(uncontrolled: RehearsalServer) -> None:
    assert command(uncontrolled, clear=True).status_code == 404
    log = requests.get(f"{uncontrolled.url}/rehearsal/control/log", timeout=60)
    assert log.status_code == 404


def test_a_store_from_before_the_right_to_read_still_opens(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for column in ("reads", "facts"):
        store.write(f"ALTER TABLE accounts DROP COLUMN {column}")
    store.write("INSERT INTO accounts VALUES ('x', '1', 'council', 'Council', '{}')")
    assert Store(tmp_path).accounts() == [Account("x", "1", "council", "Council", {}, reads=True)]


@pytest.mark.parametrize(("arguments", "status"), [((), 404), (("--control",), 200)])
def test_the_command_opens_the_door_only_when_told(
    tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "rehearse", "--port", str(port), *arguments]
    environment = os.environ | {"DATA_DIR": str(tmp_path)}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        retry = Retry(total=12, backoff_factor=0.1)
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=retry))
            answer = session.get(f"http://127.0.0.1:{port}/rehearsal/control/log", timeout=60)
        assert answer.status_code == status
    finally:
        process.kill()
        process.wait()
