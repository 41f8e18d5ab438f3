"""Exchanging a code for keys: LinkedIn, TikTok, Mastodon and GoToSocial (OAuth 2, RFC 6749)."""

import base64
import hashlib
import hmac
import secrets

from social_publish.rehearsal import tokens
from social_publish.rehearsal.practice import APP_SECRET
from social_publish.rehearsal.sealed import opened, seal
from social_publish.rehearsal.sign_in_forms import (
    FACEBOOK,
    FEDIVERSE,
    LINKEDIN,
    OPTIONAL,
    TIKTOK,
    Form,
    is_address,
)
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

DAY = 24 * 3600


def code_fault(store: Store, form: Form, given: dict[str, str]) -> str:
    """Why this exchange is refused, as the word that the networks have for it, or ""."""
    code = opened(given.get("code", ""), "code")
    # Graph alone goes without the grant's name.
    if given.get("grant_type") != ("authorization_code" if form is not FACEBOOK else None):
        return "unsupported_grant_type"
    if given.get(form.id_name) != code.get("app") or not _knows_secret(form, given):
        return "invalid_client" if code else "invalid_grant"
    if given.get("redirect_uri") != code["back"] or store.now() > code["until"]:
        return "invalid_grant"
    if code["challenge"] != _challenge(given.get("code_verifier", "")):
        return "invalid_grant"
    return "" if store.fresh_nonce(given["code"]) else "invalid_grant"


def _knows_secret(form: Form, given: dict[str, str]) -> bool:
    expected = APP_SECRET
    if form is FEDIVERSE:
        expected = opened(given.get(form.id_name, ""), "app").get("secret", "")
    return bool(expected) and hmac.compare_digest(given.get("client_secret", ""), expected)


def _challenge(verifier: str) -> str:
    if not verifier:
        return ""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def chosen(store: Store, form: Form, word: str) -> Account:
    """The account that a code opens; signing in gives it the rights that were ticked, no more."""
    code = opened(word, "code")
    account = account_of(store, form.networks, code["accounts"][0])
    allow(store, account, form, code["scopes"])
    return account


def account_of(store: Store, networks: tuple[str, ...], number: str) -> Account:
    return next(a for n in networks for a in store.accounts(n) if a.account_id == number)


def allow(store: Store, account: Account, form: Form, given: list[str]) -> None:
    """A new sign-in also ends whatever had killed the one before."""
    missing = sorted(form.scopes - set(given) - OPTIONAL)
    ends = store.now() + 60 * DAY if account.network == "linkedin" else None
    year = store.now() + 365 * DAY if account.network == "linkedin" else None
    store.change_account(account, without=missing or None, dead=None, ends=ends, refresh_ends=year)


def linkedin_token(store: Store, request: Request) -> Answer:
    given = request.form
    if given.get("grant_type") == "refresh_token":
        return tokens.answer(store, request)
    if fault := code_fault(store, LINKEDIN, given):
        return Answer(400, {"error": fault, "error_description": "Unable to retrieve access token"})
    keys = chosen(store, LINKEDIN, given["code"]).credentials
    body = {
        "access_token": keys["access_token"],
        "expires_in": 5_184_000,
        "refresh_token": keys["refresh_token"],
        "refresh_token_expires_in": 31_536_000,
        "scope": ",".join(opened(given["code"], "code")["scopes"]),
    }
    return Answer(200, body)


def tiktok_token(store: Store, request: Request) -> Answer:
    given = request.form
    if given.get("grant_type") == "refresh_token":
        return tokens.answer(store, request)
    if fault := code_fault(store, TIKTOK, given):
        return Answer(400, {"error": fault, "error_description": "Refused.", "log_id": "rehearsal"})
    account = chosen(store, TIKTOK, given["code"])
    body = {
        "open_id": account.account_id,
        "scope": ",".join(opened(given["code"], "code")["scopes"]),
        "access_token": account.credentials["access_token"],
        "expires_in": 86_400,
        "refresh_token": account.credentials["refresh_token"],
        "refresh_expires_in": 31_536_000,
        "token_type": "Bearer",
    }
    return Answer(200, body)


def register(store: Store, request: Request) -> Answer:
    given = request.form
    scopes = set(given.get("scopes", "read").split())
    back = given.get("redirect_uris", "").split()
    if not given.get("client_name") or not back or not all(map(is_address, back)):
        return Answer(422, {"error": "Validation failed: Name and Redirect URI are needed"})
    if unknown := scopes - FEDIVERSE.scopes:
        return Answer(422, {"error": f"Validation failed: unknown {', '.join(sorted(unknown))}"})
    secret = secrets.token_urlsafe(24)
    app = seal("app", back=back, secret=secret, name=given["client_name"])
    body = {"id": "1", "name": given["client_name"], "redirect_uri": given["redirect_uris"]}
    return Answer(200, {**body, "client_id": app, "client_secret": secret})


def fediverse_token(store: Store, request: Request) -> Answer:
    given = request.form
    if fault := code_fault(store, FEDIVERSE, given):
        return Answer(401 if fault == "invalid_client" else 400, {"error": fault})
    account = chosen(store, FEDIVERSE, given["code"])
    body = {
        "access_token": account.credentials["access_token"],
        "token_type": "Bearer",
        "scope": " ".join(opened(given["code"], "code")["scopes"]),
        "created_at": int(store.now()),
    }
    return Answer(200, body)
