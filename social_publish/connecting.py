"""Connecting a channel: whose account a sign-in opened, what is kept of it, and who decided.

Nothing here talks to a network but `look`, which asks whose account it is.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from social_publish import channel_keys, outbox
from social_publish.models import Channel, ChannelGroup
from social_publish.networks import NETWORKS
from social_publish.networks.base import Account, Identity, Trouble
from social_publish.networks.identities import AGAIN_LATER
from social_publish.networks.sign_in import Opened

PERSONAL = (
    "{name} is a person's own account. The council's posts must stay the council's when somebody"
    " leaves, so only an account of the council itself can be connected."
)
TAKEN = "This account is connected already, as {name}. Connect that channel again instead."
ACCEPTANCE = (
    "I know that this website cannot close replies on {network}, so anyone can answer what the"
    " council posts there. I accept that for the council."
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


@dataclass(frozen=True)
class Answers:
    """What the council says of a channel before its first post (R3, R6)."""

    policy: str
    minute: str
    minuted_on: date
    recovery_email: str
    opened_by: str


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
        raise (KeysRefused if refused else CannotConnect)(
            said.replace(AGAIN_LATER, "Try again in a few minutes.")
        )


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
    log(instance=channel, action="social_publish.connect", user=by, data=_logged(channel))
    return channel


@transaction.atomic
def reconnect(channel: Channel, seen: Seen, *, by: User, now: datetime) -> bool:
    """A new sign-in for a channel. False where it is another account's: then it is kept aside,
    and nothing is posted to either account before a person says which it is to be.
    """
    _lock(channel)
    if not is_same_account(channel, seen):
        _demand_free(seen)
        _keep_aside(channel, seen, by=by, now=now)
        return False
    troubled = bool(channel.trouble)
    _take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.reconnect", user=by, data=_logged(channel))
    if troubled:
        # A pause that a person ordered stands; one that a dead key caused is over.
        outbox.resume_channel(channel, now=now, actor=by)
    return True


@transaction.atomic
def go_live(channel: Channel, seen: Seen, *, by: User, now: datetime) -> None:
    """From rehearsal to the real network, with credentials of its own. Raises CannotConnect.

    What was approved for the rehearsal is held: it belongs to another account.
    """
    _demand_free(seen)
    _lock(channel)
    outbox.pause_channel(channel, now=now, actor=by)
    channel.refresh_from_db()
    channel.rehearsal, channel.server = False, seen.server
    _take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.go_live", user=by, data=_logged(channel))


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


def _lock(channel: Channel) -> None:
    """Read it anew and hold it: a worker may be changing the row at this moment."""
    channel.refresh_from_db(from_queryset=Channel.objects.select_for_update())


def _demand_free(seen: Seen) -> None:
    known = Channel.objects.filter(
        network=seen.network, account_id=seen.identity.account_id, rehearsal=seen.rehearsal
    ).first()
    if known:
        raise CannotConnect(TAKEN.format(name=known.name))


def _logged(channel: Channel) -> dict[str, object]:
    """What the log keeps; nothing secret."""
    return {
        "network": NETWORKS[channel.network].name,
        "account": channel.handle,
        "account_id": channel.account_id,
        "rehearsal": channel.rehearsal,
    }


# --- another account than before -------------------------------------------------------


def _keep_aside(channel: Channel, seen: Seen, *, by: User, now: datetime) -> None:
    outbox.pause_channel(channel, now=now, actor=by, trouble=HELD)
    channel.refresh_from_db()
    channel.seal_aside(dict(seen.opened.credentials))
    channel.aside_at = now
    channel.aside = {
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
    data = {**_logged(channel), "other_account": seen.handle}
    log(instance=channel, action="social_publish.other_account", user=by, data=data)


@transaction.atomic
def take_other_account(channel: Channel, *, by: User, now: datetime) -> None:
    """The account that waits is the channel's from now on. Raises CannotConnect, CredentialsLost.

    Posts approved for the account before stay held.
    """
    _lock(channel)
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
    _forget_aside(channel)
    _take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.take_account", user=by, data=_logged(channel))
    outbox.resume_channel(channel, now=now, actor=by)


@transaction.atomic
def drop_other_account(channel: Channel, *, by: User, now: datetime) -> None:
    """The account stays as it was; the sign-in that waits is forgotten."""
    _lock(channel)
    data = {**_logged(channel), "other_account": channel.aside.get("handle", "")}
    _forget_aside(channel)
    channel.save()
    log(instance=channel, action="social_publish.drop_account", user=by, data=data)
    outbox.resume_channel(channel, now=now, actor=by)


def _forget_aside(channel: Channel) -> None:
    channel.aside, channel.aside_at, channel.sealed_aside = {}, None, b""


# --- before its first post -------------------------------------------------------------


@transaction.atomic
def answer(channel: Channel, answers: Answers, *, by: User, now: datetime) -> None:
    """Record what the council says of the channel; what waited for that goes on."""
    _lock(channel)
    channel.policy_answer, channel.policy_minute = answers.policy, answers.minute
    channel.policy_date, channel.recovery_email = answers.minuted_on, answers.recovery_email
    channel.opened_by = answers.opened_by
    channel.policy_answered_by, channel.policy_answered_at = outbox.name_of(by), now
    channel.save()
    data = {
        **_logged(channel),
        "policy": channel.get_policy_answer_display(),
        "minute": f"{answers.minute}, {answers.minuted_on:%d %B %Y}",
        "recovery_email": answers.recovery_email,
        "opened_by": answers.opened_by,
    }
    log(instance=channel, action="social_publish.answer_questions", user=by, data=data)
    _go_on(channel, by=by, now=now)


@transaction.atomic
def accept_open_replies(channel: Channel, *, owner: str, by: User, now: datetime) -> None:
    """The channel's owner accepts in writing that nobody can close replies there."""
    _lock(channel)
    channel.replies_accepted_by = owner
    channel.replies_accepted_words = acceptance(channel)
    channel.replies_accepted_at = now
    channel.save()
    data = {**_logged(channel), "owner": owner, "words": channel.replies_accepted_words}
    log(instance=channel, action="social_publish.accept_replies", user=by, data=data)
    _go_on(channel, by=by, now=now)


def acceptance(channel: Channel) -> str:
    """The sentence that the owner accepts."""
    network = NETWORKS[channel.network]
    name = channel.name if network.capabilities.by_hand else network.name
    return ACCEPTANCE.format(network=name)


def _go_on(channel: Channel, *, by: User, now: datetime) -> None:
    if channel.is_ready:
        outbox.resume_channel(channel, now=now, actor=by)
