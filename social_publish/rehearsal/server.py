"""One loopback server for all the pretend networks, and the pages that show them."""

import sys
import time
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from social_publish.rehearsal import (
    bluesky,
    control,
    graph,
    linkedin,
    mastodon,
    pages,
    sign_in,
    threads,
    tiktok,
    tokens,
    x,
)
from social_publish.rehearsal.faults import (
    Fault,
    Faults,
    Misleading,
    broken,
    instead_of_answering,
    spoilt,
)
from social_publish.rehearsal.store import Store
from social_publish.rehearsal.wire import Answer, Request

NETWORKS: tuple[ModuleType, ...] = (
    sign_in,
    x,
    threads,
    graph,
    bluesky,
    mastodon,
    linkedin,
    tiktok,
    tokens,
)
MOST_BODY = 20 * 1024 * 1024
LONGEST_LOG = 20_000


class RehearsalHTTPServer(ThreadingHTTPServer):
    """log: every request to a network as it came in; faults: what is to go wrong (tests).

    controlled: a harness may command faults over HTTP, see `control`.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int, folder: Path, *, host: str = "127.0.0.1", controlled: bool = False
    ) -> None:
        self.store = Store(folder)
        self.faults = Faults()
        self.log: deque[Request] = deque(maxlen=LONGEST_LOG)
        self.controlled = controlled
        super().__init__((host, port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away, or that we hung up on, is no news."""
        if not isinstance(sys.exc_info()[1], OSError | ValueError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    server: RehearsalHTTPServer
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_DELETE = do_PUT = do_GET

    def log_message(self, *args: Any) -> None:
        """Addresses here carry tokens, so nothing is logged."""

    def _serve(self) -> None:
        server, request = self.server, self._read()
        network = next((n for n in NETWORKS if n.handles(request.path)), None)
        if server.controlled and request.path.startswith(control.PATH):
            self._send(control.answer(server.store, server.faults, server.log, request))
        elif network is None:
            self._send(pages.answer(server.store, request))
        else:
            server.log.append(request)
            fault = server.faults.take(request.method, request.path)
            if fault is None:
                self._send(network.answer(server.store, request))
            else:
                self._misbehave(fault, network, request)

    def _read(self) -> Request:
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), MOST_BODY)
        return Request(
            method=self.command,
            path=parts.path,
            query=parse_qsl(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
            at=self.server.store.now(),
        )

    def _send(self, answer: Answer) -> None:
        content = answer.bytes
        self.send_response(answer.status)
        if answer.kind:
            self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _misbehave(self, fault: Fault, network: ModuleType, request: Request) -> None:
        own_words = network.trouble(fault.mode) if hasattr(network, "trouble") else None
        before = instead_of_answering(fault, own_words)
        if before is not None:
            self._send(before)
            return
        if fault.mode == "drop_before":
            self._drop()
            return
        if fault.mode == "slow":
            self._hold(fault)
        answer = network.answer(Misleading(self.server.store, fault), request)
        pieces = broken(fault, answer)
        if fault.mode == "drop_after":
            self._drop()
        elif pieces is not None:
            self._send_pieces(pieces)
        else:
            self._send(spoilt(fault, answer))

    def _hold(self, fault: Fault) -> None:
        if "until" in fault.options:
            fault.options["until"].wait(fault.options["seconds"])
        else:
            time.sleep(fault.options["seconds"])

    def _send_pieces(self, pieces: Iterator[bytes]) -> None:
        try:
            for piece in pieces:
                self.wfile.write(piece)
        finally:
            self._drop()

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.close()
