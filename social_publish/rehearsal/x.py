"""The pretend X: version 2 of its API, as strict as its published schema (docs.x.com)."""

import base64
import binascii
import re
import time
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from social_publish.rehearsal.counting import weighted_length
from social_publish.rehearsal.oauth import NotSigned, signer
from social_publish.rehearsal.published import (
    X_ALT_TEXT,
    X_DESCRIBE,
    X_ME,
    X_METADATA,
    X_POST,
    X_POST_MEDIA,
    X_READ,
    X_REPLY_SETTINGS,
    X_SEARCH,
    X_TIMELINE,
    X_UPLOAD,
    fault_in_x_query,
)
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request, looks_like_picture, page_of
from social_publish.rehearsal.x_answers import fault_in_fields, invalid, problem
from social_publish.rehearsal.x_replies import hide, search

MOST_BYTES = 5 * 1024 * 1024
_SHORT = re.compile(r"https?://\S+")


def handles(path: str) -> bool:
    return path.startswith("/2/")


def answer(store: Store, request: Request) -> Answer:
    header = request.headers.get("authorization", "")
    try:
        account = signer(store, header, request.method, request.path, request.query)
    except NotSigned as error:
        return problem(401, "Unauthorized", str(error))
    for method, pattern, view, known in _ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            reply: Answer = _refused(account, request, known) or view(
                store, account, request, *match.groups()
            )
            reply.headers |= {
                "x-access-level": account.facts.get("access", "read-write"),
                "x-rate-limit-limit": "100",
                "x-rate-limit-remaining": "99",
                "x-rate-limit-reset": str(int(time.time()) + 900),
            }
            return reply
    return problem(404, "Not Found", f"{request.method} {request.path} is not an operation.")


def _refused(account: Account, request: Request, known: set[str]) -> Answer | None:
    """What X refuses whatever the operation. known: the query parameters that it has."""
    if account.facts.get("suspended"):
        return problem(403, "Forbidden", "Your account is suspended and may not do this.")
    if request.method != "GET" and account.facts.get("access") == "read":
        words = "Your client app is not configured with the appropriate oauth1 app permissions."
        return problem(403, "Forbidden", words)
    if known in (X_READ, X_TIMELINE, X_SEARCH) and not account.reads:
        return problem(403, "Client Forbidden", "This account's access level has no reading.")
    fault = fault_in_x_query(dict(request.query), known)
    return invalid(fault) if fault else None


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    """Would X let this stranger reply?"""
    settings = post["facts"].get("reply_settings")
    return settings is None or f"@{stranger}".lower() in post["text"].lower().split()


def _create(store: Store, account: Account, request: Request) -> Answer:
    body = request.json
    fault = _fault_in(store, account, body)
    if fault:
        return fault
    posts = store.posts(account, deleted=True)
    if any(post["text"] == body.get("text", "") for post in posts[:50]):
        return problem(
            403, "Forbidden", "You are not allowed to create a Tweet with duplicate content."
        )
    post_id = str(store.next_number())
    media = (body.get("media") or {}).get("media_ids", [])
    store.add_post(
        account,
        post_id,
        body.get("text", ""),
        {"reply_settings": body.get("reply_settings"), "media": media},
    )
    data = {
        "id": post_id,
        "text": _shown(body.get("text", "")),
        "edit_history_tweet_ids": [post_id],
    }
    return Answer(201, {"data": data})


def _fault_in(store: Store, account: Account, body: Any) -> Answer | None:
    if fault := fault_in_fields(body, X_POST, ""):
        return fault
    text = body.get("text", "")
    if not isinstance(text, str) or (not text and not body.get("media")):
        return invalid("The post needs a text.")
    if weighted_length(text) > 280:
        return invalid(f"The text weighs {weighted_length(text)} of at most 280.")
    if "reply_settings" in body and body["reply_settings"] not in X_REPLY_SETTINGS:
        return invalid(f"reply_settings must be one of {', '.join(sorted(X_REPLY_SETTINGS))}.")
    return _fault_in_media(store, account, body["media"]) if "media" in body else None


