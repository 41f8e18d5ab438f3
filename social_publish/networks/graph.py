"""The Graph API by python-facebook-api: its client made safe, its answers made ours.

Facebook, Instagram and Threads speak it. What each error code means: `docs/sources.md`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import requests
from django.conf import settings
from pyfacebook import FacebookError, GraphAPI, LibraryError

from social_publish.networks.answers import (
    HasAlready,
    NotSent,
    Outcome,
    Refused,
    Trouble,
    Unknown,
)
from social_publish.networks.base import Account
from social_publish.networks.identities import CONNECT_AGAIN, OUTDATED, page_instead
from social_publish.networks.waiting import AskedToWait, asked_pause, budget_used, pause
from social_publish.transport import AnsweredByPage, NothingSent, open_session

OWN_URL = "https://graph.facebook.com"
SIGN_IN_CODES = {102, 190}
LIMIT_CODES = {4, 17, 32, 341, 613, 80001}
SERVICE_CODES = {1, 2}
_APP = (
    "{0} has switched off the council's app, or does not know it. Look at the app in Meta's"
    " developer pages, then let the channel go on."
)
_BLOCKED = (
    "{0} has blocked the account from posting. Sign in at {0} to see why. Once that is settled, let"
    " the channel go on."
)
# What no post at all gets past.
CHANNEL_CODES = {
    12: (OUTDATED, Trouble.OUTDATED),
    2635: (OUTDATED, Trouble.OUTDATED),
    101: (_APP, Trouble.SUSPENDED),
    368: (_BLOCKED, Trouble.SUSPENDED),
}
# Why a key is refused, by subcode (`docs/sources.md`).
KEY_ENDED = {
    458: "Whoever stands behind this channel's key has removed the council's app at {}.",
    460: "Whoever stands behind this channel's key has changed their password at {}.",
    463: "This channel's key for {} has run out.",
}
DUPLICATE_CODE = 506
NOT_THERE = (100, 33)  # code and subcode of "does not exist"

# A Page's own (`docs/sources.md`).
PAGE_MEANINGS: Mapping[int, Outcome] = {
    1346003: Refused(
        "Facebook takes the post for something that breaks its rules. Read it again, and change"
        " its words or picture."
    ),
    1390008: NotSent("Facebook takes no more posts for a while.", 3600, Trouble.RATE_LIMIT),
    1404078: Refused(
        "Facebook wants to know who publishes on the Page before it takes more. Sign in at"
        " Facebook and follow what it asks there.",
        Trouble.SUSPENDED,
    ),
}


class Answered(Exception):
    """The network answered with an error whose meaning its own list of errors gives."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("The network said no.")
        self.outcome = outcome


class NotThere(Unknown):
    """Graph says there is no such thing."""


class Graph(GraphAPI):
    """The library's client, without what it does after an accepted post: reading headers.

    network: whom to name in sentences. meanings: what the network's own error subcodes mean,
    where the codes say too little.
    """

    network = "Facebook"
    meanings: Mapping[int, Outcome] = PAGE_MEANINGS
    # Percent of the budget of calls, as the last answers say.
    used = 0.0

    def _request(self, *args: Any, **kwargs: Any) -> requests.Response:
        # An unknown key in a usage header makes the library throw after the post is out.
        self.rate_limit.set_limit = lambda headers: None
        response: requests.Response = super()._request(*args, **kwargs)
        response.headers.setdefault("Content-Type", "application/json")
        self.used = max(self.used, budget_used(response.headers))
        if response.status_code == 429:
            raise pause(response.headers)
        if response.status_code >= 500 and (seconds := asked_pause(response.headers)):
            raise Answered(Unknown(f"{self.network} had a fault of its own.", seconds))
        return response

    def get_unversioned(self, path: str, args: dict[str, str]) -> Any:
        """A GET of what belongs to no version of the interface."""
        return self._parse_response(self._request(url=path, args=args))

    def _parse_response(self, response: requests.Response) -> Any:
        try:
            return super()._parse_response(response)
        except FacebookError as error:
            if outcome := self.meanings.get(getattr(error, "error_subcode", 0)):
                raise Answered(outcome) from None
            if getattr(error, "code", None) in LIMIT_CODES:
                raise pause(response.headers) from None
            raise

    @staticmethod
    def _check_graph_error(data: Any) -> None:
        if isinstance(data, dict) and "error" in data:
            raise FacebookError(data)


def open_graph(account: Account) -> Graph:
    """A client with the access token of a Facebook Page."""
    keys = account.credentials
    return open_client(
        account,
        OWN_URL,
        app_id=keys["app_id"],
        app_secret=keys["app_secret"],
        access_token=keys["page_token"],
        version=settings.FACEBOOK_API_VERSION,
    )


def open_client(account: Account, own_url: str, **keys: str) -> Graph:
    """The library's client behind our own door; own_url: the network's host."""
    api = Graph(base_url=f"{own_url}/", sleep_on_rate_limit=False, **keys)
    # The door knows where the requests really go, and puts that before whatever path arrives.
    api.session = open_session(base_url=account.base_url, own_url=own_url)
    return api


def answer_of(call: Callable[[], Any], network: str = "Facebook") -> Any:
    """The library's answer, or ours where it threw. Nothing of an exception's text is kept:
    the library puts the token into it."""
    unclear = Unknown(f"{network} gave no clear answer.")
    try:
        answer = call()
        return answer if isinstance(answer, dict) else unclear
    except NothingSent:
        return NotSent(f"{network} could not be reached.")
    except AskedToWait as error:
        return NotSent(
            f"{network} asked us to wait before posting more.", error.seconds, Trouble.RATE_LIMIT
        )
    except Answered as answered:
        return answered.outcome
    except AnsweredByPage:
        return page_instead(network)
    except FacebookError as error:
        return _graph_error(error, network)
    except (LibraryError, requests.RequestException):
        return unclear
    except Exception:  # noqa: BLE001 - after bytes left, whatever a library throws is "unknown"
        return unclear


def _graph_error(error: FacebookError, network: str) -> Outcome:
    code = getattr(error, "code", None)
    if (code, getattr(error, "error_subcode", None)) == NOT_THERE:
        return NotThere(f"{network} does not know this post.")
    if code in SIGN_IN_CODES:
        ended = KEY_ENDED.get(
            getattr(error, "error_subcode", 0), "{} does not accept this channel's key."
        )
        return Refused(f"{ended.format(network)} Connect it again.", Trouble.SIGN_IN)
    if code in CHANNEL_CODES:
        words, trouble = CHANNEL_CODES[code]
        return Refused(words.format(network), trouble)
    if code == DUPLICATE_CODE:
        return HasAlready(f"{network} says that it already has a post with these words.")
    if code in SERVICE_CODES or getattr(error, "is_transient", False) is True:
        return Unknown(f"{network} had a fault of its own.")
    if code in {3, 10} or (isinstance(code, int) and 200 <= code < 300):
        return not_allowed(network)
    if code is None:
        return Unknown(f"{network} gave no clear answer.")
    return Refused(f"{network} did not accept the post as it is. Change its words or picture.")


def not_allowed(network: str) -> Refused:
    """What it means that the account's own things may not be touched."""
    return Refused(
        f"{network} does not allow this channel to do that: a right is missing, or its key is for"
        f" another account. {CONNECT_AGAIN}",
        Trouble.RIGHTS,
    )


def moment(value: object) -> float | None:
    """Unix seconds of Graph's way to write a time; None where it is none."""
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except ValueError:
        return None
