"""GoToSocial by Mastodon.py (`docs/sources.md`)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from social_publish.networks.capabilities import Bio, Capabilities, Limits, Proof, ReplyControl
from social_publish.networks.fediverse import PICTURE, is_gotosocial
from social_publish.networks.fediverse_network import FediverseNetwork
from social_publish.networks.text import fediverse_mentions, plain_length


class GoToSocial(FediverseNetwork):
    """An account on a GoToSocial server."""

    slug = "gotosocial"
    name = "GoToSocial"
    limits = Limits(maximum=5000, count=plain_length, mentions=fediverse_mentions, picture=PICTURE)
    bio = Bio(500)
    capabilities = Capabilities(
        reply_control=ReplyControl.CLOSED,
        reply_sentence=(
            "Nobody can reply: the server refuses replies. Liking and boosting stay possible."
            " Other servers may still show answers written there."
        ),
        gap_sentence="There is none: it is so from the moment the post appears.",
        open_sentence=(
            "Anyone can reply. The server lets nobody close replies afterwards: when the time is"
            " over you are asked to mute the post, or to take it down."
        ),
        proof=Proof.MEDIUM,
    )
    # What is left out here would be closed too.
    closing: ClassVar[Mapping[str, str]] = {
        "interaction_policy[can_reply][always][0]": "author",
        "interaction_policy[can_favourite][always][0]": "public",
        "interaction_policy[can_reblog][always][0]": "public",
    }
    ids = r"[0-9A-HJKMNP-TV-Z]{26}"
    address = "@{name}/statuses/{id}"

    def fault_in_kind(self, instance: Any) -> str:
        if is_gotosocial(instance):
            return ""
        return "This server does not run GoToSocial. Connect the channel again as Mastodon."

    def reply_control(self, status: Any) -> ReplyControl | None:
        try:
            rule = status.interaction_policy["can_reply"]
            always, asked = set(rule["always"]), rule["with_approval"]
        except (AttributeError, KeyError, TypeError):
            return None
        # Whom a post mentions may always reply, and ours mention nobody.
        closed = always <= {"author", "me", "mentioned"} and not asked
        return ReplyControl.CLOSED if closed else ReplyControl.OPEN
