"""Whose account a sign-in opened, and whether the council may use it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings

from social_publish.models import Channel
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Identity, Trouble
from social_publish.networks.base import Account
from social_publish.networks.sign_in import Opened

PERSONAL = (
    "{name} is a person's own account. The council's posts must stay the council's when somebody"
    " leaves, so only an account of the council itself can be connected."
)


class CannotConnect(Exception):
    """The account cannot be used; the text is a sentence for the person who tried."""


class KeysRefused(CannotConnect):
    """The network does not take the keys as they were typed."""


@dataclass(frozen=True)
class Seen:
    """An account that a sign-in opened, and what the network says of it."""

    network: str
    rehearsal: bool
    opened: Opened
    identity: Identity
    server: str = ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it may not do, by the account's own word or by the sign-in's."""
        return self.identity.lacks or tuple(f"the right “{one}”" for one in self.opened.lacks)

    @property
    def name(self) -> str:
        name = self.identity.name or self.opened.name or self.identity.account_id
        return "".join(c for c in name if c.isprintable())

    @property
    def handle(self) -> str:
        """The public account name, which stands at the end of most profile addresses."""
        last = urlsplit(self.identity.url).path.rstrip("/").rpartition("/")[2]
        return (self.opened.handle or last or self.name).lstrip("@")[:100]

    @property
    def profile_url(self) -> str:
        if self.rehearsal and not NETWORKS[self.network].capabilities.by_hand:
            address = f"{settings.REHEARSAL_URL}/timeline/{self.network}/{self.identity.account_id}"
        else:
            address = self.identity.url
        safe = urlsplit(address).scheme in ("http", "https") and len(address) <= 200
        return address if safe else ""

    @property
    def keys_end(self) -> float | None:
        return self.opened.keys_end or self.identity.keys_end

    @property
    def ends(self) -> datetime | None:
        expires = self.identity.expires or self.opened.sign_in_ends
        return datetime.fromtimestamp(expires, UTC) if expires else None


def look(network: str, opened: Opened, *, rehearsal: bool, server: str = "") -> Seen:
    """Ask the network whose account it is. Raises CannotConnect where it must not be used."""
    account = Account(
        account_id=opened.account_id,
        credentials=opened.credentials,
        base_url=settings.REHEARSAL_URL if rehearsal else settings.NETWORK_URLS.get(network, ""),
        handle=opened.handle,
        server=server,
    )
    identity = NETWORKS[network].verify(account)
    demand_council_account(identity)
    return Seen(network, rehearsal, opened, identity, server)


def demand_council_account(identity: Identity) -> None:
    """Raises CannotConnect for a person's own account, and for one that does not work."""
    if identity.personal:
        raise CannotConnect(PERSONAL.format(name=identity.name or "This"))
    if not identity.account_id or identity.trouble in (Trouble.SIGN_IN, Trouble.SUSPENDED):
        said = identity.reason or "The network did not say whose account it is."
        refused = identity.trouble == Trouble.SIGN_IN
        raise (KeysRefused if refused else CannotConnect)(said)


def is_same_account(channel: Channel, seen: Seen) -> bool:
    """Is it the channel's own account, and of the same kind: rehearsal or real?"""
    return channel.account_id == seen.identity.account_id and channel.rehearsal == seen.rehearsal
