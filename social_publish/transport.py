"""The one HTTP door to the networks: deadlines, no redirects, a size cap, no retries.

The client libraries are unsafe as shipped: no time limits, redirects followed with credentials,
tokens in error texts. Their sessions are replaced by ours.
"""

import http.client
import time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Timeout

from social_publish.connections import UNREACHED, PlainConnection, TimeLimits, TLSConnection

MAX_ANSWER = 1024 * 1024
USUAL_LIMITS = TimeLimits()
BROKEN = "The connection broke before the answer came."


class NothingSent(requests.ConnectionError):
    """No byte of the request left this machine: safe to try again."""


class OutcomeUnknown(requests.ConnectionError):
    """Bytes left, and no usable answer came back."""


class AnsweredByPage(OutcomeUnknown):
    """Bytes left, and a web page came back, not an answer of the network's interface."""


class Door(HTTPAdapter):
    """Carries every request of one session to one address, under all the rules.

    base_url: where the requests really go. may_be_private: the address is the rehearsal or a
    configured gateway, the only ones that may be plain http or not public.
    """

    def __init__(self, base_url: str, *, may_be_private: bool, limits: TimeLimits) -> None:
        self.base = urlsplit(base_url)
        self.limits = limits
        self.may_be_private = may_be_private
        self.ends: float | None = None
        self.bytes_left = False
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        attributes = {
            "limits": self.limits,
            "may_be_private": self.may_be_private,
            "seconds_left": staticmethod(self.seconds_left),
            "note_bytes": staticmethod(self._note_bytes),
        }
        plain = type("Plain", (PlainConnection,), attributes)
        tls = type("TLS", (TLSConnection,), attributes)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("TLSPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }

    def _note_bytes(self) -> None:
        self.bytes_left = True

    def seconds_left(self) -> float:
        """Of the whole session; its clock starts with its first request."""
        if self.ends is None:
            self.ends = time.monotonic() + self.limits.total
        return self.ends - time.monotonic()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if self.base.scheme != "https" and not self.may_be_private:
            raise NothingSent("The address of the network is not secure.")
        if self.seconds_left() <= 0:
            raise NothingSent("The network took too long.")
        # The signature stands: it was made for the network's own address.
        path = urlsplit(request.url or "")
        request.url = urlunsplit(
            (self.base.scheme, self.base.netloc, self.base.path + path.path, path.query, "")
        )
        request.headers["Accept-Encoding"] = "identity"
        kwargs |= {
            "stream": True,
            "timeout": Timeout(connect=self.limits.connect, read=self.limits.read),
            "verify": True,
            "proxies": None,
        }
        self.bytes_left = False
        try:
            response = super().send(request, **kwargs)
        except requests.exceptions.RequestException as error:
            if self.bytes_left:
                # TLS may also break while the answer is read, and says so in the same words.
                raise OutcomeUnknown(BROKEN) from None
            raise _translated(error) from None
        return self._read(response)

    def _read(self, response: requests.Response) -> requests.Response:
        """Read the body piece by piece, so that neither size nor slowness gets past the limits."""
        # Asked for before: a body that was read to its end has given its connection back.
        connection = response.raw.connection
        try:
            # A cut in the middle of the headers looks like their end.
            self._demand_time()
            if 300 <= response.status_code < 400:
                raise OutcomeUnknown("The network sent us somewhere else.")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise OutcomeUnknown("The answer was packed in a way we did not ask for.")
            response._content = self._body(response)
            setattr(response, "_content_consumed", True)  # noqa: B010 - requests declares no type for it
            if response.status_code < 500 and _is_web_page(response):
                raise AnsweredByPage("A web page came back.")
        finally:
            response.raw.close()
            if connection:
                connection.close()
        return response

    def _body(self, response: requests.Response) -> bytes:
        body = b""
        try:
            while len(body) <= MAX_ANSWER and (piece := response.raw.read1(65536)):
                body += piece
        except (urllib3.exceptions.HTTPError, OSError, http.client.HTTPException):
            raise OutcomeUnknown("The answer broke off.") from None
        if len(body) > MAX_ANSWER:
            raise OutcomeUnknown("The answer was far too long.")
        self._demand_time()
        expected = response.headers.get("Content-Length", "")
        if expected.isdecimal() and len(body) < int(expected):
            raise OutcomeUnknown("The answer broke off.")
        return body

    def _demand_time(self) -> None:
        if self.seconds_left() <= 0:
            raise OutcomeUnknown("The answer took too long.")


def _is_web_page(response: requests.Response) -> bool:
    """Whatever stands in front of a network that is out of order answers in pages."""
    kind = response.headers.get("Content-Type", "").lower()
    return kind.startswith("text/html") and response.content.lstrip()[:1] == b"<"


def _translated(error: requests.exceptions.RequestException) -> requests.ConnectionError:
    cause: object = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    never_left = (
        *UNREACHED,
        urllib3.exceptions.SSLError,
        urllib3.exceptions.LocationParseError,
    )
    if isinstance(
        error, requests.exceptions.SSLError | requests.exceptions.InvalidURL
    ) or isinstance(reason, never_left):
        return NothingSent("The network could not be reached.")
    return OutcomeUnknown(BROKEN)


def open_session(
    *, base_url: str, own_url: str, limits: TimeLimits = USUAL_LIMITS
) -> requests.Session:
    """A session whose every request goes to one place.

    base_url: the rehearsal or gateway address from the settings, or "" for the network's own
    host, own_url. Any other host a library asks for is taken to that same place.
    """
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    door = Door(base_url or own_url, may_be_private=bool(base_url), limits=limits)
    session.mount("https://", door)
    session.mount("http://", door)
    return session
