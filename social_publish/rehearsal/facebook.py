"""The pretend Facebook: a Page behind the Graph API, as strict as its published field lists."""

import json
from typing import Any

from social_publish.rehearsal.graph_answers import error, node, not_there, page, time_of, unknown
from social_publish.rehearsal.published import GRAPH_FEED, GRAPH_PHOTO
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request, looks_like_picture

# What a list shows when `fields` does not say.
POST_DEFAULT, COMMENT_DEFAULT = "id,message,created_time", "id,message,from,created_time"


def _feed(store: Store, account: Account, request: Request, page_id: str) -> Answer:
    if page_id != account.account_id:
        return error(200, "OAuthException", "The token is for another Page.", status=403)
    if fault := unknown(request, GRAPH_FEED):
        return fault
    message = request.form.get("message", "")
    if not message and "link" not in request.form and "attached_media" not in request.form:
        return error(100, "OAuthException", "The post is empty.")
    newest = store.posts(account)[:1]
    if newest and newest[0]["text"] == message:
        return error(506, "OAuthException", "Duplicate status message")
    media = _attached(request)
    if media is None or any((store.media(i) or {}).get("account_id") != page_id for i in media):
        return error(100, "OAuthException", "attached_media names no photo of this Page.")
    post_id = f"{page_id}_{store.next_number()}"
    store.add_post(account, post_id, message, {"media": media})
    return Answer(200, {"id": post_id})


def _attached(request: Request) -> list[str] | None:
    raw = request.form.get("attached_media")
    if raw is None:
        return []
    try:
        return [str(item["media_fbid"]) for item in json.loads(raw)]
    except (ValueError, TypeError, KeyError):
        return None


def _photos(store: Store, account: Account, request: Request, page_id: str) -> Answer:
    if page_id != account.account_id:
        return error(200, "OAuthException", "The token is for another Page.", status=403)
    if fault := unknown(request, GRAPH_PHOTO):
        return fault
    content = request.files.get("source", b"")
    if not looks_like_picture(content):
        return error(324, "OAuthException", "Missing or invalid image file")
    photo_id = str(store.next_number())
    store.add_media(account, photo_id, content, request.form.get("alt_text_custom", ""))
    if request.form.get("published", "true") == "false":
        return Answer(200, {"id": photo_id})
    words = request.form.get("message") or request.form.get("caption", "")
    post_id = f"{page_id}_{photo_id}"
    store.add_post(account, post_id, words, {"media": [photo_id]})
    return Answer(200, {"id": photo_id, "post_id": post_id})


def _published(store: Store, account: Account, request: Request, page_id: str) -> Answer:
    query = dict(request.query)
    fault = unknown(request, {"fields", "limit", "after", "since", "until"}) or _bad_times(query)
    if fault:
        return fault
    if page_id != account.account_id:
        return error(200, "OAuthException", "The token is for another Page.", status=403)
    since, until = float(query.get("since", 0)), float(query.get("until", "inf"))
    posts = [p for p in store.listed(account) if since <= p["created"] <= until]
    return page([_post(post) for post in posts], query, "PagePost", POST_DEFAULT)


def _bad_times(query: dict[str, str]) -> Answer | None:
    wrong = [n for n in ("since", "until") if n in query and not query[n].isdecimal()]
    return error(100, "OAuthException", f"{wrong[0]} must be Unix seconds.") if wrong else None


def _comments(store: Store, account: Account, request: Request, post_id: str) -> Answer:
    query = dict(request.query)
    if fault := unknown(request, {"fields", "limit", "after", "filter", "order"}):
        return fault
    if query.get("filter", "stream") not in ("stream", "toplevel"):
        return error(100, "OAuthException", "filter must be one of stream, toplevel")
    if query.get("order", "chronological") not in ("chronological", "reverse_chronological"):
        return error(100, "OAuthException", "order must be chronological or reverse_chronological")
    if store.post(account, post_id) is None:
        return not_there(post_id)
    rows = [_comment(row) for row in store.comments(post_id)]
    if query.get("order") == "reverse_chronological":
        rows.reverse()
    return page(rows, query, "Comment", COMMENT_DEFAULT)


def _subscribe(store: Store, account: Account, request: Request, page_id: str) -> Answer:
    if page_id != account.account_id:
        return error(200, "OAuthException", "The token is for another Page.", status=403)
    if fault := unknown(request, {"subscribed_fields"}):
        return fault
    if request.form.get("subscribed_fields") != "feed":
        return error(100, "OAuthException", "subscribed_fields: here only feed is rehearsed.")
    store.write("INSERT OR REPLACE INTO subscribed VALUES (?)", page_id)
    return Answer(200, {"success": True})


def _read(store: Store, account: Account, request: Request, object_id: str) -> Answer:
    found = _object(store, account, object_id)
    if found is None:
        return not_there(object_id)
    return node(request, *found)


def _object(
    store: Store, account: Account, object_id: str
) -> tuple[str, dict[str, Any], str] | None:
    """What an id stands for: its kind, all we know of it, its default fields."""
    if object_id in ("me", account.account_id):
        link = f"https://www.facebook.com/{account.handle}"
        row = {"id": account.account_id, "name": account.name, "link": link}
        return "Page", row, "id,name"
    if post := store.post(account, object_id):
        return "PagePost", _post(post), POST_DEFAULT
    if comment := store.comment(account, object_id):
        return "Comment", _comment(comment), COMMENT_DEFAULT
    photo = store.media(object_id)
    if photo and photo["account_id"] == account.account_id:
        return "Photo", {"id": object_id, "alt_text_custom": photo["alt_text"]}, "id"
    return None


def _change(store: Store, account: Account, request: Request, object_id: str) -> Answer:
    if store.comment(account, object_id) is None:
        return not_there(object_id)
    if fault := unknown(request, {"is_hidden"}):
        return fault
    hidden = request.form.get("is_hidden", "")
    if hidden not in ("true", "false"):
        return error(100, "OAuthException", "is_hidden must be true or false.")
    store.write("UPDATE comments SET hidden = ? WHERE id = ?", hidden == "true", object_id)
    return Answer(200, {"success": True})


def _delete(store: Store, account: Account, request: Request, object_id: str) -> Answer:
    if fault := unknown(request, set()):
        return fault
    if store.comment(account, object_id):
        store.write("DELETE FROM comments WHERE id = ?", object_id)
        return Answer(200, {"success": True})
    done = store.write(
        "UPDATE posts SET deleted = 1 WHERE id = ? AND account_id = ? AND deleted = 0",
        object_id,
        account.account_id,
    )
    return Answer(200, {"success": True}) if done else not_there(object_id)


def _post(post: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": post["id"],
        "message": post["text"],
        "created_time": time_of(post["created"]),
        "permalink_url": f"https://www.facebook.com/{post['id'].replace('_', '/posts/')}",
    }


def _comment(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "message": row["text"],
        "from": {"name": row["author"], "id": "0"},
        "is_hidden": bool(row["hidden"]),
        "can_hide": True,
        "created_time": time_of(row["created"]),
    }


ROUTES = (
    ("POST", r"/(\d+)/feed", _feed),
    ("POST", r"/(\d+)/photos", _photos),
    ("GET", r"/(\d+)/published_posts", _published),
    ("POST", r"/(\d+)/subscribed_apps", _subscribe),
    ("GET", r"/(\d+_\d+)/comments", _comments),
    ("GET", r"/([\d_]+|me)", _read),
    ("POST", r"/([\d_]+)", _change),
    ("DELETE", r"/([\d_]+)", _delete),
)
