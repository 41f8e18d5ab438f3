"""What is kept of a sign-in: a new channel, new keys for an old one, the real network."""

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
from social_publish.connecting.other_account import keep_aside
from social_publish.connecting.seen import CannotConnect, Seen, is_same_account
from social_publish.models import Channel, ChannelGroup, PolicyAnswer

LIVE_ALREADY = (
    "Somebody else took {name} live meanwhile. Connect it again if it is to have another account."
)


@transaction.atomic
def connect(seen: Seen, *, group: ChannelGroup, name: str, by: User, now: datetime) -> Channel:
    """A new channel. It posts nothing until its questions are answered. Raises CannotConnect."""
    demand_free(seen)
    channel = Channel(
        group=group, network=seen.network, name=name, rehearsal=seen.rehearsal, server=seen.server
    )
    take_over(channel, seen, by=by, now=now)
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
        demand_free(seen)
        keep_aside(channel, seen, by=by, now=now)
        return False
    before = pause_of(channel)
    forget_aside(channel)
    take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.reconnect", user=by, data=logged(channel))
    end_pause(channel, before, by=by, now=now)
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
    demand_free(seen)
    outbox.pause_channel(channel, now=now, actor=by)
    channel.refresh_from_db()
    channel.rehearsal, channel.server = False, seen.server
    _forget_practice(channel)
    take_over(channel, seen, by=by, now=now)
    log(instance=channel, action="social_publish.go_live", user=by, data=logged(channel))


def _forget_practice(channel: Channel) -> None:
    """The words that were typed stay in the form; nobody has answered in earnest yet."""
    forget_aside(channel)
    channel.policy_answer, channel.policy_answered_by = PolicyAnswer.NONE, ""
    channel.policy_answered_at = channel.replies_accepted_at = None
    channel.replies_accepted_by = channel.replies_accepted_words = ""
