"""Misbehaviour on command: what a network may do to us, done on purpose."""

import gzip
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any

from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer

# Answered without carrying the request out.
INSTEAD = {
    "big_body", "drop_before", "error_before", "forbidden", "rate_limit", "redirect", "say",
    "unauthorised",
}  # fmt: skip
# Carried out, and the answer is useless, late or endless.
AFTER = {
    "drop_after", "empty_200", "empty_list", "empty_object", "endless_continue", "endless_headers",
    "error_after", "foreign_id", "gzip_bomb", "html_200", "list_error", "long_length", "no_type",
    "nul_body", "odd_usage", "slow", "surrogate_body", "trickle", "truncated", "wrong_charset",
    "wrong_type",
}  # fmt: skip
# Only requests for a list of posts meet these.
LISTS = {"foreign_list", "list_lag", "many_posts", "no_list"}
_A_LIST = re.compile(r"GET .*/(tweets|published_posts|media|threads|statuses|rest/posts)$")


@dataclass
class Fault:
    """A fault for the next `times` requests whose "METHOD path" matches.

    options, where a mode has use for them: status, retry_after (seconds, a date, anything),
    reset (X's time of reset), headers ({name: value}), detail (X's reason), code and subcode
    (Graph's), seconds (of delay, of lag, until an endless answer ends), until (an Event that ends
    a delay sooner; only in this process), every (seconds between the bytes of a trickle), count
    (of newer posts), text (of another account's post); of "say" the status, body (a string is
    HTML, anything else JSON) and headers of the answer.
    """

    mode: str
    times: int = 1
    match: str = ".*"
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.mode not in INSTEAD | AFTER | LISTS:
            raise ValueError(f"There is no fault called {self.mode}.")

    def hits(self, request_line: str) -> bool:
        if self.times <= 0 or not re.search(self.match, request_line):
            return False
        return self.mode not in LISTS or bool(_A_LIST.match(request_line))


