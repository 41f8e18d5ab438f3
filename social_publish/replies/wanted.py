"""What people want of a post's replies, and how that goes with what its network gave."""

from dataclasses import dataclass
from enum import StrEnum

from social_publish.models import Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.capabilities import ReplyControl


class Standing(StrEnum):
    """How what is wanted of replies and what the network gave go together."""

    WELL = "as wanted"
    UNKNOWN = "not known yet"
    OPEN = "open although they should be closed"
    SHUT = "closed although they should be open"


# (wanted, given): where nothing was given, nobody knows yet.
STANDINGS: dict[tuple[str, str], Standing] = {
    ("closed", ""): Standing.UNKNOWN,
    ("closed", ReplyControl.CLOSED): Standing.WELL,
    ("closed", ReplyControl.NARROWED): Standing.WELL,
    ("closed", ReplyControl.SWEPT): Standing.WELL,
    ("closed", ReplyControl.NOT_POSSIBLE): Standing.WELL,
    ("closed", ReplyControl.OPEN): Standing.OPEN,
    ("open", ""): Standing.UNKNOWN,
    ("open", ReplyControl.OPEN): Standing.WELL,
    ("open", ReplyControl.NOT_POSSIBLE): Standing.WELL,
    ("open", ReplyControl.SWEPT): Standing.SHUT,
    ("open", ReplyControl.NARROWED): Standing.SHUT,
    ("open", ReplyControl.CLOSED): Standing.SHUT,
}


def standing(delivery: Delivery) -> Standing:
    """How the replies of a post stand."""
    return STANDINGS[delivery.replies_wanted, delivery.replies_given]


@dataclass(frozen=True)
class Wish:
    """What is wanted of one post's replies.

    closed: nobody is to reply. since: from when on, in Unix seconds, where they were open
    before; None where they never were to be.
    """

    closed: bool = True
    since: float | None = None


CLOSED = Wish()


def can_be_asked(delivery: Delivery) -> bool:
    """Does the network tell who may reply to a post?"""
    able = NETWORKS[delivery.channel.network].capabilities
    return able.can_read and able.reply_control is not ReplyControl.NOT_POSSIBLE


def wish_of(delivery: Delivery) -> Wish:
    """What is wanted of the post's replies now."""
    until = delivery.replies_until
    # Networks date comments in whole seconds.
    since = float(int(until.timestamp())) if until else None
    return Wish(closed=delivery.replies_wanted == "closed", since=since)
