"""The token doors of the pretend LinkedIn and TikTok: refreshing, and asking about a token."""

import secrets
from typing import Any

from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

DAY = 24 * 3600
LINKEDIN_SCOPES = (
    "w_organization_social", "r_organization_social", "w_organization_social_feed",
    "r_organization_social_feed", "rw_organization_admin",
)  # fmt: skip
TIKTOK_SCOPES = ("user.info.basic", "video.publish")


def handles(path: str) -> bool:
    return path in _PATHS


def answer(store: Store, request: Request) -> Answer:
    if request.method != "POST":
        return _refusal(400, "invalid_request", "Only POST is answered here.")
    reply: Answer = _PATHS[request.path](store, request)
    return reply


def dead(account: Account, now: float) -> str:
    """Why an access token is not taken: "expired", "revoked", or "" when it is."""
    ends = account.facts.get("ends", 0)
    return account.facts.get("dead") or ("expired" if ends and ends <= now else "")


def _introspect(store: Store, request: Request) -> Answer:
    """LinkedIn tells an app about its own tokens."""
    if fault := _fault_in(request, {"client_id", "client_secret", "token"}):
        return fault
    form = request.form
    known = [a for a in store.accounts("linkedin") if _is_app(a, form, "client_id")]
    if not known:
        return _refusal(401, "invalid_client", "Client authentication failed")
    account = next((a for a in known if a.credentials["access_token"] == form["token"]), None)
    if account is None:
        return Answer(200, {"active": False})
    word = dead(account, store.now())
    facts: dict[str, Any] = {
        "active": not word,
        "client_id": form["client_id"],
        "authorized_at": int(store.now()),
        "created_at": int(store.now()),
        "status": word or "active",
        "expires_at": int(account.facts.get("ends", store.now() + 60 * DAY)),
        "scope": _granted(account, LINKEDIN_SCOPES, ","),
        "auth_type": "3L",
    }
    return Answer(200, facts)


def _linkedin(store: Store, request: Request) -> Answer:
    """A year after its first day the refresh token ends, however often it was used."""
    account = _asking(store, request, "linkedin", "client_id")
    if isinstance(account, Answer):
        return account
    fresh = secrets.token_urlsafe(24)
    store.change_keys(account, store.now() + 60 * DAY, access_token=fresh)
    year = account.facts.get("refresh_ends", store.now() + 365 * DAY)
    body = {
        "access_token": fresh,
        "expires_in": 60 * DAY,
        "refresh_token": account.credentials["refresh_token"],
        "refresh_token_expires_in": int(year - store.now()),
        "scope": _granted(account, LINKEDIN_SCOPES, ","),
    }
    return Answer(200, body)


def _tiktok(store: Store, request: Request) -> Answer:
    """Each refresh token is good for one use."""
    account = _asking(store, request, "tiktok", "client_key")
    if isinstance(account, Answer):
        return account
    fresh = {"access_token": secrets.token_urlsafe(24), "refresh_token": secrets.token_urlsafe(24)}
    if not store.change_keys(account, store.now() + 2 * 3600, **fresh):
        return _refusal(400, "invalid_grant", "Refresh token is invalid or expired.")
    body = {
        "open_id": account.account_id,
        "scope": _granted(account, TIKTOK_SCOPES, ","),
        "expires_in": 2 * 3600,
        "refresh_expires_in": 180 * DAY,
        "token_type": "Bearer",
        **fresh,
    }
    return Answer(200, body)


def _asking(store: Store, request: Request, network: str, app: str) -> Account | Answer:
    """The account whose refresh token this is, or a refusal in OAuth 2's words."""
    if fault := _fault_in(request, {app, "client_secret", "grant_type", "refresh_token"}):
        return fault
    form = request.form
    if form["grant_type"] != "refresh_token":
        return _refusal(400, "unsupported_grant_type", "The grant_type is not supported.")
    known = [a for a in store.accounts(network) if _is_app(a, form, app)]
    if not known:
        return _refusal(401, "invalid_client", "Client authentication failed")
    held = (a for a in known if a.credentials["refresh_token"] == form["refresh_token"])
    account = next(held, None)
    ends = account.facts.get("refresh_ends", float("inf")) if account else 0
    if account is None or account.facts.get("dead") or ends <= store.now():
        return _refusal(400, "invalid_grant", "Refresh token is invalid or expired.")
    return account


def _is_app(account: Account, form: dict[str, str], app: str) -> bool:
    keys = account.credentials
    return (keys[app], keys["client_secret"]) == (form[app], form["client_secret"])


def _fault_in(request: Request, names: set[str]) -> Answer | None:
    if set(request.form) == names:
        return None
    wrong = ", ".join(sorted(set(request.form) ^ names))
    return _refusal(400, "invalid_request", f"Missing or unknown: {wrong}")


def _granted(account: Account, scopes: tuple[str, ...], between: str) -> str:
    return between.join(s for s in scopes if s not in account.facts.get("without", []))


def _refusal(status: int, word: str, words: str) -> Answer:
    return Answer(status, {"error": word, "error_description": words, "log_id": "0"})


_PATHS: dict[str, Any] = {
    "/oauth/v2/introspectToken": _introspect,
    "/oauth/v2/accessToken": _linkedin,
    "/v2/oauth/token/": _tiktok,
}
