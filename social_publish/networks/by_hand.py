"""Nextdoor, or any network without an API: a person posts there, and says where it stands."""

from collections.abc import Mapping
from typing import ClassVar

from social_publish.networks.answers import Identity, Look, Outcome, PublishAnswer, Reading, Replies
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    ReplyControl,
)
from social_publish.networks.text import no_mentions, plain_length

NO_MACHINE = "No machine can look there. Look yourself."


class ByHand:
    """A network on which people post. It asks nothing of any server, and needs no keys."""

    slug = "by_hand"
    name = "By hand"
    credential_fields: ClassVar[Mapping[str, str]] = {}
    # Nextdoor's maximum, the one such network that tells it (`docs/sources.md`).
    limits = Limits(
        maximum=8192,
        count=plain_length,
        mentions=no_mentions,
        picture=PictureLimits(max_bytes=5 * 1024 * 1024, max_side=2048, max_alt_text=1000),
    )
    bio = Bio(0, place="Profile")
    capabilities = Capabilities(
        reply_control=ReplyControl.NOT_POSSIBLE,
        reply_sentence=(
            "A person posts it, and turns replies off there if the network lets them. This website"
            " can neither close replies there nor check them."
        ),
        gap_sentence=(
            "Until the person who posts it has turned replies off; for as long as the post stands"
            " where the network has no such switch."
        ),
        open_sentence=(
            "The person who posts it leaves replies on. When the time is over you are asked to"
            " turn them off there by hand, or to remove the post."
        ),
        can_look=False,
        can_read=False,
        can_remove=False,
        by_hand=True,
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        raise NotSupported

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        return Look(impossible=True, reason=NO_MACHINE)

    def remove(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def read(self, account: Account, remote_id: str) -> Reading:
        return Reading(None, reason=NO_MACHINE)

    def owns_address(self, address: str) -> bool:
        """It has no hosts of its own, so no address can be told to be on it."""
        return False

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def id_from_address(self, address: str) -> str:
        return ""

    def replies(self, account: Account, remote_id: str) -> Replies:
        return Replies(readable=False, reason=NO_MACHINE)

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        raise NotSupported

    def verify(self, account: Account) -> Identity:
        return Identity(reason="Nobody but you can say whose account this is.")
