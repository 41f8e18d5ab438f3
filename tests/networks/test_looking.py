"""Looking: what it sees, and when seeing nothing proves nothing (F29 to F31)."""

import re

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Look, Reading, Replies, Trouble
from social_publish.networks.base import Account, Post
from social_publish.networks.capabilities import ReplyControl
from tests.networks.posting import CAN_BE_SEARCHED, LINK, PUBLISH, TEXT, other_id, plain, publish
from tests.rehearsal_server import RehearsalServer

POST = Post(TEXT, LINK)
# Where looking goes through a list of the account's own posts.
LIST = {
    "x": r"GET /2/users/\d+/tweets",
    "facebook": r"GET .*/published_posts",
    "instagram": r"GET .*/media$",
    "threads": r"GET .*/threads$",
    "mastodon": r"GET /api/v1/accounts/\w+/statuses$",
    "gotosocial": r"GET /api/v1/accounts/\w+/statuses$",
    "linkedin": r"GET /rest/posts$",
}
# Their lists are JSON lists and nothing around: an empty one is a whole answer.
BARE = {"mastodon", "gotosocial"}
# How often the list is asked for, to see 430 newer posts and its end.
FETCHES = {"mastodon": 12, "gotosocial": 12}
# They say so when they have suspended an account.
SAY_SUSPENDED = sorted({*LIST, "bluesky"} - {"linkedin"})


@pytest.fixture(params=CAN_BE_SEARCHED)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def look(slug: str, account: Account) -> Look:
    return NETWORKS[slug].look(account, POST, 0, {})


def add_newer(rehearsal: RehearsalServer, slug: str, account: Account, count: int) -> None:
    known = rehearsal.account(slug, account.account_id)
    for number in range(count):
        post_id = other_id(slug, account, number)
        rehearsal.store.add_post(known, post_id, f"Other {number}", {"media": []})


