"""Bluesky: counting, the exact writes, the session, and what the records say when read back."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import time
from typing import Any

import pytest
import requests

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, NotSent, Refused, Step, Trouble, Unknown
from social_publish.networks.atp import FreshSession, fresh_session
from social_publish.networks.base import Account, Post
from social_publish.networks.bluesky_post import record_key
from social_publish.networks.capabilities import ReplyControl
from social_publish.networks.text import bluesky_length
from social_publish.rehearsal.counting import graphemes
from tests.council import small_jpeg
from tests.networks.posting import LINK, TEXT, no_secret, publish, with_picture
from tests.rehearsal_server import RehearsalServer

BLUESKY = NETWORKS["bluesky"]
POST = Post(TEXT, LINK, key="abcdefghij")
SERVER, REPO = "com.atproto.server", "com.atproto.repo"
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def account(rehearsal: RehearsalServer, request: pytest.FixtureRequest) -> Account:
    """An account that nobody has signed in to yet."""
    opened = rehearsal.open_account("bluesky", handle=f"{request.node.name}-{time()}")
    return Account(opened["account_id"], opened["credentials"], rehearsal.url, rehearsal=True)


def asked(rehearsal: RehearsalServer, method: str) -> list[Any]:
    return [r for r in rehearsal.requests() if r.path == f"/xrpc/{method}"]


# --- counting ---


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hello", 5),
        ("café", 4),
        ("cafe\u0301", 4),
        ("日本", 2),
        ("🇬🇧", 1),
        ("👍🏽", 1),
        ("1\r\n2", 3),
        ("Visit https://council.gov.uk/n/abcdefghij", 41),
        ("€5…", 3),
    ],
)
def test_bluesky_counts_what_a_reader_takes_for_one_character(text: str, length: int) -> None:
    assert bluesky_length(text) == length
    assert graphemes(text) == length


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("w" * 300, True),
        ("w" * 301, False),
        (FAMILY * 120, True),  # 120 characters, and exactly 3,000 bytes
        (FAMILY * 120 + "w", False),
    ],
)
def test_the_limit_is_one_of_characters_and_of_bytes(
    account: Account, text: str, fits: bool
) -> None:
    assert (bluesky_length(text) <= BLUESKY.limits.maximum) is fits
    assert isinstance(publish("bluesky", account, Post(text, LINK)), Accepted) is fits


def test_a_delivery_has_one_record_key_for_ever() -> None:
    key = record_key(POST)
    assert re.fullmatch(r"[234567a-j][234567a-z]{12}", key)
    assert record_key(Post("Other words", LINK)) == key
    assert record_key(Post(TEXT, LINK, key="abcdefghiX")) != key


# --- the writes ---


def test_the_requests_to_bluesky(account: Account, rehearsal: RehearsalServer) -> None:
    text = f"Café – open.\n\n{LINK}, or https://council.example/contact."
    published = publish("bluesky", account, with_picture(text))
    sign_in, upload, write = rehearsal.requests()
    assert sign_in.json == {"identifier": account.account_id, **sign_in_password(account)}
    assert (upload.body, upload.headers["content-type"]) == (small_jpeg(), "image/jpeg")
    assert write.path == f"/xrpc/{REPO}.applyWrites"
    assert write.headers["authorization"].startswith("Bearer ")
    assert write.headers["accept-encoding"] == "identity"
    post, thread_gate, post_gate = write.json["writes"]
    assert {w["rkey"] for w in (post, thread_gate, post_gate)} == {published.remote_id}
    record = post["value"]
    assert (record["$type"], record["text"], record["langs"]) == (
        "app.bsky.feed.post",
        text,
        ["en"],
    )
    assert [linked(text, facet) for facet in record["facets"]] == [
        LINK,
        "https://council.example/contact",
    ]
    (image,) = record["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == (
        "A lit window",
        {"$type": "app.bsky.embed.defs#aspectRatio", "width": 64, "height": 48},
    )
    uri = f"at://{account.account_id}/app.bsky.feed.post/{published.remote_id}"
    assert (thread_gate["value"]["post"], thread_gate["value"]["allow"]) == (uri, [])
    assert (post_gate["value"]["post"], post_gate["value"]["embeddingRules"]) == (
        uri,
        [{"$type": "app.bsky.feed.postgate#disableRule"}],
    )


def test_a_post_without_a_picture_carries_a_card(
    account: Account, rehearsal: RehearsalServer
) -> None:
    publish("bluesky", account, replace(POST, title="Café <late>"))
    (post,) = rehearsal.posts("bluesky", account.account_id)
    embed = post["facts"]["record"]["embed"]
    assert embed["$type"] == "app.bsky.embed.external"
    assert (embed["external"]["uri"], embed["external"]["title"]) == (LINK, "Café <late>")
    timeline = requests.get(f"{rehearsal.url}/timeline/bluesky/{account.account_id}", timeout=60)
    assert f'<a href="{LINK}">Café &lt;late&gt;</a>' in timeline.text


def sign_in_password(account: Account) -> dict[str, str]:
    return {"password": account.credentials["app_password"]}


def linked(text: str, facet: dict[str, Any]) -> str:
    """The words that a facet makes a link, which must be the address itself."""
    index, (feature,) = facet["index"], facet["features"]
    words = text.encode()[index["byteStart"] : index["byteEnd"]].decode()
    assert feature["uri"] == words
    return words


def test_a_repeated_write_is_the_same_record(account: Account, rehearsal: RehearsalServer) -> None:
    first = publish("bluesky", account, POST)
    assert isinstance(publish("bluesky", account, POST), Unknown)
    assert len(rehearsal.posts("bluesky", account.account_id)) == 1
    look = BLUESKY.look(account, POST, 0, {})
    assert (look.found, look.complete) == ((first,), True)


def test_another_post_in_its_place_is_not_taken_for_it(account: Account) -> None:
    publish("bluesky", account, Post("Other words", "https://council.example/n/x", key=POST.key))
    look = BLUESKY.look(account, POST, 0, {})
    assert (look.found, look.complete, look.impossible) == ((), False, True)


def test_a_picture_that_the_server_let_go_is_handed_over_again_once(
    account: Account, rehearsal: RehearsalServer
) -> None:
    uploaded = BLUESKY.publish(account, with_picture(), {})
    assert isinstance(uploaded, Step)
    rehearsal.store.write("DELETE FROM media")
    again = BLUESKY.publish(account, with_picture(), uploaded.handles)
    assert isinstance(again, Step)
    assert "picture" not in again.handles
    uploaded = BLUESKY.publish(account, with_picture(), again.handles)
    assert isinstance(uploaded, Step)
    rehearsal.store.write("DELETE FROM media")
    assert isinstance(BLUESKY.publish(account, with_picture(), uploaded.handles), Refused)
    assert rehearsal.all_posts() == []


# --- replies ---


def test_nobody_can_reply_and_a_read_shows_it(account: Account, rehearsal: RehearsalServer) -> None:
    remote_id = publish("bluesky", account, POST).remote_id
    assert BLUESKY.read(account, remote_id).reply_control is ReplyControl.CLOSED
    assert not rehearsal.stranger_replies("bluesky", account.account_id, remote_id, "Well!")


@pytest.mark.parametrize(
    "gates",
    [
        {},
        {"app.bsky.feed.threadgate": {}},
        {
            "app.bsky.feed.threadgate": {
                "allow": [{"$type": "app.bsky.feed.threadgate#followerRule"}]
            }
        },
        {"app.bsky.feed.threadgate": {"allow": [], "post": "at://did:plc:other/x/1"}},
    ],
)
def test_a_post_whose_gate_is_open_or_gone_is_said_to_be_open(
    account: Account, rehearsal: RehearsalServer, gates: dict[str, dict[str, Any]]
) -> None:
    remote_id = publish("bluesky", account, POST).remote_id
    for name, gate in gates.items():
        post = f"at://{account.account_id}/app.bsky.feed.post/{remote_id}"
        made = {"$type": name, "post": post, "createdAt": "2026-11-21T10:00:00Z"}
        gates = {name: made | gate}
    rehearsal.store.change_facts(remote_id, gates=gates)
    reading = BLUESKY.read(account, remote_id)
    assert (reading.found, reading.reply_control) == (True, ReplyControl.OPEN)


def test_a_gate_that_cannot_be_read_is_not_said_to_be_shut(
    account: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish("bluesky", account, POST).remote_id
    rehearsal.misbehave("slow", match="getRecord", seconds=0)
    rehearsal.misbehave("error_before", match="getRecord")
    reading = BLUESKY.read(account, remote_id)
    assert (reading.found, reading.reply_control) == (True, None)
    assert reading.reason


def test_where_replies_are_open_each_can_be_hidden(
    account: Account, rehearsal: RehearsalServer
) -> None:
    opened = Post(TEXT, LINK, replies_closed=False, key=POST.key)
    remote_id = publish("bluesky", account, opened).remote_id
    for words in ("Well!", "Oh."):
        assert rehearsal.stranger_replies("bluesky", account.account_id, remote_id, words)
    first, second = BLUESKY.replies(account, remote_id).items
    assert [(r.text, r.author, r.hidden) for r in (first, second)] == [
        ("Well!", "stranger.test", False),
        ("Oh.", "stranger.test", False),
    ]
    for reply in (first, second, first):
        assert isinstance(BLUESKY.hide_reply(account, reply.remote_id), Accepted)
    assert [r.hidden for r in BLUESKY.replies(account, remote_id).items] == [True, True]
    assert [row["hidden"] for row in rehearsal.comments(remote_id)] == [1, 1]
    # Hiding one closes nothing.
    assert BLUESKY.read(account, remote_id).reply_control is ReplyControl.OPEN


def test_removing_takes_the_gates_too(account: Account, rehearsal: RehearsalServer) -> None:
    remote_id = publish("bluesky", account, POST).remote_id
    assert isinstance(BLUESKY.remove(account, remote_id), Accepted)
    (post,) = rehearsal.posts("bluesky", account.account_id, deleted=True)
    assert (post["deleted"], post["facts"]["gates"]) == (1, {})


def test_a_removal_cut_short_goes_on_where_it_was(
    account: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish("bluesky", account, POST).remote_id
    rehearsal.misbehave("drop_after", match="deleteRecord")
    assert isinstance(BLUESKY.remove(account, remote_id), Unknown)
    assert isinstance(BLUESKY.remove(account, remote_id), Accepted)
    (post,) = rehearsal.posts("bluesky", account.account_id, deleted=True)
    assert (post["deleted"], post["facts"]["gates"]) == (1, {})


@pytest.mark.parametrize(
    "mode",
    ["empty_object", "empty_list", "wrong_charset", "gzip_bomb", "nul_body", "surrogate_body"],
)
def test_a_record_that_lies_proves_nothing(
    account: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    remote_id = publish("bluesky", account, POST).remote_id
    rehearsal.misbehave(mode, times=2, match="getRecord")
    look = BLUESKY.look(account, POST, 0, {})
    assert (look.found, look.complete) == ((), False)
    assert BLUESKY.read(account, remote_id).found is None


# --- the session ---


def test_one_sign_in_serves_many_calls(account: Account, rehearsal: RehearsalServer) -> None:
    publish("bluesky", account, with_picture())
    BLUESKY.read(account, "3l3b5pcr7uoic")
    BLUESKY.verify(account)
    assert len(asked(rehearsal, f"{SERVER}.createSession")) == 1


def almost_over(rehearsal: RehearsalServer, account: Account) -> None:
    """Sign in two hours ago, and come back to the present."""
    rehearsal.store.now = lambda: time() - 2 * 3600 + 300
    assert BLUESKY.verify(account).account_id
    rehearsal.store.now = time
    rehearsal.server.log.clear()


def test_a_session_that_ends_soon_is_refreshed_once_for_all(
    account: Account, rehearsal: RehearsalServer
) -> None:
    almost_over(rehearsal, account)
    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: BLUESKY.verify(account).account_id, range(8)))
    assert seen == [account.account_id] * 8
    assert len(asked(rehearsal, f"{SERVER}.refreshSession")) == 1
    assert asked(rehearsal, f"{SERVER}.createSession") == []


def test_a_refresh_that_was_lost_costs_one_sign_in(
    account: Account, rehearsal: RehearsalServer
) -> None:
    almost_over(rehearsal, account)
    rehearsal.misbehave("drop_after", match="refreshSession")
    assert isinstance(publish("bluesky", account, POST), NotSent)
    assert isinstance(publish("bluesky", account, POST), Accepted)
    assert len(asked(rehearsal, f"{SERVER}.createSession")) == 1


def test_a_session_that_the_server_ended_is_opened_anew(
    account: Account, rehearsal: RehearsalServer
) -> None:
    assert BLUESKY.verify(account).account_id
    ahead = time() + 3 * 3600
    rehearsal.store.now = lambda: ahead
    assert isinstance(publish("bluesky", account, POST), Accepted)
    assert len(asked(rehearsal, f"{SERVER}.createSession")) == 2


def kept_by_the_site(account: Account, session: str, *, app_password: str = "") -> Account:
    """The account as another process has it; without the app password it could not sign in."""
    keys = {"app_password": app_password or f"none {time()}", "session": session}
    return replace(account, credentials=keys)


def fresh(account: Account) -> FreshSession:
    answer = fresh_session(account)
    assert isinstance(answer, FreshSession), answer
    return answer


def test_a_session_kept_with_the_credentials_needs_no_sign_in(
    account: Account, rehearsal: RehearsalServer
) -> None:
    kept = kept_by_the_site(account, fresh(account).session)
    rehearsal.server.log.clear()
    assert isinstance(publish("bluesky", kept, POST), Accepted)
    assert asked(rehearsal, f"{SERVER}.createSession") == []


def test_renewing_a_session_spends_the_old_one(
    account: Account, rehearsal: RehearsalServer
) -> None:
    first = fresh(account)
    assert time() + 3600 < first.ends < time() + 3 * 3600
    second = fresh(kept_by_the_site(account, first.session))
    assert second.session != first.session
    assert len(asked(rehearsal, f"{SERVER}.createSession")) == 1
    # Who asks with the old one once more cannot be refused for ever: the app password is there.
    password = account.credentials["app_password"]
    third = fresh(kept_by_the_site(account, first.session, app_password=password))
    assert third.session not in (first.session, second.session)


def test_a_renewal_whose_answer_was_lost_costs_one_sign_in(
    account: Account, rehearsal: RehearsalServer
) -> None:
    first = fresh(account)
    rehearsal.misbehave("drop_after", match="refreshSession")
    assert isinstance(fresh_session(account), Unknown)
    assert fresh(account).session != first.session
    assert len(asked(rehearsal, f"{SERVER}.createSession")) == 2


def test_a_kept_session_that_the_server_ended_is_not_tried_again(
    account: Account, rehearsal: RehearsalServer
) -> None:
    password = account.credentials["app_password"]
    kept = kept_by_the_site(account, fresh(account).session, app_password=password)
    ahead = time() + 3 * 3600
    rehearsal.store.now = lambda: ahead
    assert isinstance(publish("bluesky", kept, POST), Accepted)
    signed_in = len(asked(rehearsal, f"{SERVER}.createSession"))
    assert BLUESKY.read(kept, record_key(POST)).found
    assert len(asked(rehearsal, f"{SERVER}.createSession")) == signed_in


@pytest.mark.parametrize("damaged", ["nonsense", "a:::b:::c:::d:::e", " "])
def test_a_damaged_session_is_left_aside(account: Account, damaged: str) -> None:
    password = account.credentials["app_password"]
    kept = kept_by_the_site(account, damaged, app_password=password)
    assert isinstance(publish("bluesky", kept, POST), Accepted)


@pytest.mark.parametrize("mode", ["drop_before", "drop_after", "error_after", "html_200"])
def test_a_sign_in_that_fails_posts_nothing(
    account: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    rehearsal.misbehave(mode, match="createSession")
    answer = publish("bluesky", account, POST)
    assert isinstance(answer, NotSent)
    assert rehearsal.all_posts() == []
    no_secret(account, str(answer))


def test_too_many_sign_ins_are_waited_for(account: Account, rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("rate_limit", match="createSession", headers={"Retry-After": "120"})
    answer = publish("bluesky", account, POST)
    assert answer == NotSent(answer.reason, 120, Trouble.RATE_LIMIT)


def test_no_session_is_written_down(account: Account) -> None:
    uploaded = BLUESKY.publish(account, with_picture(), {})
    assert isinstance(uploaded, Step)
    kept = json.dumps(dict(uploaded.handles))
    assert "Jwt" not in kept
    assert "eyJ" not in kept


def test_who_an_account_is_can_be_asked_by_its_name(
    account: Account, rehearsal: RehearsalServer
) -> None:
    name = rehearsal.account("bluesky", account.account_id).handle
    found = BLUESKY.verify(Account("", account.credentials, account.base_url, f"@{name}"))
    assert found.account_id == account.account_id
