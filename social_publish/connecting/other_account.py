"""A sign-in to another account than the channel's: kept aside until a person says which it is."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.log_actions import log

from social_publish import outbox
from social_publish.connecting.channel_row import (
    demand_free,
    end_pause,
    forget_aside,
    lock,
    logged,
    pause_of,
    take_over,
)
from social_publish.connecting.seen import Seen
from social_publish.models import Channel
from social_publish.networks.answers import Identity
from social_publish.networks.sign_in import Opened

HELD = (
    "Someone signed in to another account than this channel's. Confirm which account it is to be"
    " under Channels, or drop that sign-in."
)


def keep_aside(channel: Channel, seen: Seen, *, by: User, now: datetime) -> None:
    """Keep a sign-in of another account, sealed, and pause the channel until a person has chosen."""
    before = pause_of(channel)
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
    demand_free(seen)
    before = pause_of(channel)
    forget_aside(channel)
    take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.take_account", user=by, data=logged(channel))
    end_pause(channel, before, by=by, now=now)


@transaction.atomic
def drop_other_account(channel: Channel, *, by: User, now: datetime) -> None:
    """The account stays as it was, with the trouble it had; the sign-in that waits is forgotten."""
    lock(channel)
    if not channel.aside_at:
        return
    before = pause_of(channel)
    data = {**logged(channel), "other_account": channel.aside.get("handle", "")}
    forget_aside(channel)
    channel.save()
    log(instance=channel, action="social_publish.drop_account", user=by, data=data)
    if trouble := str(before.get("trouble", "")):
        kind = str(before.get("kind", ""))
        outbox.pause_channel(channel, now=now, actor=by, trouble=trouble, kind=kind)
        channel.refresh_from_db()
    else:
        end_pause(channel, before, by=by, now=now)
