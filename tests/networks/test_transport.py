"""The one HTTP door, against servers that mean harm. Each case ends, with one request at most."""

import logging
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
from django.conf import settings

from social_publish import outbox, worker
from social_publish.redaction import RedactSecrets, redact
from social_publish.transport import NothingSent, OutcomeUnknown, TimeLimits, open_session

SHORT = TimeLimits(connect=1, read=1, total=1.5)
LONG = TimeLimits(connect=60, read=60, total=60)


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


# What servers said to the last drop, in 20 seconds, because nobody hung up on them.
DRIPPED_DRY: list[bytes] = []


def drip(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    pause = threading.Event()

    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(200):
            connection.sendall(piece)
            pause.wait(0.1)
        if piece:
            DRIPPED_DRY.append(piece)

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
    DRIPPED_DRY.clear()
    with hostile(HOSTILE[name]) as (address, seen):
        session = open_session(base_url=address, own_url="https://api.example", limits=SHORT)
        with pytest.raises(OutcomeUnknown) as raised:
            session.post("https://api.example/2/tweets", data={"access_token": "CANARY"})
        assert DRIPPED_DRY == [], "It heard the server out, although its time was over."
        assert len(seen) == 1
        assert "CANARY" not in str(raised.value)
        assert raised.value.__cause__ is None


def test_an_answer_that_is_far_too_long_is_cut_at_a_megabyte() -> None:
    """However much time there is: 100 MB are neither awaited nor kept."""
    patient = TimeLimits(connect=30, read=60, total=120)
    with hostile(flood) as (address, seen):
        session = open_session(base_url=address, own_url="https://api.example", limits=patient)
        tracemalloc.start()
        try:
            with pytest.raises(OutcomeUnknown, match="far too long"):
                session.post("https://api.example/2/tweets")
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 20 * 1024 * 1024
    assert len(seen) == 1


def test_the_limits_belong_together() -> None:
    """A call never outlives its lease, a resend never comes before a call may still arrive, and
    the queue never cuts a round of work that keeps to its time."""
    call = TimeLimits()
    assert (call.connect, call.read, call.total) == (5, 20, 45)
    assert timedelta(seconds=call.total + 60) == outbox.LEASE
    assert timedelta(seconds=2 * call.total) < outbox.SETTLE
    assert worker.SECONDS_TO_CLAIM + 2 * call.total < settings.Q_CLUSTER["timeout"]
    assert settings.Q_CLUSTER["timeout"] < settings.Q_CLUSTER["retry"]


def test_the_door_leads_to_one_place_only() -> None:
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with hostile(lambda c: c.sendall(ok)) as (address, seen):
        session = open_session(base_url=address, own_url="https://api.example", limits=LONG)
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
    """Each of them alone would end in time; a busy machine has seconds to spare for the first."""
    pause, waits = threading.Event(), iter((1.5, 3.5))

    def slow(connection: socket.socket) -> None:
        pause.wait(next(waits))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with hostile(slow) as (address, seen):
        limits = TimeLimits(connect=60, read=60, total=4.5)
        session = open_session(base_url=address, own_url="https://api.example", limits=limits)
        assert session.get("https://api.example/1").json() == {}
        with pytest.raises(OutcomeUnknown):
            session.get("https://api.example/2")
        with pytest.raises(NothingSent):
            session.get("https://api.example/3")
        assert len(seen) == 2


@pytest.mark.parametrize("body", [b"{}", b""])
def test_nobody_is_kept_waiting_on_the_line(body: bytes) -> None:
    """A connection that stays open costs a socket, a timer and the network's patience each time."""
    said_after: list[bytes] = []

    def patient(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        connection.settimeout(20)
        said_after.append(connection.recv(1))

    with hostile(patient) as (address, _):
        session = open_session(base_url=address, own_url="https://api.example", limits=LONG)
        for _ in range(2):
            assert session.get("https://api.example/1").content == body
    assert said_after == [b"", b""]


def test_whoever_is_reached_after_the_time_is_over_hears_nothing() -> None:
    """Many addresses, or a slow name service, may take longer than a lease; then someone looks."""
    limits = TimeLimits(connect=30, read=30, total=0.2)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        first = socket.create_connection(listener.getsockname())

        def answer_late() -> None:
            threading.Event().wait(0.5)
            for _ in range(2):
                connection, _ = listener.accept()
                connection.settimeout(30)
                heard.append(connection.recv(65536))
                connection.close()

        late = threading.Thread(target=answer_late)
        late.start()
        first.close()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        session = open_session(base_url=address, own_url="https://api.example", limits=limits)
        with pytest.raises(NothingSent):
            session.post("https://api.example/2/tweets", data=b"words")
        late.join()
    assert heard == [b"", b""]