def _fault_in_media(store: Store, account: Account, media: Any) -> Answer | None:
    if fault := fault_in_fields(media, X_POST_MEDIA, "media"):
        return fault
    ids = media.get("media_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 4:
        return invalid("media.media_ids must name 1 to 4 media.")
    if any((store.media(str(i)) or {}).get("account_id") != account.account_id for i in ids):
        return invalid("Your media IDs are invalid.")
    return None


def _upload(store: Store, account: Account, request: Request) -> Answer:
    given = request.json if request.json is not None else {**request.form, **request.files}
    if fault := fault_in_fields(given, X_UPLOAD, ""):
        return fault
    content, category = given.get("media", b""), given.get("media_category")
    if not isinstance(content, bytes):
        try:
            content = base64.b64decode(str(content), validate=True)
        except binascii.Error:
            return invalid("media is not base64.")
    if category != "tweet_image":
        return invalid("media_category must be tweet_image.")
    if len(content) > MOST_BYTES or not looks_like_picture(content):
        return invalid("The media is no picture of at most 5 MB.")
    media_id = str(store.next_number())
    store.add_media(account, media_id, content)
    return Answer(
        200,
        {
            "data": {
                "id": media_id,
                "media_key": f"3_{media_id}",
                "size": len(content),
                "expires_after_secs": 86400,
            }
        },
    )


def _describe(store: Store, account: Account, request: Request) -> Answer:
    body: Any = request.json
    fault = (
        fault_in_fields(body, X_DESCRIBE, "")
        or fault_in_fields(body.get("metadata"), X_METADATA, "metadata")
        or fault_in_fields(body["metadata"].get("alt_text"), X_ALT_TEXT, "metadata.alt_text")
    )
    if fault:
        return fault
    alt = body["metadata"]["alt_text"].get("text")
    media = store.media(str(body.get("id", "")))
    if media is None or media["account_id"] != account.account_id:
        return invalid("No such media.")
    if not isinstance(alt, str) or not 1 <= len(alt) <= 1000:
        return invalid("metadata.alt_text.text must have 1 to 1000 characters.")
    store.write("UPDATE media SET alt_text = ? WHERE id = ?", alt, media["id"])
    return Answer(
        200, {"data": {"id": media["id"], "associated_metadata": {"alt_text": {"text": alt}}}}
    )


def _delete(store: Store, account: Account, request: Request, post_id: str) -> Answer:
    done = store.write(
        "UPDATE posts SET deleted = 1 WHERE id = ? AND account_id = ? AND network = 'x'",
        post_id,
        account.account_id,
    )
    if not done:
        return problem(404, "Not Found", "Could not find a post with that id.")
    return Answer(200, {"data": {"deleted": True}})


def _read(store: Store, account: Account, request: Request, post_id: str) -> Answer:
    post = store.public_post(account.network, post_id)
    if post is None:
        fault = {
            "value": post_id, "detail": f"Could not find tweet with id: [{post_id}].",
            "title": "Not Found Error", "resource_type": "tweet", "parameter": "id",
            "resource_id": post_id, "type": "https://api.twitter.com/2/problems/resource-not-found",
        }  # fmt: skip
        return Answer(200, {"errors": [fault]})
    return Answer(200, {"data": _tweet(post, request)})


def _timeline(store: Store, account: Account, request: Request, user_id: str) -> Answer:
    query = dict(request.query)
    if user_id != account.account_id:
        return Answer(200, {"meta": {"result_count": 0}})
    size = int(query.get("max_results", "10"))
    if not 5 <= size <= 100:
        return invalid("max_results must be 5 to 100.")
    start = datetime.fromisoformat(query["start_time"]).timestamp() if "start_time" in query else 0
    posts = [post for post in store.listed(account) if post["created"] >= start]
    try:
        page, following, _ = page_of(posts, size, query.get("pagination_token", ""))
    except ValueError as error:
        return invalid(str(error))
    meta: dict[str, Any] = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
    if following:
        meta["next_token"] = following
    found = {"data": [_tweet(post, request) for post in page]} if page else {}
    return Answer(200, {**found, "meta": meta})


def _me(store: Store, account: Account, request: Request) -> Answer:
    data: dict[str, Any] = {
        "id": account.account_id, "name": account.name, "username": account.handle.lstrip("@"),
    }  # fmt: skip
    if "protected" in dict(request.query).get("user.fields", "").split(","):
        data["protected"] = bool(account.facts.get("private"))
    return Answer(200, {"data": data})


def _tweet(post: dict[str, Any], request: Request) -> dict[str, Any]:
    wanted = dict(request.query).get("tweet.fields", "").split(",")
    tweet = {"id": post["id"], "text": _shown(post["text"]), "edit_history_tweet_ids": [post["id"]]}
    if "author_id" in wanted:
        tweet["author_id"] = post["account_id"]
    if "reply_settings" in wanted:
        tweet["reply_settings"] = post["facts"].get("reply_settings") or "everyone"
    if "entities" in wanted:
        tweet["entities"] = {
            "urls": [
                {
                    "url": _short(address),
                    "expanded_url": address,
                    "display_url": address.split("//")[1],
                }
                for address in _SHORT.findall(post["text"])
            ]
        }
    if "created_at" in wanted:
        tweet["created_at"] = datetime.fromtimestamp(post["created"], UTC).isoformat()
    return tweet


def _short(address: str) -> str:
    return f"https://t.co/{crc32(address.encode()):010d}"


def _shown(text: str) -> str:
    return _SHORT.sub(lambda match: _short(match[0]), text)


_ROUTES: tuple[tuple[str, str, Any, set[str]], ...] = (
    ("POST", r"/2/tweets", _create, set()),
    ("DELETE", r"/2/tweets/(\d+)", _delete, set()),
    ("GET", r"/2/tweets/(\d+)", _read, X_READ),
    ("GET", r"/2/users/me", _me, X_ME),
    ("GET", r"/2/users/(\d+)/tweets", _timeline, X_TIMELINE),
    ("GET", r"/2/tweets/search/recent", search, X_SEARCH),
    ("PUT", r"/2/tweets/(\d+)/hidden", hide, set()),
    ("POST", r"/2/media/upload", _upload, set()),
    ("POST", r"/2/media/metadata", _describe, set()),
)
