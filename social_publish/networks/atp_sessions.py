"""Signed in to a server of Bluesky's protocol: by the session that is kept, or by the app password.

A server lets an account sign in only 30 times in five minutes and 300 times a day
(`docs/sources.md`). A session lost costs one more sign-in, no post.
"""

from dataclasses import dataclass, field
from threading import Lock
from time import time

import httpx
import requests
from atproto_client import Client, Session, SessionEvent
from atproto_client.exceptions import BadRequestError, UnauthorizedError
from atproto_client.request import Request

from social_publish.networks.base import Account
from social_publish.networks.waiting import pause
from social_publish.transport import open_session

OWN_URL = "https://bsky.social"
REFRESH_BEFORE = 15 * 60.0
# Where the credentials hold a session that outlives this process.
SESSION = "session"


class ThroughTheDoor(httpx.BaseTransport):
    """Carries the library's requests through our own door, under all of its rules."""

    def __init__(self, session: requests.Session) -> None:
        self.session = session

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        names = ("authorization", "content-type", "user-agent", "accept")
        answer = self.session.request(
            request.method,
            str(request.url),
            data=request.read(),
            headers={name: request.headers[name] for name in names if name in request.headers},
        )
        if answer.status_code == 429:
            raise pause(answer.headers)
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() in ("content-type", "retry-after")
        }
        return httpx.Response(answer.status_code, headers=headers, content=answer.content)


@dataclass
class _Kept:
    """One account's session in this process; the lock lets one thread at a time sign in.

    over: the end of the newest session that the server has ended before its time, Unix seconds.
    """

    lock: Lock = field(default_factory=Lock)
    session: str = ""
    over: float = 0.0

    def remember(self, event: SessionEvent, session: Session) -> None:
        self.session = session.export()

    def take(self, given: str) -> None:
        """The session that came with the credentials, where it is the newer one."""
        if end_of(given) > max(end_of(self.session), self.over):
            self.session = given

    def drop(self, ended: str) -> None:
        """The server has ended this session, and so all before it."""
        self.over = max(self.over, end_of(ended))
        if self.session == ended:
            self.session = ""


_kept: dict[tuple[str, str, str], _Kept] = {}


def _kept_for(account: Account) -> _Kept:
    where = account.base_url or account.server or OWN_URL
    key = (where, _identifier(account), account.credentials["app_password"])
    return _kept.setdefault(key, _Kept())


def _identifier(account: Account) -> str:
    """Who signs in: the account's number; while it is being connected, its name."""
    return account.account_id or account.handle.lstrip("@")


def signed_in(account: Account) -> Client:
    """A client that is signed in. Raises what the library raises."""
    client, kept = _client(account), _kept_for(account)
    with kept.lock:
        kept.take(account.credentials.get(SESSION, ""))
        if kept.session and end_of(kept.session) - time() < REFRESH_BEFORE:
            kept.session = _refreshed(client, kept.session)
        _sign_in(client, account, kept)
    return client


def renewed(account: Account) -> str:
    """A session that begins now; the one that was kept is spent. Raises what the library raises."""
    client, kept = _client(account), _kept_for(account)
    with kept.lock:
        kept.take(account.credentials.get(SESSION, ""))
        kept.session = _refreshed(client, kept.session) if kept.session else ""
        _sign_in(client, account, kept)
        return kept.session


def forget(account: Account, client: Client) -> None:
    """The server has ended the client's session."""
    _kept_for(account).drop(client.export_session_string())


def end_of(session: str) -> float:
    """When a session's access ends, Unix seconds; 0 where it is none."""
    try:
        return float(Session.decode(session).access_jwt_payload.exp or 0)
    except Exception:  # noqa: BLE001 - the library tells a damaged session in many ways
        return 0.0


def _client(account: Account) -> Client:
    door = open_session(base_url=account.base_url, own_url=account.server or OWN_URL)
    request = Request(transport=ThroughTheDoor(door), trust_env=False)
    return Client(base_url=OWN_URL, request=request)


def _sign_in(client: Client, account: Account, kept: _Kept) -> None:
    client.on_session_change(kept.remember)
    if kept.session:
        client.login(session_string=kept.session, fetch_bsky_profile=False)
    else:
        password = account.credentials["app_password"]
        client.login(_identifier(account), password, fetch_bsky_profile=False)


def _refreshed(client: Client, kept: str) -> str:
    """The session with fresh tokens, or "" when the server wants us to sign in anew."""
    old = Session.decode(kept)
    try:
        new = client.com.atproto.server.refresh_session(
            headers={"Authorization": f"Bearer {old.refresh_jwt}"}, ignore_session_check=True
        )
    except (BadRequestError, UnauthorizedError):
        return ""
    return Session(new.handle, new.did, new.access_jwt, new.refresh_jwt, old.pds_endpoint).export()
