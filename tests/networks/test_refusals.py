"""What each network says when it refuses, as it publishes that, and what a clerk then reads."""

from typing import Any

import pytest

from social_publish.networks.answers import NotSent, Refused, Trouble, Unknown
from social_publish.networks.base import Account
from tests.council import small_jpeg
from tests.networks.posting import PUBLISH, no_secret, plain, publish
from tests.rehearsal_server import RehearsalServer

SIGN_IN, SUSPENDED, OUTDATED = Trouble.SIGN_IN, Trouble.SUSPENDED, Trouble.OUTDATED
RIGHTS = Trouble.RIGHTS


def x(detail: str, kind: str = "about:blank") -> dict[str, Any]:
    return {"title": "No", "detail": detail, "type": kind}


def graph(code: int, subcode: int = 0) -> dict[str, Any]:
    error = {"message": "No", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


def tiktok(code: str) -> dict[str, Any]:
    return {"data": {}, "error": {"code": code, "message": "No", "log_id": "0"}}


def linkedin(code: str) -> dict[str, Any]:
    return {"message": "No", "code": code, "serviceErrorCode": 0}


def said(error: str) -> dict[str, Any]:
    return {"error": error, "message": "No"}


AGAIN = "onnect it again."
ALLOW = "Connect the channel again, and allow everything that is asked for."
GRAPH: list[tuple[int, Any, Trouble | None, str]] = [
    (401, graph(190), SIGN_IN, AGAIN),
    (401, graph(190, 458), SIGN_IN, "has removed the council's app"),
    (401, graph(190, 460), SIGN_IN, "has changed their password"),
    (401, graph(190, 463), SIGN_IN, "has run out"),
    (403, graph(10), RIGHTS, "a right is missing, or its key is for another account"),
    (403, graph(200), RIGHTS, "a right is missing, or its key is for another account"),
    (400, graph(101), SUSPENDED, "Look at the app in Meta's developer pages"),
    (400, graph(368), SUSPENDED, "Sign in at "),
    (400, graph(2635), OUTDATED, "Ask whoever looks after the website to update it."),
]
FEDIVERSE: list[tuple[int, Any, Trouble | None, str]] = [
    (401, said("The access token is invalid"), SIGN_IN, AGAIN),
    (403, said("This action is outside the authorized scopes"), RIGHTS, ALLOW),
    (403, said("Your login is currently disabled"), SUSPENDED, "Sign in there to see why."),
    (410, said("Gone"), OUTDATED, "update it."),
    (422, said("Validation failed"), None, "Change its words or picture."),
]
# {network: [(status, body, the channel's trouble, what the sentence says)]}
PUBLISHED: dict[str, list[tuple[int, Any, Trouble | None, str]]] = {
    "x": [
        (401, x("Unauthorized"), SIGN_IN, AGAIN),
        (
            403,
            x("Your client app is not configured with the appropriate oauth1 app permissions."),
            RIGHTS,
            "Give the app the permission “Read and write”",
        ),
        (403, x("Your account is suspended."), SUSPENDED, "Sign in at X to see why."),
        (403, x("Your account is temporarily locked."), SUSPENDED, "Sign in at X to see why."),
        (403, x("You are not permitted to do this."), RIGHTS, "Check the account's rights at X"),
        (410, x("Gone."), OUTDATED, "update it."),
        (402, x("Your account has no credits."), SUSPENDED, "Top it up in X's developer portal"),
        (400, x("The Tweet is too long."), None, "Change its words or picture."),
    ],
    "facebook": [
        *GRAPH,
        # The Page is there for other keys.
        (400, graph(100, 33), RIGHTS, "its key is for another account"),
        (400, graph(100, 1346003), None, "change its words or picture."),
        (400, graph(100, 1404078), SUSPENDED, "Sign in at Facebook"),
        (400, graph(100, 1390008), Trouble.RATE_LIMIT, "no more posts for a while"),
        (400, graph(1609005), None, "Change its words or picture."),
    ],
    "instagram": [*GRAPH, (403, graph(25, 2207050), SUSPENDED, "Sign in at Instagram")],
    "threads": GRAPH,
    "linkedin": [
        (401, linkedin("REVOKED_ACCESS_TOKEN"), SIGN_IN, AGAIN),
        (403, linkedin("ACCESS_DENIED"), RIGHTS, "Have an administrator of the page"),
        (404, linkedin("NOT_FOUND"), RIGHTS, "Have an administrator of the page"),
        (426, linkedin("NONEXISTENT_VERSION"), OUTDATED, "set LINKEDIN_API_VERSION to a newer one"),
        (400, linkedin("VERSION_MISSING"), OUTDATED, "set LINKEDIN_API_VERSION to a newer one"),
        (422, linkedin("UNPROCESSABLE"), None, "Change its words or picture."),
    ],
    "tiktok": [
        (401, tiktok("access_token_invalid"), SIGN_IN, AGAIN),
        (410, tiktok("gone"), OUTDATED, "update it."),
        (401, tiktok("scope_not_authorized"), RIGHTS, ALLOW),
        (
            403,
            tiktok("unaudited_client_can_only_post_to_private_accounts"),
            Trouble.BY_HAND,
            "Until then post it in the TikTok app by hand",
        ),
        (403, tiktok("url_ownership_unverified"), RIGHTS, "Verify the website's address"),
        (403, tiktok("privacy_level_option_mismatch"), RIGHTS, "Make the account public"),
        (403, tiktok("spam_risk_text"), None, "Change them."),
        (
            403,
            tiktok("spam_risk_user_banned_from_posting"),
            SUSPENDED,
            "Open the TikTok app to see why.",
        ),
        (403, tiktok("spam_risk_too_many_posts"), Trouble.RATE_LIMIT, "no more posts"),
        (403, tiktok("reached_active_user_cap"), Trouble.RATE_LIMIT, "no more posts"),
    ],
    "bluesky": [
        (401, said("AuthenticationRequired"), SIGN_IN, AGAIN),
        (400, said("AccountTakedown"), SUSPENDED, "Sign in at Bluesky to see why."),
        (401, said("AccountDeactivated"), SUSPENDED, "Sign in at Bluesky to see why."),
        (403, said("InsufficientScope"), RIGHTS, "Make a new app password there"),
        (501, said("MethodNotImplemented"), OUTDATED, "update it."),
    ],
    "mastodon": FEDIVERSE,
    "gotosocial": FEDIVERSE,
}
CASES = [(slug, *case) for slug, cases in PUBLISHED.items() for case in cases]
HTML = "<html><title>Back soon</title><p>Somebody else's words</p></html>"


def ask(rehearsal: RehearsalServer, slug: str, status: int, body: Any) -> tuple[Account, Any]:
    opened = rehearsal.open_account(slug)
    account = Account(opened["account_id"], opened["credentials"], rehearsal.url, "council")
    rehearsal.store.elsewhere = small_jpeg()
    rehearsal.misbehave("say", match=PUBLISH[slug], times=9, status=status, body=body)
    return account, publish(slug, account, plain(slug))


@pytest.mark.parametrize(("slug", "status", "body", "trouble", "words"), CASES)
def test_a_refusal_is_a_sentence_that_says_what_to_do(
    rehearsal: RehearsalServer,
    slug: str,
    status: int,
    body: Any,
    trouble: Trouble | None,
    words: str,
) -> None:
    account, answer = ask(rehearsal, slug, status, body)
    assert isinstance(answer, NotSent if trouble is Trouble.RATE_LIMIT else Refused)
    assert (answer.trouble, words in answer.reason) == (trouble, True), answer.reason
    is_for_a_clerk(account, answer.reason)


@pytest.mark.parametrize("status", [200, 403, 502])
@pytest.mark.parametrize("slug", sorted(PUBLISHED))
def test_a_page_instead_of_an_answer_leaves_it_open(
    rehearsal: RehearsalServer, slug: str, status: int
) -> None:
    account, answer = ask(rehearsal, slug, status, HTML)
    assert isinstance(answer, Unknown)
    assert answer.trouble is (Trouble.WEB_PAGE if status < 500 else None)
    is_for_a_clerk(account, answer.reason)


def is_for_a_clerk(account: Account, reason: str) -> None:
    """Whole sentences of ours: no code, nothing of the network's own words, no secret."""
    assert reason[0].isupper()
    assert reason.endswith(".")
    for foreign in ("Exception", "HTTP", "<", "{", "Somebody", "400", "401", "403", "502", "No."):
        assert foreign not in reason
    no_secret(account, reason)


# What every council meets one day. X, Bluesky and the fediverse post as the account of the key, so
# theirs for another account show only in the daily check (test_channel_checks).
MEETS = {
    "wrong keys": SIGN_IN,
    "a right missing, or a scope withdrawn": RIGHTS,
    "the account suspended": SUSPENDED,
    "a version gone": OUTDATED,
}


@pytest.mark.parametrize("slug", sorted(PUBLISHED))
def test_each_network_tells_whose_trouble_it_is(slug: str) -> None:
    told = {trouble for _, _, trouble, _ in PUBLISHED[slug]}
    # LinkedIn has no word of its own for a suspended page.
    missing = {"linkedin": {SUSPENDED}}.get(slug, set())
    assert set(MEETS.values()) - told == missing


def test_the_table_has_every_network_that_programs_post_to() -> None:
    assert set(PUBLISHED) == set(PUBLISH)
