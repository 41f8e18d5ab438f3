"""The pretend Bluesky refuses what a personal data server would, and says why."""

from typing import Any

import pytest
import requests

from tests.council import small_jpeg
from tests.rehearsal_server import RehearsalServer

KEY = "3l3b5pcr7uoic"
POST, GATE = "app.bsky.feed.post", "app.bsky.feed.threadgate"
NOW = "2026-11-21T10:00:00.000Z"


class Caller:
    """A client of the tests' own: plain HTTP, signed in."""

    def __init__(self, rehearsal: RehearsalServer) -> None:
        self.url = f"{rehearsal.url}/xrpc"
        self.opened = rehearsal.open_account("bluesky")
        self.did = self.opened["account_id"]
        login = {"identifier": self.did, "password": self.opened["credentials"]["app_password"]}
        self.session = self.post("com.atproto.server.createSession", login, token="").json()

    def post(self, method: str, body: Any = None, *, token: str | None = None) -> Any:
        bearer = self.session["accessJwt"] if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return requests.post(f"{self.url}/{method}", json=body, headers=headers, timeout=60)

    def get(self, method: str, **query: str) -> Any:
        headers = {"Authorization": f"Bearer {self.session['accessJwt']}"}
        return requests.get(f"{self.url}/{method}", params=query, headers=headers, timeout=60)

    def write(self, *records: dict[str, Any], key: str = KEY, **more: Any) -> Any:
        kind = "com.atproto.repo.applyWrites#create"
        writes = [
            {"$type": kind, "collection": r["$type"], "rkey": key, "value": r, **more}
            for r in records
        ]
        return self.post("com.atproto.repo.applyWrites", {"repo": self.did, "writes": writes})

    @property
    def uri(self) -> str:
        return f"at://{self.did}/{POST}/{KEY}"


@pytest.fixture
def caller(rehearsal: RehearsalServer) -> Caller:
    return Caller(rehearsal)


def post(**fields: Any) -> dict[str, Any]:
    return {"$type": POST, "text": "Hello", "createdAt": NOW} | fields


def image(**fields: Any) -> dict[str, Any]:
    blob = {"$type": "blob", "ref": {"$link": "bafk"}, "mimeType": "image/jpeg", "size": 1}
    return {
        "$type": "app.bsky.embed.images",
        "images": [{"image": blob, "alt": "A lit window"} | fields],
    }


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (post(text="w" * 301), "grapheme too big (maximum 300, got 301)"),
        (post(text="👨‍👩‍👧‍👦" * 300), "string too big (maximum 3000, got 7500)"),
        (post(text=None), "text must be a string"),
        (post(createdAt="yesterday"), "createdAt must be a datetime"),
        (post(createdAt="2026-11-21T10:00:00"), "createdAt must be a datetime"),
        (post(visibility="all"), "Unknown fields: visibility"),
        (post(langs=["en", "cy", "kw", "fr"]), "more than 3"),
        (post(facets=[{"index": {"byteStart": 0, "byteEnd": 9}, "features": []}]), "outside"),
        (post(facets=[{"features": []}]), "A facet needs"),
        (post(embed={"$type": "app.bsky.embed.images", "images": []}), "1 to 4"),
        (post(embed=image(alt=None)), "must have the property alt"),
        (post(embed=image()), "Could not find blob"),
    ],
)
def test_a_bad_post_is_refused(
    caller: Caller, rehearsal: RehearsalServer, record: dict[str, Any], words: str
) -> None:
    answer = caller.write(record)
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert rehearsal.all_posts() == []


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ({"allows": []}, "Unknown fields: allows"),
        ({"allow": [{"$type": f"{GATE}#nobody"}]}, "No such rule"),
        ({"post": "at://did:plc:other/app.bsky.feed.post/1"}, "post must be"),
    ],
)
def test_a_bad_gate_keeps_its_post_out_too(
    caller: Caller, rehearsal: RehearsalServer, gate: dict[str, Any], words: str
) -> None:
    whole = {"$type": GATE, "post": caller.uri, "allow": [], "createdAt": NOW} | gate
    answer = caller.write(post(), whole)
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert rehearsal.all_posts() == []


@pytest.mark.parametrize("key", ["mykey", "zzzzzzzzzzzzz", "3L3B5PCR7UOIC", ""])
def test_a_record_key_must_be_a_tid(caller: Caller, key: str) -> None:
    assert "is no tid" in caller.write(post(), key=key).json()["message"]


def test_a_record_key_is_taken_once(caller: Caller, rehearsal: RehearsalServer) -> None:
    assert caller.write(post()).json()["results"][0]["uri"] == caller.uri
    again = caller.write(post(text="Other"))
    assert (again.status_code, again.json()["error"]) == (500, "InternalServerError")
    assert [p["text"] for p in rehearsal.all_posts()] == ["Hello"]


