"""The pretend LinkedIn: whether people may comment on a post, and what they wrote."""

from social_publish.rehearsal.linkedin_answers import error, not_there, urn_of
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request


def metadata(store: Store, account: Account, request: Request, urn: str) -> Answer:
    post = store.post(account, urn)
    if post is None:
        return not_there(urn)
    state = post["facts"].get("comments", "OPEN")
    return Answer(200, {"entity": urn, "commentsState": state, "reactionSummaries": {}})


def set_metadata(store: Store, account: Account, request: Request, urn: str) -> Answer:
    if store.post(account, urn) is None:
        return not_there(urn)
    if dict(request.query) != {"actor": urn_of(account)}:
        return error(403, "ACCESS_DENIED", "The actor must be the organization", service=100)
    state = next((s for s in ("OPEN", "CLOSED") if request.json == _patch_to(s)), None)
    if state is None:
        return error(400, "ILLEGAL_ARGUMENT", "The patch sets commentsState to OPEN or CLOSED")
    store.change_facts(urn, comments=state)
    if state == "CLOSED":
        store.write("DELETE FROM comments WHERE post_id = ?", urn)
    return Answer(202, b"", kind="")


def _patch_to(state: str) -> dict[str, object]:
    return {"patch": {"$set": {"commentsState": state}}}


def comments(store: Store, account: Account, request: Request, urn: str) -> Answer:
    if store.post(account, urn) is None:
        return not_there(urn)
    rows = [
        {
            "id": row["id"],
            "actor": f"urn:li:person:{row['author']}",
            "message": {"text": row["text"], "attributes": []},
            "created": {"time": int(row["created"] * 1000)},
        }
        for row in store.comments(urn)
    ]
    return Answer(200, {"paging": {"start": 0, "count": 10, "links": []}, "elements": rows})
