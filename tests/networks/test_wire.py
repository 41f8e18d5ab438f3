"""The exact requests that the libraries made, and what each answer of a network becomes."""

import hashlib
import hmac
import re
from collections.abc import Iterator

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, NotSent, Refused, Trouble, Unknown
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import ReplyControl
from tests.council import small_jpeg
from tests.networks.posting import (
    CALLS,
    CAN_BE_SEARCHED,
    KNOW_THEIR_WORDS,
    LINK,
    TEXT,
    no_secret,
    other_id,
    plain,
    publish,
    with_picture,
)
from tests.rehearsal_server import RehearsalServer

CAN_REMOVE = [slug for slug in NETWORKS if NETWORKS[slug].capabilities.can_remove]

# --- the contract that every network passes ---


class TestContract:
    def test_published_gives_id_and_address(
        self, slug: str, account: Account, rehearsal: RehearsalServer
    ) -> None:
        answer = publish(slug, account, with_picture())
        assert isinstance(answer, Accepted)
        (post,) = rehearsal.posts(slug, account.account_id)
        assert (post["id"], post["text"]) == (answer.remote_id, TEXT)
        takes_alt_text = NETWORKS[slug].limits.picture.max_alt_text
        described = "A lit window" if takes_alt_text else ""
        assert [p["alt_text"] for p in post["pictures"]] == [described]
        assert NETWORKS[slug].id_from_address(answer.remote_url) == answer.remote_id

    @pytest.mark.parametrize("slug", CAN_BE_SEARCHED)
    def test_look_finds_only_the_post_with_the_link(self, slug: str, account: Account) -> None:
        network = NETWORKS[slug]
        before = network.look(account, plain(slug), 0, {})
        assert before.complete
        assert before.found == ()
        published = publish(slug, account, plain(slug))
        publish(slug, account, plain(slug, "Another post", LINK + "x"))
        found = network.look(account, plain(slug), 0, {})
        assert [f.remote_id for f in found.found] == [published.remote_id]

    @pytest.mark.parametrize("slug", CAN_BE_SEARCHED)
    def test_look_sees_beyond_the_first_page(
        self, slug: str, account: Account, rehearsal: RehearsalServer
    ) -> None:
        published = publish(slug, account, plain(slug))
        known = rehearsal.account(slug, account.account_id)
        for number in range(130):
            rehearsal.store.add_post(
                known, other_id(slug, account, number), f"Other {number}", {"media": []}
            )
        look = NETWORKS[slug].look(account, plain(slug), 0, {})
        assert [f.remote_id for f in look.found] == [published.remote_id]

    @pytest.mark.parametrize("slug", CAN_BE_SEARCHED)
    @pytest.mark.parametrize("mode", ["error_before", "html_200", "unauthorised", "drop_before"])
    def test_look_that_cannot_see_proves_nothing(
        self, slug: str, account: Account, rehearsal: RehearsalServer, mode: str
    ) -> None:
        rehearsal.misbehave(mode, match="GET")
        look = NETWORKS[slug].look(account, plain(slug), 0, {})
        assert not look.complete
        assert look.reason

    @pytest.mark.parametrize("slug", CAN_REMOVE)
    def test_remove_may_be_repeated_and_is_proved_by_a_read(
        self, slug: str, account: Account
    ) -> None:
        network = NETWORKS[slug]
        remote_id = publish(slug, account, plain(slug)).remote_id
        there = network.read(account, remote_id)
        assert there.found
        assert LINK in there.links
        for _ in range(2):
            assert isinstance(network.remove(account, remote_id), Accepted)
        assert network.read(account, remote_id).found is False

    def test_what_a_network_cannot_do_raises_and_asks_nothing(
        self, slug: str, account: Account, rehearsal: RehearsalServer
    ) -> None:
        network, able = NETWORKS[slug], NETWORKS[slug].capabilities
        for can, call in (
            (able.can_remove, network.remove),
            (able.closes_later, network.close_replies),
            (able.can_hide_replies, network.hide_reply),
        ):
            if not can:
                with pytest.raises(NotSupported):
                    call(account, "1")
        assert not rehearsal.requests()

    @pytest.mark.parametrize(
        ("mode", "kind"),
        [
            ("drop_before", Unknown),
            ("drop_after", Unknown),
            ("error_before", Unknown),
            ("error_after", Unknown),
            ("html_200", Unknown),
            ("empty_200", Unknown),
            ("truncated", Unknown),
            ("wrong_type", Unknown),
            ("list_error", Unknown),
            ("redirect", Unknown),
            ("big_body", Unknown),
            ("rate_limit", NotSent),
            ("unauthorised", Refused),
            ("odd_usage", Accepted),
        ],
    )
    def test_every_answer_has_its_class(
        self, slug: str, account: Account, rehearsal: RehearsalServer, mode: str, kind: type
    ) -> None:
        rehearsal.misbehave(mode, match=CALLS[slug].publish)
        answer = publish(slug, account, plain(slug))
        assert isinstance(answer, kind), answer
        sent = [f"{r.method} {r.path}" for r in rehearsal.requests()]
        assert len([line for line in sent if re.search(CALLS[slug].publish, line)]) == 1
        no_secret(account, str(answer))
        if mode == "unauthorised":
            assert answer.trouble == Trouble.SIGN_IN
        if mode == "rate_limit":
            assert answer.trouble == Trouble.RATE_LIMIT

    def test_nobody_there_is_not_sent(self, slug: str, account: Account) -> None:
        gone = Account(account.account_id, account.credentials, "http://127.0.0.1:9")
        assert isinstance(publish(slug, gone, plain(slug)), NotSent)

    @pytest.mark.parametrize("mode", ["drop_before", "drop_after", "error_after", "html_200"])
    def test_a_lost_picture_is_never_unknown(
        self, slug: str, account: Account, rehearsal: RehearsalServer, mode: str
    ) -> None:
        rehearsal.misbehave(mode, match=CALLS[slug].hand_over)
        assert isinstance(publish(slug, account, with_picture()), NotSent)

    def test_wrong_keys_are_a_matter_for_the_channel(self, slug: str, account: Account) -> None:
        wrong = Account(
            account.account_id, dict.fromkeys(account.credentials, "wrong"), account.base_url
        )
        answer = publish(slug, wrong, plain(slug))
        assert isinstance(answer, Refused)
        assert answer.trouble == Trouble.SIGN_IN

    def test_verify_names_the_owner(self, slug: str, account: Account) -> None:
        assert NETWORKS[slug].verify(account).account_id == account.account_id

    @pytest.mark.parametrize("slug", KNOW_THEIR_WORDS)
    def test_the_same_words_again_are_looked_into(self, slug: str, account: Account) -> None:
        publish(slug, account, plain(slug))
        assert isinstance(publish(slug, account, plain(slug)), Unknown)

    def test_limits_are_the_networks_own(self, slug: str, account: Account) -> None:
        limits = NETWORKS[slug].limits
        longest = "w" * min(limits.maximum, 5000)
        assert limits.count(longest) <= limits.maximum
        assert isinstance(publish(slug, account, plain(slug, longest)), Accepted)


