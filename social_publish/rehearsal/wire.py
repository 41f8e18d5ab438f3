"""A request as it came in, and an answer as it goes out."""

import base64
import binascii
import email.parser
import email.policy
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Request:
    """One request. form: text fields of the body; files: {field: bytes}; query in order.

    at: Unix seconds by the networks' clock.
    """

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    at: float = 0.0
    form: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    json: Any = None

    def __post_init__(self) -> None:
        kind = self.headers.get("content-type", "")
        if "json" in kind:
            try:
                self.json = json.loads(self.body)
            except ValueError:
                self.json = None
        elif "form-urlencoded" in kind:
            self.form = dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))
        elif "multipart" in kind:
            self._read_parts(kind)

    def _read_parts(self, kind: str) -> None:
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + self.body)
        for part in message.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_content()
            content = content.encode() if isinstance(content, str) else content
            if part.get_filename():
                self.files[name] = content
            else:
                self.form[name] = content.decode(errors="replace")

    @property
    def arguments(self) -> dict[str, str]:
        """Query and form together, as Graph reads them."""
        return {**dict(self.query), **self.form}


@dataclass
class Answer:
    """One answer; a body that is no bytes is sent as JSON. kind: its Content-Type, "" for none."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json; charset=utf-8"

    @property
    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def page_of(
    rows: list[dict[str, Any]], size: int, token: str
) -> tuple[list[dict[str, Any]], str, str]:
    """One page of a list: its rows, the token of the page after it ("" at the end), the last row's.

    token: from an earlier answer, or "" for the first page. It names a row, so that posts made
    meanwhile move nothing. Raises ValueError for a token that was never given out.
    """
    start = 0
    if token:
        last = _opened(token)
        start = 1 + next((i for i, row in enumerate(rows) if row["id"] == last), len(rows))
        if start > len(rows):
            raise ValueError("The token names no page of this list.")
    page = rows[start : start + size]
    end = base64.urlsafe_b64encode(page[-1]["id"].encode()).decode() if page else ""
    return page, end if start + size < len(rows) else "", end


def _opened(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, ValueError):
        return ""


def looks_like_picture(content: bytes) -> bool:
    """Is this a JPEG, PNG, GIF or WebP, by its first bytes?"""
    return (
        content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8")) or content[8:12] == b"WEBP"
    )