@pytest.mark.parametrize("slug", sorted(LIST))
def test_it_is_found_behind_many_newer_posts(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    published = publish(slug, account, plain(slug))
    add_newer(rehearsal, slug, account, 430)
    seen = look(slug, account)
    assert [found.remote_id for found in seen.found] == [published.remote_id]
    assert seen.complete
    lines = [f"{r.method} {r.path}" for r in rehearsal.requests()]
    assert len([line for line in lines if re.search(LIST[slug], line)]) == FETCHES.get(slug, 5)


@pytest.mark.parametrize("slug", sorted(LIST))
def test_behind_too_many_newer_posts_nothing_is_proven(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    publish(slug, account, plain(slug))
    rehearsal.misbehave("many_posts", times=99)
    seen = look(slug, account)
    assert seen.found == ()
    assert not seen.complete
    assert seen.impossible
    assert "more" in seen.reason or "newer" in seen.reason


@pytest.mark.parametrize("slug", sorted(LIST))
def test_copies_come_oldest_first(slug: str, account: Account, rehearsal: RehearsalServer) -> None:
    first = publish(slug, account, plain(slug))
    publish(slug, account, plain(slug, "In between", LINK + "x"))
    second = publish(slug, account, plain(slug, f"Again: {TEXT}"))
    found = look(slug, account).found
    assert [copy.remote_id for copy in found] == [first.remote_id, second.remote_id]


@pytest.mark.parametrize("slug", sorted(LIST))
def test_a_list_that_lags_shows_it_later(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    published = publish(slug, account, plain(slug))
    rehearsal.misbehave("list_lag", seconds=480)
    assert look(slug, account) == Look(complete=True)
    assert [f.remote_id for f in look(slug, account).found] == [published.remote_id]


@pytest.mark.parametrize("slug", sorted(LIST))
def test_the_lag_goes_by_the_networks_clock(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.store.lag = 480
    publish(slug, account, plain(slug))
    assert look(slug, account).found == ()
    now = rehearsal.store.now() + 481
    rehearsal.store.now = lambda: now
    assert len(look(slug, account).found) == 1


@pytest.mark.parametrize("slug", sorted(LIST))
@pytest.mark.parametrize(
    "mode",
    ["no_list", "foreign_list", "empty_object", "wrong_charset", "gzip_bomb"],
)
def test_a_list_that_lies_proves_nothing(
    slug: str, account: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    publish(slug, account, plain(slug))
    rehearsal.misbehave(mode, match=LIST[slug], text=TEXT)
    seen = look(slug, account)
    assert not seen.complete
    assert seen.found == ()
    assert seen.reason


@pytest.mark.parametrize("slug", sorted(set(LIST) - BARE))
def test_a_list_of_another_shape_proves_nothing(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    publish(slug, account, plain(slug))
    rehearsal.misbehave("empty_list", match=LIST[slug])
    seen = look(slug, account)
    assert (seen.found, seen.complete) == ((), False)


@pytest.mark.parametrize("slug", sorted(LIST))
@pytest.mark.parametrize("mode", ["nul_body", "surrogate_body"])
def test_a_spoilt_list_harms_nothing(
    slug: str, account: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    publish(slug, account, plain(slug))
    rehearsal.misbehave(mode, match=LIST[slug])
    assert not look(slug, account).complete


@pytest.mark.parametrize("slug", sorted(LIST))
def test_the_second_page_may_fail_and_what_was_found_stays(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    add_newer(rehearsal, slug, account, 120)
    published = publish(slug, account, plain(slug))
    rehearsal.misbehave("slow", match=LIST[slug], seconds=0)
    rehearsal.misbehave("no_list")
    seen = look(slug, account)
    assert [f.remote_id for f in seen.found] == [published.remote_id]
    assert not seen.complete


def test_an_x_account_that_may_not_read_says_so(rehearsal: RehearsalServer) -> None:
    opened = rehearsal.open_account("x", handle="writer", reads=False)
    writer = Account(opened["account_id"], opened["credentials"], rehearsal.url, "writer")
    remote_id = publish("x", writer, POST).remote_id
    seen = look("x", writer)
    assert seen.impossible
    assert "may not read posts" in seen.reason
    reading = NETWORKS["x"].read(writer, remote_id)
    assert (reading.found, reading.trouble) == (None, Trouble.RIGHTS)
    assert NETWORKS["x"].verify(writer).account_id == writer.account_id


@pytest.mark.parametrize(
    ("mode", "trouble"),
    [
        ("unauthorised", Trouble.SIGN_IN),
        ("rate_limit", Trouble.RATE_LIMIT),
        ("error_before", None),
    ],
)
def test_trouble_of_the_whole_channel_travels_with_what_could_not_be_read(
    slug: str, account: Account, rehearsal: RehearsalServer, mode: str, trouble: Trouble | None
) -> None:
    network = NETWORKS[slug]
    rehearsal.misbehave(mode, times=99, match="GET")
    answers: tuple[Look | Reading | Replies, ...] = (
        look(slug, account),
        network.read(account, "1"),
        network.replies(account, "1_1" if slug == "facebook" else "1"),
    )
    for answer in answers:
        assert answer.reason
        assert answer.trouble == trouble


@pytest.mark.parametrize("slug", SAY_SUSPENDED)
def test_suspension_is_seen_by_looking_too(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.misbehave("forbidden", match="GET", detail="Your account is suspended.", code=368)
    assert look(slug, account).trouble == Trouble.SUSPENDED


def test_a_read_that_shows_another_post_proves_nothing(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish(slug, account, plain(slug)).remote_id
    rehearsal.misbehave("foreign_id", match="GET")
    assert NETWORKS[slug].read(account, remote_id).found is None


@pytest.mark.parametrize("slug", ["x"])
@pytest.mark.parametrize(
    ("reply_settings", "control"),
    [
        ('"mentionedUsers"', ReplyControl.NARROWED),
        ("null", ReplyControl.OPEN),
        ('"verified"', ReplyControl.OPEN),
    ],
)
def test_x_says_when_replies_are_open(
    account: Account, rehearsal: RehearsalServer, reply_settings: str, control: ReplyControl
) -> None:
    remote_id = publish("x", account, POST).remote_id
    facts = f'{{"reply_settings": {reply_settings}, "media": []}}'
    rehearsal.store.write("UPDATE posts SET facts = ?", facts)
    assert NETWORKS["x"].read(account, remote_id).reply_control is control


AFTER_STORING = [
    "empty_list",
    "empty_object",
    "gzip_bomb",
    "long_length",
    "nul_body",
    "surrogate_body",
    "wrong_charset",
]


@pytest.mark.parametrize("mode", AFTER_STORING)
def test_a_useless_answer_to_a_stored_post_is_unknown_and_it_is_found_by_looking(
    slug: str, account: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    rehearsal.misbehave(mode, match=PUBLISH[slug])
    answer = publish(slug, account, plain(slug))
    assert type(answer).__name__ == "Unknown", answer
    (stored,) = rehearsal.posts(slug, account.account_id)
    assert [f.remote_id for f in look(slug, account).found] == [stored["id"]]