# --- the wire, request by request ---


@pytest.fixture
def x(rehearsal: RehearsalServer) -> Account:
    opened = rehearsal.open_account("x")
    return Account(
        opened["account_id"], opened["credentials"], rehearsal.url, "council", rehearsal=True
    )


@pytest.fixture
def facebook(rehearsal: RehearsalServer) -> Account:
    opened = rehearsal.open_account("facebook")
    return Account(
        opened["account_id"], opened["credentials"], rehearsal.url, "council", rehearsal=True
    )


def test_the_requests_to_x(x: Account, rehearsal: RehearsalServer) -> None:
    publish("x", x, with_picture())
    upload, describe, create = rehearsal.requests()
    assert (upload.method, upload.path) == ("POST", "/2/media/upload")
    assert upload.json["media_category"] == "tweet_image"
    media_id = describe.json["id"]
    assert describe.json == {"id": media_id, "metadata": {"alt_text": {"text": "A lit window"}}}
    assert (create.method, create.path) == ("POST", "/2/tweets")
    assert create.json == {
        "text": TEXT,
        "media": {"media_ids": [media_id]},
        "reply_settings": "mentionedUsers",
    }
    for request in (upload, describe, create):
        assert request.headers["authorization"].startswith("OAuth ")
        assert request.headers["accept-encoding"] == "identity"


def test_x_narrows_replies(x: Account) -> None:
    remote_id = publish("x", x, Post(TEXT, LINK)).remote_id
    assert NETWORKS["x"].read(x, remote_id).reply_control is ReplyControl.NARROWED


def test_the_requests_to_facebook(facebook: Account, rehearsal: RehearsalServer) -> None:
    publish("facebook", facebook, with_picture())
    photo, feed = rehearsal.requests()
    keys = facebook.credentials
    proof = hmac.new(keys["app_secret"].encode(), keys["page_token"].encode(), hashlib.sha256)
    signed = {"access_token": keys["page_token"], "appsecret_proof": proof.hexdigest()}
    assert photo.path == f"/v25.0/{facebook.account_id}/photos"
    assert photo.form == signed | {"alt_text_custom": "A lit window", "published": "false"}
    assert photo.files["source"] == small_jpeg()
    photo_id = rehearsal.posts("facebook", facebook.account_id)[0]["pictures"][0]["id"]
    assert feed.path == f"/v25.0/{facebook.account_id}/feed"
    assert feed.form == signed | {
        "message": TEXT,
        "attached_media": f'[{{"media_fbid": "{photo_id}"}}]',
    }
    assert feed.query == []


def test_comments_on_facebook_are_hidden(facebook: Account, rehearsal: RehearsalServer) -> None:
    network = NETWORKS["facebook"]
    post_id = publish("facebook", facebook, Post(TEXT, LINK)).remote_id
    rehearsal.stranger_replies("facebook", facebook.account_id, post_id, "Well!")
    (comment,) = network.replies(facebook, post_id).items
    assert not comment.hidden
    assert isinstance(network.hide_reply(facebook, comment.remote_id), Accepted)
    (comment,) = network.replies(facebook, post_id).items
    assert comment.hidden


@pytest.fixture
def log_of_everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level("INFO"):
        yield caplog


def test_no_secret_reaches_the_log(
    slug: str,
    account: Account,
    rehearsal: RehearsalServer,
    log_of_everything: pytest.LogCaptureFixture,
) -> None:
    for mode in ("drop_after", "error_after", "html_200"):
        rehearsal.misbehave(mode, times=3)
        publish(slug, account, plain(slug, TEXT + mode))
        NETWORKS[slug].read(account, "1")
    no_secret(account, log_of_everything.text)
