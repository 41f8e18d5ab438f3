"""Facebook's webhooks: an app subscribes with a handshake, and is told of comments, signed.

As Meta's "Webhooks" pages have it; unlike there, a message that fails is not sent again.
"""

import hashlib
import hmac
import http.client
import json
import secrets
from urllib.parse import urlencode, urlsplit

from social_publish.rehearsal.fetching import HERE
from social_publish.rehearsal.graph_answers import error, not_proved, unknown
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

FIELDS = {"object", "callback_url", "fields", "verify_token"}
SECONDS = 5.0


def subscribe(store: Store, request: Request, app_id: str) -> Answer:
    """An app asks to be told; its callback must first repeat what we send it."""
    form = request.form
    account = next(
        (a for a in store.accounts("facebook") if a.credentials["app_id"] == app_id), None
    )
    if account is None or form.get("access_token") != _app_token(account):
        return error(190, "OAuthException", "Invalid OAuth access token.", status=401)
    if fault := not_proved(account, request) or unknown(request, FIELDS):
        return fault
    if (form.get("object"), form.get("fields")) != ("page", "feed"):
        return error(100, "OAuthException", "Here only the feed of a page is rehearsed.")
    callback, challenge = form.get("callback_url", ""), secrets.token_hex(8)
    asked = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": form.get("verify_token", ""),
    }
    if _asked(callback, "GET", f"?{urlencode(asked)}") != (200, challenge):
        return error(2200, "OAuthException", "(#2200) Callback verification failed.")
    store.write("INSERT OR REPLACE INTO webhooks VALUES (?, ?)", app_id, callback)
    return Answer(200, {"success": True})


def tell(store: Store, account: Account, post_id: str, comment_id: str) -> None:
    """Tell the Page's app of a new comment, where it asked for that."""
    app_id = account.credentials["app_id"]
    hooks = store.rows("SELECT callback FROM webhooks WHERE app_id = ?", app_id)
    wanted = store.rows("SELECT * FROM subscribed WHERE account_id = ?", account.account_id)
    comment = store.comment(account, comment_id)
    if not hooks or not wanted or comment is None:
        return
    value = {
        "item": "comment",
        "verb": "add",
        "post_id": post_id,
        "comment_id": f"{post_id.partition('_')[2]}_{comment_id}",
        "parent_id": post_id,
        "from": {"id": "0", "name": comment["author"]},
        "message": comment["text"],
        "created_time": int(comment["created"]),
    }
    entry = {
        "id": account.account_id,
        "time": int(store.now()),
        "changes": [{"field": "feed", "value": value}],
    }
    body = json.dumps({"object": "page", "entry": [entry]}).encode()
    _asked(hooks[0]["callback"], "POST", "", body, signature(account, body))


def signature(account: Account, body: bytes) -> str:
    """The value of X-Hub-Signature-256."""
    secret = account.credentials["app_secret"].encode()
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"


def _app_token(account: Account) -> str:
    return f"{account.credentials['app_id']}|{account.credentials['app_secret']}"


def _asked(
    address: str, method: str, query: str, body: bytes = b"", signed: str = ""
) -> tuple[int, str]:
    """Status and words of the answer; (0, "") for none. Only this machine is ever asked."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in HERE:
        return 0, ""
    headers = {"Content-Type": "application/json"}
    headers |= {"X-Hub-Signature-256": signed} if signed else {}
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=SECONDS)
    try:
        connection.request(method, (parts.path or "/") + query, body or None, headers)
        response = connection.getresponse()
        return response.status, response.read(1000).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
