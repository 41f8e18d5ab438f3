"""The pretend Instagram: a professional account behind the Graph API (`docs/sources.md`)."""

import re
from typing import Any

from social_publish.rehearsal import containers
from social_publish.rehearsal.fetching import NotFetched, fetch, jpeg_shape
from social_publish.rehearsal.graph_answers import error, node, not_there, page, time_of, unknown
from social_publish.rehearsal.published import INSTAGRAM_MEDIA
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

MEDIA_DEFAULT, COMMENT_DEFAULT = "id", "id,text,timestamp"
MOST_CHARACTERS, MOST_HASHTAGS, MOST_MENTIONS, MOST_ALT = 2200, 30, 20, 1000
NARROWEST, WIDEST = 0.8, 1.91


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    """Would Instagram let this stranger comment?"""
    return bool(post["facts"].get("comment_enabled", True))


def _make(store: Store, account: Account, request: Request, user_id: str) -> Answer:
    form = request.form
    fault = _of_another(account, user_id) or unknown(request, INSTAGRAM_MEDIA) or _too_much(form)
    if fault:
        return fault
    try:
        content = fetch(store, form.get("image_url", ""))
    except NotFetched as why:
        return error(
            9004, "OAuthException", f"The media could not be fetched. {why}", subcode=2207052
        )
    try:
        shape = jpeg_shape(content)
    except NotFetched as why:
        return error(36001, "OAuthException", f"The image format fails. {why}", subcode=2207005)
    if not NARROWEST <= shape <= WIDEST:
        words = f"The aspect ratio {shape:.3f} is not within 4:5 to 1.91:1."
        return error(36003, "OAuthException", words, subcode=2207009)
    media_id = str(store.next_number())
    store.add_media(account, media_id, content, form.get("alt_text", ""))
    facts = {"media": [media_id], "comment_enabled": True}
    return Answer(200, {"id": containers.make(store, account, form.get("caption", ""), facts)})


def _of_another(account: Account, user_id: str) -> Answer | None:
    if user_id == account.account_id:
        return None
    return error(200, "OAuthException", "The token is for another account.", status=403)


def _too_much(form: dict[str, str]) -> Answer | None:
    caption = form.get("caption", "")
    if len(caption) > MOST_CHARACTERS:
        words = f"The caption has {len(caption)} of at most {MOST_CHARACTERS} characters."
        return error(36004, "OAuthException", words, subcode=2207010)
    for mark, most in (("#", MOST_HASHTAGS), ("@", MOST_MENTIONS)):
        if len(re.findall(rf"(?<!\w){mark}\w", caption)) > most:
            return error(100, "OAuthException", f"The caption has more than {most} {mark}.")
    if len(form.get("alt_text", "")) > MOST_ALT:
        return error(100, "OAuthException", f"alt_text has at most {MOST_ALT} characters.")
    return None


def _publish(store: Store, account: Account, request: Request, user_id: str) -> Answer:
    fault = _of_another(account, user_id) or unknown(request, {"creation_id"})
    if fault:
        return fault
    container = request.form.get("creation_id", "")
    row = containers.find(store, account, container)
    if row is None:
        return not_there(container)
    if row["status"] == "IN_PROGRESS":
        return error(9007, "OAuthException", "The media is not ready yet.", subcode=2207027)
    if row["status"] != "FINISHED":
        words = f"The container is {row['status']} and cannot be published."
        return error(-2, "OAuthException", words, subcode=2207020)
    return Answer(200, {"id": containers.publish(store, account, row)})


def _media(store: Store, account: Account, request: Request, user_id: str) -> Answer:
    fault = _of_another(account, user_id) or unknown(request, {"fields", "limit", "after"})
    if fault:
        return fault
    rows = [_post(post, request) for post in store.listed(account)]
    return page(rows, dict(request.query), "IGMedia", MEDIA_DEFAULT)


def _comments(store: Store, account: Account, request: Request, post_id: str) -> Answer:
    query = dict(request.query)
    if fault := unknown(request, {"fields", "limit", "after"}):
        return fault
    if store.post(account, post_id) is None:
        return not_there(post_id)
    if int(query.get("limit", "25")) > 50:
        return error(100, "OAuthException", "limit must be 1 to 50.")
    rows = [_comment(row) for row in reversed(store.comments(post_id))]
    return page(rows, query, "IGComment", COMMENT_DEFAULT)


def _read(store: Store, account: Account, request: Request, object_id: str) -> Answer:
    if object_id == "me":
        user = {"id": account.account_id, "username": account.handle, "name": account.name}
        owner = {"id": f"{account.account_id}0", "instagram_business_account": user}
        return node(request, "Page", owner, "id,name")
    if post := store.post(account, object_id):
        return node(request, "IGMedia", _post(post, request), MEDIA_DEFAULT)
    if comment := store.comment(account, object_id):
        return node(request, "IGComment", _comment(comment), COMMENT_DEFAULT)
    if row := containers.find(store, account, object_id):
        status = {"id": row["id"], "status_code": row["status"], "status": row["status"].title()}
        return node(request, "IGContainer", status, "id")
    return not_there(object_id)


def _change(store: Store, account: Account, request: Request, object_id: str) -> Answer:
    is_post = store.post(account, object_id) is not None
    if not is_post and store.comment(account, object_id) is None:
        return not_there(object_id)
    name = "comment_enabled" if is_post else "hide"
    if fault := unknown(request, {name}):
        return fault
    value = request.form.get(name, "")
    if value not in ("true", "false"):
        return error(100, "OAuthException", f"{name} must be true or false.")
    if is_post:
        store.change_facts(object_id, comment_enabled=value == "true")
    else:
        store.write("UPDATE comments SET hidden = ? WHERE id = ?", value == "true", object_id)
    return Answer(200, {"success": True})


def _delete(store: Store, account: Account, request: Request, object_id: str) -> Answer:
    if fault := unknown(request, set()):
        return fault
    if store.comment(account, object_id):
        store.write("DELETE FROM comments WHERE id = ?", object_id)
    elif store.post(account, object_id):
        store.write("UPDATE posts SET deleted = 1 WHERE id = ?", object_id)
    else:
        return not_there(object_id)
    return Answer(200, {"success": True})


def _post(post: dict[str, Any], request: Request) -> dict[str, Any]:
    host = request.headers.get("host", "127.0.0.1")
    return {
        "id": post["id"],
        "caption": post["text"],
        "is_comment_enabled": bool(post["facts"].get("comment_enabled", True)),
        "media_type": "IMAGE",
        "owner": {"id": post["account_id"]},
        "permalink": f"http://{host}/timeline/instagram/{post['account_id']}#post-{post['id']}",
        "timestamp": time_of(post["created"]),
    }


def _comment(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "text": row["text"],
        "username": row["author"],
        "hidden": bool(row["hidden"]),
        "timestamp": time_of(row["created"]),
    }


ROUTES = (
    ("POST", r"/(\d+)/media", _make),
    ("POST", r"/(\d+)/media_publish", _publish),
    ("GET", r"/(\d+)/media", _media),
    ("GET", r"/(\d+)/comments", _comments),
    ("GET", r"/(\d+|me)", _read),
    ("POST", r"/(\d+)", _change),
    ("DELETE", r"/(\d+)", _delete),
)
