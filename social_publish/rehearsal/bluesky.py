"""The pretend Bluesky: a personal data server and the app's view of it, by their lexicons."""

from collections.abc import Callable
from typing import Any

from social_publish.rehearsal.bluesky_records import (
    POST,
    POST_GATE,
    THREAD_GATE,
    Invalid,
    check,
    cid_of,
)
from social_publish.rehearsal.bluesky_sessions import (
    ACCESS,
    REFRESH,
    NotSignedIn,
    handle_of,
    holder,
    session_of,
    sign_in,
)
from social_publish.rehearsal.bluesky_view import Refusal, cid, cid_of_record, thread_shown
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request, looks_like_picture

PREFIX = "/xrpc/"
WRITE = "com.atproto.repo.applyWrites"


def handles(path: str) -> bool:
    return path.startswith(PREFIX)


def answer(store: Store, request: Request) -> Answer:
    method = f"{request.method} {request.path.removeprefix(PREFIX)}"
    try:
        if method == "POST com.atproto.server.createSession":
            return _create_session(store, request)
        refresh = method == "POST com.atproto.server.refreshSession"
        header = request.headers.get("authorization", "")
        account = holder(store, header, REFRESH if refresh else ACCESS)
        if refresh:
            return Answer(200, session_of(store, account))
        if method not in _METHODS:
            return _error(501, "MethodNotImplemented", "Method Not Implemented")
        return _METHODS[method](store, account, request)
    except NotSignedIn as refused:
        return _error(refused.status, refused.name, str(refused))
    except Refusal as refused:
        return _error(refused.status, refused.name, str(refused))
    except Invalid as fault:
        return _error(400, "InvalidRequest", f"Invalid record: {fault}")


def trouble(mode: str) -> Any:
    """The body of an answer that is rehearsed trouble, in this network's words."""
    names = {
        "unauthorised": "AuthenticationRequired",
        "forbidden": "AccountTakedown",
        "rate_limit": "RateLimitExceeded",
    }
    return {"error": names.get(mode, "InternalServerError"), "message": "Rehearsed"}


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    """Would the app show this stranger's reply?"""
    gate = post["facts"].get("gates", {}).get(THREAD_GATE, {})
    rules = {rule["$type"].partition("#")[2] for rule in gate.get("allow", [])}
    mentioned = f"@{stranger}".lower() in post["text"].lower().split()
    return "allow" not in gate or ("mentionRule" in rules and mentioned)


# --- signing in ------------------------------------------------------------------------


def _create_session(store: Store, request: Request) -> Answer:
    given = _body(request, {"identifier", "password", "authFactorToken", "allowTakendown"})
    account = sign_in(store, str(given.get("identifier")), str(given.get("password")))
    return Answer(200, session_of(store, account))


def _get_session(store: Store, account: Account, request: Request) -> Answer:
    session = session_of(store, account)
    shown = {name: session[name] for name in ("did", "handle", "didDoc", "active")}
    if account.facts.get("suspended"):
        shown |= {"active": False, "status": account.facts["suspended"]}
    return Answer(200, shown)


# --- records ---------------------------------------------------------------------------


def _upload(store: Store, account: Account, request: Request) -> Answer:
    if not looks_like_picture(request.body):
        raise Refusal("InvalidRequest", "The blob is no picture.")
    name = cid(b"\x55", request.body)
    if store.media(_blob_id(account, name)) is None:
        store.add_media(account, _blob_id(account, name), request.body)
    blob = {
        "$type": "blob",
        "ref": {"$link": name},
        "mimeType": request.headers.get("content-type", ""),
        "size": len(request.body),
    }
    return Answer(200, {"blob": blob})


def _apply(store: Store, account: Account, request: Request) -> Answer:
    """All writes or none."""
    given = _own_body(account, request, {"repo", "writes", "validate", "swapCommit"})
    writes = given.get("writes")
    if not isinstance(writes, list) or not 1 <= len(writes) <= 200:
        raise Refusal("InvalidRequest", "writes must be a list of 1 to 200.")
    made: dict[str, dict[str, Any]] = {}
    for write in writes:
        _demand_creation(write)
        collection, key = str(write.get("collection")), str(write.get("rkey"))
        _check(store, account, collection, key, write.get("value"))
        if _find(store, account, collection, key) is not None:
            # The real server says no more than this.
            raise Refusal("InternalServerError", "Internal Server Error", status=500)
        made.setdefault(key, {})[collection] = write["value"]
    for key, records in made.items():
        _store(store, account, key, records)
    results = [
        {
            "$type": f"{WRITE}#createResult",
            "uri": f"at://{account.account_id}/{write['collection']}/{write['rkey']}",
            "cid": cid_of_record(write["value"]),
            "validationStatus": "valid",
        }
        for write in writes
    ]
    return Answer(200, {"commit": _commit(store), "results": results})


def _demand_creation(write: Any) -> None:
    if not isinstance(write, dict) or write.get("$type") != f"{WRITE}#create":
        raise Refusal("InvalidRequest", f"Only {WRITE}#create is rehearsed here.")
    if unknown := set(write) - {"$type", "collection", "rkey", "value"}:
        raise Refusal("InvalidRequest", f"Unknown fields: {', '.join(sorted(unknown))}")


