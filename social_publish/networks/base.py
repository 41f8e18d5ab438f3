"""What a network is: its limits, what it can do, and the few answers a call may have.

Nothing here knows a model. A network translates; the worker decides what an answer means.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable


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
    """What complete looks that find nothing prove, over the settle window (reliability 2.2).

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


@dataclass(frozen=True)
class Account:
    """Where to talk and as whom: everything of a channel that a network needs.

    credentials: the network's own keys (see each network's `credential_fields`).
    base_url: no slash at the end; rehearsal address or gateway, "" for the network's own host.
    rehearsal: base_url is the rehearsal's, and its posts have the rehearsal's public addresses.
    server: the council's own server where a network has many (Mastodon, Bluesky), else "".
    """

    account_id: str
    credentials: Mapping[str, str] = field(repr=False)
    base_url: str
    handle: str = ""
    server: str = ""
    rehearsal: bool = False


@dataclass(frozen=True)
class Picture:
    """The approved bytes of a post's picture, a JPEG.

    url: where a network that fetches pictures itself finds these bytes while the post is sent.
    """

    content: bytes = field(repr=False)
    alt_text: str
    url: str = ""
    media_type: str = "image/jpeg"


@dataclass(frozen=True)
class Post:
    """One post, exactly as approved. link is the short link that stands in the text.

    key: ten characters that belong to this delivery alone and are the same in every attempt.
    title: the page's own, for networks that show a card of it (`Capabilities.makes_card`).
    """

    text: str
    link: str
    picture: Picture | None = None
    replies_closed: bool = True
    key: str = ""
    title: str = ""


class Trouble(StrEnum):
    """Trouble that concerns the whole channel and not one post."""

    SIGN_IN = "sign in"
    SUSPENDED = "suspended"
    RIGHTS = "rights"
    RATE_LIMIT = "rate limit"
    OUTDATED = "outdated"
    # A web page came where the network's interface should answer.
    WEB_PAGE = "web page"
    # It takes nothing from a program there, and people can still post.
    BY_HAND = "by hand"


@dataclass(frozen=True)
class NotSent:
    """Nothing reached the network's store: safe to try again. retry_after in seconds."""

    reason: str
    retry_after: float | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Accepted:
    """The network took it and gave its own id and the public address."""

    remote_id: str
    remote_url: str = ""


@dataclass(frozen=True)
class Refused:
    """The network said no in its own words' meaning; trying the same again is no use."""

    reason: str
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Unknown:
    """It may have been stored or not: look before any other attempt."""

    reason: str
    retry_after: float | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Step:
    """One repeatable step is done; store the handles, then call publish again with them.

    awaiting: in words, why nobody knows yet what this step came to, where it was the last one
    and the network publishes some time after taking a post. Such a step may not be repeated:
    from then on only `look`, with the handles, tells.
    after: seconds to wait before that, for a network that needs time (its container is not
    ready). The network counts such waits in its handles and gives up after a few.
    """

    handles: Mapping[str, str]
    after: float = 0.0
    awaiting: str = ""


Outcome = NotSent | Accepted | Refused | Unknown
PublishAnswer = Outcome | Step


def no_right(answer: object) -> bool:
    """Does the network refuse this very thing, so that asking again is no use, while the
    channel's keys are good for others? An account may post where it may not read."""
    return isinstance(answer, Refused) and answer.trouble in (None, Trouble.RIGHTS)


@dataclass(frozen=True)
class Look:
    """What looking on the network showed.

    found: the posts that carry our link, oldest first. complete: the whole time since
    the post could have appeared was seen, so that an empty `found` means something.
    impossible: looking cannot succeed here, however often it is tried (no right to read, or
    too many newer posts).
    trouble: what stood in the way concerns the whole channel.
    """

    found: tuple[Accepted, ...] = ()
    complete: bool = False
    impossible: bool = False
    reason: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Reply:
    """A stranger's reply or comment under one of our posts.

    written: Unix seconds, None where the network does not say.
    """

    remote_id: str
    text: str
    author: str
    hidden: bool
    written: float | None = None


