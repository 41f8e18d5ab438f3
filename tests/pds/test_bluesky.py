"""The Bluesky channel against Bluesky's own personal data server (`docs/sources.md`).

What residents would see of it is made by another of Bluesky's services, which is not here: the
rehearsal stands in for that one.
"""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, Refused, Trouble
from social_publish.networks.atp import FreshSession, fresh_session
from social_publish.networks.base import Account, Post
from social_publish.networks.bluesky_post import POST, POST_GATE, THREAD_GATE, record_key
from social_publish.networks.capabilities import ReplyControl
from tests.council import small_jpeg
from tests.networks.posting import LINK, TEXT, no_secret, publish, with_picture
from tests.pds.server import PersonalDataServer

pytestmark = pytest.mark.pds

BLUESKY = NETWORKS["bluesky"]
PLAIN = Post(TEXT, LINK, key="abcdefghij")
ALL = (POST, THREAD_GATE, POST_GATE)
FAMILY = "👨‍👩‍👧‍👦"
SIGN_IN, REFRESH = "com.atproto.server.createSession", "com.atproto.server.refreshSession"


def test_post_picture_and_gates_are_one_write_under_our_own_key(
    pds: PersonalDataServer, account: Account
) -> None:
    text = f"Café – open late.\n\n{LINK}\nCouncil office: 01632 960 123"
    post = with_picture(text)
    writes = pds.asked("com.atproto.repo.applyWrites")
    answer = publish("bluesky", account, post)
    assert isinstance(answer, Accepted), answer
    assert pds.asked("com.atproto.repo.applyWrites") == writes + 1
    key = record_key(post)
    assert answer.remote_id == key
    held = {kind: pds.records(account.account_id, kind) for kind in ALL}
    assert [list(records) for records in held.values()] == [[key], [key], [key]]
    record = held[POST][key]
    assert (record["text"], record["langs"]) == (text, ["en"])
    (facet,) = record["facets"]
    index = facet["index"]
    linked = text.encode()[index["byteStart"] : index["byteEnd"]].decode()
    assert (linked, facet["features"][0]["uri"]) == (LINK, LINK)
    assert record["embed"]["images"][0]["alt"] == "A lit window"
    assert pds.blob(account.account_id, record) == small_jpeg()
    uri = f"at://{account.account_id}/{POST}/{key}"
    gate, quotes = held[THREAD_GATE][key], held[POST_GATE][key]
    assert (gate["post"], gate["allow"]) == (uri, [])
    assert (quotes["post"], quotes["embeddingRules"]) == (
        uri,
        [{"$type": f"{POST_GATE}#disableRule"}],
    )


def test_without_a_picture_a_card_leads_to_the_page(
    pds: PersonalDataServer, account: Account
) -> None:
    assert isinstance(publish("bluesky", account, replace(PLAIN, title="Late opening")), Accepted)
    (record,) = pds.records(account.account_id, POST).values()
    assert record["embed"]["$type"] == "app.bsky.embed.external"
    card = record["embed"]["external"]
    assert (card["uri"], card["title"], card["description"]) == (LINK, "Late opening", "")


def test_it_reads_back_with_replies_closed(account: Account) -> None:
    published = publish("bluesky", account, PLAIN)
    assert isinstance(published, Accepted)
    reading = BLUESKY.read(account, published.remote_id)
    assert (reading.found, reading.reply_control) == (True, ReplyControl.CLOSED)
    assert LINK in reading.links


def test_the_same_key_makes_no_second_post(pds: PersonalDataServer, account: Account) -> None:
    assert BLUESKY.look(account, PLAIN, 0, {}).complete
    assert not BLUESKY.look(account, PLAIN, 0, {}).found
    first = publish("bluesky", account, PLAIN)
    assert isinstance(first, Accepted)
    again = publish("bluesky", account, replace(PLAIN, text=f"{TEXT} Again."))
    assert not isinstance(again, Accepted)
    (record,) = pds.records(account.account_id, POST).values()
    assert record["text"] == TEXT
    look = BLUESKY.look(account, PLAIN, 0, {})
    assert (look.found, look.complete) == ((first,), True)


def test_removing_takes_every_record_and_may_be_repeated(
    pds: PersonalDataServer, account: Account
) -> None:
    published = publish("bluesky", account, with_picture())
    assert isinstance(published, Accepted)
    for _ in range(2):
        assert isinstance(BLUESKY.remove(account, published.remote_id), Accepted)
        assert [pds.records(account.account_id, kind) for kind in ALL] == [{}, {}, {}]
    assert BLUESKY.read(account, published.remote_id).found is False


