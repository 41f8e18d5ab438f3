"""What the pretend Bluesky's app shows, and the names by which records are known."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from social_publish.rehearsal.bluesky_records import POST
from social_publish.rehearsal.bluesky_sessions import handle_of
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request


class Refusal(Exception):
    """A request that is refused, with the protocol's name for the reason."""

    def __init__(self, name: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.name, self.status = name, status


def thread_shown(store: Store, account: Account, request: Request) -> Answer:
    query = dict(request.query)
    if unknown := set(query) - {"uri", "depth", "parentHeight"}:
        raise Refusal("InvalidRequest", f"Unknown parameters: {', '.join(sorted(unknown))}")
    prefix, _, key = query.get("uri", "").rpartition("/")
    row = store.post(account, key)
    if prefix != f"at://{account.account_id}/{POST}" or row is None:
        raise Refusal("NotFound", "Post not found: " + query.get("uri", ""))
    author = {"did": account.account_id, "handle": handle_of(account)}
    post = _view(query["uri"], author, row["text"], row["created"])
    replies = [
        {"$type": "app.bsky.feed.defs#threadViewPost", "post": _stranger(reply)}
        for reply in store.comments(key)
    ]
    thread = {"$type": "app.bsky.feed.defs#threadViewPost", "post": post, "replies": replies}
    return Answer(200, {"thread": thread})


def _stranger(reply: dict[str, Any]) -> dict[str, Any]:
    author = {"did": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "handle": f"{reply['author']}.test"}
    uri = f"at://{author['did']}/{POST}/{reply['id']}"
    return _view(uri, author, reply["text"], reply["created"])


def _view(uri: str, author: dict[str, str], text: str, created: float) -> dict[str, Any]:
    when = datetime.fromtimestamp(created, UTC).isoformat().replace("+00:00", "Z")
    record = {"$type": POST, "text": text, "createdAt": when}
    return {
        "$type": "app.bsky.feed.defs#postView", "uri": uri, "cid": cid_of_record(record),
        "author": author, "record": record, "indexedAt": when,
    }  # fmt: skip


def cid(codec: bytes, content: bytes) -> str:
    """A content identifier, version 1, by SHA-256."""
    digest = b"\x01" + codec + b"\x12\x20" + hashlib.sha256(content).digest()
    return "b" + base64.b32encode(digest).decode().lower().rstrip("=")


def cid_of_record(record: Any) -> str:
    return cid(b"\x71", json.dumps(record, sort_keys=True).encode())
