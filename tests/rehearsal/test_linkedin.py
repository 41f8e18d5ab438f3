"""The pretend LinkedIn refuses what the real one would, and says why."""

from typing import Any

import pytest
import requests

from tests.council import small_jpeg
from tests.rehearsal_server import RehearsalServer


@pytest.fixture
def page(rehearsal: RehearsalServer) -> dict[str, Any]:
    return rehearsal.open_account("linkedin")


def headers(page: dict[str, Any], **changes: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {page['credentials']['access_token']}",
        "LinkedIn-Version": "202607",
        "X-Restli-Protocol-Version": "2.0.0",
    } | changes


def owner(page: dict[str, Any]) -> str:
    return f"urn:li:organization:{page['account_id']}"


def good(page: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "author": owner(page),
        "commentary": "Hello",
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED"},
        "lifecycleState": "PUBLISHED",
    } | changes


def post(rehearsal: RehearsalServer, page: dict[str, Any], body: Any) -> requests.Response:
    return requests.post(
        f"{rehearsal.url}/rest/posts", json=body, headers=headers(page), timeout=60
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "Hello"}, "/text :: unrecognized field"),
        ({"commentsState": "CLOSED"}, "/commentsState :: unrecognized field"),
        ({"commentary": 7}, "/commentary :: has another type"),
        ({"commentary": "w" * 3001}, "longer than 3000"),
        ({"visibility": "CONNECTIONS"}, "/visibility must be PUBLIC"),
        ({"distribution": {"feedDistribution": "NONE"}}, "/distribution"),
        ({"distribution": {"feedDistribution": "MAIN_FEED", "to": []}}, "/distribution"),
        ({"author": "urn:li:organization:1"}, "another organization"),
        ({"content": {"media": {"id": "urn:li:image:1"}}}, "no picture of this page"),
        ({"content": {"media": {"id": "urn:li:image:1", "alt": "x"}}}, "unrecognized field"),
        ({"content": {"article": {}}}, "holds one media"),
    ],
)
def test_a_bad_post_is_refused(
    rehearsal: RehearsalServer, page: dict[str, Any], changes: dict[str, Any], words: str
) -> None:
    answer = post(rehearsal, page, good(page, **changes))
    assert answer.status_code in (400, 403, 422)
    assert words in answer.json()["message"]
    assert rehearsal.all_posts() == []


@pytest.mark.parametrize("name", ["author", "commentary", "distribution", "lifecycleState"])
def test_a_post_without_a_needed_field_is_refused(
    rehearsal: RehearsalServer, page: dict[str, Any], name: str
) -> None:
    body = good(page)
    del body[name]
    assert f"/{name} :: field is required" in post(rehearsal, page, body).json()["message"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"Authorization": "Bearer wrong"}, 401, "INVALID_ACCESS_TOKEN"),
        ({"LinkedIn-Version": ""}, 400, "VERSION_MISSING"),
        ({"LinkedIn-Version": "202401"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn-Version": "latest"}, 426, "NONEXISTENT_VERSION"),
        ({"X-Restli-Protocol-Version": "1.0.0"}, 400, "ILLEGAL_ARGUMENT"),
    ],
)
def test_the_headers_are_demanded(
    rehearsal: RehearsalServer,
    page: dict[str, Any],
    changes: dict[str, str],
    status: int,
    code: str,
) -> None:
    address = f"{rehearsal.url}/rest/posts"
    answer = requests.post(address, json=good(page), headers=headers(page, **changes), timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("commentary", "shown"),
    [
        ("Ring (01503) 262255 today", "Ring"),
        (r"Ring \(01503\) 262255 today", "Ring (01503) 262255 today"),
        ("Half_way", "Half"),
        (r"Back\\slash", r"Back\slash"),
    ],
)
def test_a_bare_bracket_cuts_the_post_off_in_silence(
    rehearsal: RehearsalServer, page: dict[str, Any], commentary: str, shown: str
) -> None:
    assert post(rehearsal, page, good(page, commentary=commentary)).status_code == 201
    assert rehearsal.posts("linkedin", page["account_id"])[0]["text"] == shown


