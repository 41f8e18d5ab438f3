"""The pretend Threads: version 1.0 of its API, as strict as its published reference (`docs/sources.md`)."""

import re
import secrets
from typing import Any

from social_publish.rehearsal import containers, graph_tokens
from social_publish.rehearsal.counting import threads_length
from social_publish.rehearsal.fetching import NotFetched, fetch, jpeg_shape
from social_publish.rehearsal.graph_answers import error, node, not_there, page, time_of, unknown
from social_publish.rehearsal.published import THREADS_AUDIENCES, THREADS_POST
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

MOST, MOST_LINKS, MOST_ALT, WIDEST = 500, 5, 1000, 10.0
RENEW = "/refresh_access_token"
DAY = 24 * 3600


def handles(path: str) -> bool:
    return path.startswith("/v1.0/") or path == RENEW


def answer(store: Store, request: Request) -> Answer:
    token = request.arguments.get("access_token", "")
    accounts = store.accounts("threads")
    account = next((a for a in accounts if token in _tokens(a)), None)
    if account is None:
        return error(190, "OAuthException", "Invalid OAuth access token.", status=401)
    if (request.method, request.path) == ("GET", "/v1.0/debug_token"):
        return _debug(store, account, request)
    if fault := graph_tokens.fault_in(account, store.now()):
        return fault
    if (request.method, request.path) == ("GET", RENEW):
        return _renew(store, account, request)
    path = request.path.removeprefix("/v1.0").replace("/me", f"/{account.account_id}", 1)
    for method, pattern, view in _ROUTES:
        match = re.fullmatch(pattern, path)
        if match and method == request.method:
            reply: Answer = view(store, account, request, *match.groups())
            return reply
    return not_there(path.strip("/"))


def _tokens(account: Account) -> set[str]:
    """The newest token, and the one before it."""
    keys = account.credentials
    return {keys[name] for name in ("access_token", "before") if keys.get(name)}


def _debug(store: Store, account: Account, request: Request) -> Answer:
    """Any token of the same app may ask; here each account has an app of its own."""
    if fault := unknown(request, {"input_token"}):
        return fault
    if request.arguments.get("input_token") not in _tokens(account):
        return error(100, "THApiException", "The input_token is of another app.")
    return graph_tokens.shown(account, store.now())


def _renew(store: Store, account: Account, request: Request) -> Answer:
    """Only a token that is a day old can be renewed. The old one stays good until its own end."""
    if fault := unknown(request, {"grant_type"}):
        return fault
    if request.arguments.get("grant_type") != "th_refresh_token":
        return error(100, "THApiException", "grant_type must be th_refresh_token.")
    ends = store.now() + 60 * DAY
    if account.facts.get("ends", 0) > ends - DAY:
        return error(100, "THApiException", "The token is less than 24 hours old.")
    fresh = secrets.token_urlsafe(24)
    store.change_keys(account, ends, access_token=fresh, before=account.credentials["access_token"])
    return Answer(
        200, {"access_token": fresh, "token_type": "bearer", "expires_in": int(ends - store.now())}
    )


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    """Would Threads let this stranger reply? Nobody follows the account, and it follows nobody."""
    control = post["facts"].get("reply_control", "everyone")
    mentioned = f"@{stranger}".lower() in post["text"].lower().split()
    return control == "everyone" or (control == "mentioned_only" and mentioned)


def _make(store: Store, account: Account, request: Request, user_id: str) -> Answer:
    form = request.form
    fault = _of_another(account, user_id) or unknown(request, THREADS_POST)
    if fault:
        return fault
    if words := _fault_in_words(form) or _fault_in_kind(form):
        return error(100, "THApiException", words)
    facts: dict[str, Any] = {
        "reply_control": form.get("reply_control", "everyone"),
        "reply_approvals": form.get("enable_reply_approvals") == "true",
        "media": [],
    }
    if form["media_type"] == "IMAGE":
        facts["error"] = _take_picture(store, account, form, facts["media"])
    status = "ERROR" if facts.get("error") else "FINISHED"
    made = containers.make(store, account, form.get("text", ""), facts, status=status)
    return Answer(200, {"id": made})


def _of_another(account: Account, user_id: str) -> Answer | None:
    if user_id == account.account_id:
        return None
    return error(10, "THApiException", "The token is for another profile.", status=403)


def _fault_in_words(form: dict[str, str]) -> str:
    text, topic = form.get("text", ""), form.get("topic_tag")
    if threads_length(text) > MOST:
        return f"The text counts {threads_length(text)} of at most {MOST}."
    if len(set(re.findall(r"(?:https?://|www\.)\S+", text))) > MOST_LINKS:
        return "THREADS_API__LINK_LIMIT_EXCEEDED: a post has at most 5 links."
    if topic is not None and not re.fullmatch(r"[^.&]{1,50}", topic):
        return "topic_tag has 1 to 50 characters, and neither . nor &."
    return ""


def _fault_in_kind(form: dict[str, str]) -> str:
    kind = form.get("media_type")
    if kind not in ("TEXT", "IMAGE"):
        return "media_type must be TEXT or IMAGE."
    if kind == "TEXT" and not form.get("text"):
        return "A TEXT post needs text."
    if kind == "TEXT" and {"image_url", "alt_text"} & set(form):
        return "A TEXT post has no image_url and no alt_text."
    if kind == "IMAGE" and "image_url" not in form:
        return "An IMAGE post needs image_url."
    if len(form.get("alt_text", "")) > MOST_ALT:
        return f"alt_text has at most {MOST_ALT} characters."
    return _fault_in_replies(form)