class Faults:
    """The faults still to come, in order."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self._lock = Lock()

    def take(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self.waiting:
                if fault.hits(f"{method} {path}"):
                    fault.times -= 1
                    return fault
        return None


def instead_of_answering(fault: Fault, own_words: Any = None) -> Answer | None:
    """The answers that come without the request being carried out.

    own_words: their body, where a network has one of its own for trouble.
    """
    options = fault.options
    headers = {name: str(value) for name, value in options.get("headers", {}).items()}
    for option, name in (("retry_after", "Retry-After"), ("reset", "x-rate-limit-reset")):
        if option in options:
            headers[name] = str(options[option])
    graph = {"message": "Rehearsed", "type": "OAuthException"}
    graph |= {"error_subcode": options["subcode"]} if "subcode" in options else {}
    problem = {
        "title": "Rehearsed",
        "detail": options.get("detail", "Rehearsed"),
        "type": "about:blank",
    }
    answers = {
        "error_before": Answer(options.get("status", 500), {"title": "Fault"}, headers),
        "no_list": Answer(options.get("status", 500), {"title": "Fault"}, headers),
        "rate_limit": Answer(
            429, own_words or {**problem, "error": {**graph, "code": 32}}, headers
        ),
        "unauthorised": Answer(401, own_words or {**problem, "error": {**graph, "code": 190}}),
        "forbidden": Answer(
            403, own_words or {**problem, "error": {**graph, "code": options.get("code", 10)}}
        ),
        "redirect": Answer(302, b"", {"Location": "http://127.0.0.1:9/elsewhere"}),
        "say": _said(options.get("status", 200), options.get("body", ""), headers),
        "big_body": Answer(200, b"x" * (3 * 1024 * 1024)),
    }
    return answers.get(fault.mode)


def _said(status: int, body: Any, headers: dict[str, str]) -> Answer:
    if isinstance(body, str):
        return Answer(status, body.encode(), headers, kind="text/html; charset=utf-8")
    return Answer(status, body, headers)


def spoilt(fault: Fault, answer: Answer) -> Answer:
    """The request was carried out, and the answer is useless or late."""
    answers = {
        "error_after": lambda: Answer(fault.options.get("status", 500), {"title": "Fault"}),
        "html_200": lambda: Answer(200, b"<html><body>Back soon</body></html>", kind="text/html"),
        "empty_200": lambda: Answer(200, b""),
        "empty_list": lambda: Answer(200, []),
        "empty_object": lambda: Answer(200, {}),
        "wrong_type": lambda: Answer(200, {"data": {"id": 7}, "id": {"no": "text"}}),
        "list_error": lambda: Answer(403, ["no"]),
        "odd_usage": lambda: Answer(
            answer.status, answer.body, answer.headers | {"x-app-usage": '{"new_key": 1}'}
        ),
        "foreign_id": lambda: Answer(answer.status, _with_foreign_ids(answer.body)),
        "nul_body": lambda: Answer(answer.status, _marked(answer.body, "\x00")),
        "surrogate_body": lambda: Answer(answer.status, _marked(answer.body, "\ud800")),
        "wrong_charset": lambda: Answer(answer.status, answer.bytes.decode().encode("utf-16")),
        "no_type": lambda: Answer(answer.status, answer.body, kind=""),
        "gzip_bomb": lambda: Answer(200, _bomb(), {"Content-Encoding": "gzip"}),
    }
    return answers[fault.mode]() if fault.mode in answers else answer


def _marked(body: Any, mark: str) -> Any:
    """The same JSON with a mark at the end of every text in it."""
    if isinstance(body, dict):
        return {name: _marked(value, mark) for name, value in body.items()}
    if isinstance(body, list):
        return [_marked(value, mark) for value in body]
    return body + mark if isinstance(body, str) else body


def _with_foreign_ids(body: Any) -> Any:
    if isinstance(body, dict):
        return {
            name: ("999_1" if "_" in str(value) else "999") if name in ("id", "uri")
            else _with_foreign_ids(value)
            for name, value in body.items()
        }  # fmt: skip
    return [_with_foreign_ids(value) for value in body] if isinstance(body, list) else body


@cache
def _bomb() -> bytes:
    """About 100 KB that unpack to 100 MB."""
    return gzip.compress(b"0" * (10 * 1024 * 1024)) * 10


# --- answers that break the wire ---------------------------------------------------------


def broken(fault: Fault, answer: Answer) -> Iterator[bytes] | None:
    """The bytes of an answer that no server would send whole; None for every other mode."""
    content = answer.bytes
    length = len(content) + (100 if fault.mode == "long_length" else 0)
    head = f"HTTP/1.1 {answer.status} OK\r\nContent-Type: {answer.kind}\r\n".encode()
    whole = head + f"Content-Length: {length}\r\n\r\n".encode() + content
    seconds = fault.options.get("seconds", 120)
    streams = {
        "truncated": lambda: iter([whole[: len(whole) - len(content) // 2]]),
        "long_length": lambda: iter([whole]),
        "trickle": lambda: _dripping(whole, fault.options.get("every", 1.0)),
        "endless_headers": lambda: _without_end(head, b"X-More: and more\r\n", seconds),
        "endless_continue": lambda: _without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n", seconds),
    }
    return streams[fault.mode]() if fault.mode in streams else None


def _dripping(content: bytes, every: float) -> Iterator[bytes]:
    for byte in content:
        yield bytes([byte])
        time.sleep(every)


def _without_end(start: bytes, piece: bytes, seconds: float) -> Iterator[bytes]:
    stop = time.monotonic() + seconds
    yield start
    while time.monotonic() < stop:
        yield piece
        time.sleep(0.01)


# --- lists that do not show the truth ----------------------------------------------------


class Misleading(Store):
    """The same store, whose lists show less, more or others' posts."""

    def __init__(self, store: Store, fault: Fault) -> None:
        self.__dict__.update(store.__dict__)
        self.mode, self.options = fault.mode, fault.options
        if self.mode == "list_lag":
            self.lag = float(self.options.get("seconds", 480))

    def listed(self, account: Account) -> list[dict[str, Any]]:
        if self.mode == "foreign_list":
            return [self._made_up("999", account.network, 1, self.options.get("text", "Others"))]
        if self.mode != "many_posts":
            return super().listed(account)
        numbers = range(self.options.get("count", 500), 0, -1)
        newer = [
            self._made_up(account.account_id, account.network, n, f"Newer {n}") for n in numbers
        ]
        return newer + super().listed(account)

    def _made_up(self, account_id: str, network: str, number: int, text: str) -> dict[str, Any]:
        ids = {"facebook": f"{account_id}_{number}", "gotosocial": f"01{number:024}"}
        return {
            "id": ids.get(network, str(number)),
            "account_id": account_id,
            "text": text,
            "created": self.now(),
            "facts": {"media": []},
        }
