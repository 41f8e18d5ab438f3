"""Mastodon's API by Mastodon.py: its client made safe, its answers made ours.

GoToSocial speaks the same API. What each says and leaves out: `docs/sources.md`.
"""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from mastodon import Mastodon as Client
from mastodon.errors import MastodonNetworkError

from social_publish.networks.answers import NotSent, Outcome, Refused, Trouble, Unknown
from social_publish.networks.base import Account
from social_publish.networks.capabilities import PictureLimits
from social_publish.networks.identities import CONNECT_AGAIN, page_instead
from social_publish.networks.waiting import AskedToWait, asked_pause, pause
from social_publish.transport import AnsweredByPage, NothingSent, open_session

# The library throws after an accepted post where it cannot read one of these.
UNREAD = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Deprecation")
PICTURE = PictureLimits(max_bytes=8_000_000, max_side=3840, max_alt_text=1500)
_TAG = re.compile(r"<[^>]*>")
_A_LIST = re.compile(r"/api/v1/accounts/[^/]+/statuses$")


class NotThere(Unknown):
    """The server says there is no such thing."""


class _SaidNo(Exception):
    """The server answered with an error. words: its reason in lower case, "" for none."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__("The server said no.")
        self.status, self.seconds = response.status_code, asked_pause(response.headers)
        try:
            body = response.json()
        except ValueError:
            body = None
        said = body.get("error") if isinstance(body, dict) else ""
        self.words = said.lower() if isinstance(said, str) else ""


def open_client(account: Account, fields: Mapping[str, str] | None = None) -> Client:
    """A client that talks to the account's own server only.

    fields: what is added to the body of each request, for what the library has no name for.
    """
    own_url = account.server.rstrip("/")
    session = open_session(base_url=account.base_url, own_url=own_url)
    session.hooks["response"].append(_heed)
    _mend(session, fields or {})
    return Client(
        access_token=account.credentials["access_token"],
        api_base_url=own_url or "https://server.invalid",
        session=session,
        ratelimit_method="throw",
        # A version given keeps the library from asking the server for its own before each call.
        version_check_mode="created",
        mastodon_version="4.6.0",
        user_agent="council-website",
    )


def _mend(session: requests.Session, fields: Mapping[str, str]) -> None:
    send = session.request

    def request(method: str, url: str, **kwargs: Any) -> requests.Response:
        if fields:
            kwargs["data"] = {**(kwargs.get("data") or {}), **fields}
        # The library ends an address with a slash, which GoToSocial answers with a redirect.
        return send(method, url.rstrip("/"), **kwargs)

    setattr(session, "request", request)  # noqa: B010 - requests declares it as a method


def _heed(response: requests.Response, **kwargs: Any) -> None:
    """What the library would lose or stumble over is dealt with before it sees the answer."""
    if response.status_code == 429:
        raise pause(response.headers)
    if not response.ok:
        raise _SaidNo(response)
    if _A_LIST.search(urlsplit(response.url).path) and not response.content.startswith(b"["):
        raise ValueError("The library makes a list of whatever comes.")
    for name in UNREAD:
        response.headers.pop(name, None)


def answer_of(call: Callable[[], Any]) -> Any:
    """The library's answer, or ours where it threw. Nothing of an exception's text is kept."""
    try:
        return call()
    except MastodonNetworkError as error:
        # The library wraps whatever our door throws.
        return _not_answered(error.__context__)
    except Exception:  # noqa: BLE001 - after bytes left, whatever a library throws is "unknown"
        return Unknown("The server gave no clear answer.")


def _not_answered(cause: object) -> Outcome:
    if isinstance(cause, NothingSent):
        return NotSent("The account's server could not be reached.")
    if isinstance(cause, AskedToWait):
        return NotSent(
            "The server asked us to wait before posting more.", cause.seconds, Trouble.RATE_LIMIT
        )
    if isinstance(cause, AnsweredByPage):
        return page_instead("The account's server")
    if isinstance(cause, _SaidNo):
        return _refused(cause)
    return Unknown("The server gave no clear answer.")


def _refused(no: _SaidNo) -> Outcome:
    if no.status >= 500:
        return Unknown("The server had a fault of its own.", no.seconds)
    if no.status == 401:
        return Refused(
            "The server does not accept this channel's key. Connect it again.", Trouble.SIGN_IN
        )
    if not no.words:
        return Unknown("The server gave no clear answer.")
    if no.status in (404, 410):
        return NotThere("The server does not know this post.")
    if no.status != 403:
        return Refused("The server did not accept the post as it is. Change its words or picture.")
    if any(word in no.words for word in ("disabled", "suspended", "moved")):
        return Refused(
            "The server has suspended or closed the account. Sign in there to see why. Once that is"
            " settled, let the channel go on.",
            Trouble.SUSPENDED,
        )
    return Refused(
        f"The server does not allow this channel to do that: a right is missing. {CONNECT_AGAIN}",
        Trouble.RIGHTS,
    )


def links_in(status: Any) -> list[str]:
    """The addresses a post carries: what its links lead to, and what stands in its words."""
    content = str(getattr(status, "content", "") or "")
    linked = re.findall(r'href="([^"]+)"', content)
    words = html.unescape(_TAG.sub(" ", content.replace("</span>", "").replace("<span", "<i")))
    return [html.unescape(address) for address in linked] + re.findall(r"https?://\S+", words)


def words_of(status: Any) -> str:
    """A post's words without their markup."""
    content = str(getattr(status, "content", "") or "")
    return html.unescape(_TAG.sub("", re.sub(r"<br[^>]*>|</p>", "\n", content))).strip()


def account_of(status: Any) -> str:
    """The id of the account that wrote a post, "" where it is not said."""
    return str(getattr(getattr(status, "account", None), "id", ""))


def is_gotosocial(instance: Any) -> bool:
    """Does the server say of itself that it runs GoToSocial?"""
    said = f"{getattr(instance, 'source_url', '')} {getattr(instance, 'version', '')}"
    return "gotosocial" in said.lower()
