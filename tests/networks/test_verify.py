"""Whose account the keys open, what they may do there, and each trouble in one plain sentence."""

import re
from dataclasses import replace
from typing import Any

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Identity, Refused, Renewed, Trouble
from social_publish.networks.base import Account, Renews
from tests.networks.posting import no_secret
from tests.rehearsal_server import RehearsalServer

# Where the network tells what was granted: a scope that the site cannot do without.
SCOPES = {
    "facebook": "pages_manage_engagement",
    "instagram": "instagram_manage_comments",
    "threads": "threads_manage_replies",
    "linkedin": "r_organization_social_feed",
    "tiktok": "video.publish",
    "mastodon": "write:statuses",
}
# LinkedIn's older right covers its newer one.
ALSO = {"linkedin": ["r_organization_social"]}
SUSPENDED = {
    "x": True,
    "facebook": True,
    "instagram": True,
    "threads": True,
    "linkedin": True,
    "tiktok": True,
    "bluesky": "takendown",
    "mastodon": True,
    "gotosocial": True,
}
VERSION_GONE: dict[str, tuple[str, dict[str, Any]]] = {
    "x": ("error_before", {"status": 410}),
    "facebook": ("forbidden", {"code": 2635}),
    "instagram": ("forbidden", {"code": 2635}),
    "threads": ("forbidden", {"code": 2635}),
    "linkedin": ("error_before", {"status": 426, "match": "GET /rest/"}),
    "tiktok": ("error_before", {"status": 410}),
}
CODES = re.compile(r"\b[1-5]\d\d\b|_|https?:|\{|Exception|None")


def verify(slug: str, account: Account) -> Identity:
    return NETWORKS[slug].verify(account)


def change(rehearsal: RehearsalServer, slug: str, account: Account, **facts: Any) -> None:
    rehearsal.store.change_account(rehearsal.account(slug, account.account_id), **facts)


def is_plain(identity: Identity, account: Account) -> None:
    """One or two sentences for a clerk: no code, no name of a field, no secret."""
    assert identity.reason.endswith((".", "?"))
    assert 20 < len(identity.reason) <= 300
    assert not CODES.search(identity.reason), identity.reason
    no_secret(account, identity.reason, str(identity))


# --- the contract that every network passes ---


def test_a_good_account_is_named_with_its_rights(slug: str, account: Account) -> None:
    seen = verify(slug, account)
    assert (seen.account_id, seen.trouble, seen.reason) == (account.account_id, None, "")
    assert seen.name
    assert seen.url.startswith("https://")
    assert not seen.personal
    assert seen.lacks == ()
    # GoToSocial tells nobody what was granted.
    assert bool(seen.rights) == (slug != "gotosocial")


def test_wrong_keys_are_told(slug: str, account: Account) -> None:
    wrong = replace(account, credentials=dict.fromkeys(account.credentials, "wrong"))
    seen = verify(slug, wrong)
    assert (seen.account_id, seen.trouble) == ("", Trouble.SIGN_IN)
    assert "onnect" in seen.reason
    is_plain(seen, account)


