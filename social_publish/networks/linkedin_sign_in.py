"""Whose LinkedIn page a channel's keys open, and how they are renewed (`docs/sources.md`)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from social_publish.networks.answers import Identity, Outcome, Refused, Renewed, Trouble
from social_publish.networks.base import Account
from social_publish.networks.identities import not_learnt, right, with_rights
from social_publish.networks.linkedin_api import NAME, Api, NotThere, organisation
from social_publish.networks.plain import Said, ask
from social_publish.networks.token_answers import renewed
from social_publish.transport import TimeLimits, open_session

OAUTH_URL = "https://www.linkedin.com"
RIGHTS = (
    right("publish and remove posts", "w_organization_social"),
    right("read the page's posts", "r_organization_social"),
    # Older apps have the wider right for comments too.
    right("close comments", "w_organization_social_feed", "w_organization_social"),
    right("read comments", "r_organization_social_feed", "r_organization_social"),
    right("see who manages the page", "rw_organization_admin", "r_organization_admin"),
)
NO_ADMINISTRATOR = (
    "The person who connected it is no administrator of this LinkedIn page, and only an"
    " administrator can close comments. Ask a super admin of the page to make them one, or let an"
    " administrator connect the channel again."
)
NO_PAGE = (
    "LinkedIn does not show this page any more: it was closed, or it belongs to others now. Sign in"
    " at LinkedIn to see why."
)
ENDED = {
    "expired": "This channel's sign-in at LinkedIn has run out. Connect it again.",
    "revoked": "Whoever connected this channel has taken its rights away at LinkedIn. Connect it"
    " again.",
}


def identity(account: Account) -> Identity:
    """The page, where the person who connected it is its administrator."""
    token = _token(account)
    if isinstance(token, Identity):
        return token
    known = _page(account)
    if known.reason:
        return known
    ends = token.get("expires_at")
    known = replace(known, keys_end=float(ends) if isinstance(ends, int) else None)
    if not account.credentials.get("refresh_token"):
        # Without one a person has to sign in when the access token ends.
        known = replace(known, expires=known.keys_end)
    # The reference shows commas, and OAuth 2 itself blanks.
    scopes = str(token.get("scope", "")).replace(",", " ").split()
    return with_rights(known, RIGHTS, scopes, NAME)


def _page(account: Account) -> Identity:
    api, urn = Api(account, seconds=30), organisation(account)
    asked = {"q": "roleAssignee", "count": "100"}
    roles = api.read("/rest/organizationAcls", restli="FINDER", params=asked)
    if not isinstance(roles, Said):
        return not_learnt(roles, NAME)
    rows = roles.body.get("elements")
    mine = [r for r in rows if _is_of(r, urn)] if isinstance(rows, list) else []
    if not any(r.get("role") == "ADMINISTRATOR" for r in mine):
        return Identity(reason=NO_ADMINISTRATOR, trouble=Trouble.RIGHTS)
    page = api.read(f"/rest/organizations/{account.account_id}")
    if isinstance(page, NotThere):
        return Identity(reason=NO_PAGE, trouble=Trouble.SUSPENDED)
    if not isinstance(page, Said):
        return not_learnt(page, NAME)
    name, address = page.body.get("localizedName", ""), page.body.get("vanityName", "")
    return Identity(account.account_id, str(name), f"https://www.linkedin.com/company/{address}")


def _is_of(role: Any, urn: str) -> bool:
    approved = isinstance(role, dict) and role.get("state", "APPROVED") == "APPROVED"
    return approved and role.get("organization") == urn


def _token(account: Account) -> Mapping[str, Any] | Identity:
    """What LinkedIn says of the access token."""
    keys = account.credentials
    form = {
        "client_id": keys["client_id"],
        "client_secret": keys["client_secret"],
        "token": keys["access_token"],
    }
    limits = TimeLimits(total=15)
    session = open_session(base_url=account.base_url, own_url=OAUTH_URL, limits=limits)
    answer = ask(session, NAME, "POST", f"{OAUTH_URL}/oauth/v2/introspectToken", data=form)
    if not isinstance(answer, Said):
        return not_learnt(answer, NAME)
    if answer.body.get("error"):
        words = "LinkedIn does not accept the keys of the council's app. Connect the channel again."
        return Identity(reason=words, trouble=Trouble.SIGN_IN)
    if not isinstance(answer.body.get("active"), bool):
        return not_learnt(None, NAME)
    if not answer.body["active"]:
        words = ENDED.get(str(answer.body.get("status")), ENDED["expired"])
        return not_learnt(Refused(words, Trouble.SIGN_IN), NAME)
    return answer.body


def renew(account: Account) -> Renewed | Outcome:
    """Fresh keys by the refresh token, which lives for a year from the sign-in."""
    keys = account.credentials
    session = open_session(base_url=account.base_url, own_url=OAUTH_URL)
    app = {"client_id": keys["client_id"], "client_secret": keys["client_secret"]}
    url = f"{OAUTH_URL}/oauth/v2/accessToken"
    return renewed(session, NAME, url, app, keys, "refresh_token_expires_in")
