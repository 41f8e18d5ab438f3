"""The rehearsal networks refuse what the real ones would, and say why. An independent signer asks."""

import base64
from typing import Any

import pytest
import requests

from tests.council import small_jpeg
from tests.rehearsal.signing import ask_x, signed
from tests.rehearsal_server import RehearsalServer


@pytest.fixture
def keys(rehearsal: RehearsalServer) -> dict[str, str]:
    return dict(rehearsal.open_account("x")["credentials"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"text": "Hello", "visibility": "all"}, "Unknown fields: visibility"),
        ({"text": "Hello", "reply_settings": "nobody"}, "reply_settings must be one of"),
        ({"text": "w" * 281}, "281 of at most 280"),
        ({"text": "Hello", "media": {"media_ids": ["1"]}}, "media IDs are invalid"),
        ({"text": "Hello", "media": {"media_ids": ["1"], "alt": "x"}}, "Unknown fields: media.alt"),
        ({"text": "Hello", "media": ["1"]}, "media is not a JSON object"),
        ({"text": "Hello", "media": None}, "media is not a JSON object"),
        ({}, "needs a text"),
    ],
)
def test_x_refuses_a_bad_post(
    rehearsal: RehearsalServer, keys: dict[str, str], body: dict[str, Any], words: str
) -> None:
    answer = ask_x(rehearsal, keys, "POST", "/2/tweets", json=body)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    assert rehearsal.all_posts() == []


def test_x_takes_a_good_post_once(rehearsal: RehearsalServer, keys: dict[str, str]) -> None:
    good = {"text": "Hello", "reply_settings": "mentionedUsers"}
    assert ask_x(rehearsal, keys, "POST", "/2/tweets", json=good).status_code == 201
    again = ask_x(rehearsal, keys, "POST", "/2/tweets", json=good)
    assert again.status_code == 403
    assert "duplicate content" in again.json()["detail"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("consumer_secret", "oauth_signature does not fit"),
        ("access_token_secret", "oauth_signature does not fit"),
        ("access_token", "oauth_token is unknown"),
        ("consumer_key", "oauth_consumer_key is unknown"),
    ],
)
def test_x_refuses_a_wrong_signature_and_says_what_is_wrong(
    rehearsal: RehearsalServer, keys: dict[str, str], name: str, words: str
) -> None:
    answer = ask_x(rehearsal, keys | {name: "wrong"}, "POST", "/2/tweets", json={"text": "Hello"})
    assert answer.status_code == 401
    assert words in answer.json()["detail"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer abc"}])
def test_x_says_when_the_signature_is_missing(
    rehearsal: RehearsalServer, header: dict[str, str]
) -> None:
    answer = requests.get(f"{rehearsal.url}/2/users/me", headers=header, timeout=60)
    assert answer.status_code == 401
    assert "Authorization header is missing" in answer.json()["detail"]


@pytest.mark.parametrize("stamp", ["1700000000", "soon"])
def test_x_refuses_a_signature_of_another_time(
    rehearsal: RehearsalServer, keys: dict[str, str], stamp: str
) -> None:
    answer = ask_x(rehearsal, keys, "GET", "/2/users/me", oauth={"timestamp": stamp})
    assert answer.status_code == 401
    assert "oauth_timestamp" in answer.json()["detail"]


def test_x_refuses_a_request_that_is_played_again(
    rehearsal: RehearsalServer, keys: dict[str, str]
) -> None:
    first = ask_x(rehearsal, keys, "GET", "/2/users/me")
    assert first.status_code == 200
    signature = first.request.headers["Authorization"]
    again = requests.get(
        f"{rehearsal.url}/2/users/me", headers={"Authorization": signature}, timeout=60
    )
    assert again.status_code == 401
    assert "oauth_nonce was used before" in again.json()["detail"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/2/users/me?fields=id", "query parameter [fields] is not one of"),
        ("/2/users/me?max_results=5", "query parameter [max_results] is not one of"),
        ("/2/tweets/1?tweet.fields=reply_setting", "value [reply_setting]"),
        ("/2/tweets/1?start_time=2026-01-01T00:00:00Z", "[start_time] is not one of"),
        ("/2/users/ME/tweets?tweet.fields=id,links", "value [links]"),
        ("/2/users/ME/tweets?start_time=yesterday", "`start_time`"),
        ("/2/users/ME/tweets?max_results=many", "`max_results`"),
        ("/2/users/ME/tweets?max_results=4", "max_results must be 5 to 100"),
        ("/2/users/ME/tweets?expansions=author", "value [author]"),
    ],
)
def test_x_refuses_an_unknown_query(
    rehearsal: RehearsalServer, keys: dict[str, str], path: str, words: str
) -> None:
    me = rehearsal.open_account("x")["account_id"]
    answer = ask_x(rehearsal, keys, "GET", path.replace("ME", me))
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"id": "1", "alt_text": "x"}, "Unknown fields: alt_text"),
        ({"id": "1", "metadata": {"alt": "x"}}, "Unknown fields: metadata.alt"),
        ({"id": "1", "metadata": {"alt_text": "x"}}, "metadata.alt_text is not a JSON object"),
        (
            {"id": "1", "metadata": {"alt_text": {"text": "x", "lang": "en"}}},
            "Unknown fields: metadata.alt_text.lang",
        ),
        ({"id": "1", "metadata": {"alt_text": {"text": "x"}}}, "No such media"),
        ([], "The body is not a JSON object"),
    ],
)
def test_x_refuses_a_bad_description(
    rehearsal: RehearsalServer, keys: dict[str, str], body: Any, words: str
) -> None:
    answer = ask_x(rehearsal, keys, "POST", "/2/media/metadata", json=body)
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_an_x_account_without_the_right_to_read_may_only_write(
    rehearsal: RehearsalServer,
) -> None:
    writer = rehearsal.open_account("x", handle="writer", reads=False)
    keys = writer["credentials"]
    posted = ask_x(rehearsal, keys, "POST", "/2/tweets", json={"text": "Hello"})
    assert posted.status_code == 201
    for path in (f"/2/users/{writer['account_id']}/tweets", "/2/tweets/1"):
        answer = ask_x(rehearsal, keys, "GET", path)
        assert answer.status_code == 403
        assert "no reading" in answer.json()["detail"]
    assert ask_x(rehearsal, keys, "GET", "/2/users/me").status_code == 200
    post_id = posted.json()["data"]["id"]
    assert ask_x(rehearsal, keys, "DELETE", f"/2/tweets/{post_id}").status_code == 200


