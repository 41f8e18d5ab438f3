"""How the pretend Mastodon and GoToSocial show accounts, pictures and posts."""

import html
import re
from datetime import UTC, datetime
from typing import Any

from social_publish.rehearsal.store import Account, Store

HOST = {
    "mastodon": "https://social.rehearsal.example",
    "gotosocial": "https://gts.rehearsal.example",
}
KINDS = ("can_favourite", "can_reply", "can_reblog")


def account_shown(account: Account) -> dict[str, Any]:
    name = account.handle.lstrip("@")
    return {
        "id": account.account_id, "username": name, "acct": name, "display_name": account.name,
        "url": f"{HOST[account.network]}/@{name}",
    }  # fmt: skip


def media_shown(media: dict[str, Any], *, ready: bool) -> dict[str, Any]:
    address = f"https://files.rehearsal.example/{media['id']}.jpg"
    return {
        "id": media["id"], "type": "image", "url": address if ready else None,
        "description": media["alt_text"],
    }  # fmt: skip


def status_shown(store: Store, account: Account, post: dict[str, Any]) -> dict[str, Any]:
    facts, person = post["facts"], account_shown(account) | {"id": post["account_id"]}
    middle = "" if account.network == "mastodon" else "statuses/"
    address = f"{person['url']}/{middle}{post['id']}"
    status = {
        "id": post["id"], "created_at": moment(post["created"]), "in_reply_to_id": None,
        "visibility": facts.get("visibility"), "language": facts.get("language"),
        "url": address, "uri": address, "content": markup(post["text"]), "account": person,
        "media_attachments": [
            media_shown(store.media(media_id) or {}, ready=True) for media_id in facts["media"]
        ],
    }  # fmt: skip
    if account.network == "mastodon":
        automatic = [] if facts.get("quotes") == "nobody" else ["public"]
        return status | {"quote_approval": {"automatic": automatic, "manual": []}}
    rules = facts.get("policy") or {kind: ["public"] for kind in KINDS}
    return status | {
        "interaction_policy": {
            kind: {
                "always": [*always, *([] if "public" in always else ["mentioned"]), "me"],
                "with_approval": [],
            }
            for kind, always in rules.items()
        }
    }


def markup(text: str) -> str:
    """Words as these servers show them: paragraphs, and links whose beginning is hidden."""

    def linked(match: re.Match[str]) -> str:
        scheme, rest = match[0].split("//", 1)
        return (
            f'<a href="{match[0]}" rel="nofollow noopener" target="_blank">'
            f'<span class="invisible">{scheme}//</span><span class="">{rest}</span></a>'
        )

    marked = re.sub(r"https?://[^\s<]+\.[a-z]{2,}[^\s<]*", linked, html.escape(text))
    parts = [part.replace("\n", "<br />") for part in marked.split("\n\n")]
    return "".join(f"<p>{part}</p>" for part in parts)


def moment(seconds: float) -> str:
    when = datetime.fromtimestamp(seconds, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