def _fault_in_replies(form: dict[str, str]) -> str:
    if form.get("reply_control", "everyone") not in THREADS_AUDIENCES:
        return f"reply_control must be one of {', '.join(sorted(THREADS_AUDIENCES))}."
    if form.get("enable_reply_approvals", "true") not in ("true", "false"):
        return "enable_reply_approvals must be true or false."
    return ""


def _take_picture(store: Store, account: Account, form: dict[str, str], media: list[str]) -> str:
    """Fetch the picture into `media`; the container's error_message where that fails, or ""."""
    try:
        content = fetch(store, form["image_url"])
        shape = jpeg_shape(content)
    except NotFetched:
        return "UNKNOWN"
    if not 1 / WIDEST <= shape <= WIDEST:
        return "INVALID_ASPEC_RATIO"
    media.append(str(store.next_number()))
    store.add_media(account, media[0], content, form.get("alt_text", ""))
    return ""


def _publish(store: Store, account: Account, request: Request, user_id: str) -> Answer:
    fault = _of_another(account, user_id) or unknown(request, {"creation_id"})
    if fault:
        return fault
    container = request.form.get("creation_id", "")
    row = containers.find(store, account, container)
    if row is None:
        return not_there(container)
    if row["status"] != "FINISHED":
        return error(24, "THApiException", f"The container is {row['status']}.", subcode=4279009)
    return Answer(200, {"id": containers.publish(store, account, row)})


def _threads(store: Store, account: Account, request: Request, user_id: str) -> Answer:
    known = {"fields", "limit", "after", "before", "since", "until"}
    fault = _of_another(account, user_id) or unknown(request, known)
    if fault:
        return fault
    rows = [_post(post, request) for post in store.listed(account)]
    return page(rows, dict(request.query), "ThreadsMedia", "id")


def _replies(store: Store, account: Account, request: Request, post_id: str) -> Answer:
    query = dict(request.query)
    if fault := unknown(request, {"fields", "limit", "after", "before", "reverse"}):
        return fault
    if query.get("reverse", "true") not in ("true", "false"):
        return error(100, "THApiException", "reverse must be true or false.")
    if store.post(account, post_id) is None:
        return not_there(post_id)
    rows = [_reply(row) for row in store.comments(post_id)]
    if query.get("reverse", "true") == "true":
        rows.reverse()
    return page(rows, query, "ThreadsMedia", "id")


def _read(store: Store, account: Account, request: Request, object_id: str) -> Answer:
    if object_id == account.account_id:
        user = {"id": account.account_id, "username": account.handle, "name": account.name}
        return node(request, "ThreadsUser", user, "id")
    if post := store.post(account, object_id):
        return node(request, "ThreadsMedia", _post(post, request), "id")
    if reply := store.comment(account, object_id):
        return node(request, "ThreadsMedia", _reply(reply), "id")
    if row := containers.find(store, account, object_id):
        status = {"id": row["id"], "status": row["status"]}
        message = {"error_message": row["facts"]["error"]} if row["facts"].get("error") else {}
        return node(request, "ThreadsContainer", status | message, "id")
    return not_there(object_id)


def _manage(store: Store, account: Account, request: Request, reply_id: str) -> Answer:
    if store.comment(account, reply_id) is None:
        return not_there(reply_id)
    if fault := unknown(request, {"hide"}):
        return fault
    hide = request.form.get("hide", "")
    if hide not in ("true", "false"):
        return error(100, "THApiException", "hide must be true or false.")
    store.write("UPDATE comments SET hidden = ? WHERE id = ?", hide == "true", reply_id)
    return Answer(200, {"success": True})


def _delete(store: Store, account: Account, request: Request, post_id: str) -> Answer:
    if fault := unknown(request, set()):
        return fault
    if store.post(account, post_id) is None:
        return not_there(post_id)
    store.write("UPDATE posts SET deleted = 1 WHERE id = ?", post_id)
    return Answer(200, {"success": True, "deleted_id": post_id})


def _post(post: dict[str, Any], request: Request) -> dict[str, Any]:
    host = request.headers.get("host", "127.0.0.1")
    return {
        "id": post["id"],
        "text": post["text"],
        "media_type": "IMAGE" if post["facts"].get("media") else "TEXT_POST",
        "owner": {"id": post["account_id"]},
        "permalink": f"http://{host}/timeline/threads/{post['account_id']}#post-{post['id']}",
        "reply_audience": post["facts"].get("reply_control", "everyone").upper(),
        "timestamp": time_of(post["created"]),
    }


def _reply(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "text": row["text"],
        "username": row["author"],
        "hide_status": "HIDDEN" if row["hidden"] else "NOT_HUSHED",
        "timestamp": time_of(row["created"]),
    }


_ROUTES = (
    ("POST", r"/(\d+)/threads", _make),
    ("POST", r"/(\d+)/threads_publish", _publish),
    ("GET", r"/(\d+)/threads", _threads),
    ("GET", r"/(\d+)/replies", _replies),
    ("GET", r"/(\d+)", _read),
    ("POST", r"/(\d+)/manage_reply", _manage),
    ("DELETE", r"/(\d+)", _delete),
)
