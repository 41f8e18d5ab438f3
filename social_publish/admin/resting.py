"""Until when a channel takes no post although nobody paused it, in a clerk's words."""

from datetime import datetime

from django.utils import timezone

from social_publish.models import Channel, Delivery, State
from social_publish.networks import NETWORKS
from social_publish.outbox import breaker


def resting_words(channel: Channel, now: datetime) -> str:
    """Why its approved posts wait, and how long; "" where they do not, or for another reason."""
    until = channel.not_before
    if until is None or until <= now or not channel.is_ready:
        return ""
    ends = timezone.localtime(until)
    is_today = ends.date() == timezone.localdate(now)
    moment = f"{ends:%H:%M}" if is_today else f"{ends:%-d %B, %H:%M}"
    name = NETWORKS[channel.network].name
    if breaker.is_open(channel):
        return (
            f"{name} gave no answer to several posts in a row, so nothing is posted there before"
            f" {moment}. Then one post is tried, and the others follow if it is answered."
        )
    return f"{name} asked us to wait, so nothing is posted there before {moment}."


def waiting_words(delivery: Delivery, now: datetime) -> str:
    """The same for a post that waits for its channel."""
    return resting_words(delivery.channel, now) if delivery.state == State.QUEUED else ""
