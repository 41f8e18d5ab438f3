"""What the pretend Graph networks say of an access token, and when they do not take it."""

from typing import Any

from social_publish.rehearsal.graph_answers import error
from social_publish.rehearsal.store import Account
from social_publish.rehearsal.wire import Answer

SCOPES = {
    "facebook": [
        "pages_show_list", "pages_manage_posts", "pages_read_engagement",
        "pages_read_user_content", "pages_manage_engagement",
    ],
    "instagram": [
        "pages_show_list", "pages_read_engagement", "instagram_basic",
        "instagram_content_publish", "instagram_manage_comments", "instagram_manage_contents",
    ],
    "threads": [
        "threads_basic", "threads_content_publish", "threads_delete", "threads_manage_replies",
        "threads_read_replies",
    ],
}  # fmt: skip
RUN_OUT = 463


def shown(account: Account, now: float, *, page: str = "") -> Answer:
    """The answer to a question about a token; page: the Page whose it is."""
    facts = account.facts
    missing = set(facts.get("without", []))
    kind = facts.get("kind", "PAGE" if page else "USER")
    data: dict[str, Any] = {
        "app_id": account.credentials.get("app_id", "1"),
        "type": kind,
        "application": "Council website",
        "data_access_expires_at": int(facts.get("data_access_ends", 0)),
        "expires_at": int(facts.get("ends", 0)),
        "is_valid": True,
        "issued_at": int(now),
        "scopes": [scope for scope in SCOPES[account.network] if scope not in missing],
        "user_id": "1",
    }
    if kind == "PAGE":
        data["profile_id"] = page
    if subcode := _dead(account, now):
        fault = {"code": 190, "message": "Error validating access token.", "subcode": subcode}
        data |= {"is_valid": False, "error": fault}
    return Answer(200, {"data": data})


def fault_in(account: Account, now: float) -> Answer | None:
    """Whatever is asked with a dead token is refused."""
    if subcode := _dead(account, now):
        return error(190, "OAuthException", "Error validating access token.", subcode=subcode)
    if account.facts.get("suspended"):
        return error(368, "OAuthException", "The action attempted has been deemed abusive.")
    return None


def _dead(account: Account, now: float) -> int:
    ends = account.facts.get("ends", 0)
    return account.facts.get("dead") or (RUN_OUT if ends and ends <= now else 0)
