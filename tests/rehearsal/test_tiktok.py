"""The pretend TikTok refuses what the real one would, and says why."""

from typing import Any

import pytest
import requests

from tests.council import small_jpeg
from tests.rehearsal_server import RehearsalServer

INIT, STATUS = "/v2/post/publish/content/init/", "/v2/post/publish/status/fetch/"
PICTURE = "https://council.example/picture.jpg"


@pytest.fixture
def user(rehearsal: RehearsalServer) -> dict[str, Any]:
    return rehearsal.open_account("tiktok")


def ask(rehearsal: RehearsalServer, user: dict[str, Any], path: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {user['credentials']['access_token']}"}
    return requests.post(rehearsal.url + path, json=body, headers=headers, timeout=60)


def good(**info: Any) -> dict[str, Any]:
    return {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {"description": "Hello", "privacy_level": "PUBLIC_TO_EVERYONE"} | info,
        "source_info": source(),
    }


def source(**changes: Any) -> dict[str, Any]:
    plain = {"source": "PULL_FROM_URL", "photo_images": [PICTURE], "photo_cover_index": 0}
    return plain | changes


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "not a JSON object"),
        (good() | {"caption": "Hello"}, "Unknown fields: caption"),
        ({"media_type": "PHOTO"}, "Missing fields: post_info, post_mode, source_info"),
        (good() | {"media_type": "VIDEO"}, "media_type must be PHOTO"),
        (good() | {"post_mode": "MEDIA_UPLOAD"}, "post_mode DIRECT_POST"),
        (good(privacy_level="PUBLIC"), "privacy_level must be one of"),
        (good(disable_comment="true"), "post_info.disable_comment is unknown, or of another type"),
        (good(disable_comments=True), "post_info.disable_comments is unknown"),
        (good(title="w" * 91), "title has more than 90"),
        (good(description="🫖" * 2001), "description has more than 4000"),
        (good() | {"source_info": source(source="FILE_UPLOAD")}, "PULL_FROM_URL"),
        (good() | {"source_info": source(photo_images=[])}, "photo_images must name 1 to 35"),
        (good() | {"source_info": source(photo_images=["x"])}, "must be web addresses"),
        (good() | {"source_info": source(photo_cover_index=1)}, "photo_cover_index names none"),
    ],
)
def test_a_bad_post_is_refused(
    rehearsal: RehearsalServer, user: dict[str, Any], body: Any, words: str
) -> None:
    answer = ask(rehearsal, user, INIT, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_params"
    assert words in answer.json()["error"]["message"]
    assert rehearsal.all_posts() == []


def test_wrong_keys_are_refused(rehearsal: RehearsalServer, user: dict[str, Any]) -> None:
    other = {"credentials": {"access_token": "wrong"}}
    answer = ask(rehearsal, other, INIT, good())
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "access_token_invalid")


def test_a_good_post_has_a_status(rehearsal: RehearsalServer, user: dict[str, Any]) -> None:
    rehearsal.store.lag = 60
    publish_id = ask(rehearsal, user, INIT, good()).json()["data"]["publish_id"]
    asked = {"publish_id": publish_id}
    assert ask(rehearsal, user, STATUS, asked).json()["data"]["status"] == "PROCESSING_DOWNLOAD"
    rehearsal.store.lag = 0
    told = ask(rehearsal, user, STATUS, asked).json()["data"]
    (post,) = rehearsal.posts("tiktok", user["account_id"])
    assert told == {
        "status": "PUBLISH_COMPLETE",
        "publicaly_available_post_id": [int(post["id"])],
    }
    assert post["pictures"][0]["content"] == small_jpeg()
    stranger = rehearsal.open_account("tiktok", handle="other")
    assert ask(rehearsal, stranger, STATUS, asked).status_code == 400


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "picture_pull_failed"), (b"\x89PNG\r\n", "file_format_check_failed")],
)
def test_a_bad_picture_fails_after_the_post_was_taken(
    rehearsal: RehearsalServer, user: dict[str, Any], content: bytes, reason: str
) -> None:
    rehearsal.store.elsewhere = content
    publish_id = ask(rehearsal, user, INIT, good()).json()["data"]["publish_id"]
    told = ask(rehearsal, user, STATUS, {"publish_id": publish_id}).json()["data"]
    assert told == {"status": "FAILED", "fail_reason": reason}
    assert rehearsal.all_posts() == []


def test_a_post_with_comments_is_open_to_strangers(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    for closed in (False, True):
        ask(rehearsal, user, INIT, good(disable_comment=closed))
        newest = rehearsal.posts("tiktok", user["account_id"])[0]["id"]
        said = rehearsal.stranger_replies("tiktok", user["account_id"], newest, "Well!")
        assert said is not closed


def test_whose_account_it_is_needs_the_names_of_fields(
    rehearsal: RehearsalServer, user: dict[str, Any]
) -> None:
    headers = {"Authorization": f"Bearer {user['credentials']['access_token']}"}
    for fields in ("", "open_id,email"):
        answer = requests.get(
            f"{rehearsal.url}/v2/user/info/",
            params={"fields": fields},
            headers=headers,
            timeout=60,
        )
        assert answer.status_code == 400