def test_records_are_read_changed_and_deleted(caller: Caller) -> None:
    own = {"repo": caller.did, "collection": GATE, "rkey": KEY}
    caller.write(post(), {"$type": GATE, "post": caller.uri, "allow": [], "createdAt": NOW})
    assert caller.get("com.atproto.repo.getRecord", **own).json()["value"]["allow"] == []
    changed = {"$type": GATE, "post": caller.uri, "createdAt": NOW}
    put = caller.post("com.atproto.repo.putRecord", own | {"record": changed})
    assert put.status_code == 200
    assert "allow" not in caller.get("com.atproto.repo.getRecord", **own).json()["value"]
    for collection in (POST, GATE, GATE):
        deleted = own | {"collection": collection}
        assert caller.post("com.atproto.repo.deleteRecord", deleted).status_code == 200
        gone = caller.get("com.atproto.repo.getRecord", **deleted)
        assert (gone.status_code, gone.json()["error"]) == (400, "RecordNotFound")


def test_deleting_a_post_leaves_its_gate(caller: Caller) -> None:
    caller.write(post(), {"$type": GATE, "post": caller.uri, "allow": [], "createdAt": NOW})
    own = {"repo": caller.did, "collection": POST, "rkey": KEY}
    caller.post("com.atproto.repo.deleteRecord", own)
    gate = caller.get("com.atproto.repo.getRecord", **(own | {"collection": GATE}))
    assert gate.status_code == 200


def test_nobody_writes_into_anothers_repo(caller: Caller, rehearsal: RehearsalServer) -> None:
    other = rehearsal.open_account("bluesky", handle="other")["account_id"]
    body = {"repo": other, "collection": POST, "rkey": KEY}
    for method in ("deleteRecord", "putRecord", "applyWrites"):
        fields = body if method != "applyWrites" else {"repo": other, "writes": []}
        assert caller.post(f"com.atproto.repo.{method}", fields).status_code == 401


@pytest.mark.parametrize(
    ("token", "status", "name"),
    [("", 401, "AuthMissing"), ("abc", 400, "InvalidToken"), ("a.b.c", 400, "InvalidToken")],
)
def test_a_token_must_be_one_that_was_given_out(
    caller: Caller, token: str, status: int, name: str
) -> None:
    answer = caller.post("com.atproto.repo.applyWrites", {}, token=token)
    assert (answer.status_code, answer.json()["error"]) == (status, name)


def test_a_forged_token_is_refused(caller: Caller) -> None:
    head, _, signature = caller.session["accessJwt"].rpartition(".")
    forged = f"{head}.{signature[::-1]}"
    answer = caller.post("com.atproto.repo.applyWrites", {}, token=forged)
    assert answer.json()["error"] == "InvalidToken"


def test_a_refresh_token_is_for_one_use_and_for_nothing_else(caller: Caller) -> None:
    refresh = caller.session["refreshJwt"]
    misused = caller.post("com.atproto.repo.applyWrites", {}, token=refresh)
    assert misused.json()["error"] == "InvalidToken"
    fresh = caller.post("com.atproto.server.refreshSession", token=refresh)
    assert fresh.json()["did"] == caller.did
    again = caller.post("com.atproto.server.refreshSession", token=refresh)
    assert (again.status_code, again.json()["error"]) == (400, "ExpiredToken")


def test_a_token_ends_after_two_hours_by_the_networks_clock(
    caller: Caller, rehearsal: RehearsalServer
) -> None:
    ahead = rehearsal.store.now() + 2 * 3600 + 1
    rehearsal.store.now = lambda: ahead
    assert caller.write(post()).json()["error"] == "ExpiredToken"


def test_a_wrong_password_opens_nothing(caller: Caller) -> None:
    login = {"identifier": caller.did, "password": "wrong"}
    answer = caller.post("com.atproto.server.createSession", login, token="")
    assert (answer.status_code, answer.json()["error"]) == (401, "AuthenticationRequired")


def test_only_pictures_are_taken(caller: Caller) -> None:
    headers = {"Authorization": f"Bearer {caller.session['accessJwt']}"}
    for content, status in ((small_jpeg(), 200), (b"not a picture", 400)):
        answer = requests.post(
            f"{caller.url}/com.atproto.repo.uploadBlob",
            data=content,
            headers=headers | {"Content-Type": "image/jpeg"},
            timeout=60,
        )
        assert answer.status_code == status


def test_what_is_not_rehearsed_is_said_to_be_so(caller: Caller) -> None:
    answer = caller.post("app.bsky.feed.sendInteractions", {})
    assert (answer.status_code, answer.json()["error"]) == (501, "MethodNotImplemented")


def test_the_page_says_that_nobody_can_reply(caller: Caller, rehearsal: RehearsalServer) -> None:
    address = f"{rehearsal.url}/timeline/bluesky/{caller.did}"
    caller.write(post(), {"$type": GATE, "post": caller.uri, "allow": [], "createdAt": NOW})
    shown = requests.get(address, timeout=60).text
    assert "Nobody can reply." in shown
    form = {"post": KEY, "name": "Tom", "words": "Well!"}
    assert "You cannot reply" in requests.post(address, data=form, timeout=60).text
    assert "Well!" not in requests.get(address, timeout=60).text