@dataclass(frozen=True)
class Replies:
    """The replies under one post, oldest first; readable is False where they could not be read.

    used: how much of the account's budget of calls is spent, in percent, where the network says.
    """

    items: tuple[Reply, ...] = ()
    readable: bool = True
    reason: str = ""
    trouble: Trouble | None = None
    used: float = 0.0


@dataclass(frozen=True)
class Reading:
    """One post read back by its id.

    found: True there, False gone, None when it could not be learnt (reason says why).
    links: the full addresses it carries. reply_control: what the network says it gave, OPEN
    where people can reply, None where it does not say.
    """

    found: bool | None
    links: tuple[str, ...] = ()
    reply_control: ReplyControl | None = None
    reason: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Identity:
    """Whose account the credentials open, or why that could not be learnt.

    rights, lacks: in plain words, what these credentials may do there, and which of the things
    this site needs they may not. expires: Unix seconds at which a person must sign in again,
    None where that is not known or never; keys_end: at which the keys end that this site renews
    by itself. personal: the network says that it belongs to a person and not to an
    organisation. trouble: why the whole channel does not work. server_limits: what the
    account's own server says of posts, where a network has many servers: characters, alt_text
    (characters), picture_bytes, picture_side (pixels).
    """

    account_id: str = ""
    name: str = ""
    url: str = ""
    reason: str = ""
    rights: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    expires: float | None = None
    keys_end: float | None = None
    personal: bool = False
    trouble: Trouble | None = None
    server_limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Renewed:
    """Fresh credentials in place of those with which they were asked for.

    lives: seconds until they end. sign_in_lives: until a person must sign in again, None where
    the network does not say.
    """

    credentials: Mapping[str, str] = field(repr=False)
    lives: float
    sign_in_lives: float | None = None


class NotSupported(Exception):
    """The network cannot do this; a person must be asked instead."""


class Network(Protocol):
    """One social medium. One file each beside this one; `NETWORKS` lists them.

    Every method does its own HTTP through `transport`, keeps no state between calls, and
    raises nothing but NotSupported: whatever a library throws becomes an answer above.
    """

    slug: str
    name: str
    credential_fields: ClassVar[Mapping[str, str]]
    limits: Limits
    bio: Bio
    capabilities: Capabilities

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        """Do the next step of publishing; only the last step may not be repeated."""

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        """Search the account's own posts for `post.link`; since is Unix seconds.

        handles: what earlier steps of this delivery gave.
        """

    def remove(self, account: Account, remote_id: str) -> Outcome:
        """Remove a post. Accepted also when it was gone already."""

    def read(self, account: Account, remote_id: str) -> Reading:
        """Read one post back: is it there, what does it link to, who may reply."""

    def owns_address(self, address: str) -> bool:
        """Is this an address on this network, or on its rehearsal?"""

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        """Close the replies of a post that is out. Accepted also when they were closed already.

        Only where `closes_later`; raises NotSupported elsewhere.
        """

    def id_from_address(self, address: str) -> str:
        """The post's id in a public address that a person pasted, or "" when it does not say.

        Some addresses of real posts do not hold the id; `owns_address` tells those from
        addresses elsewhere, and `look` finds the post.
        """

    def replies(self, account: Account, remote_id: str) -> Replies:
        """The replies under a post."""

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        """Hide one reply from the public. Accepted also when it was hidden already."""

    def verify(self, account: Account) -> Identity:
        """Whose account is this?"""


@runtime_checkable
class Renews(Protocol):
    """A network whose keys end and are renewed without a person.

    renew_before: so many seconds before their end.
    """

    renew_before: float

    def renew(self, account: Account) -> Renewed | Outcome:
        """Ask once for fresh keys; the old ones may be spent by that. Refused: a person must
        sign in again."""
