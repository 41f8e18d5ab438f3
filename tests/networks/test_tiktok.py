"""TikTok: one call that may not be repeated, then nothing but a status to ask for."""

import pytest

from social_publish import replies
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, Look, NotSent, Refused, Step, Trouble, Unknown
from social_publish.networks.base import Account, Post
from social_publish.networks.capabilities import ReplyControl
from social_publish.rehearsal.counting import utf16_units
from tests.networks.posting import LINK, PUBLISH, TEXT, publish, with_picture
from tests.rehearsal_server import RehearsalServer

TIKTOK = NETWORKS["tiktok"]
INIT, STATUS = PUBLISH["tiktok"], r"POST /v2/post/publish/status/fetch/$"


@pytest.fixture
def tiktok(rehearsal: RehearsalServer) -> Account:
    opened = rehearsal.open_account("tiktok")
    return Account(
        opened["account_id"], opened["credentials"], rehearsal.url, "council", rehearsal=True
    )


def taken(account: Account) -> Step:
    """The post, as far as the call that may not be repeated."""
    asked = TIKTOK.publish(account, with_picture(), {})
    assert isinstance(asked, Step)
    step = TIKTOK.publish(account, with_picture(), asked.handles)
    assert isinstance(step, Step)
    return step


def look(account: Account, step: Step) -> Look:
    return TIKTOK.look(account, with_picture(), 0, step.handles)


@pytest.mark.parametrize(
    ("text", "length"), [("Tea", 3), ("Tea 🫖", 6), ("👨‍👩‍👧‍👦", 11), ("café", 4), ("日本", 2)]
)
def test_it_counts_utf16_units(text: str, length: int) -> None:
    assert TIKTOK.limits.count(text) == length
    assert utf16_units(text) == length


def test_the_requests_to_tiktok(tiktok: Account, rehearsal: RehearsalServer) -> None:
    answer = publish("tiktok", tiktok, with_picture())
    creator, init, status = rehearsal.requests()
    assert creator.path == "/v2/post/publish/creator_info/query/"
    assert init.json == {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {
            "description": TEXT,
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "disable_comment": True,
            "auto_add_music": False,
        },
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": [f"{LINK}/picture.jpg"],
            "photo_cover_index": 0,
        },
    }
    assert status.path == "/v2/post/publish/status/fetch/"
    assert set(status.json) == {"publish_id"}
    token = tiktok.credentials["access_token"]
    assert {r.headers["authorization"] for r in rehearsal.requests()} == {f"Bearer {token}"}
    assert isinstance(answer, Accepted)
    assert TIKTOK.owns_address(answer.remote_url)


def test_a_stranger_cannot_comment(tiktok: Account, rehearsal: RehearsalServer) -> None:
    remote_id = publish("tiktok", tiktok, with_picture()).remote_id
    assert not rehearsal.stranger_replies("tiktok", tiktok.account_id, remote_id, "Well!")


def test_nothing_there_confirms_that_comments_are_closed(tiktok: Account) -> None:
    checked = replies.check(TIKTOK, tiktok, "123")
    assert (checked.given, checked.confirmed) == (ReplyControl.CLOSED, False)
    assert checked.last
    assert "Look there once yourself" in checked.reason


def test_a_post_without_a_picture_never_leaves(tiktok: Account, rehearsal: RehearsalServer) -> None:
    answer = publish("tiktok", tiktok, Post(TEXT, LINK))
    assert isinstance(answer, Refused)
    assert "picture" in answer.reason
    assert rehearsal.requests() == []


# --- after TikTok took it ---


def test_while_tiktok_works_on_it_nobody_says_that_it_is_posted(
    tiktok: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.lag = 60
    step = taken(tiktok)
    assert step.awaiting
    seen = look(tiktok, step)
    assert (seen.found, seen.complete, seen.impossible) == ((), False, False)
    rehearsal.store.lag = 0
    (post,) = rehearsal.posts("tiktok", tiktok.account_id)
    assert [found.remote_id for found in look(tiktok, step).found] == [post["id"]]


def test_a_post_that_was_taken_is_never_sent_again(
    tiktok: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.lag = 60
    step = taken(tiktok)
    for _ in range(3):
        assert isinstance(TIKTOK.publish(tiktok, with_picture(), step.handles), Unknown)
    assert len(rehearsal.requests("/content/init/")) == 1


@pytest.mark.parametrize("mode", ["error_before", "drop_before", "html_200", "rate_limit"])
def test_a_status_that_cannot_be_had_leaves_it_in_doubt(
    tiktok: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    step = taken(tiktok)
    rehearsal.misbehave(mode, match=STATUS)
    seen = look(tiktok, step)
    assert not seen.complete
    assert not seen.impossible
    assert seen.reason


def test_a_dead_key_shows_in_the_status_too(tiktok: Account, rehearsal: RehearsalServer) -> None:
    step = taken(tiktok)
    rehearsal.misbehave("unauthorised", match=STATUS)
    assert look(tiktok, step).trouble is Trouble.SIGN_IN


def test_a_picture_that_cannot_be_fetched_is_a_failed_post(
    tiktok: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.elsewhere = b""
    step = taken(tiktok)
    seen = look(tiktok, step)
    assert seen.impossible
    assert "could not fetch the picture" in seen.reason
    assert rehearsal.all_posts() == []


def test_a_lost_answer_cannot_be_looked_for(tiktok: Account, rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("drop_after", match=INIT)
    assert isinstance(publish("tiktok", tiktok, with_picture()), Unknown)
    asked = len(rehearsal.requests())
    seen = TIKTOK.look(tiktok, with_picture(), 0, {"allowed": "yes"})
    assert (seen.found, seen.complete, seen.impossible) == ((), False, True)
    assert "TikTok app" in seen.reason
    assert len(rehearsal.requests()) == asked


# --- refusals ---


@pytest.mark.parametrize(
    ("code", "words", "trouble"),
    [
        ("unaudited_client_can_only_post_to_private_accounts", "by hand", Trouble.BY_HAND),
        ("url_ownership_unverified", "Verify the website's address", Trouble.RIGHTS),
        ("spam_risk_user_banned_from_posting", "does not let the account", Trouble.SUSPENDED),
        ("scope_not_authorized", "does not let this website publish posts", Trouble.RIGHTS),
        ("something_new", "did not accept", None),
    ],
)
def test_a_refusal_is_one_plain_sentence(
    tiktok: Account, rehearsal: RehearsalServer, code: str, words: str, trouble: Trouble | None
) -> None:
    rehearsal.misbehave("forbidden", match=INIT, code=code)
    answer = publish("tiktok", tiktok, with_picture())
    assert isinstance(answer, Refused)
    assert words in answer.reason
    assert answer.trouble is trouble
    assert code not in answer.reason


@pytest.mark.parametrize("code", ["spam_risk_too_many_posts", "reached_active_user_cap"])
def test_too_many_posts_wait(tiktok: Account, rehearsal: RehearsalServer, code: str) -> None:
    rehearsal.misbehave("forbidden", match=INIT, code=code)
    answer = publish("tiktok", tiktok, with_picture())
    assert isinstance(answer, NotSent)
    assert answer.trouble is Trouble.RATE_LIMIT
    assert answer.retry_after == 4 * 3600


def test_not_knowing_what_the_account_allows_posts_nothing(
    tiktok: Account, rehearsal: RehearsalServer
) -> None:
    for mode in ("empty_object", "wrong_type", "error_before"):
        rehearsal.misbehave(mode, match="creator_info")
        assert isinstance(publish("tiktok", tiktok, with_picture()), NotSent)
    assert not rehearsal.requests("/content/init/")
