"""Whose TikTok account a channel's keys open, and what TikTok lets it do (`docs/sources.md`)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from social_publish.networks.answers import Identity, Outcome, Trouble, no_right
from social_publish.networks.identities import missing_sentence, not_learnt

NAME = "TikTok"
EVERYONE = "PUBLIC_TO_EVERYONE"
# All that TikTok lets an app do that it has not checked.
ONLY_SELF = ["SELF_ONLY"]
SEES, POSTS, PUBLICLY = "see its own account", "publish posts", "publish posts that everyone sees"
UNAUDITED = (
    "TikTok refuses public posts from the council's app until it has checked the app. Until then"
    " post it in the TikTok app by hand: the words and the picture are ready to copy on the"
    " page of each post."
)
NOT_CHECKED = (
    "TikTok has not checked the council's app yet, and until it has it refuses public posts. Apply"
    " for the check at TikTok; until then post in the TikTok app by hand."
)
PRIVATE = (
    "The TikTok account does not allow public posts. Make the account public in the TikTok app."
)


def identity(ask: Callable[..., dict[str, Any] | Outcome]) -> Identity:
    """ask: the network's own way to ask, as (method, path, **arguments)."""
    fields = {"fields": "open_id,display_name"}
    answer = ask("GET", "/v2/user/info/", params=fields)
    user = answer.get("user") if isinstance(answer, dict) else None
    if not (isinstance(user, dict) and user.get("open_id")):
        return not_learnt(answer, NAME)
    known = Identity(str(user["open_id"]), str(user.get("display_name", "")), rights=(SEES,))
    creator = ask("POST", "/v2/post/publish/creator_info/query/", json={})
    if no_right(creator):
        # The keys are good, as the first answer shows: it is the right that is missing.
        words = missing_sentence([POSTS], NAME)
        return replace(known, lacks=(POSTS,), reason=words, trouble=Trouble.RIGHTS)
    options = creator.get("privacy_level_options") if isinstance(creator, dict) else None
    if not (isinstance(creator, dict) and isinstance(options, list)):
        return not_learnt(creator, NAME)
    known = replace(known, url=f"https://www.tiktok.com/@{creator.get('creator_username', '')}")
    if EVERYONE in options:
        return replace(known, rights=(SEES, POSTS, PUBLICLY))
    # Posting by hand goes on, so neither is a trouble that stops the channel.
    words = NOT_CHECKED if options == ONLY_SELF else PRIVATE
    return replace(known, rights=(SEES, POSTS), lacks=(PUBLICLY,), reason=words)
