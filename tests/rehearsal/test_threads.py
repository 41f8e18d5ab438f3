"""The pretend Threads refuses what the real one would, and says why."""

from typing import Any

import pytest
import requests

from tests.rehearsal_server import RehearsalServer

PICTURE = {"media_type": "IMAGE", "image_url": "https://council.example/picture.jpg"}


@pytest.fixture
def user(rehearsal: RehearsalServer) -> dict[str, Any]:
    return rehearsal.open_account("threads")


def ask(
    rehearsal: RehearsalServer, user: dict[str, Any], method: str, path: str, **given: str
) -> Any:
    where = "data" if method == "POST" else "params"
    given = {"access_token": user["credentials"]["access_token"]} | given
    return requests.request(
        method, f"{rehearsal.url}/v1.0/{path}", **{where: given}, timeout=60
    ).json()


def make(rehearsal: RehearsalServer, user: dict[str, Any], **form: str) -> Any:
    form = {"media_type": "TEXT", "text": "Hello"} | form
    return ask(rehearsal, user, "POST", "me/threads", **form)


def posted(rehearsal: RehearsalServer, user: dict[str, Any], **form: str) -> str:
    container = make(rehearsal, user, **form)["id"]
    path = f"{user['account_id']}/threads_publish"
    return str(ask(rehearsal, user, "POST", path, creation_id=container)["id"])


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"message": "Hello"}, "Invalid parameter: message"),
        ({"media_type": "VIDEO"}, "media_type must be"),
        ({"text": ""}, "needs text"),
        ({"text": "w" * 501}, "501 of at most 500"),
        ({"text": "w" * 497 + "👋"}, "501 of at most 500"),
        ({"text": " ".join(f"https://a.example/{n}" for n in range(6))}, "LINK_LIMIT_EXCEEDED"),
        ({"alt_text": "A window"}, "no image_url and no alt_text"),
        ({"media_type": "IMAGE"}, "needs image_url"),
        (PICTURE | {"alt_text": "w" * 1001}, "at most 1000"),
        ({"reply_control": "nobody"}, "reply_control must be one of"),
        ({"enable_reply_approvals": "yes"}, "must be true or false"),
        ({"topic_tag": "a.b"}, "topic_tag has 1 to 50"),
        ({"topic_tag": "w" * 51}, "topic_tag has 1 to 50"),
        ({"access_token": "wrong"}, "Invalid OAuth access token"),
    ],
)
def test_a_bad_container_is_refused(
    rehearsal: RehearsalServer, user: dict[str, Any], form: dict[str, str], words: str
) -> None:
    assert words in make(rehearsal, user, **form)["error"]["message"]


@pytest.mark.parametrize(
    "form",
    [
        {"text": "w" * 496 + "👋"},
        {"text": "https://a.example/ " * 6},
        {"topic_tag": "Looe news"},
        {"reply_control": "parent_post_author_only"},
    ],
)
def test_a_good_container_is_taken(
    rehearsal: RehearsalServer, user: dict[str, Any], form: dict[str, str]
) -> None:
    assert set(make(rehearsal, user, **form)) == {"id"}


def test_a_picture_that_cannot_be_had_shows_in_the_container(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    rehearsal.store.elsewhere = b"not a picture"
    container = make(rehearsal, user, **PICTURE)["id"]
    status = ask(rehearsal, user, "GET", container, fields="status,error_message")
    assert status == {"id": container, "status": "ERROR", "error_message": "UNKNOWN"}
    path = f"{user['account_id']}/threads_publish"
    answer = ask(rehearsal, user, "POST", path, creation_id=container)
    assert "is ERROR" in answer["error"]["message"]
    assert rehearsal.all_posts() == []


def test_a_container_is_published_once(rehearsal: RehearsalServer, user: dict[str, Any]) -> None:
    container, path = make(rehearsal, user)["id"], f"{user['account_id']}/threads_publish"
    assert "id" in ask(rehearsal, user, "POST", path, creation_id=container)
    again = ask(rehearsal, user, "POST", path, creation_id=container)
    assert "is PUBLISHED" in again["error"]["message"]
    assert len(rehearsal.all_posts()) == 1


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("POST", {"fields": "caption"}, "nonexisting field (caption)"),
        ("POST", {"limit": "1"}, "Invalid parameter: limit"),
        ("me", {"fields": "link"}, "nonexisting field (link) on node type (ThreadsUser)"),
        ("me/threads", {"limit": "101"}, "limit must be 1 to 100"),
        ("me/threads", {"count": "9"}, "Invalid parameter: count"),
        ("POST/replies", {"reverse": "no"}, "reverse must be true or false"),
        ("POST/replies", {"order": "chronological"}, "Invalid parameter: order"),
    ],
)
def test_an_unknown_query_is_refused(
    rehearsal: RehearsalServer, user: dict[str, Any], path: str, query: dict[str, str], words: str
) -> None:
    real = path.replace("POST", posted(rehearsal, user))
    assert words in ask(rehearsal, user, "GET", real, **query)["error"]["message"]


def test_no_profile_touches_anothers(rehearsal: RehearsalServer, user: dict[str, Any]) -> None:
    post_id = posted(rehearsal, user)
    rehearsal.stranger_replies("threads", user["account_id"], post_id, "Well!")
    reply = rehearsal.comments(post_id)[0]["id"]
    other = rehearsal.open_account("threads", handle="other")
    for answer in (
        ask(rehearsal, other, "GET", post_id),
        ask(rehearsal, other, "DELETE", post_id),
        ask(rehearsal, other, "GET", f"{user['account_id']}/threads"),
        ask(rehearsal, other, "POST", f"{user['account_id']}/threads", media_type="TEXT"),
        ask(rehearsal, other, "POST", f"{reply}/manage_reply", hide="true"),
    ):
        assert "error" in answer
    assert not rehearsal.comments(post_id)[0]["hidden"]
    assert len(rehearsal.posts("threads", user["account_id"])) == 1


@pytest.mark.parametrize(
    ("form", "taken"),
    [
        ({}, True),
        ({"reply_control": "mentioned_only"}, False),
        ({"reply_control": "mentioned_only", "text": "Hello @stranger there"}, True),
        ({"reply_control": "followers_only"}, False),
    ],
)
def test_who_may_reply_is_kept_to(
    rehearsal: RehearsalServer, user: dict[str, Any], form: dict[str, str], taken: bool
) -> None:
    post_id = posted(rehearsal, user, **form)
    said = rehearsal.stranger_replies("threads", user["account_id"], post_id, "Well!")
    assert said is taken
    assert len(rehearsal.comments(post_id)) == taken
    asked = ask(rehearsal, user, "GET", post_id, fields="reply_audience")
    assert asked["reply_audience"] == form.get("reply_control", "everyone").upper()


@pytest.mark.parametrize(
    ("form", "words"),
    [({"is_hidden": "true"}, "Invalid parameter: is_hidden"), ({}, "hide must be true or false")],
)
def test_a_reply_is_hidden_by_its_own_word(
    rehearsal: RehearsalServer, user: dict[str, Any], form: dict[str, str], words: str
) -> None:
    post_id = posted(rehearsal, user)
    rehearsal.stranger_replies("threads", user["account_id"], post_id, "Well!")
    reply = rehearsal.comments(post_id)[0]["id"]
    answer = ask(rehearsal, user, "POST", f"{reply}/manage_reply", **form)
    assert words in answer["error"]["message"]
    assert not rehearsal.comments(post_id)[0]["hidden"]
