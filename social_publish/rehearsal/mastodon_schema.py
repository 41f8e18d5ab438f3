"""What Mastodon and GoToSocial take of a new post: its fields, its length, its rules."""

import re

from social_publish.rehearsal.counting import mastodon_length
from social_publish.rehearsal.mastodon_views import KINDS
from social_publish.rehearsal.store import Account, Store

MOST_TEXT = {"mastodon": 500, "gotosocial": 5000}
VISIBILITIES = {"public", "unlisted", "private", "direct"}
STATUS = {
    "status", "media_ids[]", "in_reply_to_id", "sensitive", "spoiler_text", "visibility",
    "language", "scheduled_at",
}  # fmt: skip
OWN = {"mastodon": {"quote_approval_policy", "quoted_status_id"}, "gotosocial": {"content_type"}}
POLICY = re.compile(
    r"interaction_policy\[(can_favourite|can_reply|can_reblog)\]\[(always|with_approval)\]\[\d+\]"
)
WHO = {"public", "followers", "following", "mutuals", "mentioned", "author", "me"}


def fault_in(store: Store, account: Account, form: dict[str, str]) -> str:
    """What the server would not take of a new post's fields, or ""."""
    own = {name for name in form if POLICY.fullmatch(name)}
    known = STATUS | OWN[account.network] | (own if account.network == "gotosocial" else set())
    if unknown := set(form) - known:
        return f"Unknown parameters: {', '.join(sorted(unknown))}"
    text = form.get("status", "")
    length = mastodon_length(text) if account.network == "mastodon" else len(text)
    if not text or length > MOST_TEXT[account.network]:
        return f"Validation failed: Text has {length} of at most {MOST_TEXT[account.network]}"
    if form.get("visibility", "public") not in VISIBILITIES:
        return "Validation failed: Visibility is not included in the list"
    if form.get("quote_approval_policy", "public") not in ("public", "followers", "nobody"):
        return "Validation failed: Quote approval policy is not included in the list"
    if wrong := {form[name] for name in own} - WHO:
        return f"policyURI {min(wrong)} is not one of {', '.join(sorted(WHO))}"
    media = store.media(form.get("media_ids[]", "")) or {}
    if "media_ids[]" in form and media.get("account_id") != account.account_id:
        return "Validation failed: Media not found"
    return ""


def policy_of(form: dict[str, str]) -> dict[str, list[str]]:
    """GoToSocial's rules for one post. Whatever a given policy leaves out is the author's alone."""
    given: dict[str, list[str]] = {}
    for name, value in form.items():
        if (match := POLICY.fullmatch(name)) and match[2] == "always":
            given.setdefault(match[1], []).append(value)
    return {kind: given.get(kind, ["author"]) for kind in KINDS} if given else {}
