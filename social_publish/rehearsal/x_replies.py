"""The pretend X: replies are searched for, and hidden by the account that began the conversation."""

import re
from typing import Any

from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request, page_of
from social_publish.rehearsal.x_answers import fault_in_fields, invalid, problem

SEVEN_DAYS = 7 * 24 * 3600
STRANGER = "2244994945"


def search(store: Store, account: Account, request: Request) -> Answer:
    """The replies of a conversation, newest first; X searches the last seven days only."""
    query = dict(request.query)
    match = re.fullmatch(r"conversation_id:(\d+)", query.get("query", ""))
    if match is None:
        return invalid("Here only the query conversation_id:<number> is rehearsed.")
    size = int(query.get("max_results", "10"))
    if not 10 <= size <= 100:
        return invalid("max_results must be 10 to 100.")
    week_ago = store.now() - SEVEN_DAYS
    posts = store.rows("SELECT * FROM posts WHERE id = ? AND network = 'x'", match[1])
    rows = [
        {"id": row["id"], "text": row["text"], "edit_history_tweet_ids": [row["id"]]}
        | ({"author_id": STRANGER} if "author_id" in query.get("tweet.fields", "") else {})
        for row in reversed(store.comments(match[1]) if posts else [])
        if row["created"] >= week_ago
    ]
    try:
        page, following, _ = page_of(rows, size, query.get("next_token", ""))
    except ValueError as error:
        return invalid(str(error))
    meta: dict[str, Any] = {"result_count": len(page)}
    if following:
        meta["next_token"] = following
    return Answer(200, ({"data": page} if page else {}) | {"meta": meta})


def hide(store: Store, account: Account, request: Request, reply_id: str) -> Answer:
    """Only the account that began a conversation hides its replies; they stay readable elsewhere."""
    if fault := fault_in_fields(request.json, {"hidden"}, ""):
        return fault
    hidden = request.json.get("hidden")
    if not isinstance(hidden, bool):
        return invalid("hidden must be true or false.")
    if store.comment(account, reply_id) is None:
        return problem(404, "Not Found", "Could not find a reply with that id.")
    store.write("UPDATE comments SET hidden = ? WHERE id = ?", hidden, reply_id)
    return Answer(200, {"data": {"hidden": hidden}})
