"""The pretend Instagram refuses what the real one would, and really fetches pictures."""

import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
from PIL import Image

from tests.council import small_jpeg
from tests.rehearsal.signing import signed
from tests.rehearsal_server import RehearsalServer

ELSEWHERE = "https://council.example/picture.jpg"


@pytest.fixture
def user(rehearsal: RehearsalServer) -> dict[str, Any]:
    return rehearsal.open_account("instagram")


def ask(
    rehearsal: RehearsalServer, user: dict[str, Any], method: str, path: str, **given: str
) -> Any:
    where = "data" if method == "POST" else "params"
    return requests.request(
        method, f"{rehearsal.url}/v25.0/{path}", **{where: signed(user) | given}, timeout=60
    ).json()


def make(rehearsal: RehearsalServer, user: dict[str, Any], **form: str) -> Any:
    form = {"image_url": ELSEWHERE, "caption": "Hello"} | form
    return ask(rehearsal, user, "POST", f"{user['account_id']}/media", **form)


def posted(rehearsal: RehearsalServer, user: dict[str, Any]) -> str:
    container = make(rehearsal, user, alt_text="A window")["id"]
    path = f"{user['account_id']}/media_publish"
    return str(ask(rehearsal, user, "POST", path, creation_id=container)["id"])


def picture(size: tuple[int, int], kind: str = "JPEG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size).save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"comment_enabled": "false"}, "Invalid parameter: comment_enabled"),
        ({"message": "Hello"}, "Invalid parameter: message"),
        ({"caption": "w" * 2201}, "2201 of at most 2200"),
        ({"caption": "#tag " * 31}, "more than 30 #"),
        ({"caption": "@name " * 21}, "more than 20 @"),
        ({"alt_text": "w" * 1001}, "at most 1000"),
        ({"image_url": ""}, "It is no web address"),
        ({"image_url": "ftp://127.0.0.1/x"}, "It is no web address"),
        ({"image_url": "http://127.0.0.1:9/x"}, "Nothing answers there"),
        ({"access_token": "wrong"}, "Invalid OAuth access token"),
        ({"appsecret_proof": "wrong"}, "Invalid appsecret_proof"),
    ],
)
def test_a_bad_container_is_refused(
    rehearsal: RehearsalServer, user: dict[str, Any], form: dict[str, str], words: str
) -> None:
    assert words in make(rehearsal, user, **form)["error"]["message"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (picture((100, 100), "PNG"), "no JPEG"),
        (b"not a picture", "no JPEG"),
        (picture((192, 100)), "1.920 is not within"),
        (picture((79, 100)), "0.790 is not within"),
    ],
)
def test_a_picture_of_another_kind_or_shape_is_refused(
    rehearsal: RehearsalServer, user: dict[str, Any], content: bytes, words: str
) -> None:
    rehearsal.store.elsewhere = content
    assert words in make(rehearsal, user)["error"]["message"]


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = {"/picture.jpg": (200, small_jpeg()), "/large.jpg": (200, b"x" * 9_000_000)}
        status, content = pages.get(self.path, (404, b""))
        self.send_response(302 if self.path == "/moved.jpg" else status)
        self.send_header("Location", "/picture.jpg")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_picture_on_this_machine_is_really_fetched(
    rehearsal: RehearsalServer, user: dict[str, Any], site: str
) -> None:
    rehearsal.store.elsewhere = b""
    container = make(rehearsal, user, image_url=f"{site}/picture.jpg")["id"]
    ask(rehearsal, user, "POST", f"{user['account_id']}/media_publish", creation_id=container)
    (post,) = rehearsal.posts("instagram", user["account_id"])
    assert post["pictures"][0]["content"] == small_jpeg()


@pytest.mark.parametrize(
    ("path", "words"),
    [("gone.jpg", "is 404"), ("moved.jpg", "is 302"), ("large.jpg", "too large")],
)
def test_what_cannot_be_fetched_is_told(
    rehearsal: RehearsalServer, user: dict[str, Any], site: str, path: str, words: str
) -> None:
    answer = make(rehearsal, user, image_url=f"{site}/{path}")
    assert answer["error"]["error_subcode"] == 2207052
    assert words in answer["error"]["message"]


