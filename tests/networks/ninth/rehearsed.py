"""The one rehearsal file of a ninth network."""

import base64
from typing import Any

from social_publish.rehearsal.store import Store
from social_publish.rehearsal.wire import Answer, Request, page_of


def handles(path: str) -> bool:
    return path.startswith("/postcards/")


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    return bool(post["facts"]["answers"] != "nobody")


def answer(store: Store, request: Request) -> Answer:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    holders = [a for a in store.accounts("postcards") if a.credentials["token"] == token]
    if not holders:
        return Answer(401, {"error": "no such token"})
    (account,) = holders
    what, _, card_id = request.path.removeprefix("/postcards/").partition("/")
    given = request.json if isinstance(request.json, dict) else {}
    number = str(store.next_number())
    if what == "me":
        return Answer(200, {"id": account.account_id, "name": account.name})
    if what == "pictures":
        content = base64.b64decode(given.get("content", ""))
        store.add_media(account, number, content, given.get("alt_text", ""))
        return Answer(201, {"id": number})
    if request.method == "POST":
        if set(given) != {"text", "picture", "answers"} or len(given["text"]) > 1000:
            return Answer(422, {"error": "no such card"})
        media = [given["picture"]] if given["picture"] else []
        facts = {"media": media, "answers": given["answers"]}
        store.add_post(account, number, given["text"], facts)
        return Answer(201, {"id": number})
    if request.method == "DELETE":
        store.write("UPDATE posts SET deleted = 1 WHERE id = ?", card_id)
        return Answer(200, {"id": card_id})
    rows = [post for post in store.listed(account) if card_id in ("", post["id"])]
    shown, following, _ = page_of(rows, 50, dict(request.query).get("after", ""))
    cards = [
        {"id": p["id"], "text": p["text"], "answers": p["facts"].get("answers")} for p in shown
    ]
    return Answer(200, {"id": "list", "cards": cards, "next": following})