def test_where_replies_are_open_one_can_be_hidden(
    pds: PersonalDataServer, account: Account
) -> None:
    published = publish("bluesky", account, replace(PLAIN, replies_closed=False))
    assert isinstance(published, Accepted)
    assert BLUESKY.read(account, published.remote_id).reply_control is ReplyControl.OPEN
    reply = "at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3l3b5pcr7uoic"
    for _ in range(2):
        hidden = BLUESKY.hide_reply(account, f"{published.remote_id} {reply}")
        assert isinstance(hidden, Accepted), hidden
    (gate,) = pds.records(account.account_id, THREAD_GATE).values()
    assert gate["hiddenReplies"] == [reply]
    assert BLUESKY.read(account, published.remote_id).reply_control is ReplyControl.OPEN


# --- length ---


@pytest.mark.parametrize("words", ["w" * 300, FAMILY * 120], ids=["characters", "bytes"])
def test_the_server_takes_what_we_count_as_fitting(account: Account, words: str) -> None:
    assert BLUESKY.limits.count(words) == 300
    assert isinstance(publish("bluesky", account, Post(words, LINK)), Accepted)


@pytest.mark.parametrize("words", ["w" * 301, FAMILY * 120 + "w"], ids=["characters", "bytes"])
def test_the_server_refuses_what_we_count_as_too_long(
    pds: PersonalDataServer, account: Account, words: str
) -> None:
    assert BLUESKY.limits.count(words) > 300
    answer = publish("bluesky", account, Post(words, LINK))
    assert isinstance(answer, Refused)
    assert answer.trouble is None
    assert pds.records(account.account_id, POST) == {}


# --- the session ---


def test_one_sign_in_serves_many_calls(pds: PersonalDataServer, account: Account) -> None:
    # The server allows 30 sign-ins in five minutes.
    before = pds.asked(SIGN_IN)
    for _ in range(35):
        assert BLUESKY.verify(account).account_id == account.account_id
    assert pds.asked(SIGN_IN) == before + 1


def test_a_wrong_app_password_is_said_once_and_posts_nothing(
    pds: PersonalDataServer, account: Account
) -> None:
    wrong = replace(account, credentials={"app_password": "aaaa-bbbb-cccc-dddd"})
    answer = publish("bluesky", wrong, PLAIN)
    assert isinstance(answer, Refused)
    assert answer.trouble is Trouble.SIGN_IN
    no_secret(wrong, answer.reason)
    assert pds.records(account.account_id, POST) == {}


def soon_over() -> datetime:
    """A moment at which a session of now has five of its 120 minutes left."""
    return datetime.now(UTC) + timedelta(minutes=115)


def test_a_session_that_ends_soon_is_refreshed(pds: PersonalDataServer, account: Account) -> None:
    assert BLUESKY.verify(account).account_id
    signed_in, refreshed = pds.asked(SIGN_IN), pds.asked(REFRESH)
    with time_machine.travel(soon_over()):
        assert isinstance(publish("bluesky", account, PLAIN), Accepted)
    assert pds.asked(REFRESH) > refreshed
    assert pds.asked(SIGN_IN) == signed_in


def test_a_session_is_kept_with_the_credentials_and_renewed(
    pds: PersonalDataServer, account: Account
) -> None:
    first = fresh_session(account)
    assert isinstance(first, FreshSession), first
    # Another process, which could not sign in by itself.
    elsewhere = replace(account, credentials={"app_password": "-", "session": first.session})
    assert isinstance(publish("bluesky", elsewhere, PLAIN), Accepted)
    signed_in = pds.asked(SIGN_IN)
    second = fresh_session(elsewhere)
    assert isinstance(second, FreshSession), second
    assert second.session != first.session
    assert pds.asked(SIGN_IN) == signed_in
    again = replace(account, credentials={"app_password": "--", "session": second.session})
    assert BLUESKY.verify(again).account_id == account.account_id
    no_secret(again, repr(second))


def test_an_app_password_that_was_taken_back_stops_the_channel(
    pds: PersonalDataServer, account: Account, opened: dict[str, str]
) -> None:
    assert BLUESKY.verify(account).account_id
    method = "com.atproto.server.revokeAppPassword"
    pds.call("POST", method, opened["token"], json={"name": "website"})
    with time_machine.travel(soon_over()):
        answer = publish("bluesky", account, PLAIN)
    assert isinstance(answer, Refused)
    assert answer.trouble is Trouble.SIGN_IN


def test_the_server_listens_on_loopback_only(pds: PersonalDataServer) -> None:
    port = int(pds.url.rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), 5).close()
    with pytest.raises(ConnectionRefusedError):
        # Open to a server that listens everywhere.
        socket.create_connection(("127.0.0.2", port), 5)