def test_nothing_outside_this_machine_is_asked(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    rehearsal.store.elsewhere = b""
    assert "only this machine" in make(rehearsal, user)["error"]["message"]


def test_a_container_is_published_once_and_within_a_day(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    path = f"{user['account_id']}/media_publish"
    first, second = (make(rehearsal, user)["id"] for _ in range(2))
    assert "id" in ask(rehearsal, user, "POST", path, creation_id=first)
    again = ask(rehearsal, user, "POST", path, creation_id=first)
    assert "is PUBLISHED" in again["error"]["message"]
    now = rehearsal.store.now() + 24 * 3600 + 1
    rehearsal.store.now = lambda: now
    late = ask(rehearsal, user, "POST", path, creation_id=second)
    assert "is EXPIRED" in late["error"]["message"]
    status = ask(rehearsal, user, "GET", second, fields="status_code")
    assert status == {"id": second, "status_code": "EXPIRED"}
    assert len(rehearsal.all_posts()) == 1


def test_a_container_that_is_not_ready_is_not_published(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    rehearsal.store.processing = 60
    container = make(rehearsal, user)["id"]
    path = f"{user['account_id']}/media_publish"
    answer = ask(rehearsal, user, "POST", path, creation_id=container)
    assert answer["error"]["error_subcode"] == 2207027


def test_no_account_publishes_or_reads_anothers(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    container, post_id = make(rehearsal, user)["id"], posted(rehearsal, user)
    other = rehearsal.open_account("instagram", handle="other")
    path = f"{other['account_id']}/media_publish"
    for answer in (
        ask(rehearsal, other, "POST", path, creation_id=container),
        ask(rehearsal, other, "GET", container),
        ask(rehearsal, other, "GET", post_id),
        ask(rehearsal, other, "POST", post_id, comment_enabled="false"),
        ask(rehearsal, other, "DELETE", post_id),
        ask(rehearsal, other, "POST", f"{user['account_id']}/media_publish", creation_id="1"),
        ask(rehearsal, other, "GET", f"{user['account_id']}/media"),
    ):
        assert "error" in answer
    assert len(rehearsal.posts("instagram", user["account_id"])) == 1


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("POST", {"fields": "message"}, "nonexisting field (message) on node type (IGMedia)"),
        ("POST", {"limit": "1"}, "Invalid parameter: limit"),
        ("USER/media", {"fields": "comment_enabled"}, "nonexisting field (comment_enabled)"),
        ("USER/media", {"limit": "101"}, "limit must be 1 to 100"),
        ("POST/comments", {"limit": "51"}, "limit must be 1 to 50"),
        ("POST/comments", {"fields": "is_hidden"}, "nonexisting field (is_hidden)"),
        ("POST/comments", {"order": "chronological"}, "Invalid parameter: order"),
    ],
)
def test_an_unknown_query_is_refused(
    rehearsal: RehearsalServer, user: dict[str, Any], path: str, query: dict[str, str], words: str
) -> None:
    real = path.replace("POST", posted(rehearsal, user)).replace("USER", user["account_id"])
    assert words in ask(rehearsal, user, "GET", real, **query)["error"]["message"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"comment_enabled": "no"}, "comment_enabled must be true or false"),
        ({}, "comment_enabled must be true or false"),
        ({"caption": "Hello"}, "Invalid parameter: caption"),
    ],
)
def test_nothing_but_comments_can_be_changed(
    rehearsal: RehearsalServer, user: dict[str, Any], form: dict[str, str], words: str
) -> None:
    answer = ask(rehearsal, user, "POST", posted(rehearsal, user), **form)
    assert words in answer["error"]["message"]


def test_a_comment_is_hidden_by_its_own_word(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    post_id = posted(rehearsal, user)
    rehearsal.stranger_replies("instagram", user["account_id"], post_id, "Well!")
    comment = rehearsal.comments(post_id)[0]["id"]
    wrong = ask(rehearsal, user, "POST", comment, is_hidden="true")
    assert "Invalid parameter: is_hidden" in wrong["error"]["message"]
    assert ask(rehearsal, user, "POST", comment, hide="true") == {"success": True}
    shown = ask(rehearsal, user, "GET", comment, fields="hidden")
    assert shown == {"id": comment, "hidden": True}


def test_the_public_page_says_that_comments_are_off(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    post_id = posted(rehearsal, user)
    address = f"{rehearsal.url}/timeline/instagram/{user['account_id']}"
    form = {"post": post_id, "name": "Tom", "words": "Well!"}
    assert "Your reply is there" in requests.post(address, data=form, timeout=60).text
    ask(rehearsal, user, "POST", post_id, comment_enabled="false")
    assert "You cannot reply" in requests.post(address, data=form, timeout=60).text
    shown = requests.get(address, timeout=60).text
    assert "Comments are turned off" in shown
    assert "Alt text: A window" in shown
