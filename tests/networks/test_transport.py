"""The one HTTP door, against servers that mean harm. Each case ends, with one request at most."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from social_publish.transport import (
    NothingSent,
    OutcomeUnknown,
    RedactSecrets,
    TimeLimits,
    open_session,
    redact,
)

SHORT = TimeLimits(connect=1, read=1, total=1.5)


@contextmanager
def hostile(answer: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request and then does as it likes; gives its address and what it read."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                seen.append(connection.recv(65536))
                try:
                    answer(connection)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def drip(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    pause = threading.Event()

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(200):
            connection.sendall(piece)
            pause.wait(0.1)

    return answer


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(1600):
        connection.sendall(b"x" * 65536)


HOSTILE = {
    "trickled status line": drip(b"HTTP/1.1 ", b"2"),
    "trickled headers": drip(b"HTTP/1.1 200 OK\r\n", b"a"),
    "endless headers": drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"),
    "trickled body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"{"),
    "endless continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "silence": drip(b"", b""),
    "flood": flood,
    "packed": lambda c: c.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"
    ),
    "redirect": lambda c: c.sendall(
        b"HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    ),
    "cut short": lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}"),
    "hung up": lambda c: None,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_ends_as_unknown(name: str) -> None:
    with hostile(HOSTILE[name]) as (address, seen):
        session = open_session(base_url=address, own_url="https://api.example", limits=SHORT)
        with pytest.raises(OutcomeUnknown) as raised:
            session.post("https://api.example/2/tweets", data={"access_token": "CANARY"})
        assert len(seen) == 1
        assert "CANARY" not in str(raised.value)
        assert raised.value.__cause__ is None


def test_the_door_leads_to_one_place_only() -> None:
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with hostile(lambda c: c.sendall(ok)) as (address, seen):
        session = open_session(base_url=address, own_url="https://api.example", limits=SHORT)
        assert session.get("https://elsewhere.example/path?x=1").json() == {}
        assert seen[0].startswith(b"GET /path?x=1 ")


@pytest.mark.parametrize(
    "own_url", ["https://127.0.0.1:9", "https://localhost:9", "http://example.com"]
)
def test_a_live_channel_never_talks_to_a_private_or_plain_address(own_url: str) -> None:
    session = open_session(base_url="", own_url=own_url, limits=SHORT)
    with pytest.raises(NothingSent):
        session.post(f"{own_url}/2/tweets")


def test_a_private_address_that_answers_gets_no_request() -> None:
    with hostile(lambda c: None) as (address, seen):
        session = open_session(base_url="", own_url=address.replace("http", "https"), limits=SHORT)
        with pytest.raises(requests.ConnectionError):
            session.post("https://api.example/")
    assert all(not data.startswith(b"POST") for data in seen)


def test_secrets_are_taken_out_of_log_lines() -> None:
    lines = [
        "GET /v25.0/1?access_token=CANARY&appsecret_proof=CANARY&fields=id",
        "Authorization: Bearer CANARYCANARY",
        'OAuth oauth_consumer_key="CANARY", oauth_signature="CANARY"',
        "{'access_token': 'CANARY', 'x': 1}",
    ]
    assert not [line for line in map(redact, lines) if "CANARY" in line]
    record = logging.makeLogRecord({"msg": "failed: %s", "args": (lines[0],)})
    assert RedactSecrets().filter(record)
    assert "CANARY" not in record.getMessage()


def test_several_calls_share_one_wall_clock() -> None:
    pause = threading.Event()

    def slow(connection: socket.socket) -> None:
        pause.wait(0.9)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with hostile(slow) as (address, seen):
        session = open_session(base_url=address, own_url="https://api.example", limits=SHORT)
        assert session.get("https://api.example/1").json() == {}
        with pytest.raises(OutcomeUnknown):
            session.get("https://api.example/2")
        with pytest.raises(NothingSent):
            session.get("https://api.example/3")
        assert len(seen) == 2
