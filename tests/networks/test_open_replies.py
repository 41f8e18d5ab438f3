"""Replies on the wire: open when they are wanted open, and closed later where a network can."""

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted
from social_publish.networks.base import Account, Post
from social_publish.networks.capabilities import ReplyControl
from tests.networks.posting import LINK, TEXT, plain, publish
from tests.rehearsal_server import RehearsalServer

# Each network's words for who may reply; none of them may travel with an opened post.
CONTROLS = (
    "reply_settings",
    "reply_control",
    "enable_reply_approvals",
    "comment_enabled",
    "commentsState",
    "threadgate",
    "postgate",
    "interaction_policy",
    "quote_approval_policy",
)


def opened(slug: str) -> Post:
    post = plain(slug)
    return Post(TEXT, LINK, post.picture, replies_closed=False, key="openedpost")


def sent(rehearsal: RehearsalServer) -> str:
    return " ".join(str((r.json, r.form, r.path)) for r in rehearsal.requests())


def test_a_stranger_can_reply_to_an_opened_post(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish(slug, account, opened(slug)).remote_id
    wire = sent(rehearsal)
    assert not [name for name in CONTROLS if name in wire]
    if slug == "tiktok":
        assert "'disable_comment': False" in wire
    assert rehearsal.stranger_replies(slug, account.account_id, remote_id, "I like it")


def test_what_is_read_of_an_opened_post(slug: str, account: Account) -> None:
    network = NETWORKS[slug]
    remote_id = publish(slug, account, opened(slug)).remote_id
    expected = {
        "facebook": None,  # it does not say
        "tiktok": None,
        "mastodon": ReplyControl.NOT_POSSIBLE,
    }.get(slug, ReplyControl.OPEN)
    assert network.read(account, remote_id).reply_control is expected


def test_an_opened_post_is_closed_later_where_the_network_can(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    network = NETWORKS[slug]
    if not network.capabilities.closes_later:
        # The contract's own test says that it raises.
        assert slug in ("x", "facebook", "threads", "tiktok", "mastodon", "gotosocial")
        return
    remote_id = publish(slug, account, opened(slug)).remote_id
    for _ in range(2):
        assert network.close_replies(account, remote_id) == Accepted(remote_id)
    assert network.read(account, remote_id).reply_control is ReplyControl.CLOSED
    assert not rehearsal.stranger_replies(slug, account.account_id, remote_id, "Too late")


def test_closing_on_bluesky_keeps_hidden_what_was_hidden(rehearsal: RehearsalServer) -> None:
    given = rehearsal.open_account("bluesky", handle="closing")
    account = Account(given["account_id"], given["credentials"], rehearsal.url)
    network = NETWORKS["bluesky"]
    remote_id = publish("bluesky", account, opened("bluesky")).remote_id
    rehearsal.stranger_replies("bluesky", account.account_id, remote_id, "Rude")
    network.hide_reply(account, network.replies(account, remote_id).items[0].remote_id)
    assert isinstance(network.close_replies(account, remote_id), Accepted)
    assert [reply.hidden for reply in network.replies(account, remote_id).items] == [True]
    gates = rehearsal.posts("bluesky", account.account_id)[0]["facts"]["gates"]
    assert set(gates) == {"app.bsky.feed.threadgate", "app.bsky.feed.postgate"}


@pytest.mark.parametrize("slug", sorted(NETWORKS))
def test_each_network_says_in_words_what_becomes_of_replies(slug: str) -> None:
    able, bio = NETWORKS[slug].capabilities, NETWORKS[slug].bio
    for sentence in (able.reply_sentence, able.gap_sentence, able.open_sentence):
        assert sentence.endswith(".")
        assert len(sentence) > 40
    by_itself = able.closes_later or able.reply_control is ReplyControl.SWEPT
    assert by_itself != ("you are asked" in able.open_sentence)
    assert bio.maximum == 0 or bio.maximum >= 80
