"""What every network is: the calls it takes, and what it is given for them.

Nothing here knows a model. A network translates; the worker decides what an answer means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

from social_publish.networks.answers import (
    Identity,
    Look,
    Outcome,
    PublishAnswer,
    Reading,
    Renewed,
    Replies,
)
from social_publish.networks.capabilities import Bio, Capabilities, Limits


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
