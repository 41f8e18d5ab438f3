"""Sign-ins of the pretend Bluesky: short-lived access tokens, refresh tokens for one use each."""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from social_publish.rehearsal.store import Account, Store

ACCESS, REFRESH = "com.atproto.access", "com.atproto.refresh"
SECONDS = {ACCESS: 2 * 3600, REFRESH: 90 * 24 * 3600}


class NotSignedIn(Exception):
    """The request proves nobody."""

    def __init__(self, status: int, name: str, words: str) -> None:
        super().__init__(words)
        self.status, self.name = status, name


def handle_of(account: Account) -> str:
    """The account's name; on this network it is the name of a host."""
    return account.handle if "." in account.handle else f"{account.handle}.test"


def did_of() -> str:
    """A fresh account number, as the network makes them."""
    return "did:plc:" + base64.b32encode(secrets.token_bytes(15)).decode().lower()


def sign_in(store: Store, identifier: str, password: str) -> Account:
    """Raises NotSignedIn."""
    for account in store.accounts("bluesky"):
        known = identifier in (account.account_id, handle_of(account))
        if known and hmac.compare_digest(account.credentials["app_password"], password):
            return account
    raise NotSignedIn(401, "AuthenticationRequired", "Invalid identifier or password")


def session_of(store: Store, account: Account) -> dict[str, Any]:
    """A fresh session, in the words of createSession's answer."""
    endpoint = {
        "id": "#atproto_pds",
        "type": "AtprotoPersonalDataServer",
        "serviceEndpoint": "https://pds.rehearsal.example",
    }
    return {
        "did": account.account_id,
        "handle": handle_of(account),
        "didDoc": {"id": account.account_id, "service": [endpoint]},
        "active": True,
        "accessJwt": _token(account, ACCESS, store.now()),
        "refreshJwt": _token(account, REFRESH, store.now()),
    }


def holder(store: Store, header: str, scope: str) -> Account:
    """Whose token the request carries. A refresh token is used up by it. Raises NotSignedIn."""
    if not header.startswith("Bearer "):
        raise NotSignedIn(401, "AuthMissing", "Authentication Required")
    head, _, signature = header.removeprefix("Bearer ").rpartition(".")
    claims = _claims(head)
    for account in store.accounts("bluesky"):
        if account.account_id == claims.get("sub") and hmac.compare_digest(
            _signature(account, head), signature
        ):
            break
    else:
        raise NotSignedIn(400, "InvalidToken", "Token could not be verified")
    if claims["scope"] != scope:
        raise NotSignedIn(400, "InvalidToken", "Bad token scope")
    if claims["exp"] <= store.now():
        raise NotSignedIn(400, "ExpiredToken", "Token has expired")
    if scope == REFRESH and not store.fresh_nonce(claims["jti"]):
        raise NotSignedIn(400, "ExpiredToken", "Token has been revoked")
    return account


def _token(account: Account, scope: str, now: float) -> str:
    claims = {
        "scope": scope,
        "sub": account.account_id,
        "iat": int(now),
        "exp": int(now) + SECONDS[scope],
        "jti": secrets.token_urlsafe(16),
    }
    parts = ({"alg": "HS256", "typ": "at+jwt"}, claims)
    head = ".".join(_packed(json.dumps(part).encode()) for part in parts)
    return f"{head}.{_signature(account, head)}"


def _claims(head: str) -> dict[str, Any]:
    try:
        packed = head.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (ValueError, IndexError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _signature(account: Account, head: str) -> str:
    key = account.credentials["app_password"].encode()
    return _packed(hmac.new(key, head.encode(), hashlib.sha256).digest())


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