def test_the_same_words_are_refused_with_the_earlier_number(
    rehearsal: RehearsalServer, page: dict[str, Any]
) -> None:
    urn = post(rehearsal, page, good(page)).headers["x-restli-id"]
    again = post(rehearsal, page, good(page))
    assert again.status_code == 422
    (fault,) = again.json()["errorDetails"]["inputErrors"]
    assert fault["code"] == "DUPLICATE_POST"
    assert fault["description"] == f"Content is a duplicate of {urn}"


def test_a_picture_needs_its_place_first(rehearsal: RehearsalServer, page: dict[str, Any]) -> None:
    images = f"{rehearsal.url}/rest/images"
    wrong = {"initializeUploadRequest": {"owner": "urn:li:organization:1"}}
    query = {"action": "initializeUpload"}
    asked = {"params": query, "headers": headers(page), "timeout": 5}
    assert requests.post(images, json=wrong, **asked).status_code == 400
    right = {"initializeUploadRequest": {"owner": owner(page)}}
    value = requests.post(images, json=right, **asked).json()["value"]
    state = f"{images}/{value['image'].replace(':', '%3A')}"
    look = {"headers": headers(page), "timeout": 5}
    assert requests.get(state, **look).json()["status"] == "WAITING_UPLOAD"
    early = good(page, content={"media": {"id": value["image"]}})
    assert "no picture" in post(rehearsal, page, early).json()["message"]
    place = rehearsal.url + value["uploadUrl"].removeprefix("https://www.linkedin.com")
    assert requests.put(place, data=b"no picture", **look).status_code == 400
    assert requests.put(place, data=small_jpeg(), **look).status_code == 201
    assert requests.get(state, **look).json()["status"] == "AVAILABLE"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"q": "authors"}, "finder author"),
        ({"q": "author", "since": "1"}, "finder author"),
        ({"q": "author", "author": "urn:li:organization:1"}, "another organization"),
        ({"q": "author", "author": "OWNER", "count": "101"}, "count must be"),
        ({"q": "author", "author": "OWNER", "sortBy": "NEWEST"}, "sortBy must be"),
    ],
)
def test_an_unknown_query_is_refused(
    rehearsal: RehearsalServer, page: dict[str, Any], query: dict[str, str], words: str
) -> None:
    params = {name: owner(page) if value == "OWNER" else value for name, value in query.items()}
    answer = requests.get(
        f"{rehearsal.url}/rest/posts",
        params=params,
        headers=headers(page, **{"X-RestLi-Method": "FINDER"}),
        timeout=60,
    )
    assert words in answer.json()["message"]


def test_comments_are_closed_only_in_the_published_way(
    rehearsal: RehearsalServer, page: dict[str, Any]
) -> None:
    urn = post(rehearsal, page, good(page)).headers["x-restli-id"]
    address = f"{rehearsal.url}/rest/socialMetadata/{urn.replace(':', '%3A')}"
    asked = {
        "headers": headers(page, **{"X-RestLi-Method": "PARTIAL_UPDATE"}),
        "params": {"actor": owner(page)},
        "timeout": 5,
    }
    patch = {"patch": {"$set": {"commentsState": "CLOSED"}}}
    off = {"patch": {"$set": {"commentsState": "OFF"}}}
    assert requests.post(address, json=off, **asked).status_code == 400
    plain = asked | {"headers": headers(page)}
    assert requests.post(address, json=patch, **plain).status_code == 404
    nobody = asked | {"params": {}}
    assert requests.post(address, json=patch, **nobody).status_code == 403
    assert rehearsal.stranger_replies("linkedin", page["account_id"], urn, "Well!")
    assert requests.post(address, json=patch, **asked).status_code == 202
    assert not rehearsal.stranger_replies("linkedin", page["account_id"], urn, "Well!")
    timeline = f"{rehearsal.url}/timeline/linkedin/{page['account_id']}"
    assert "Comments are turned off" in requests.get(timeline, timeout=60).text
