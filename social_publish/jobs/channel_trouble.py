"""What an answer says of the whole channel: a dead key shows in whatever was asked."""

from datetime import datetime

from social_publish import channel_keys
from social_publish.models import Channel
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Trouble, reason_of
from social_publish.networks.identities import WEB_PAGE

DEAD = (Trouble.SIGN_IN, Trouble.SUSPENDED, Trouble.OUTDATED)


def note_trouble(channel: Channel, answer: object, *, now: datetime) -> None:
    """A dead key shows in whatever was asked, and stops the channel."""
    trouble = getattr(answer, "trouble", None)
    if trouble in DEAD and not channel.paused:
        stop_channel(channel, answer, now=now)


def stop_channel(channel: Channel, answer: object, *, now: datetime) -> None:
    """Nothing more is posted there, unless fresh keys can be had without a person."""
    trouble = getattr(answer, "trouble", None)
    if trouble is Trouble.SIGN_IN and channel_keys.refused(channel, now=now):
        return
    channel_keys.stop(channel, reason_of(answer, "The network"), str(trouble), now=now)


def note_page(channel: Channel, answer: object, *, now: datetime) -> None:
    """Where web pages come instead of answers, no other post is sent to its doubtful end."""
    if getattr(answer, "trouble", None) is Trouble.WEB_PAGE:
        reason = WEB_PAGE.format(NETWORKS[channel.network].name)
        channel_keys.stop(channel, reason, Trouble.WEB_PAGE, now=now)
