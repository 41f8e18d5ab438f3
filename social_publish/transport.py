"""The one HTTP door to the networks: deadlines, no redirects, a size cap, no retries, redaction.

Both client libraries are unsafe as shipped: no time limits, redirects
followed with credentials, tokens in error texts. Their sessions are replaced by ours.
"""

import http.client
import ipaddress
import logging
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Timeout

from social_publish import kill_points

MAX_ANSWER = 1024 * 1024
BROKEN = "The connection broke before the answer came."


class NothingSent(requests.ConnectionError):
    """No byte of the request left this machine: safe to try again."""


class OutcomeUnknown(requests.ConnectionError):
    """Bytes left, and no usable answer came back."""


class AnsweredByPage(OutcomeUnknown):
    """Bytes left, and a web page came back, not an answer of the network's interface."""


@dataclass(frozen=True)
class TimeLimits:
    """Seconds: to connect, for one read or write, and by the wall clock for all that one session
    does, so that several calls in a row never outlive a worker's lease."""

    connect: float = 5
    read: float = 20
    total: float = 45


# --- redaction -------------------------------------------------------------------------

_SECRETS = (
    re.compile(
        r"((?:access_token|appsecret_proof|client_secret|refresh_token|fb_exchange_token|input_token"
        r"|page_token|app_secret|app_password|accessJwt|refreshJwt|consumer_secret|oauth_\w+)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;}]+",
        re.I,
    ),
    re.compile(r"((?:Bearer|OAuth|Basic)\s+)[\w\-.=+/%\"',\s]{8,}", re.I),
)


def redact(text: str) -> str:
    """The text with every token, proof and signature taken out."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1[removed]", text)
    return text


class RedactSecrets(logging.Filter):
    """Keeps secrets out of every log line, tracebacks included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


# --- the wall clock --------------------------------------------------------------------


class _Guard:
    """Shuts a socket down when the time for the whole call is over.

    Socket time limits are per read, so a byte now and then would defeat them. The duplicate
    outlives the wrapping in TLS, which detaches the original.
    """

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.sock = sock.dup()
        self.timer = threading.Timer(max(seconds, 0.01), self._shut)
        self.timer.daemon = True
        self.timer.start()

    def _shut(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def stop(self) -> None:
        self.timer.cancel()
        self.sock.close()


_UNREACHED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
)


def _unreached(connection: Any, why: str) -> Exception:
    return urllib3.exceptions.NewConnectionError(connection, why)


# Python takes these for public: IPv4-compatible and site-local addresses, a gateway's local ones.
_NOT_PUBLIC = [ipaddress.IPv6Network(words) for words in ("::/96", "fec0::/10", "64:ff9b:1::/48")]
_GATEWAY = ipaddress.IPv6Network("64:ff9b::/96")


class _Timed:
    """Mixed into urllib3's connections: guards the socket, and notes that bytes may leave."""

    limits: TimeLimits
    host: str
    may_be_private: bool
    seconds_left: Callable[[], float]
    note_bytes: Callable[[], None]
    port: int
    _dns_host: str
    guard: _Guard | None = None
    sock: socket.socket | None
    connect: Callable[[], None]

    def _new_conn(self) -> socket.socket:
        sock = self._reached()
        if not self.may_be_private and not is_public(sock.getpeername()[0]):
            sock.close()
            raise _unreached(self, "not a public address")
        if self.seconds_left() <= 0:
            # By now it may have been looked for, and what is said so late be the second copy.
            sock.close()
            raise _unreached(self, "reached too late")
        self.guard = _Guard(sock, self.seconds_left())
        # urllib3's connect limit would otherwise also bound the sending of a picture.
        sock.settimeout(self.limits.read)
        return sock

    def _reached(self) -> socket.socket:
        """Looked up once: what was found public is what is connected to, or nothing is."""
        name, fault = self._dns_host, _unreached(self, "not a public address")
        addresses = [name] if self.may_be_private else self._public_addresses(name)
        try:
            for address in addresses:
                if self.seconds_left() <= 0:
                    break
                self._dns_host = address
                try:
                    return super()._new_conn()  # type: ignore[misc]  # urllib3's class has it
                except _UNREACHED as error:
                    fault = error
        finally:
            self._dns_host = name
        raise fault

    def _public_addresses(self, name: str) -> list[str]:
        """All of a name's addresses; none where even one of them is private."""
        try:
            found = socket.getaddrinfo(name.strip("[]"), self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
        return addresses if all(is_public(address) for address in addresses) else []

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.note_bytes()
        super().send(data)  # type: ignore[misc]  # urllib3's class has it
        kill_points.passing("half sent")

    def close(self) -> None:
        if self.guard:
            self.guard.stop()
            self.guard = None
        super().close()  # type: ignore[misc]  # urllib3's class has it


class _PlainConnection(_Timed, HTTPConnection):
    pass


class _TLSConnection(_Timed, HTTPSConnection):
    pass


def is_public(address: str) -> bool:
    """Does a numeric address lead to the internet? Raises ValueError where it is none."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _NOT_PUBLIC):
            return False
        ip = _inner(ip) or ip
    return ip.is_global and not ip.is_multicast


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address to which an IPv6 address leads, through this machine or a gateway."""
    through_gateway = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _GATEWAY else None
    return ip.ipv4_mapped or ip.sixtofour or through_gateway


# --- the door --------------------------------------------------------------------------


class Door(HTTPAdapter):
    """Carries every request of one session to one address, under all the rules.

    base_url: where the requests really go. may_be_private: the address is the rehearsal or a
    configured gateway, the only ones that may be plain http or not public.
    """

    def __init__(
        self, base_url: str, *, may_be_private: bool, limits: TimeLimits = TimeLimits()
    ) -> None:
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
        plain = type("Plain", (_PlainConnection,), attributes)
        tls = type("TLS", (_TLSConnection,), attributes)
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
        *_UNREACHED,
        urllib3.exceptions.SSLError,
        urllib3.exceptions.LocationParseError,
    )
    if isinstance(
        error, requests.exceptions.SSLError | requests.exceptions.InvalidURL
    ) or isinstance(reason, never_left):
        return NothingSent("The network could not be reached.")
    return OutcomeUnknown(BROKEN)


def open_session(
    *, base_url: str, own_url: str, limits: TimeLimits = TimeLimits()
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
