"""Instagram: containers, pictures by address, comments closed after posting."""

import io
from typing import Any

import pytest
from PIL import Image

from social_publish import pictures
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, Look, NotSent, Refused, Step, Trouble, Unknown
from social_publish.networks.base import Account, Post
from social_publish.networks.capabilities import ReplyControl
from tests.networks.posting import LINK, PUBLISH, TEXT, publish, with_picture
from tests.rehearsal_server import RehearsalServer

INSTAGRAM = NETWORKS["instagram"]
POST = with_picture()
NEW_CONTAINER = "POST .*/media$"


@pytest.fixture
def slug() -> str:
    return "instagram"


@pytest.mark.parametrize(
    ("text", "length"),
    [("Hello", 5), ("café", 4), ("cafe\u0301", 5), ("£5 – “now”", 10), ("👋", 2), ("日本", 2)],
)
def test_counting(text: str, length: int) -> None:
    assert INSTAGRAM.limits.count(text) == length


@pytest.mark.parametrize("size", [(3000, 500), (500, 3000), (3001, 1571), (801, 1001), (200, 100)])
def test_every_picture_is_given_a_shape_that_it_takes(
    account: Account, rehearsal: RehearsalServer, size: tuple[int, int]
) -> None:
    source = io.BytesIO()
    Image.new("RGB", size).save(source, "PNG")
    rehearsal.store.elsewhere = pictures.fit(source, INSTAGRAM.limits.picture)
    assert isinstance(publish("instagram", account, POST), Accepted)


def test_the_requests(account: Account, rehearsal: RehearsalServer) -> None:
    answer = publish("instagram", account, POST)
    make, status, out, read = rehearsal.requests()
    user = account.account_id
    assert (make.method, make.path) == ("POST", f"/v25.0/{user}/media")
    signature = {name: make.form.pop(name) for name in ("access_token", "appsecret_proof")}
    assert make.form == {
        "image_url": f"{LINK}/picture.jpg",
        "caption": TEXT,
        "alt_text": "A lit window",
    }
    container = status.path.removeprefix("/v25.0/")
    assert status.query[0] == ("fields", "status_code")
    assert (out.method, out.path) == ("POST", f"/v25.0/{user}/media_publish")
    assert out.form == signature | {"creation_id": container}
    assert read.path == f"/v25.0/{answer.remote_id}"


def test_there_is_no_post_without_a_picture(account: Account, rehearsal: RehearsalServer) -> None:
    answer = publish("instagram", account, Post(TEXT, LINK))
    assert isinstance(answer, Refused)
    assert "without a picture" in answer.reason
    assert not rehearsal.requests()


# --- the container ---


def made(account: Account) -> dict[str, str]:
    """The handles once the container is made."""
    answer = INSTAGRAM.publish(account, POST, {})
    assert isinstance(answer, Step)
    assert not answer.after
    return dict(answer.handles)


