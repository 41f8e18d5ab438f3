"""Mastodon and GoToSocial: counting, the exact requests, and two servers that are told apart."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, Refused, Step, Trouble
from social_publish.networks.base import Account, NotSupported, Picture, Post
from social_publish.networks.capabilities import ReplyControl
from social_publish.networks.text import fediverse_mentions, mastodon_length
from social_publish.rehearsal import counting
from tests.council import small_jpeg
from tests.networks.posting import LINK, TEXT, publish
from tests.rehearsal_server import RehearsalServer

BOTH = ("gotosocial", "mastodon")
POST = Post(TEXT, LINK, Picture(small_jpeg(), "A lit window"), key="abcdefghij")
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def open_account(rehearsal: RehearsalServer) -> Callable[[str], Account]:
    def opened(slug: str) -> Account:
        known = rehearsal.open_account(slug)
        return Account(
            known["account_id"], known["credentials"], rehearsal.url, "council", rehearsal=True
        )

    return opened


@pytest.fixture
def mastodon(open_account: Callable[[str], Account]) -> Account:
    return open_account("mastodon")


@pytest.fixture
def gotosocial(open_account: Callable[[str], Account]) -> Account:
    return open_account("gotosocial")


# --- counting ---


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hello", 5),
        (FAMILY, 1),
        ("🇬🇧👍🏽", 2),
        ("cafe\u0301", 4),
        ("https://council.gov.uk/a/very/long/address/indeed", 23),
        ("See http://council.gov.uk.", 28),
        ("www.council.gov.uk", 18),
        ("office@council.gov.uk", 21),
        ("@looe", 5),
        ("@looe@social.example.org", 5),
        ("http://127.0.0.1:8000/n/abcdefghij", 34),
    ],
)
def test_mastodon_counts_addresses_as_23_and_accounts_without_their_server(
    text: str, length: int
) -> None:
    assert mastodon_length(text) == length
    assert counting.mastodon_length(text) == length


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thanks @looe!", ["@looe"]),
        ("(@looe@social.example)", ["@looe@social.example"]),
        ("office@council.gov.uk", []),
        ("https://social.example/@looe/1", []),
        ("no mention here", []),
    ],
)
def test_who_a_post_would_mention(text: str, names: list[str]) -> None:
    assert fediverse_mentions(text) == names
    assert NETWORKS["gotosocial"].limits.mentions(text) == names
    assert NETWORKS["mastodon"].limits.mentions(text) == []


@pytest.mark.parametrize(("slug", "longest"), [("mastodon", 500), ("gotosocial", 5000)])
def test_one_character_more_is_refused(
    open_account: Callable[[str], Account], rehearsal: RehearsalServer, slug: str, longest: int
) -> None:
    account = open_account(slug)
    assert isinstance(publish(slug, account, Post("w" * longest, LINK)), Accepted)
    refused = publish(slug, account, Post("w" * (longest + 1), LINK))
    assert isinstance(refused, Refused)
    assert f"at most {longest} characters" in refused.reason
    assert len(rehearsal.all_posts()) == 1


# --- the wire ---


def test_the_requests_to_mastodon(mastodon: Account, rehearsal: RehearsalServer) -> None:
    published = publish("mastodon", mastodon, POST)
    instance, upload, create = rehearsal.requests()
    assert (instance.method, instance.path) == ("GET", "/api/v2/instance")
    assert (upload.path, upload.form) == ("/api/v2/media", {"description": "A lit window"})
    assert upload.files == {"file": small_jpeg()}
    (stored,) = rehearsal.posts("mastodon", mastodon.account_id)
    assert create.form == {
        "status": TEXT,
        "sensitive": "0",
        "visibility": "public",
        "language": "en",
        "media_ids[]": stored["pictures"][0]["id"],
        "quote_approval_policy": "nobody",
    }
    assert create.headers["idempotency-key"] == POST.key
    for request in (instance, upload, create):
        token = mastodon.credentials["access_token"]
        assert request.headers["authorization"] == f"Bearer {token}"
        assert request.headers["accept-encoding"] == "identity"
    assert isinstance(NETWORKS["mastodon"].remove(mastodon, published.remote_id), Accepted)
    assert rehearsal.requests("DELETE")[0].form == {"delete_media": "1"}


def test_the_request_to_gotosocial_closes_replies_and_nothing_else(
    gotosocial: Account, rehearsal: RehearsalServer
) -> None:
    publish("gotosocial", gotosocial, Post(TEXT, LINK))
    (create,) = rehearsal.requests("POST")
    assert create.form == {
        "status": TEXT,
        "sensitive": "0",
        "visibility": "public",
        "language": "en",
        "interaction_policy[can_reply][always][0]": "author",
        "interaction_policy[can_favourite][always][0]": "public",
        "interaction_policy[can_reblog][always][0]": "public",
    }
    (stored,) = rehearsal.posts("gotosocial", gotosocial.account_id)
    assert stored["facts"]["policy"]["can_reblog"] == ["public"]


@pytest.mark.parametrize("slug", BOTH)
def test_where_replies_are_open_nothing_is_closed(
    open_account: Callable[[str], Account], rehearsal: RehearsalServer, slug: str
) -> None:
    publish(slug, open_account(slug), Post(TEXT, LINK, replies_closed=False))
    (create,) = rehearsal.requests("POST")
    assert set(create.form) == {"status", "sensitive", "visibility", "language"}


def test_the_key_makes_mastodon_keep_one_post(
    mastodon: Account, rehearsal: RehearsalServer
) -> None:
    first, again = publish("mastodon", mastodon, POST), publish("mastodon", mastodon, POST)
    assert first == again
    assert len(rehearsal.all_posts()) == 1


def test_the_key_is_not_relied_on(gotosocial: Account, rehearsal: RehearsalServer) -> None:
    """GoToSocial ignores it, as Mastodon does after an hour: looking sees what there is."""
    copies = [publish("gotosocial", gotosocial, POST) for _ in range(2)]
    look = NETWORKS["gotosocial"].look(gotosocial, POST, 0, {})
    assert list(look.found) == copies
    assert len(rehearsal.all_posts()) == 2


def clock_at(moment: float) -> Callable[[], float]:
    return lambda: moment


@pytest.mark.parametrize("slug", BOTH)
def test_looking_goes_no_further_back_than_an_hour_before(
    open_account: Callable[[str], Account], rehearsal: RehearsalServer, slug: str
) -> None:
    account, now = open_account(slug), rehearsal.store.now()
    network, known = NETWORKS[slug], rehearsal.account(slug, account.account_id)
    for number in range(100):
        # One every two minutes, the last of them now.
        rehearsal.store.now = clock_at(now - 120 * (99 - number))
        post_id = f"01{number:024}" if slug == "gotosocial" else str(number + 1)
        rehearsal.store.add_post(known, post_id, f"Other {number}", {"media": []})
    for since, fetches in ((now, 1), (now - 3600, 2), (now - 86400, 4)):
        rehearsal.server.log.clear()
        assert network.look(account, POST, since, {}).complete
        assert len(rehearsal.requests("GET")) == fetches


@pytest.mark.parametrize("slug", BOTH)
def test_a_link_is_found_however_it_is_marked_up(
    open_account: Callable[[str], Account], slug: str
) -> None:
    account = open_account(slug)
    for link in ("https://council.example/n/a&b=c", "http://127.0.0.1:8000/n/abcdefghij"):
        post = Post(f"Words\n{link}\nOffice", link)
        published = publish(slug, account, post)
        assert link in NETWORKS[slug].read(account, published.remote_id).links
        assert NETWORKS[slug].look(account, post, 0, {}).found == (published,)


# --- two kinds of server ---


@pytest.mark.parametrize(
    ("slug", "other", "words"),
    [
        ("mastodon", "gotosocial", "This server runs GoToSocial."),
        ("gotosocial", "mastodon", "This server does not run GoToSocial."),
    ],
)
def test_a_server_of_the_other_kind_gets_no_post(
    open_account: Callable[[str], Account],
    rehearsal: RehearsalServer,
    slug: str,
    other: str,
    words: str,
) -> None:
    account = open_account(other)
    answer = publish(slug, account, POST)
    assert isinstance(answer, Refused)
    assert answer.trouble is Trouble.SIGN_IN
    assert words in answer.reason
    assert words in NETWORKS[slug].verify(account).reason
    assert rehearsal.all_posts() == []


def test_mastodon_says_that_it_cannot_close_replies(
    mastodon: Account, rehearsal: RehearsalServer
) -> None:
    network = NETWORKS["mastodon"]
    remote_id = publish("mastodon", mastodon, POST).remote_id
    assert network.capabilities.reply_control is ReplyControl.NOT_POSSIBLE
    assert network.read(mastodon, remote_id).reply_control is ReplyControl.NOT_POSSIBLE
    assert rehearsal.stranger_replies("mastodon", mastodon.account_id, remote_id, "Well <b>!")
    (reply,) = network.replies(mastodon, remote_id).items
    assert (reply.text, reply.author, reply.hidden) == ("Well <b>!", "stranger@elsewhere", False)
    with pytest.raises(NotSupported):
        network.hide_reply(mastodon, reply.remote_id)


def test_gotosocial_refuses_a_stranger(gotosocial: Account, rehearsal: RehearsalServer) -> None:
    remote_id = publish("gotosocial", gotosocial, POST).remote_id
    reading = NETWORKS["gotosocial"].read(gotosocial, remote_id)
    assert reading.reply_control is ReplyControl.CLOSED
    assert not rehearsal.stranger_replies("gotosocial", gotosocial.account_id, remote_id, "Well!")


@pytest.mark.parametrize("who", ["public", "followers", "following"])
def test_gotosocial_says_when_others_may_reply(
    gotosocial: Account, rehearsal: RehearsalServer, who: str
) -> None:
    remote_id = publish("gotosocial", gotosocial, POST).remote_id
    rehearsal.store.change_facts(remote_id, policy={"can_reply": ["author", who]})
    reading = NETWORKS["gotosocial"].read(gotosocial, remote_id)
    assert reading.reply_control is ReplyControl.OPEN


# --- a server that says what the test wants ---


class Answering:
    """A server with one answer for each path, and headers that make no sense."""

    def __init__(self, answers: dict[str, Any]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = json.dumps(answers.get(self.path, {"error": "Not found"})).encode()
                self.send_response(200 if self.path in answers else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("X-RateLimit-Reset", "soon")
                self.send_header("Deprecation", "true")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.account = Account(
            "1", {"access_token": "t"}, f"http://127.0.0.1:{self.server.server_port}"
        )
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def answering() -> Iterator[Callable[[dict[str, Any]], Account]]:
    servers: list[Answering] = []

    def start(answers: dict[str, Any]) -> Account:
        servers.append(Answering(answers))
        return servers[-1].account

    yield start
    for one in servers:
        one.server.shutdown()
        one.server.server_close()


SOURCE = {"source_url": "https://github.com/mastodon/mastodon", "version": "4.5.2"}


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({"statuses": {"max_characters": 60}}, "posts of at most 60 characters"),
        ({"media_attachments": {"description_limit": 5}}, "of at most 5 characters"),
        ({"media_attachments": {"image_size_limit": 100}}, "too large for this server"),
    ],
)
def test_the_servers_own_limits_are_kept(
    answering: Callable[[dict[str, Any]], Account], configuration: dict[str, Any], words: str
) -> None:
    account = answering({"/api/v2/instance": SOURCE | {"configuration": configuration}})
    answer = publish("mastodon", account, POST)
    assert isinstance(answer, Refused)
    assert answer.trouble is None
    assert words in answer.reason


@pytest.mark.parametrize(
    "configuration", [{}, {"statuses": {}}, {"statuses": {"max_characters": "many"}}]
)
def test_a_server_that_does_not_say_its_limits_is_not_refused_for_it(
    answering: Callable[[dict[str, Any]], Account], configuration: dict[str, Any]
) -> None:
    account = answering({"/api/v2/instance": SOURCE | {"configuration": configuration}})
    answer = NETWORKS["mastodon"].publish(account, POST, {})
    assert isinstance(answer, Step), answer


def test_an_address_without_such_a_server_is_told(
    answering: Callable[[dict[str, Any]], Account],
) -> None:
    answer = publish("mastodon", answering({}), POST)
    assert isinstance(answer, Refused)
    assert "no server of this kind" in answer.reason


@pytest.mark.parametrize("policy", [None, {}, {"can_reply": {}}, {"can_reply": []}])
def test_a_gotosocial_that_does_not_say_who_may_reply_proves_nothing(
    answering: Callable[[dict[str, Any]], Account], policy: Any
) -> None:
    status = {"id": "5", "content": "", "account": {"id": "1"}, "interaction_policy": policy}
    account = answering({"/api/v1/statuses/5": status})
    reading = NETWORKS["gotosocial"].read(account, "5")
    assert (reading.found, reading.reply_control) == (True, None)


# --- pictures that take a while ---


def large_jpeg() -> bytes:
    content = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(content, "JPEG", quality=90)
    assert len(content.getvalue()) > 100_000
    return content.getvalue()


def steps(account: Account, post: Post, *, most: int = 30) -> tuple[Any, list[Step]]:
    """Publish step by step; the answer at the end, and the steps before it."""
    taken: list[Step] = []
    answer: Any = None
    for _ in range(most):
        answer = NETWORKS["mastodon"].publish(account, post, taken[-1].handles if taken else {})
        if not isinstance(answer, Step):
            break
        taken.append(answer)
    return answer, taken


def test_a_picture_that_is_not_ready_is_waited_for(
    mastodon: Account, rehearsal: RehearsalServer
) -> None:
    answer, taken = steps(mastodon, Post(TEXT, LINK, Picture(large_jpeg(), "Noise")))
    assert isinstance(answer, Accepted)
    assert [step.after > 0 for step in taken] == [False, True, True, False]
    assert len(rehearsal.requests("POST /api/v2/media")) == 1
    (stored,) = rehearsal.posts("mastodon", mastodon.account_id)
    assert stored["pictures"][0]["alt_text"] == "Noise"


def test_a_picture_that_is_never_ready_is_given_up(
    mastodon: Account, rehearsal: RehearsalServer
) -> None:
    post = Post(TEXT, LINK, Picture(large_jpeg(), "Noise"))
    answer: Any = Step({})
    taken = 0
    while isinstance(answer, Step) and taken < 30:
        handles, taken = answer.handles, taken + 1
        answer = NETWORKS["mastodon"].publish(mastodon, post, handles)
        # The server forgets that it was asked before, and so it is never done.
        rehearsal.store.write("DELETE FROM nonces")
    assert isinstance(answer, Refused)
    assert taken == 12
    assert rehearsal.all_posts() == []
    # When a person tries again later, it may be ready.
    again = [NETWORKS["mastodon"].publish(mastodon, post, handles) for _ in range(2)]
    assert [type(one) for one in again] == [Refused, Step]


def test_a_picture_that_the_server_let_go_is_handed_over_again(
    mastodon: Account, rehearsal: RehearsalServer
) -> None:
    post = Post(TEXT, LINK, Picture(large_jpeg(), "Noise"))
    _, taken = steps(mastodon, post, most=2)
    rehearsal.store.write("DELETE FROM media")
    again = NETWORKS["mastodon"].publish(mastodon, post, taken[-1].handles)
    assert isinstance(again, Step)
    assert "media" not in again.handles
    uploaded = NETWORKS["mastodon"].publish(mastodon, post, again.handles)
    assert isinstance(uploaded, Step)
    assert uploaded.handles["media"]


def test_headers_that_the_library_cannot_read_spoil_no_answer(
    answering: Callable[[dict[str, Any]], Account],
) -> None:
    """It would throw where a time of reset makes no sense, though the post is out."""
    status = {"id": "5", "content": f"<p>{LINK}</p>", "account": {"id": "1"}}
    reading = NETWORKS["mastodon"].read(answering({"/api/v1/statuses/5": status}), "5")
    assert (reading.found, reading.links) == (True, (LINK,))
