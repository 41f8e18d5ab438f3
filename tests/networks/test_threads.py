"""Threads: emoji by their bytes, nobody mentioned, replies narrowed, containers."""

from typing import Any

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, Refused, Step, Unknown
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import ReplyControl
from social_publish.networks.threads import threads_length, threads_mentions
from social_publish.rehearsal import counting
from tests.networks.posting import LINK, PUBLISH, TEXT, publish, with_picture
from tests.rehearsal_server import RehearsalServer

THREADS = NETWORKS["threads"]


@pytest.fixture
def slug() -> str:
    return "threads"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hello", 5),
        ("café £5 – “now” 日本", 18),
        ("✓ done", 6),
        ("👋", 4),
        ("Hello 👋!", 11),
        ("👍🏽", 8),
        ("🇬🇧", 8),
        ("❤️", 6),
        ("👨‍👩‍👧‍👦", 25),
        ("1️⃣", 7),
        ("🏴󠁧󠁢󠁷󠁬󠁳󠁿", 28),
        ("https://council.example/n/abcdefghij", 36),
        ("line\nline", 9),
    ],
)
def test_counting(text: str, length: int) -> None:
    assert threads_length(text) == length
    assert counting.threads_length(text) == length


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thank you @tom.p and @Ann_1!", ["@tom.p", "@Ann_1"]),
        ("Ask @tom. He knows", ["@tom"]),
        ("(@tom)", ["@tom"]),
        ("＠tom", ["@tom"]),
        ("office@council.example", []),
        ("https://social.example/@council", []),
        ("5 @ £3", []),
    ],
)
def test_mentions(text: str, names: list[str]) -> None:
    assert threads_mentions(text) == names


def form_of(rehearsal: RehearsalServer) -> dict[str, str]:
    form = rehearsal.requests("POST")[0].form
    return {name: value for name, value in form.items() if name != "access_token"}


def test_the_requests_of_a_post_of_words(account: Account, rehearsal: RehearsalServer) -> None:
    answer = publish("threads", account, Post(TEXT, LINK))
    make, status, out, read = rehearsal.requests()
    assert (make.method, make.path) == ("POST", f"/v1.0/{account.account_id}/threads")
    assert form_of(rehearsal) == {
        "media_type": "TEXT",
        "text": TEXT,
        "reply_control": "mentioned_only",
        "enable_reply_approvals": "true",
    }
    assert status.query[0] == ("fields", "status,error_message")
    assert (out.method, out.path) == ("POST", f"/v1.0/{account.account_id}/threads_publish")
    assert out.form["creation_id"] == status.path.removeprefix("/v1.0/")
    assert read.path == f"/v1.0/{answer.remote_id}"
    assert all("appsecret_proof" not in request.arguments for request in rehearsal.requests())


def test_the_request_of_a_picture(account: Account, rehearsal: RehearsalServer) -> None:
    publish("threads", account, with_picture())
    assert form_of(rehearsal) == {
        "media_type": "IMAGE",
        "image_url": f"{LINK}/picture.jpg",
        "alt_text": "A lit window",
        "text": TEXT,
        "reply_control": "mentioned_only",
        "enable_reply_approvals": "true",
    }


def test_replies_are_narrowed_and_said_to_be(account: Account, rehearsal: RehearsalServer) -> None:
    post_id = publish("threads", account, Post(TEXT, LINK)).remote_id
    assert THREADS.read(account, post_id).reply_control is ReplyControl.NARROWED
    assert not rehearsal.stranger_replies("threads", account.account_id, post_id, "Hello")


def test_open_replies_are_said_to_be_open(account: Account, rehearsal: RehearsalServer) -> None:
    post_id = publish("threads", account, Post(TEXT, LINK, replies_closed=False)).remote_id
    assert set(form_of(rehearsal)) == {"media_type", "text"}
    assert THREADS.read(account, post_id).reply_control is ReplyControl.OPEN
    assert rehearsal.stranger_replies("threads", account.account_id, post_id, "Hello")
    with pytest.raises(NotSupported):
        THREADS.close_replies(account, post_id)


@pytest.mark.parametrize(
    ("control", "given"),
    [
        ("mentioned_only", ReplyControl.NARROWED),
        ("followers_only", ReplyControl.OPEN),
        ("accounts_you_follow", ReplyControl.OPEN),
    ],
)
def test_only_what_we_asked_for_counts_as_narrowed(
    account: Account, rehearsal: RehearsalServer, control: str, given: ReplyControl
) -> None:
    post_id = publish("threads", account, Post(TEXT, LINK)).remote_id
    rehearsal.store.change_facts(post_id, reply_control=control)
    assert THREADS.read(account, post_id).reply_control is given


def test_replies_come_oldest_first_and_can_be_hidden(
    account: Account, rehearsal: RehearsalServer
) -> None:
    post_id = publish("threads", account, Post(TEXT, LINK, replies_closed=False)).remote_id
    for words in ("First", "Second"):
        rehearsal.stranger_replies("threads", account.account_id, post_id, words)
    first, second = THREADS.replies(account, post_id).items
    assert (first.text, second.text) == ("First", "Second")
    for _ in range(2):
        assert THREADS.hide_reply(account, first.remote_id) == Accepted(first.remote_id)
    assert [reply.hidden for reply in THREADS.replies(account, post_id).items] == [True, False]


def test_a_picture_that_cannot_be_used_is_tried_three_times_and_then_told(
    account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.elsewhere = b""
    answer: Any = Step({})
    while isinstance(answer, Step):
        answer = THREADS.publish(account, with_picture(), answer.handles)
    assert isinstance(answer, Refused)
    assert answer.reason.startswith("Threads could not fetch or use the picture.")
    assert len(rehearsal.requests("POST")) == 3


def test_a_container_goes_out_once_and_tells(account: Account, rehearsal: RehearsalServer) -> None:
    post = Post(TEXT, LINK)
    made = THREADS.publish(account, post, {})
    assert isinstance(made, Step)
    assert THREADS.look(account, post, 0, made.handles).complete
    rehearsal.misbehave("drop_after", match=PUBLISH["threads"])
    for _ in range(2):
        assert isinstance(THREADS.publish(account, post, made.handles), Unknown)
    assert len(THREADS.look(account, post, 0, made.handles).found) == 1
    assert len(rehearsal.requests("threads_publish")) == 1


@pytest.mark.parametrize("host", ["www.threads.net", "www.threads.com", "threads.com"])
def test_its_own_addresses_are_known_though_they_hold_no_id(host: str) -> None:
    address = f"https://{host}/@council/post/DKx1aBcDeFg"
    assert THREADS.owns_address(address)
    assert THREADS.id_from_address(address) == ""


def test_too_many_links_are_refused_in_words(account: Account) -> None:
    links = " ".join(f"https://council.example/{number}" for number in range(6))
    answer = publish("threads", account, Post(links, LINK))
    assert isinstance(answer, Refused)
    assert answer.reason == "Threads did not accept the post as it is. Change its words or picture."
