"""What the Graph-like networks (Facebook, Instagram, Threads) answer alike: lists, objects, errors."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from social_publish.rehearsal.published import fault_in_graph_fields, graph_names
from social_publish.rehearsal.store import Account
from social_publish.rehearsal.wire import Answer, Request, page_of

AUTH_FIELDS = {"access_token", "appsecret_proof"}


def page(rows: list[dict[str, Any]], query: dict[str, str], kind: str, default: str) -> Answer:
    """One page of a list; default: the fields it shows when `fields` does not say."""
    fields, limit = query.get("fields") or default, query.get("limit", "25")
    if words := fault_in_graph_fields(fields, kind):
        return error(100, "OAuthException", words)
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:
        return error(100, "OAuthException", "limit must be 1 to 100.")
    try:
        shown, following, end = page_of(rows, int(limit), query.get("after", ""))
    except ValueError as fault:
        return error(100, "OAuthException", str(fault))
    body: dict[str, Any] = {"data": [_chosen(row, fields) for row in shown]}
    if shown:
        body["paging"] = {"cursors": {"before": "", "after": end}}
    if following:
        body["paging"]["next"] = "https://graph.facebook.com/next"
    return Answer(200, body)


def node(request: Request, kind: str, row: dict[str, Any], default: str) -> Answer:
    """One object; default: the fields it shows when `fields` does not say."""
    if fault := unknown(request, {"fields"}):
        return fault
    fields = request.arguments.get("fields") or default
    if words := fault_in_graph_fields(fields, kind):
        return error(100, "OAuthException", words)
    return Answer(200, _chosen(row, fields))


def _chosen(row: dict[str, Any], fields: str) -> dict[str, Any]:
    """Graph gives what was asked for, and the id always."""
    return {name: row[name] for name in row if name == "id" or name in graph_names(fields)}


def not_proved(account: Account, request: Request) -> Answer | None:
    """The refusal where the token comes without the proof that the app's secret makes of it."""
    token, secret = request.arguments.get("access_token", ""), account.credentials["app_secret"]
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if hmac.compare_digest(proof, request.arguments.get("appsecret_proof", "")):
        return None
    return error(
        100, "GraphMethodException", "Invalid appsecret_proof provided in the API argument"
    )


def time_of(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def unknown(request: Request, known: set[str]) -> Answer | None:
    extra = set(request.arguments) - known - AUTH_FIELDS
    if not extra:
        return None
    return error(100, "OAuthException", f"Invalid parameter: {', '.join(sorted(extra))}")


def not_there(object_id: str) -> Answer:
    return error(
        100,
        "GraphMethodException",
        f"Unsupported request. Object with ID '{object_id}' does not exist.",
        subcode=33,
    )


def error(
    code: int, kind: str, message: str, *, status: int = 400, subcode: int | None = None
) -> Answer:
    fault: dict[str, Any] = {
        "message": message,
        "type": kind,
        "code": code,
        "fbtrace_id": "Rehearsal",
    }
    if subcode:
        fault["error_subcode"] = subcode
    return Answer(status, {"error": fault})
