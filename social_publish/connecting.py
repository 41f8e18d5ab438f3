"""Connecting a channel: whose account a sign-in opened, what is kept of it, and who decided.

Nothing here talks to a network but `look`, which asks whose account it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from social_publish import channel_keys, outbox
from social_publish.models import Channel, ChannelGroup, PolicyAnswer
from social_publish.networks import NETWORKS
from social_publish.networks.base import Account, Identity, Trouble
from social_publish.networks.sign_in import Opened

PERSONAL = (
    "{name} is a person's own account. The council's posts must stay the council's when somebody"
    " leaves, so only an account of the council itself can be connected."
)
TAKEN = "This account is connected already, as {name}. Connect that channel again instead."
LIVE_ALREADY = (
    "Somebody else took {name} live meanwhile. Connect it again if it is to have another account."
)
HELD = (
    "Someone signed in to another account than this channel's. Confirm which account it is to be"
    " under Channels, or drop that sign-in."
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
        if self.rehearsal and self.network != "by_hand":
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


# --- whose account it is ---------------------------------------------------------------


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
    """Raises CannotConnect for a person's own account, and for one that does not work (R6)."""
    if identity.personal:
        raise CannotConnect(PERSONAL.format(name=identity.name or "This"))
    if not identity.account_id or identity.trouble in (Trouble.SIGN_IN, Trouble.SUSPENDED):
        said = identity.reason or "The network did not say whose account it is."
        refused = identity.trouble == Trouble.SIGN_IN
        raise (KeysRefused if refused else CannotConnect)(said)


def is_same_account(channel: Channel, seen: Seen) -> bool:
    return channel.account_id == seen.identity.account_id and channel.rehearsal == seen.rehearsal


# --- keeping it ------------------------------------------------------------------------


@transaction.atomic
def connect(seen: Seen, *, group: ChannelGroup, name: str, by: User, now: datetime) -> Channel:
    """A new channel. It posts nothing until its questions are answered. Raises CannotConnect."""
    _demand_free(seen)
    channel = Channel(
        group=group, network=seen.network, name=name, rehearsal=seen.rehearsal, server=seen.server
    )
    _take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.connect", user=by, data=logged(channel))
    return channel


@transaction.atomic
def reconnect(channel: Channel, seen: Seen, *, by: User, now: datetime) -> bool:
    """A new sign-in for a channel. False where it is another account's: then it is kept aside,
    and nothing is posted to either account before a person says which it is to be.
    """
    lock(channel)
    if channel.rehearsal != seen.rehearsal:
        # Keys of the one kind must never reach the other kind of host.
        raise CannotConnect(LIVE_ALREADY.format(name=channel.name))
    if not is_same_account(channel, seen):
        _demand_free(seen)
        _keep_aside(channel, seen, by=by, now=now)
        return False
    before = _pause_of(channel)
    _forget_aside(channel)
    _take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.reconnect", user=by, data=logged(channel))
    _end_pause(channel, before, by=by, now=now)
    return True


@transaction.atomic
def go_live(channel: Channel, seen: Seen, *, by: User, now: datetime) -> None:
    """From rehearsal to the real network, with credentials of its own. Raises CannotConnect.

    What was approved for the rehearsal is held: it belongs to another account. What was answered
    for practice is asked again.
    """
    lock(channel)
    if not channel.rehearsal:
        raise CannotConnect(LIVE_ALREADY.format(name=channel.name))
    _demand_free(seen)
    outbox.pause_channel(channel, now=now, actor=by)
    channel.refresh_from_db()
    channel.rehearsal, channel.server = False, seen.server
    _forget_practice(channel)
    _take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.go_live", user=by, data=logged(channel))


def _forget_practice(channel: Channel) -> None:
    """The words that were typed stay in the form; nobody has answered in earnest yet."""
    _forget_aside(channel)
    channel.policy_answer, channel.policy_answered_by = PolicyAnswer.NONE, ""
    channel.policy_answered_at = channel.replies_accepted_at = None
    channel.replies_accepted_by = channel.replies_accepted_words = ""


def _take_over(channel: Channel, seen: Seen, *, by: User, now: datetime) -> None:
    channel.account_id, channel.handle = seen.identity.account_id, seen.handle
    channel.profile_url, channel.server = seen.profile_url, seen.server
    channel.rights, channel.lacks = list(seen.identity.rights), list(seen.lacks)
    channel.sign_in_ends = seen.ends
    channel.keys_end, channel.renew_after = (
        channel_keys.first_end(seen.network, seen.keys_end, now),
        None,
    )
    channel.check_due_at, channel.check_says = None, ""
    channel.server_limits = dict(seen.identity.server_limits)
    channel.connected_at, channel.connected_by, channel.checked_at = now, by, now
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        raise CannotConnect(TAKEN.format(name="another channel")) from None
    if channel.needs_credentials:
        channel.seal(dict(seen.opened.credentials))
        channel.save(update_fields=["sealed_credentials"])


