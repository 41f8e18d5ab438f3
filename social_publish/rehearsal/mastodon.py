"""The pretend Mastodon and the pretend GoToSocial: one API, two servers that differ where the
real ones do. Which one answers is told by the token."""

import re
import secrets
from datetime import UTC, datetime
from typing import Any

from social_publish.rehearsal.mastodon_schema import MOST_TEXT, fault_in, policy_of
from social_publish.rehearsal.mastodon_views import (
    HOST,
    account_shown,
    markup,
    media_shown,
    moment,
    status_shown,
)
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request, looks_like_picture

NETWORKS = ("mastodon", "gotosocial")
MOST_ALT, MOST_BYTES = 1500, 16 * 1024 * 1024
SLOW_BYTES = 100_000  # a picture of more is not ready at once
HOUR = 3600
SCOPES = ("read:accounts", "read:statuses", "write:statuses", "write:media")


def handles(path: str) -> bool:
    return path.startswith(("/api/v1/", "/api/v2/"))


def answer(store: Store, request: Request) -> Answer:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    account = next(
        (
            account
            for network in NETWORKS
            for account in store.accounts(network)
            if secrets.compare_digest(account.credentials["access_token"], token)
        ),
        None,
    )
    if account is None:
        return _error(401, "The access token is invalid")
    if account.facts.get("suspended"):
        return _error(403, "Your login is currently disabled")
    for method, pattern, view, known in _ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            unknown = set(request.arguments) - known if known is not None else set()
            reply: Answer = (
                _error(422, f"Unknown parameters: {', '.join(sorted(unknown))}")
                if unknown
                else view(store, account, request, *match.groups())
            )
            reply.headers |= _limits(account, store.now())
            return reply
    return _error(404, "Not Found")


def trouble(mode: str) -> Any:
    """The body of an answer that is rehearsed trouble, in these networks' words."""
    words = {
        "unauthorised": "The access token is invalid",
        "forbidden": "Your login is currently disabled",
        "rate_limit": "Too many requests",
    }
    return {"error": words.get(mode, "Rehearsed")}


def number_of() -> str:
    """A fresh number as GoToSocial makes them (ULID)."""
    return "01" + "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(24))


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    """Would GoToSocial take this stranger's reply?"""
    always = post["facts"].get("policy", {}).get("can_reply", ["public"])
    mentioned = f"@{stranger}".lower() in post["text"].lower().split()
    return "public" in always or mentioned


def _limits(account: Account, now: float) -> dict[str, str]:
    reset = datetime.fromtimestamp(now + 300, UTC).isoformat().replace("+00:00", "Z")
    if account.network == "gotosocial":
        reset = str(int(now) + 300)
    return {
        "X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299", "X-RateLimit-Reset": reset,
    }  # fmt: skip


# --- the server and the account --------------------------------------------------------


def _instance(store: Store, account: Account, request: Request) -> Answer:
    mastodon = account.network == "mastodon"
    source = "mastodon/mastodon" if mastodon else "superseriousbusiness/gotosocial"
    body: dict[str, Any] = {
        "domain": HOST[account.network].removeprefix("https://"),
        "title": "Rehearsal",
        "version": "4.5.2" if mastodon else "0.20.1+git-0000000",
        "source_url": f"https://github.com/{source}",
        "configuration": {
            "statuses": {
                "max_characters": MOST_TEXT[account.network],
                "max_media_attachments": 4,
                "characters_reserved_per_url": 23 if mastodon else 25,
            },
            "media_attachments": {
                "description_limit": MOST_ALT,
                "image_size_limit": MOST_BYTES,
                "image_matrix_limit": 33177600,
            },
        },
    }
    if mastodon:
        body["api_versions"] = {"mastodon": 7}
    return Answer(200, body)


def _verify(store: Store, account: Account, request: Request) -> Answer:
    if "read" in account.facts.get("without", []):
        return _error(403, "This action is outside the authorized scopes")
    return Answer(200, account_shown(account))


def _app(store: Store, account: Account, request: Request) -> Answer:
    """What GoToSocial tells of an app has no scopes."""
    app: dict[str, Any] = {"id": "1", "name": "Council website", "website": None}
    if account.network == "mastodon":
        missing = set(account.facts.get("without", []))
        app |= {"scopes": [s for s in SCOPES if s not in missing], "redirect_uris": []}
    return Answer(200, app)


# --- pictures --------------------------------------------------------------------------


def _upload(store: Store, account: Account, request: Request) -> Answer:
    content, description = request.files.get("file", b""), request.form.get("description", "")
    if not looks_like_picture(content) or len(content) > MOST_BYTES:
        return _error(422, "Validation failed: File is not a picture that can be taken")
    if len(description) > MOST_ALT:
        return _error(422, f"Validation failed: Description is over {MOST_ALT} characters")
    media_id = _number(store, account)
    store.add_media(account, media_id, content, description)
    slow = len(content) > SLOW_BYTES
    media = media_shown(store.media(media_id) or {}, ready=not slow)
    return Answer(202 if slow else 200, media)