def _store(store: Store, account: Account, key: str, records: dict[str, Any]) -> None:
    gates = {kind: record for kind, record in records.items() if kind != POST}
    if POST not in records:
        row = _row(store, account, key)
        if row is None:
            raise Refusal("InvalidRequest", "There is no post of this record key.")
        store.change_facts(key, gates={**row["facts"]["gates"], **gates})
        return
    post, media = records[POST], []
    for number, image in enumerate(post.get("embed", {}).get("images", [])):
        blob = store.media(_blob_id(account, cid_of(image))) or {}
        media.append(f"{key}-{number}")
        store.add_media(account, media[-1], blob["content"], image["alt"])
    store.add_post(account, key, post["text"], {"media": media, "record": post, "gates": gates})


def _put(store: Store, account: Account, request: Request) -> Answer:
    known = {"repo", "collection", "rkey", "record", "validate", "swapRecord", "swapCommit"}
    given = _own_body(account, request, known)
    collection, key = str(given.get("collection")), str(given.get("rkey"))
    _check(store, account, collection, key, given.get("record"))
    if collection == POST:
        raise Refusal("InvalidRequest", "Changing a post is not rehearsed here.")
    _store(store, account, key, {collection: given["record"]})
    if collection == THREAD_GATE:
        hidden = {uri.rpartition("/")[2] for uri in given["record"].get("hiddenReplies", [])}
        for row in store.comments(key):
            store.write(
                "UPDATE comments SET hidden = ? WHERE id = ?", row["id"] in hidden, row["id"]
            )
    uri = f"at://{account.account_id}/{collection}/{key}"
    return Answer(200, {"uri": uri, "cid": cid_of_record(given["record"])})


def _get(store: Store, account: Account, request: Request) -> Answer:
    query = dict(request.query)
    if unknown := set(query) - {"repo", "collection", "rkey", "cid"}:
        raise Refusal("InvalidRequest", f"Unknown parameters: {', '.join(sorted(unknown))}")
    if query.get("repo") not in (account.account_id, handle_of(account)):
        raise Refusal("RepoNotFound", f"Could not find repo: {query.get('repo')}")
    collection, key = query.get("collection", ""), query.get("rkey", "")
    record = _find(store, account, collection, key)
    uri = f"at://{account.account_id}/{collection}/{key}"
    if record is None:
        raise Refusal("RecordNotFound", f"Could not locate record: {uri}")
    return Answer(200, {"uri": uri, "cid": cid_of_record(record), "value": record})


def _delete(store: Store, account: Account, request: Request) -> Answer:
    """Deleting what is not there is no fault. A post's gates stay behind it."""
    known = {"repo", "collection", "rkey", "swapRecord", "swapCommit"}
    given = _own_body(account, request, known)
    collection, key = str(given.get("collection")), str(given.get("rkey"))
    row = _row(store, account, key)
    if row is None or _find(store, account, collection, key) is None:
        return Answer(200, {})
    if collection == POST:
        store.write("UPDATE posts SET deleted = 1 WHERE id = ?", key)
    else:
        gates = {kind: gate for kind, gate in row["facts"]["gates"].items() if kind != collection}
        store.change_facts(key, gates=gates)
    return Answer(200, {"commit": _commit(store)})


# --- pieces ----------------------------------------------------------------------------


def _body(request: Request, known: set[str]) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise Refusal("InvalidRequest", "The body is not a JSON object.")
    if unknown := set(request.json) - known:
        raise Refusal("InvalidRequest", f"Unknown fields: {', '.join(sorted(unknown))}")
    return request.json


def _own_body(account: Account, request: Request, known: set[str]) -> dict[str, Any]:
    given = _body(request, known)
    if given.get("repo") not in (account.account_id, handle_of(account)):
        raise Refusal("AuthenticationRequired", "The repo is another account's.", status=401)
    return given


def _check(store: Store, account: Account, collection: str, key: str, record: Any) -> None:
    def size_of(name: str) -> int:
        blob = store.media(_blob_id(account, name))
        if blob is None:
            raise Refusal("BlobNotFound", f"Could not find blob: {name}")
        return len(blob["content"])

    check(collection, key, record, account.account_id, size_of)


def _row(store: Store, account: Account, key: str) -> dict[str, Any] | None:
    posts = store.posts(account, deleted=True)
    return next((post for post in posts if post["id"] == key), None)


def _find(store: Store, account: Account, collection: str, key: str) -> dict[str, Any] | None:
    row = _row(store, account, key)
    if row is None or (collection == POST and row["deleted"]):
        return None
    record = row["facts"]["record"] if collection == POST else row["facts"]["gates"].get(collection)
    return record if collection in (POST, THREAD_GATE, POST_GATE) else None


def _blob_id(account: Account, name: str) -> str:
    return f"{name}-{account.account_id.rpartition(':')[2]}"


def _commit(store: Store) -> dict[str, str]:
    number = str(store.next_number())
    return {"cid": cid(b"\x71", number.encode()), "rev": f"3{number[-12:]:0>12}".replace("0", "z")}


def _error(status: int, name: str, words: str) -> Answer:
    return Answer(status, {"error": name, "message": words})


_METHODS: dict[str, Callable[[Store, Account, Request], Answer]] = {
    "GET com.atproto.server.getSession": _get_session,
    "POST com.atproto.repo.uploadBlob": _upload,
    "POST com.atproto.repo.applyWrites": _apply,
    "POST com.atproto.repo.putRecord": _put,
    "GET com.atproto.repo.getRecord": _get,
    "POST com.atproto.repo.deleteRecord": _delete,
    "GET app.bsky.feed.getPostThread": thread_shown,
}
