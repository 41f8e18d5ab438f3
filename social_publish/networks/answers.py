"""The few answers a network's call may have; the worker decides what each means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from social_publish.networks.capabilities import ReplyControl


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


class HasAlready(Unknown):
    """Unknown, and yet an answer in earnest: it has this post, or another one with its words."""


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


def reason_of(answer: object, name: str) -> str:
    """Why it came to this answer, as a sentence; name: whom to name where it does not say."""
    return str(getattr(answer, "reason", "")) or f"{name} gave no clear answer."


def trouble_of(answer: object) -> Trouble | None:
    """The trouble of the whole channel that an answer speaks of."""
    return getattr(answer, "trouble", None)


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
    ours: False where it stands there under another account. links: the full addresses it carries.
    reply_control: what the network says it gave, OPEN where people can reply, None where it does
    not say.
    """

    found: bool | None
    links: tuple[str, ...] = ()
    reply_control: ReplyControl | None = None
    reason: str = ""
    trouble: Trouble | None = None
    ours: bool = True


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