@pytest.mark.parametrize(
    "mode", ["html_200", "error_before", "drop_before", "drop_after", "truncated", "wrong_type",
             "list_error", "empty_object", "empty_200", "redirect"]
)  # fmt: skip
def test_an_answer_without_sense_is_no_verdict(
    slug: str, account: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    rehearsal.misbehave(mode, times=9)
    seen = verify(slug, account)
    assert (seen.account_id, seen.trouble) == ("", None)
    assert "asks again by itself" in seen.reason
    is_plain(seen, account)


def test_a_network_that_is_away_is_no_verdict(slug: str, account: Account) -> None:
    seen = verify(slug, replace(account, base_url="http://127.0.0.1:9"))
    assert (seen.account_id, seen.trouble) == ("", None)
    assert "could not be reached" in seen.reason or "asks again" in seen.reason
    is_plain(seen, account)


def test_being_asked_to_wait_is_no_verdict(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.misbehave("rate_limit", times=9)
    seen = verify(slug, account)
    assert (seen.account_id, seen.trouble) == ("", Trouble.RATE_LIMIT)
    is_plain(seen, account)


def test_a_suspended_account_is_told(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    change(rehearsal, slug, account, suspended=SUSPENDED[slug])
    seen = verify(slug, account)
    assert seen.trouble is Trouble.SUSPENDED
    assert "to see why" in seen.reason
    is_plain(seen, account)


@pytest.mark.parametrize("slug", sorted(SCOPES))
def test_a_withdrawn_right_is_named(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    before = verify(slug, account)
    change(rehearsal, slug, account, without=[SCOPES[slug], *ALSO.get(slug, [])])
    seen = verify(slug, account)
    assert (seen.account_id, seen.trouble) == (account.account_id, Trouble.RIGHTS)
    assert seen.lacks
    assert set(seen.lacks) <= set(before.rights)
    assert any(lack in seen.reason for lack in seen.lacks)
    assert "Connect the channel again" in seen.reason
    is_plain(seen, account)


@pytest.mark.parametrize("slug", sorted(VERSION_GONE))
def test_a_version_that_is_gone_is_the_websites_matter(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    mode, options = VERSION_GONE[slug]
    rehearsal.misbehave(mode, times=9, **options)
    seen = verify(slug, account)
    assert seen.trouble is Trouble.OUTDATED
    assert "whoever looks after the website" in seen.reason.replace("\n", " ")


@pytest.mark.parametrize("slug", ["facebook", "instagram", "threads", "linkedin", "tiktok"])
def test_keys_that_have_run_out_are_told(
    slug: str, account: Account, rehearsal: RehearsalServer
) -> None:
    change(rehearsal, slug, account, ends=rehearsal.store.now() - 1)
    seen = verify(slug, account)
    assert seen.trouble is Trouble.SIGN_IN
    assert "onnect" in seen.reason
    is_plain(seen, account)


def test_posting_by_hand_needs_nobody(rehearsal: RehearsalServer) -> None:
    seen = verify("by_hand", Account("1", {}, rehearsal.url))
    assert (seen.trouble, seen.account_id) == (None, "")
    assert rehearsal.requests() == []


# --- one network each ---


def opened(rehearsal: RehearsalServer, slug: str, **facts: Any) -> Account:
    known = rehearsal.open_account(slug)
    account = Account(known["account_id"], known["credentials"], rehearsal.url, "council")
    change(rehearsal, slug, account, **facts)
    return account


@pytest.mark.parametrize(
    ("subcode", "words"),
    [
        (458, "taken its rights away"),
        (459, "confirm who they are"),
        (460, "a password was changed"),
        (463, "has run out"),
        (467, "has ended this channel's sign-in"),
    ],
)
@pytest.mark.parametrize("slug", ["facebook", "instagram", "threads"])
def test_graph_says_why_a_token_is_dead(
    rehearsal: RehearsalServer, slug: str, subcode: int, words: str
) -> None:
    account = opened(rehearsal, slug, dead=subcode)
    seen = verify(slug, account)
    assert seen.trouble is Trouble.SIGN_IN
    assert words in seen.reason
    is_plain(seen, account)


@pytest.mark.parametrize("slug", ["facebook", "instagram"])
def test_a_persons_token_is_refused(rehearsal: RehearsalServer, slug: str) -> None:
    account = opened(rehearsal, slug, kind="USER")
    seen = verify(slug, account)
    assert seen.personal
    assert seen.trouble is Trouble.SIGN_IN
    assert "a person's and not a Page's" in seen.reason
    is_plain(seen, account)


def test_a_token_of_another_app_is_told(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "facebook", app="another")
    seen = verify("facebook", account)
    assert seen.trouble is Trouble.SIGN_IN
    assert "another app" in seen.reason
    is_plain(seen, account)


def test_the_keys_of_another_page_name_that_page(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "facebook")
    other = rehearsal.open_account("facebook", "another-page", "Another")
    seen = verify("facebook", replace(account, credentials=other["credentials"]))
    assert (seen.account_id, seen.name) == (other["account_id"], "Another")
    assert seen.account_id != account.account_id


def test_the_first_end_of_a_page_token_counts(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "facebook")
    assert verify("facebook", account).expires is None
    now = rehearsal.store.now()
    change(rehearsal, "facebook", account, ends=now + 5000, data_access_ends=now + 900)
    assert verify("facebook", account).expires == int(now + 900)


def test_the_question_about_a_token_is_asked_by_the_app(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "facebook")
    verify("facebook", account)
    debug, me = rehearsal.requests()
    keys = account.credentials
    assert (debug.method, debug.path) == ("GET", "/v25.0/debug_token")
    assert debug.arguments == {
        "input_token": keys["page_token"],
        "access_token": f"{keys['app_id']}|{keys['app_secret']}",
    }
    assert me.path == "/v25.0/me"


def test_threads_that_tells_nothing_of_the_token_still_names_the_account(
    rehearsal: RehearsalServer,
) -> None:
    account = opened(rehearsal, "threads")
    rehearsal.misbehave("forbidden", match="debug_token", code=10)
    seen = verify("threads", account)
    assert (seen.account_id, seen.rights, seen.expires) == (account.account_id, (), None)


def test_x_keys_that_may_only_read_are_told(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "x", access="read")
    seen = verify("x", account)
    assert (seen.account_id, seen.trouble) == (account.account_id, Trouble.RIGHTS)
    assert seen.lacks == ("publish and remove posts",)
    assert "Read and write" in seen.reason


def test_protected_posts_on_x_are_told_and_stop_nothing(rehearsal: RehearsalServer) -> None:
    seen = verify("x", opened(rehearsal, "x", private=True))
    assert (seen.trouble, bool(seen.account_id)) == (None, True)
    assert "residents cannot see them" in seen.reason


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"unaudited": True}, "has not checked the council's app"), ({"private": True}, "public")],
)
def test_tiktok_that_takes_no_public_posts_is_told_and_stops_nothing(
    rehearsal: RehearsalServer, facts: dict[str, bool], words: str
) -> None:
    account = opened(rehearsal, "tiktok", **facts)
    seen = verify("tiktok", account)
    assert (seen.account_id, seen.trouble) == (account.account_id, None)
    assert seen.lacks == ("publish posts that everyone sees",)
    assert words in seen.reason
    is_plain(seen, account)


def test_only_an_administrator_of_a_linkedin_page_will_do(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "linkedin", role="CONTENT_ADMINISTRATOR")
    seen = verify("linkedin", account)
    assert seen.trouble is Trouble.RIGHTS
    assert "no administrator" in seen.reason
    is_plain(seen, account)


def test_linkedin_says_when_its_access_token_ends(rehearsal: RehearsalServer) -> None:
    ends = rehearsal.store.now() + 1000
    account = opened(rehearsal, "linkedin", ends=ends)
    seen = verify("linkedin", account)
    # The refresh token lives on, and no answer but its own says until when.
    assert (seen.keys_end, seen.expires) == (int(ends), None)
    alone = replace(account, credentials={**account.credentials, "refresh_token": ""})
    assert verify("linkedin", alone).expires == int(ends)


def test_a_deactivated_account_on_bluesky_is_told(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "bluesky", suspended="deactivated")
    seen = verify("bluesky", account)
    assert seen.trouble is Trouble.SUSPENDED
    assert "switched off by its owner" in seen.reason


def test_a_fediverse_key_that_may_not_read_is_told(rehearsal: RehearsalServer) -> None:
    seen = verify("gotosocial", opened(rehearsal, "gotosocial", without=["read"]))
    assert seen.trouble is Trouble.RIGHTS
    assert "see the account" in seen.reason


# --- fresh keys ---

RENEWED = ["linkedin", "threads", "tiktok"]
DAY = 24 * 3600


def renew(slug: str, account: Account) -> Any:
    network = NETWORKS[slug]
    assert isinstance(network, Renews)
    return network.renew(account)


def test_four_networks_renew_their_keys() -> None:
    renewing = [slug for slug in NETWORKS if isinstance(NETWORKS[slug], Renews)]
    assert sorted(renewing) == ["bluesky", *RENEWED]


def test_a_session_of_bluesky_is_renewed_and_shared(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "bluesky")
    fresh = renew("bluesky", account)
    assert 3600 < fresh.lives <= 7200
    assert fresh.credentials["app_password"] == account.credentials["app_password"]
    renewed = replace(account, credentials=fresh.credentials)
    assert verify("bluesky", renewed).account_id == account.account_id
    again = renew("bluesky", renewed)
    assert again.credentials["session"] != fresh.credentials["session"]
    wrong = replace(account, credentials={"app_password": "wrong"})
    refused = renew("bluesky", wrong)
    assert isinstance(refused, Refused)
    assert refused.trouble is Trouble.SIGN_IN


@pytest.mark.parametrize("slug", RENEWED)
class TestRenewing:
    def test_fresh_keys_open_the_same_account(self, slug: str, rehearsal: RehearsalServer) -> None:
        account = opened(rehearsal, slug, ends=rehearsal.store.now() + 600)
        fresh = renew(slug, account)
        assert isinstance(fresh, Renewed)
        assert fresh.credentials["access_token"] != account.credentials["access_token"]
        assert set(fresh.credentials) == set(account.credentials)
        assert fresh.lives >= 3600
        renewed = replace(account, credentials=fresh.credentials)
        assert verify(slug, renewed).account_id == account.account_id

    def test_a_sign_in_that_was_taken_back_needs_a_person(
        self, slug: str, rehearsal: RehearsalServer
    ) -> None:
        account = opened(rehearsal, slug, dead=458)
        answer = renew(slug, account)
        assert isinstance(answer, Refused)
        assert answer.trouble is Trouble.SIGN_IN
        assert "onnect" in answer.reason
        no_secret(account, str(answer))

    @pytest.mark.parametrize(
        "mode", ["drop_before", "error_before", "html_200", "rate_limit", "empty_object"]
    )
    def test_other_answers_decide_nothing(
        self, slug: str, rehearsal: RehearsalServer, mode: str
    ) -> None:
        account = opened(rehearsal, slug, ends=rehearsal.store.now() + 600)
        rehearsal.misbehave(mode)
        answer = renew(slug, account)
        assert not isinstance(answer, Renewed)
        assert getattr(answer, "trouble", None) is not Trouble.SIGN_IN
        no_secret(account, str(answer))


def test_a_refresh_token_of_tiktok_is_good_for_one_use(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "tiktok")
    first = renew("tiktok", account)
    assert first.credentials["refresh_token"] != account.credentials["refresh_token"]
    assert first.sign_in_lives == 180 * DAY
    assert isinstance(renew("tiktok", account), Refused)


def test_renewing_at_linkedin_does_not_move_the_yearly_end(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "linkedin", refresh_ends=rehearsal.store.now() + 100 * DAY)
    for _ in range(2):
        fresh = renew("linkedin", account)
        assert 99 * DAY < fresh.sign_in_lives <= 100 * DAY


def test_a_token_of_threads_must_be_a_day_old(rehearsal: RehearsalServer) -> None:
    account = opened(rehearsal, "threads", ends=rehearsal.store.now() + 60 * DAY)
    answer = renew("threads", account)
    assert not isinstance(answer, Renewed)
    assert getattr(answer, "trouble", None) is None
