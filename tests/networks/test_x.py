"""Replies on X: refused where they are narrowed; where they are open, listed and hidden."""

import time

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted
from social_publish.networks.base import Account, Post
from tests.networks.posting import LINK, TEXT, publish
from tests.rehearsal_server import RehearsalServer

X = NETWORKS["x"]


def opened(rehearsal: RehearsalServer, *, reads: bool = True) -> Account:
    made = rehearsal.open_account("x", handle=f"council{reads}", reads=reads)
    return Account(made["account_id"], made["credentials"], rehearsal.url, "council")


def posted(account: Account, *, closed: bool) -> str:
    answer = publish("x", account, Post(TEXT, LINK, replies_closed=closed))
    assert isinstance(answer, Accepted)
    return answer.remote_id


@pytest.fixture
def account(rehearsal: RehearsalServer) -> Account:
    return opened(rehearsal)


def test_a_strangers_reply_is_refused_where_replies_are_narrowed(
    rehearsal: RehearsalServer, account: Account
) -> None:
    post_id = posted(account, closed=True)
    assert not rehearsal.stranger_replies("x", account.account_id, post_id, "Well!")
    assert X.replies(account, post_id).items == ()


def test_open_replies_are_listed_oldest_first_and_can_be_hidden(
    rehearsal: RehearsalServer, account: Account
) -> None:
    post_id = posted(account, closed=False)
    for number in range(130):
        assert rehearsal.stranger_replies("x", account.account_id, post_id, f"Well, {number}!")
    found = X.replies(account, post_id)
    assert found.readable
    assert [reply.text for reply in found.items] == [f"Well, {n}!" for n in range(130)]
    first = found.items[0]
    for _ in range(2):
        assert X.hide_reply(account, first.remote_id) == Accepted(first.remote_id)
    assert [row["hidden"] for row in rehearsal.comments(post_id)][:2] == [1, 0]


def test_what_an_account_without_reading_may_still_do(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, reads=False)
    post_id = posted(account, closed=False)
    assert rehearsal.stranger_replies("x", account.account_id, post_id, "Well!")
    found = X.replies(account, post_id)
    assert not found.readable
    assert "may not read posts" in found.reason
    (comment,) = rehearsal.comments(post_id)
    assert X.hide_reply(account, comment["id"]) == Accepted(comment["id"])


def test_x_searches_back_seven_days_only(rehearsal: RehearsalServer, account: Account) -> None:
    post_id = posted(account, closed=False)
    assert rehearsal.stranger_replies("x", account.account_id, post_id, "Well!")
    rehearsal.store.now = lambda: time.time() + 8 * 24 * 3600
    assert X.replies(account, post_id).items == ()


def test_a_reply_elsewhere_cannot_be_hidden(rehearsal: RehearsalServer, account: Account) -> None:
    other = opened(rehearsal, reads=False)
    post_id = posted(account, closed=False)
    assert rehearsal.stranger_replies("x", account.account_id, post_id, "Well!")
    (comment,) = rehearsal.comments(post_id)
    # X says that it knows no such reply, as it does of one that is gone.
    assert X.hide_reply(other, comment["id"]) == Accepted(comment["id"])
    assert [row["hidden"] for row in rehearsal.comments(post_id)] == [0]
