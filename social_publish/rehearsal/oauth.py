"""Checking X's request signatures (OAuth 1.0a with HMAC-SHA1, RFC 5849)."""

import base64
import hashlib
import hmac
import re
import time
from urllib.parse import quote, unquote

from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Request

HOSTS = ("https://api.twitter.com", "https://api.x.com")
MINUTES_5 = 300


class NotSigned(Exception):
    """The request proves nobody; the text says what is wrong with its signature."""


def signer(
    store: Store, header: str, method: str, path: str, query: list[tuple[str, str]]
) -> Account:
    """Whose signature this is. Raises NotSigned."""
    given = _given(header)
    account = _known(store, given)
    keys = account.credentials
    _demand_signature(
        store, given, (keys["consumer_secret"], keys["access_token_secret"]), method, path, query
    )
    return account


def stranger(
    store: Store, request: Request, app: str, app_secret: str, token_secret: str
) -> dict[str, str]:
    """What a request says that is signed by the app before it holds an account's token.

    token_secret: the request token's, "" where there is none yet. Raises NotSigned.
    """
    given = _given(request.headers.get("authorization", ""))
    if given.get("oauth_consumer_key") != app:
        raise NotSigned("The oauth_consumer_key is unknown.")
    secrets = (app_secret, token_secret)
    _demand_signature(store, dict(given), secrets, request.method, request.path, request.query)
    return given


def _given(header: str) -> dict[str, str]:
    if not header.startswith("OAuth "):
        raise NotSigned("The Authorization header is missing, or is not OAuth 1.0a.")
    return {
        unquote(name): unquote(value)
        for name, value in re.findall(r'([a-z_]+)="([^"]*)"', header.removeprefix("OAuth "))
    }


def _demand_signature(
    store: Store,
    given: dict[str, str],
    secrets: tuple[str, str],
    method: str,
    path: str,
    query: list[tuple[str, str]],
) -> None:
    stamp = given.get("oauth_timestamp", "")
    # The sender's clock, and so ours; what the store calls "now" may be moved for a test.
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > MINUTES_5:
        raise NotSigned("The oauth_timestamp is more than 5 minutes away from now.")
    signature = given.pop("oauth_signature", "")
    expected = (
        _signature(secrets, host + path, method, [*query, *given.items()]) for host in HOSTS
    )
    if not any(hmac.compare_digest(signature, one) for one in expected):
        raise NotSigned("The oauth_signature does not fit the request and its keys.")
    if not store.fresh_nonce(given.get("oauth_nonce", "")):
        raise NotSigned("The oauth_nonce was used before.")


def _known(store: Store, given: dict[str, str]) -> Account:
    for account in store.accounts("x"):
        if account.credentials["access_token"] == given.get("oauth_token"):
            if account.credentials["consumer_key"] == given.get("oauth_consumer_key"):
                return account
            raise NotSigned("The oauth_consumer_key is unknown.")
    raise NotSigned("The oauth_token is unknown.")


def _signature(
    secrets: tuple[str, str], address: str, method: str, parameters: list[tuple[str, str]]
) -> str:
    pairs = sorted((_escape(name), _escape(value)) for name, value in parameters)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method, _escape(address), _escape(joined)))
    key = "&".join(map(_escape, secrets))
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _escape(text: str) -> str:
    return quote(text, safe="-._~")