def test_a_container_that_takes_its_time_is_waited_for(
    account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.processing = 60
    handles = made(account)
    waiting = INSTAGRAM.publish(account, POST, handles)
    assert isinstance(waiting, Step)
    assert waiting.after
    assert waiting.handles["container"] == handles["container"]
    rehearsal.store.processing = 0
    assert isinstance(INSTAGRAM.publish(account, POST, waiting.handles), Accepted)


def test_it_is_waited_for_five_minutes_and_never_left_for_another(
    account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.processing = 3600
    answer: Any = Step(made(account))
    waited = 0.0
    while isinstance(answer, Step):
        handles, waited = answer.handles, waited + answer.after
        answer = INSTAGRAM.publish(account, POST, handles)
    assert isinstance(answer, Refused)
    assert "Try again later" in answer.reason
    assert 240 <= waited <= 360
    assert len(rehearsal.requests("/media")) == 1
    rehearsal.store.processing = 0
    assert isinstance(INSTAGRAM.publish(account, POST, handles), Accepted)


@pytest.mark.parametrize("status", ["ERROR", "EXPIRED"])
def test_a_container_that_failed_is_made_anew_three_times_at_most(
    account: Account, rehearsal: RehearsalServer, status: str
) -> None:
    answer: Any = Step({})
    while isinstance(answer, Step):
        answer = INSTAGRAM.publish(account, POST, answer.handles)
        rehearsal.store.write("UPDATE containers SET status = ?", status)
    assert isinstance(answer, Refused)
    assert "reached from the internet" in answer.reason
    assert len(rehearsal.requests("POST")) == 3
    assert rehearsal.all_posts() == []


def test_a_picture_that_cannot_be_fetched_is_tried_again_and_then_told(
    account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.elsewhere = b""
    again = INSTAGRAM.publish(account, POST, {})
    assert isinstance(again, Step)
    assert again.after
    rehearsal.store.elsewhere = POST.picture.content if POST.picture else b""
    answer = INSTAGRAM.publish(account, POST, again.handles)
    assert isinstance(answer, Step)
    assert isinstance(INSTAGRAM.publish(account, POST, answer.handles), Accepted)


def test_a_container_goes_out_once(account: Account, rehearsal: RehearsalServer) -> None:
    handles = made(account)
    rehearsal.misbehave("drop_after", match=PUBLISH["instagram"])
    assert isinstance(INSTAGRAM.publish(account, POST, handles), Unknown)
    assert isinstance(INSTAGRAM.publish(account, POST, handles), Unknown)
    (post,) = rehearsal.posts("instagram", account.account_id)
    look = INSTAGRAM.look(account, POST, 0, handles)
    assert [found.remote_id for found in look.found] == [post["id"]]
    assert len(rehearsal.requests("media_publish")) == 1


def test_the_number_of_another_post_is_no_proof(
    account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.misbehave("foreign_id", match=PUBLISH["instagram"])
    assert isinstance(publish("instagram", account, POST), Unknown)


def test_an_address_that_cannot_be_learnt_is_no_loss(
    account: Account, rehearsal: RehearsalServer
) -> None:
    handles = made(account)
    rehearsal.misbehave("slow", match="GET", seconds=0)
    rehearsal.misbehave("error_before", match="GET")
    answer = INSTAGRAM.publish(account, POST, handles)
    (post,) = rehearsal.posts("instagram", account.account_id)
    assert answer == Accepted(post["id"], "")


@pytest.mark.parametrize(
    ("subcode", "match", "answer"),
    [
        (2207009, NEW_CONTAINER, (Refused, "shape does not fit", None)),
        (2207010, NEW_CONTAINER, (Refused, "too long for Instagram", None)),
        (2207001, NEW_CONTAINER, (NotSent, "handed to Instagram", None)),
        (2207027, PUBLISH["instagram"], (NotSent, "not ready", None)),
        (2207042, PUBLISH["instagram"], (NotSent, "no more posts today", Trouble.RATE_LIMIT)),
        (2207050, PUBLISH["instagram"], (Refused, "restricted", Trouble.SUSPENDED)),
        (2207051, PUBLISH["instagram"], (Refused, "restricted", Trouble.SUSPENDED)),
        (2207008, PUBLISH["instagram"], (Unknown, "fault of its own", None)),
        (2207020, PUBLISH["instagram"], (Unknown, "could not fetch", None)),
    ],
)
def test_instagrams_own_errors(
    account: Account,
    rehearsal: RehearsalServer,
    subcode: int,
    match: str,
    answer: tuple[type, str, Trouble | None],
) -> None:
    kind, words, trouble = answer
    rehearsal.misbehave("forbidden", match=match, code=4, subcode=subcode)
    got = publish("instagram", account, POST)
    assert isinstance(got, kind), got
    assert words in got.reason
    assert getattr(got, "trouble", None) == trouble


# --- looking ---


def look(account: Account, handles: dict[str, str], since: float = 0) -> Look:
    return INSTAGRAM.look(account, POST, since, handles)


@pytest.mark.parametrize("status", ["FINISHED", "ERROR", "EXPIRED"])
def test_a_container_that_did_not_go_out_proves_it(
    account: Account, rehearsal: RehearsalServer, status: str
) -> None:
    handles = made(account)
    rehearsal.store.write("UPDATE containers SET status = ?", status)
    rehearsal.misbehave("error_before", match="GET .*/media$")
    assert look(account, handles) == Look(complete=True)


def test_a_container_in_the_making_proves_nothing(
    account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.processing = 60
    seen = look(account, made(account))
    assert not seen.complete
    assert seen.reason


@pytest.mark.parametrize("fault", ["list_lag", "unknown container"])
def test_one_that_went_out_and_is_not_listed_proves_nothing(
    account: Account, rehearsal: RehearsalServer, fault: str
) -> None:
    handles = made(account)
    INSTAGRAM.publish(account, POST, handles)
    rehearsal.store.lag = 480
    if fault == "unknown container":
        handles["container"] = "1"
    seen = look(account, handles)
    assert (seen.complete, seen.found) == (False, ())
    assert seen.reason
    rehearsal.store.lag = 0
    assert len(look(account, handles).found) == 1


def test_a_dead_key_is_told_by_the_container_too(
    account: Account, rehearsal: RehearsalServer
) -> None:
    handles = made(account)
    rehearsal.misbehave("unauthorised", match="GET", times=2)
    assert look(account, handles).trouble == Trouble.SIGN_IN
    answer = INSTAGRAM.publish(account, POST, handles)
    assert isinstance(answer, Refused)
    assert answer.trouble == Trouble.SIGN_IN


def test_what_is_older_than_the_post_is_not_read(
    account: Account, rehearsal: RehearsalServer
) -> None:
    known = rehearsal.account("instagram", account.account_id)
    year_ago = rehearsal.store.now() - 365 * 24 * 3600
    for number in range(130):
        rehearsal.store.add_post(known, str(10**17 + number), "Old", {"media": []})
    rehearsal.store.write("UPDATE posts SET created = ?", year_ago)
    published = publish("instagram", account, POST)
    seen = look(account, {}, since=rehearsal.store.now())
    assert seen.complete
    assert [found.remote_id for found in seen.found] == [published.remote_id]
    assert len(rehearsal.requests("GET /v25.0/" + account.account_id + "/media")) == 1


# --- comments ---


def test_comments_are_open_until_they_are_closed(
    account: Account, rehearsal: RehearsalServer
) -> None:
    post_id = publish("instagram", account, POST).remote_id
    assert INSTAGRAM.read(account, post_id).reply_control is ReplyControl.OPEN
    assert rehearsal.stranger_replies("instagram", account.account_id, post_id, "First!")
    for _ in range(2):
        assert INSTAGRAM.close_replies(account, post_id) == Accepted(post_id)
    assert INSTAGRAM.read(account, post_id).reply_control is ReplyControl.CLOSED
    assert not rehearsal.stranger_replies("instagram", account.account_id, post_id, "Second!")


def test_a_close_that_is_not_confirmed_is_no_close(
    account: Account, rehearsal: RehearsalServer
) -> None:
    post_id = publish("instagram", account, POST).remote_id
    for mode in ("empty_object", "error_before", "drop_before", "html_200"):
        rehearsal.misbehave(mode, match=f"POST .*/{post_id}")
        assert isinstance(INSTAGRAM.close_replies(account, post_id), Unknown)


def test_comments_come_oldest_first_and_can_be_hidden(
    account: Account, rehearsal: RehearsalServer
) -> None:
    post_id = publish("instagram", account, POST).remote_id
    for words in ("First", "Second"):
        rehearsal.stranger_replies("instagram", account.account_id, post_id, words)
    first, second = INSTAGRAM.replies(account, post_id).items
    assert (first.text, second.text) == ("First", "Second")
    assert first.author == "stranger"
    for _ in range(2):
        assert INSTAGRAM.hide_reply(account, first.remote_id) == Accepted(first.remote_id)
    assert [reply.hidden for reply in INSTAGRAM.replies(account, post_id).items] == [True, False]


# --- addresses and owners ---


def test_its_own_addresses_are_known_though_they_hold_no_id() -> None:
    address = "https://www.instagram.com/p/DKx1aBcDeFg/"
    assert INSTAGRAM.owns_address(address)
    assert INSTAGRAM.id_from_address(address) == ""
    assert not INSTAGRAM.owns_address("https://instagram.com.example.org/p/DKx1aBcDeFg/")


def test_a_page_without_an_instagram_account_is_told(rehearsal: RehearsalServer) -> None:
    opened = rehearsal.open_account("facebook")
    page = Account(opened["account_id"], opened["credentials"], rehearsal.url, rehearsal=True)
    assert "No Instagram professional account" in INSTAGRAM.verify(page).reason
