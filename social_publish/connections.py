"""Connections that end in time: a guard on each socket, and only addresses that may be called."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from social_publish import kill_points
from social_publish.public_addresses import is_public


@dataclass(frozen=True)
class TimeLimits:
    """Seconds: to connect, for one read or write, and by the wall clock for all that one session
    does, so that several calls in a row never outlive a worker's lease."""

    connect: float = 5
    read: float = 20
    total: float = 45


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


UNREACHED = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
)


def _unreached(connection: Any, why: str) -> Exception:
    return urllib3.exceptions.NewConnectionError(connection, why)


class _Guarded:
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
                except UNREACHED as error:
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


class PlainConnection(_Guarded, HTTPConnection):
    pass


class TLSConnection(_Guarded, HTTPSConnection):
    pass
