"""Whose TikTok account a channel's keys open, and what TikTok lets it do (`docs/sources.md`)."""

from dataclasses import replace

from social_publish.networks.answers import Identity, Trouble, no_right
from social_publish.networks.base import Account
from social_publish.networks.identities import missing_sentence, not_learnt
from social_publish.networks.tiktok_api import (
    CREATOR_INFO,
    EVERYONE,
    NAME,
    ONLY_SELF,
    POSTS,
    PRIVATE,
    Api,
)

SEES, PUBLICLY = "see its own account", "publish posts that everyone sees"
NOT_CHECKED = (
    "TikTok has not checked the council's app yet, and until it has it refuses public posts. Apply"
    " for the check at TikTok; until then post in the TikTok app by hand."
)


def identity(account: Account) -> Identity:
    """The account, what it lets us do, and whether TikTok lets the council's app do it."""
    api, fields = Api(account), {"fields": "open_id,display_name"}
    answer = api.ask("GET", "/v2/user/info/", params=fields)
    user = answer.get("user") if isinstance(answer, dict) else None
    if not (isinstance(user, dict) and user.get("open_id")):
        return not_learnt(answer, NAME)
    known = Identity(str(user["open_id"]), str(user.get("display_name", "")), rights=(SEES,))
    creator = api.ask("POST", CREATOR_INFO, json={})
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
