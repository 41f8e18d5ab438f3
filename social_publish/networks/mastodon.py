"""Mastodon by Mastodon.py (`docs/sources.md`)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from social_publish.networks.capabilities import Bio, Capabilities, Limits, Proof, ReplyControl
from social_publish.networks.fediverse import PICTURE, is_gotosocial
from social_publish.networks.fediverse_network import FediverseNetwork
from social_publish.networks.text import mastodon_length, no_mentions


class Mastodon(FediverseNetwork):
    """An account on a Mastodon server, or on one that speaks its API."""

    slug = "mastodon"
    name = "Mastodon"
    limits = Limits(maximum=500, count=mastodon_length, mentions=no_mentions, picture=PICTURE)
    bio = Bio(500, mastodon_length)
    capabilities = Capabilities(
        reply_control=ReplyControl.NOT_POSSIBLE,
        reply_sentence=(
            "Mastodon cannot close replies: anyone can reply, and replies cannot be hidden."
            " Quoting is turned off where the server can. The office can mute the post, and"
            " report or block who misuses it."
        ),
        gap_sentence="Replies stay possible for as long as the post stands.",
        open_sentence=(
            "Anyone can reply and quote. Mastodon cannot close replies when the time is over:"
            " you are asked to mute the post, or to take it down."
        ),
        proof=Proof.MEDIUM,
    )
    closing: ClassVar[Mapping[str, str]] = {"quote_approval_policy": "nobody"}
    ids = r"[0-9]{1,20}"
    address = "@{name}/{id}"

    def fault_in_kind(self, instance: Any) -> str:
        if not is_gotosocial(instance):
            return ""
        return "This server runs GoToSocial. Connect the channel again as GoToSocial."

    def reply_control(self, status: Any) -> ReplyControl | None:
        return ReplyControl.NOT_POSSIBLE
