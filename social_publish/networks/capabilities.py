"""What a network takes and what it can do: read before anything is approved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class ReplyControl(StrEnum):
    """What a network can do, or did, when the council wants replies closed.

    OPEN is never a capability: it is the answer of a network where a post lets people reply
    although it should not.
    """

    CLOSED = "closed"
    NARROWED = "narrowed"
    SWEPT = "swept"
    NOT_POSSIBLE = "not possible"
    OPEN = "open"


@dataclass(frozen=True)
class PictureLimits:
    """The largest picture a network takes: bytes, pixels on either side, alt text characters.

    narrowest and widest: the least and the greatest width divided by height; a picture outside
    them gets plain margins. max_alt_text is 0 where the network takes none.
    """

    max_bytes: int
    max_side: int
    max_alt_text: int
    narrowest: float = 0.0
    widest: float = float("inf")


def no_objections(text: str) -> list[str]:
    """For networks that look at nothing but the length."""
    return []


@dataclass(frozen=True)
class Limits:
    """How long a post may be, by the network's own count.

    count(text) gives the weighted length; mentions(text) the account names a post would
    address, which must be none where closed replies depend on it (empty where they do not);
    objections(text) what else the network does not take, as sentences for the editor.
    """

    maximum: int
    count: Callable[[str], int]
    mentions: Callable[[str], list[str]]
    picture: PictureLimits
    # Whether an address in the words can be followed there.
    links_work: bool = True
    objections: Callable[[str], list[str]] = no_objections

    def at_server(self, says: Mapping[str, int]) -> "Limits":
        """The same where the account's own server sets limits (see Identity.server_limits).

        A server may allow longer posts, but a picture is never larger than the network's.
        """
        own = self.picture
        picture = replace(
            own,
            max_bytes=min(own.max_bytes, says.get("picture_bytes", own.max_bytes)),
            max_side=min(own.max_side, says.get("picture_side", own.max_side)),
            max_alt_text=min(own.max_alt_text, says.get("alt_text", own.max_alt_text)),
        )
        return replace(self, maximum=says.get("characters", self.maximum), picture=picture)


@dataclass(frozen=True)
class Bio:
    """The text with which an account presents itself there.

    maximum by count(text), 0 where it is not known; place: what the network calls it;
    website: the profile has a field of its own for an address.
    """

    maximum: int
    count: Callable[[str], int] = len
    place: str = "Bio"
    website: bool = True


class Proof(StrEnum):
    """What complete looks that find nothing prove, over the settle window.

    STRONG: nothing was posted. MEDIUM: so, unless the network's lists err; the council chooses
    whether that is enough (Channel.resend_when_absent). NONE: nothing.
    """

    STRONG = "strong"
    MEDIUM = "medium"
    NONE = "none"


@dataclass(frozen=True)
class Price:
    """What a network charges for one post, in US dollars: without a link in it, or with one.

    described: on top, for the description of a picture.
    """

    plain: Decimal
    with_link: Decimal
    described: Decimal = Decimal(0)

    def of(self, text: str, *, described: bool) -> Decimal:
        post = self.with_link if "://" in text else self.plain
        return post + (self.described if described else 0)


@dataclass(frozen=True)
class Capabilities:
    """What a network lets us do; the sentences are shown to the clerk before approval."""

    reply_control: ReplyControl
    reply_sentence: str
    # How long people can reply although they should not; what happens where replies are opened,
    # and when that ends.
    gap_sentence: str = ""
    open_sentence: str = ""
    can_look: bool = True
    can_hide_replies: bool = False
    proof: Proof = Proof.NONE
    # Where a post cannot be read back, nothing about its replies is ever confirmed.
    can_read: bool = True
    can_remove: bool = True
    needs_picture: bool = False
    # Replies are closed by a call of its own after posting; until then anyone can reply.
    closes_after_posting: bool = False
    # Replies of a post that is out can be closed, so opened ones close by themselves.
    closes_later: bool = False
    # No machine posts there: a person does, and says where.
    by_hand: bool = False
    # Without a picture, a post carries a card with the page's title that leads to the page.
    makes_card: bool = False
    # What one post costs, as a sentence; empty where it costs nothing.
    cost_sentence: str = ""
    price: Price | None = None