def test_x_takes_only_pictures(rehearsal: RehearsalServer, keys: dict[str, str]) -> None:
    for content, status in ((small_jpeg(), 200), (b"not a picture", 400)):
        body = {"media": base64.b64encode(content).decode(), "media_category": "tweet_image"}
        assert ask_x(rehearsal, keys, "POST", "/2/media/upload", json=body).status_code == status


@pytest.fixture
def page(rehearsal: RehearsalServer) -> dict[str, Any]:
    return rehearsal.open_account("facebook")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"appsecret_proof": "wrong"}, 100),
        ({"access_token": "wrong"}, 190),
        ({"comments_disabled": "true"}, 100),
        ({"attached_media": '[{"media_fbid": "1"}]'}, 100),
        ({"message": ""}, 100),
    ],
)
def test_facebook_refuses_a_bad_post(
    rehearsal: RehearsalServer, page: dict[str, Any], changes: dict[str, str], code: int
) -> None:
    form = signed(page) | {"message": "Hello"} | changes
    answer = requests.post(
        f"{rehearsal.url}/v25.0/{page['account_id']}/feed", data=form, timeout=60
    )
    assert answer.json()["error"]["code"] == code
    assert rehearsal.all_posts() == []


def test_facebook_refuses_the_same_words_in_a_row(
    rehearsal: RehearsalServer, page: dict[str, Any]
) -> None:
    address = f"{rehearsal.url}/v25.0/{page['account_id']}/feed"
    answers = [
        requests.post(address, data=signed(page) | {"message": "Hello"}, timeout=60)
        for _ in range(2)
    ]
    assert "id" in answers[0].json()
    assert answers[1].json()["error"]["code"] == 506


@pytest.fixture
def comment(rehearsal: RehearsalServer, page: dict[str, Any]) -> dict[str, str]:
    """The ids of a post with a photo, the photo, and a comment under the post."""
    base, form = f"{rehearsal.url}/v25.0/{page['account_id']}", signed(page)
    files = {"source": ("p.jpg", small_jpeg(), "image/jpeg")}
    photo = requests.post(
        f"{base}/photos", data=form | {"published": "false"}, files=files, timeout=60
    )
    attached = f'[{{"media_fbid": "{photo.json()["id"]}"}}]'
    made = requests.post(
        f"{base}/feed", data=form | {"message": "Hello", "attached_media": attached}, timeout=60
    )
    post_id = made.json()["id"]
    rehearsal.stranger_replies("facebook", page["account_id"], post_id, "Well!")
    return {
        "Page": page["account_id"],
        "PagePost": post_id,
        "Photo": photo.json()["id"],
        "Comment": rehearsal.comments(post_id)[0]["id"],
    }