def _pause_of(channel: Channel) -> dict[str, object]:
    """Why it is paused, leaving out that an account waits to be confirmed."""
    known: dict[str, object] = channel.aside.get("before", {})
    return known or {
        "paused": channel.paused,
        "trouble": channel.trouble,
        "kind": channel.trouble_kind,
    }


def _end_pause(channel: Channel, before: Mapping[str, object], *, by: User, now: datetime) -> None:
    """A pause that a person ordered stands; one that a dead key or a question caused is over."""
    if before.get("paused") and not before.get("trouble"):
        outbox.pause_channel(channel, now=now, actor=by)
        channel.refresh_from_db()
    elif channel.paused:
        outbox.resume_channel(channel, now=now, actor=by)


def lock(channel: Channel) -> None:
    """Read it anew and hold it: a worker may be changing the row at this moment."""
    channel.refresh_from_db(from_queryset=Channel.objects.select_for_update())


def _demand_free(seen: Seen) -> None:
    known = Channel.objects.filter(
        network=seen.network, account_id=seen.identity.account_id, rehearsal=seen.rehearsal
    ).first()
    if known:
        raise CannotConnect(TAKEN.format(name=known.name))


def logged(channel: Channel) -> dict[str, object]:
    """What the log keeps; nothing secret."""
    return {
        "network": NETWORKS[channel.network].name,
        "account": channel.handle,
        "account_id": channel.account_id,
        "rehearsal": channel.rehearsal,
    }


# --- another account than before -------------------------------------------------------


def _keep_aside(channel: Channel, seen: Seen, *, by: User, now: datetime) -> None:
    before = _pause_of(channel)
    outbox.pause_channel(channel, now=now, actor=by, trouble=HELD)
    channel.refresh_from_db()
    channel.seal_aside(dict(seen.opened.credentials))
    channel.aside_at = now
    channel.aside = {
        "before": before,
        "account_id": seen.identity.account_id,
        "name": seen.name,
        "handle": seen.handle,
        "url": seen.identity.url,
        "profile_url": seen.profile_url,
        "rights": list(seen.identity.rights),
        "lacks": list(seen.lacks),
        "expires": seen.ends.timestamp() if seen.ends else None,
        "server_limits": dict(seen.identity.server_limits),
        "server": seen.server,
        "by": outbox.name_of(by),
    }
    channel.save()
    data = {**logged(channel), "other_account": seen.handle}
    log(instance=channel, action="social_publish.other_account", user=by, data=data)


@transaction.atomic
def take_other_account(channel: Channel, *, by: User, now: datetime) -> None:
    """The account that waits is the channel's from now on. Raises CannotConnect, CredentialsLost.

    Posts approved for the account before stay held.
    """
    lock(channel)
    if not channel.aside_at:
        return
    aside, credentials = channel.aside, channel.unseal_aside()
    identity = Identity(
        aside["account_id"],
        aside["name"],
        aside["url"],
        rights=tuple(aside["rights"]),
        lacks=tuple(aside["lacks"]),
        expires=aside["expires"],
        server_limits=aside.get("server_limits", {}),
    )
    opened = Opened(aside["account_id"], aside["name"], credentials, handle=aside["handle"])
    seen = Seen(channel.network, channel.rehearsal, opened, identity, aside["server"])
    _demand_free(seen)
    before = _pause_of(channel)
    _forget_aside(channel)
    _take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.take_account", user=by, data=logged(channel))
    _end_pause(channel, before, by=by, now=now)


@transaction.atomic
def drop_other_account(channel: Channel, *, by: User, now: datetime) -> None:
    """The account stays as it was, with the trouble it had; the sign-in that waits is forgotten."""
    lock(channel)
    if not channel.aside_at:
        return
    before = _pause_of(channel)
    data = {**logged(channel), "other_account": channel.aside.get("handle", "")}
    _forget_aside(channel)
    channel.save()
    log(instance=channel, action="social_publish.drop_account", user=by, data=data)
    if trouble := str(before.get("trouble", "")):
        kind = str(before.get("kind", ""))
        outbox.pause_channel(channel, now=now, actor=by, trouble=trouble, kind=kind)
        channel.refresh_from_db()
    else:
        _end_pause(channel, before, by=by, now=now)


def _forget_aside(channel: Channel) -> None:
    channel.aside, channel.aside_at, channel.sealed_aside = {}, None, b""