def _media(store: Store, account: Account, request: Request, media_id: str) -> Answer:
    media = store.media(media_id)
    if media is None or media["account_id"] != account.account_id:
        return _error(404, "Record not found")
    # A slow one is ready the second time it is asked for.
    slow = len(media["content"]) > SLOW_BYTES and store.fresh_nonce(f"processing {media_id}")
    return Answer(206 if slow else 200, media_shown(media, ready=not slow))


# --- posts -----------------------------------------------------------------------------


def _create(store: Store, account: Account, request: Request) -> Answer:
    key = request.headers.get("idempotency-key", "")
    known = _made_with(store, account, key)
    if known and account.network == "mastodon":
        return Answer(200, status_shown(store, account, known))
    form = request.form
    fault = fault_in(store, account, form)
    if fault:
        return _error(422 if account.network == "mastodon" else 400, fault)
    media = [form["media_ids[]"]] if "media_ids[]" in form else []
    facts = {
        "media": media, "key": key, "policy": policy_of(form), "visibility": form.get("visibility"),
        "quotes": form.get("quote_approval_policy", "public"), "language": form.get("language"),
    }  # fmt: skip
    status_id = _number(store, account)
    store.add_post(account, status_id, form.get("status", ""), facts)
    return Answer(200, status_shown(store, account, store.post(account, status_id) or {}))


def _made_with(store: Store, account: Account, key: str) -> dict[str, Any] | None:
    """The post made with this Idempotency-Key within the hour."""
    return next(
        (
            post
            for post in store.posts(account)
            if key and post["facts"].get("key") == key and store.now() - post["created"] < HOUR
        ),
        None,
    )


def _read(store: Store, account: Account, request: Request, status_id: str) -> Answer:
    post = store.public_post(account.network, status_id)
    return (
        Answer(200, status_shown(store, account, post)) if post else _error(404, "Record not found")
    )


def _delete(store: Store, account: Account, request: Request, status_id: str) -> Answer:
    post = store.post(account, status_id)
    if post is None:
        return _error(404, "Record not found")
    store.write("UPDATE posts SET deleted = 1 WHERE id = ?", status_id)
    return Answer(200, status_shown(store, account, post) | {"text": post["text"]})


def _list(store: Store, account: Account, request: Request, account_id: str) -> Answer:
    if account_id != account.account_id:
        return _error(404, "Record not found")
    query = dict(request.query)
    limit = query.get("limit", "20")
    if not limit.isdecimal() or not 1 <= int(limit) <= 40:
        return _error(422, "limit must be 1 to 40")
    posts = store.listed(account)
    if "max_id" in query:
        ids = [post["id"] for post in posts]
        posts = posts[ids.index(query["max_id"]) + 1 :] if query["max_id"] in ids else []
    return Answer(200, [status_shown(store, account, post) for post in posts[: int(limit)]])


def _context(store: Store, account: Account, request: Request, status_id: str) -> Answer:
    if store.post(account, status_id) is None:
        return _error(404, "Record not found")
    replies = [
        {
            "id": row["id"], "created_at": moment(row["created"]), "in_reply_to_id": status_id,
            "content": markup(row["text"]), "visibility": "public", "media_attachments": [],
            "account": {"id": "1", "username": row["author"], "acct": f"{row['author']}@elsewhere"},
        }
        for row in store.comments(status_id)
    ]  # fmt: skip
    return Answer(200, {"ancestors": [], "descendants": replies})


def _number(store: Store, account: Account) -> str:
    return str(store.next_number()) if account.network == "mastodon" else number_of()


def _error(status: int, words: str) -> Answer:
    return Answer(status, {"error": words})


_ROUTES: tuple[tuple[str, str, Any, set[str] | None], ...] = (
    ("GET", r"/api/v2/instance", _instance, set()),
    ("GET", r"/api/v1/accounts/verify_credentials", _verify, set()),
    ("GET", r"/api/v1/apps/verify_credentials", _app, set()),
    (
        "GET", r"/api/v1/accounts/(\w+)/statuses", _list,
        {"limit", "max_id", "exclude_reblogs", "exclude_replies"},
    ),
    ("POST", r"/api/v2/media", _upload, {"description", "focus"}),
    ("GET", r"/api/v1/media/(\w+)", _media, set()),
    ("POST", r"/api/v1/statuses", _create, None),
    ("GET", r"/api/v1/statuses/(\w+)", _read, set()),
    ("DELETE", r"/api/v1/statuses/(\w+)", _delete, {"delete_media"}),
    ("GET", r"/api/v1/statuses/(\w+)/context", _context, set()),
)  # fmt: skip