@pytest.mark.parametrize("kind", ["Page", "PagePost", "Photo", "Comment"])
def test_facebook_knows_the_fields_of_each_object(
    rehearsal: RehearsalServer, page: dict[str, Any], comment: dict[str, str], kind: str
) -> None:
    address = f"{rehearsal.url}/v25.0/{comment[kind]}"
    plain = requests.get(address, params=signed(page) | {"fields": "id"}, timeout=60).json()
    assert plain == {"id": comment[kind]}
    for fields in ("id,comments_disabled", "is_comment_enabled{x}", "id,, who"):
        answer = requests.get(address, params=signed(page) | {"fields": fields}, timeout=60)
        assert answer.status_code == 400
        words = f"on node type ({kind})"
        assert words in answer.json()["error"]["message"]


def test_facebook_gives_only_the_fields_that_were_asked_for(
    rehearsal: RehearsalServer, page: dict[str, Any], comment: dict[str, str]
) -> None:
    address = f"{rehearsal.url}/v25.0/{comment['PagePost']}/comments"
    asked = signed(page) | {"fields": "from{name},is_hidden"}
    (row,) = requests.get(address, params=asked, timeout=60).json()["data"]
    assert set(row) == {"id", "from", "is_hidden"}
    (row,) = requests.get(address, params=signed(page), timeout=60).json()["data"]
    assert "is_hidden" not in row


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("PagePost", {"field": "id"}, "Invalid parameter: field"),
        ("Page", {"limit": "1"}, "Invalid parameter: limit"),
        ("Page/published_posts", {"count": "9"}, "Invalid parameter: count"),
        ("Page/published_posts", {"limit": "101"}, "limit must be 1 to 100"),
        ("Page/published_posts", {"limit": "all"}, "limit must be 1 to 100"),
        ("Page/published_posts", {"since": "yesterday"}, "since must be Unix seconds"),
        ("Page/published_posts", {"fields": "text"}, "nonexisting field (text)"),
        ("PagePost/comments", {"filter": "all"}, "filter must be one of"),
        ("PagePost/comments", {"order": "newest"}, "order must be"),
        ("PagePost/comments", {"fields": "hidden"}, "nonexisting field (hidden)"),
    ],
)
def test_facebook_refuses_an_unknown_query(
    rehearsal: RehearsalServer,
    page: dict[str, Any],
    comment: dict[str, str],
    path: str,
    query: dict[str, str],
    words: str,
) -> None:
    kind, _, edge = path.partition("/")
    address = f"{rehearsal.url}/v25.0/{comment[kind]}/{edge}".rstrip("/")
    answer = requests.get(address, params=signed(page) | query, timeout=60)
    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"hide": "true"}, "Invalid parameter: hide"),
        ({"is_hidden": "yes"}, "is_hidden must be true or false"),
        ({}, "is_hidden must be true or false"),
    ],
)
def test_facebook_refuses_a_bad_change_of_a_comment(
    rehearsal: RehearsalServer,
    page: dict[str, Any],
    comment: dict[str, str],
    form: dict[str, str],
    words: str,
) -> None:
    address = f"{rehearsal.url}/v25.0/{comment['Comment']}"
    answer = requests.post(address, data=signed(page) | form, timeout=60)
    assert words in answer.json()["error"]["message"]
    assert not rehearsal.comments(comment["PagePost"])[0]["hidden"]


def test_facebook_lets_no_page_touch_another_ones_comments(
    rehearsal: RehearsalServer, comment: dict[str, str]
) -> None:
    other = signed(rehearsal.open_account("facebook", handle="other"))
    address = f"{rehearsal.url}/v25.0/{comment['Comment']}"
    for answer in (
        requests.post(address, data=other | {"is_hidden": "true"}, timeout=60),
        requests.delete(address, params=other, timeout=60),
        requests.get(address, params=other, timeout=60),
    ):
        assert answer.json()["error"]["error_subcode"] == 33
    assert [row["hidden"] for row in rehearsal.comments(comment["PagePost"])] == [0]


def test_the_pages_show_what_the_public_sees(
    rehearsal: RehearsalServer, page: dict[str, Any]
) -> None:
    address = f"{rehearsal.url}/timeline/facebook/{page['account_id']}"
    assert "Nothing has been posted here yet" in requests.get(address, timeout=60).text
    feed = f"{rehearsal.url}/v25.0/{page['account_id']}/feed"
    post_id = requests.post(
        feed, data=signed(page) | {"message": "<b>Hello</b>"}, timeout=60
    ).json()["id"]
    form = {"post": post_id, "name": "Tom", "words": "Well!"}
    assert "Your reply is there" in requests.post(address, data=form, timeout=60).text
    shown = requests.get(address, timeout=60).text
    assert "&lt;b&gt;Hello" in shown
    assert "Well!" in shown
    comment = rehearsal.comments(post_id)[0]["id"]
    requests.post(
        f"{rehearsal.url}/v25.0/{comment}", data=signed(page) | {"is_hidden": "true"}, timeout=60
    )
    shown = requests.get(address, timeout=60).text
    assert "Well!" not in shown
    assert "1 comment is hidden" in shown
