"""Bluesky's protocol by the atproto library: its answers made ours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from atproto_client import Client
from atproto_client.exceptions import BadRequestError, RequestErrorBase, UnauthorizedError

from social_publish.networks.answers import (
    NotSent,
    Outcome,
    Refused,
    Trouble,
    Unknown,
    trouble_of,
)
from social_publish.networks.atp_sessions import end_of, forget, renewed, signed_in
from social_publish.networks.base import Account
from social_publish.networks.identities import OUTDATED, page_instead
from social_publish.networks.waiting import AskedToWait, asked_pause
from social_publish.transport import AnsweredByPage, NothingSent

STALE = {"ExpiredToken", "InvalidToken"}
OUTDATED_WORDS = {"MethodNotImplemented", "XRPCNotSupported"}
SHUT = {"AccountTakedown", "AccountSuspended", "AccountDeactivated"}


class NotThere(Unknown):
    """The server says there is no such record."""


class PictureGone(Refused):
    """The server no longer has the picture that was handed to it for this post."""


class Repo:
    """One account's records on its server. All that is asked here shares one wall clock."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client: Client | None = None

    def ask(self, call: Callable[[Client], Any]) -> Any:
        """The library's answer, or ours where it threw."""
        answer = self._asked(call)
        if isinstance(answer, _Stale):
            # It was refused before it was carried out, so asking again repeats nothing.
            answer = self._asked(call)
        return answer

    def _asked(self, call: Callable[[Client], Any]) -> Any:
        client = self._client or answer_of(lambda: signed_in(self.account))
        if isinstance(client, Unknown):
            words = "Signing in to Bluesky did not work this time."
            return NotSent(words, client.retry_after, client.trouble)
        if isinstance(client, Outcome):
            return client
        self._client = client
        answer = answer_of(lambda: call(client))
        if trouble_of(answer) is Trouble.SIGN_IN:
            forget(self.account, client)
            self._client = None
        return answer


class _Stale(Refused):
    """The session has ended; signing in again may help."""


@dataclass(frozen=True)
class FreshSession:
    """A session to keep with the credentials. ends: Unix seconds; renew it before."""

    session: str = field(repr=False)
    ends: float


def fresh_session(account: Account) -> FreshSession | Outcome:
    """A session in place of the kept one, whose tokens are spent by that.

    Where none is kept, or its answer was lost, the app password opens one: nothing but that
    password, taken back, ever needs a person.
    """
    session = answer_of(lambda: renewed(account))
    if isinstance(session, Outcome):
        return session
    return FreshSession(session, end_of(session))


def answer_of(call: Callable[[], Any]) -> Any:
    """The library's answer, or ours where it threw. Nothing of an exception's text is kept."""
    try:
        return call()
    except NothingSent:
        return NotSent("Bluesky could not be reached.")
    except AskedToWait as error:
        return NotSent(
            "Bluesky asked us to wait before posting more.", error.seconds, Trouble.RATE_LIMIT
        )
    except AnsweredByPage:
        return page_instead("Bluesky")
    except UnauthorizedError as error:
        return _unauthorized(error)
    except BadRequestError as error:
        return _bad_request(_name(error))
    except RequestErrorBase as error:
        if _name(error) in OUTDATED_WORDS:
            return Refused(OUTDATED.format("Bluesky"), Trouble.OUTDATED)
        headers = error.response.headers if error.response else {}
        return Unknown("Bluesky had a fault of its own.", asked_pause(headers))
    except Exception:  # noqa: BLE001 - after bytes left, whatever a library throws is "unknown"
        return Unknown("Bluesky gave no clear answer.")


def _name(error: RequestErrorBase) -> str:
    """The server's own name for the error, or "" where the answer is not the protocol's."""
    name = getattr(error.response.content, "error", "") if error.response else ""
    return name if isinstance(name, str) else ""


def _unauthorized(error: UnauthorizedError) -> Outcome:
    name = _name(error)
    if name in SHUT:
        return _shut()
    if name in STALE:
        return _stale()
    if error.response and error.response.status_code == 401:
        return Refused(
            "Bluesky does not accept this channel's app password. Connect it again.",
            Trouble.SIGN_IN,
        )
    if not name:
        return Unknown("Bluesky refused without saying why.")
    return Refused(
        "Bluesky does not allow this channel to do that. Make a new app password there, and connect"
        " the channel again with it.",
        Trouble.RIGHTS,
    )


def _bad_request(name: str) -> Outcome:
    if name in SHUT:
        return _shut()
    if name in STALE:
        return _stale()
    if name == "RecordNotFound":
        return NotThere("Bluesky does not know this post.")
    if name == "BlobNotFound":
        return PictureGone("Bluesky has lost the picture of this post.")
    if not name:
        return Unknown("Bluesky gave no clear answer.")
    return Refused("Bluesky did not accept the post as it is. Change its words or picture.")


def _stale() -> Refused:
    return _Stale("Bluesky has ended this channel's sign-in. Connect it again.", Trouble.SIGN_IN)


def _shut() -> Refused:
    return Refused(
        "Bluesky has suspended or closed the account. Sign in at Bluesky to see why. Once that is"
        " settled, let the channel go on.",
        Trouble.SUSPENDED,
    )
