"""The pretend Mastodon and GoToSocial refuse what the real ones would, each in its own way."""

from typing import Any

import pytest
import requests

from tests.council import small_jpeg
from tests.rehearsal_server import RehearsalServer

BOTH = ("gotosocial", "mastodon")
CLOSED = {"interaction_policy[can_reply][always][0]": "author"}


class Caller:
    """A client of the tests' own: plain HTTP with an account's token."""

    def __init__(self, rehearsal: RehearsalServer, slug: str) -> None:
        self.url = f"{rehearsal.url}/api"
        self.opened = rehearsal.open_account(slug)
        self.id = self.opened["account_id"]
        self.headers = {"Authorization": f"Bearer {self.opened['credentials']['access_token']}"}

    def ask(self, method: str, path: str, *, key: str = "", **body: Any) -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return requests.request(method, f"{self.url}{path}", headers=headers, timeout=60, **body)

    def post(self, *, key: str = "", **form: str) -> Any:
        return self.ask("POST", "/v1/statuses", key=key, data={"status": "Hello"} | form)


@pytest.fixture(params=BOTH)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def caller(rehearsal: RehearsalServer, slug: str) -> Caller:
    return Caller(rehearsal, slug)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"status": ""}, "Text has 0"),
        ({"status": "w" * 5001}, "Text has 5001"),
        ({"replies": "off"}, "Unknown parameters: replies"),
        ({"valid_policies[]": "nobody"}, "Unknown parameters: valid_policies[]"),
        ({"visibility": "everyone"}, "Visibility is not included"),
        ({"media_ids[]": "1"}, "Media not found"),
    ],
)
def test_a_bad_post_is_refused(
    caller: Caller, rehearsal: RehearsalServer, slug: str, form: dict[str, str], words: str
) -> None:
    answer = caller.post(**form)
    assert answer.status_code == (422 if slug == "mastodon" else 400)
    assert words in answer.json()["error"]
    assert rehearsal.all_posts() == []


@pytest.mark.parametrize(
    ("slug", "form", "words"),
    [
        ("mastodon", CLOSED, "Unknown parameters: interaction_policy[can_reply][always][0]"),
        ("mastodon", {"quote_approval_policy": "none"}, "Quote approval policy"),
        ("gotosocial", {"quote_approval_policy": "nobody"}, "Unknown parameters: quote"),
        ("gotosocial", {"interaction_policy[can_reply]": "author"}, "Unknown parameters"),
        ("gotosocial", {"interaction_policy[can_reply][always][0]": "nobody"}, "policyURI nobody"),
    ],
)
def test_each_knows_its_own_ways_to_close_only(caller: Caller, form: Any, words: str) -> None:
    assert words in caller.post(**form).json()["error"]


@pytest.mark.parametrize("slug", ["gotosocial"])
def test_what_a_policy_leaves_out_is_closed_too(caller: Caller) -> None:
    policy = caller.post(**CLOSED).json()["interaction_policy"]
    for kind in ("can_reply", "can_reblog", "can_favourite"):
        assert policy[kind]["always"] == ["author", "mentioned", "me"]
    open_policy = caller.post().json()["interaction_policy"]
    assert open_policy["can_reply"]["always"] == ["public", "me"]


def test_only_mastodon_heeds_the_idempotency_key_and_only_for_an_hour(
    caller: Caller, rehearsal: RehearsalServer, slug: str
) -> None:
    first, again = (caller.post(key="k").json()["id"] for _ in range(2))
    assert (first == again) is (slug == "mastodon")
    ahead = rehearsal.store.now() + 3601
    rehearsal.store.now = lambda: ahead
    assert caller.post(key="k").json()["id"] not in (first, again)


def test_a_wrong_token_opens_nothing(rehearsal: RehearsalServer) -> None:
    for header in ({}, {"Authorization": "Bearer wrong"}):
        answer = requests.get(f"{rehearsal.url}/api/v2/instance", headers=header, timeout=60)
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/accounts/ME/statuses?limit=41", "limit must be 1 to 40"),
        ("/v1/accounts/ME/statuses?limit=all", "limit must be 1 to 40"),
        ("/v1/accounts/ME/statuses?since=1", "Unknown parameters: since"),
        ("/v1/accounts/1/statuses", "Record not found"),
        ("/v1/statuses/1", "Record not found"),
        ("/v1/statuses/1/context", "Record not found"),
        ("/v1/media/1", "Record not found"),
        ("/v1/timelines/home", "Not Found"),
    ],
)
def test_a_bad_question_is_refused(caller: Caller, path: str, words: str) -> None:
    assert words in caller.ask("GET", path.replace("ME", caller.id)).json()["error"]


def test_nobody_removes_anothers_post(caller: Caller, rehearsal: RehearsalServer) -> None:
    status_id = caller.post().json()["id"]
    other = Caller(rehearsal, "mastodon")
    other.opened = rehearsal.open_account("mastodon", handle="other")
    token = other.opened["credentials"]["access_token"]
    other.headers = {"Authorization": f"Bearer {token}"}
    assert other.ask("DELETE", f"/v1/statuses/{status_id}").status_code == 404
    assert caller.ask("DELETE", f"/v1/statuses/{status_id}").status_code == 200
    assert caller.ask("DELETE", f"/v1/statuses/{status_id}").status_code == 404


@pytest.mark.parametrize(
    ("content", "description", "words"),
    [
        (b"not a picture", "", "not a picture"),
        (small_jpeg(), "w" * 1501, "over 1500 characters"),
    ],
)
def test_a_bad_picture_is_refused(
    caller: Caller, content: bytes, description: str, words: str
) -> None:
    files, form = {"file": ("p.jpg", content, "image/jpeg")}, {"description": description}
    answer = caller.ask("POST", "/v2/media", files=files, data=form)
    assert answer.status_code == 422
    assert words in answer.json()["error"]


def test_a_list_is_read_page_by_page(caller: Caller) -> None:
    made = [caller.post(status=f"Hello {number}").json()["id"] for number in range(5)]
    seen, last = [], ""
    for _ in range(4):
        query = f"?limit=2{last}"
        rows = caller.ask("GET", f"/v1/accounts/{caller.id}/statuses{query}").json()
        seen += [row["id"] for row in rows]
        last = f"&max_id={seen[-1]}"
    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("slug", "form", "words"),
    [
        ("mastodon", {"quote_approval_policy": "nobody"}, "Anyone can reply."),
        ("gotosocial", CLOSED, "Nobody can reply."),
        ("gotosocial", {}, "Anyone can reply."),
    ],
)
def test_the_page_says_who_can_reply_and_keeps_to_it(
    caller: Caller, rehearsal: RehearsalServer, slug: str, form: dict[str, str], words: str
) -> None:
    status_id = caller.post(**form).json()["id"]
    address = f"{rehearsal.url}/timeline/{slug}/{caller.id}"
    assert words in requests.get(address, timeout=60).text
    reply = {"post": status_id, "name": "Tom", "words": "Well!"}
    answer = requests.post(address, data=reply, timeout=60).text
    assert ("Your reply is there" in answer) is (words == "Anyone can reply.")
