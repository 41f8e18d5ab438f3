"""What connecting changes in a channel's row, under a lock."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from social_publish import channel_keys, outbox
from social_publish.connecting.seen import CannotConnect, Seen
from social_publish.models import Channel
from social_publish.networks import NETWORKS

TAKEN = "This account is connected already, as {name}. Connect that channel again instead."


def lock(channel: Channel) -> None:
    """Read it anew and hold it: a worker may be changing the row at this moment."""
    channel.refresh_from_db(from_queryset=Channel.objects.select_for_update())


def demand_free(seen: Seen) -> None:
    """Raises CannotConnect where another channel has the account already."""
    known = Channel.objects.filter(
        network=seen.network, account_id=seen.identity.account_id, rehearsal=seen.rehearsal
    ).first()
    if known:
        raise CannotConnect(TAKEN.format(name=known.name))


def take_over(channel: Channel, seen: Seen, *, by: User, now: datetime) -> None:
    """The account that was seen is the channel's, with its keys. Raises CannotConnect if taken."""
    channel.account_id, channel.handle = seen.identity.account_id, seen.handle
    channel.profile_url, channel.server = seen.profile_url, seen.server
    channel.rights, channel.lacks = list(seen.identity.rights), list(seen.lacks)
    channel.sign_in_ends = seen.ends
    channel.keys_end = channel_keys.first_end(seen.network, seen.keys_end, now)
    channel.renew_after = None
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


def forget_aside(channel: Channel) -> None:
    """Drop the sign-in that waited for a person's word. Not saved."""
    channel.aside, channel.aside_at, channel.sealed_aside = {}, None, b""


def pause_of(channel: Channel) -> dict[str, object]:
    """Why it is paused, leaving out that an account waits to be confirmed."""
    known: dict[str, object] = channel.aside.get("before", {})
    return known or {
        "paused": channel.paused,
        "trouble": channel.trouble,
        "kind": channel.trouble_kind,
    }


def end_pause(channel: Channel, before: Mapping[str, object], *, by: User, now: datetime) -> None:
    """A pause that a person ordered stands; one that a dead key or a question caused is over."""
    if before.get("paused") and not before.get("trouble"):
        outbox.pause_channel(channel, now=now, actor=by)
        channel.refresh_from_db()
    elif channel.paused:
        outbox.resume_channel(channel, now=now, actor=by)


def logged(channel: Channel) -> dict[str, object]:
    """What the log keeps; nothing secret."""
    return {
        "network": NETWORKS[channel.network].name,
        "account": channel.handle,
        "account_id": channel.account_id,
        "rehearsal": channel.rehearsal,
    }
