"""What is wrong with a channel before anything fails: sign-ins that end, and what checks found."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from social_publish.models import Channel, Trouble
from social_publish.networks import NETWORKS

# Days before the end of a sign-in at which people are told, once each.
DAYS = (30, 14, 3, 1)
SILENCE_MAY_TAKE = timedelta(days=3)


def sign_ins_that_end(now: datetime) -> Iterator[Trouble]:
    """The words change at each threshold, and so it is told again."""
    soon = now + timedelta(days=max(DAYS))
    channels = Channel.objects.filter(sign_in_ends__lte=soon).select_related("group")
    for channel in channels.order_by("pk"):
        assert channel.sign_in_ends
        yield Trouble(
            kind=Trouble.Kind.SIGN_IN,
            channel=channel,
            words=sign_in_words(channel, now),
            since=channel.sign_in_ends - timedelta(days=max(DAYS)),
        )


def sign_in_words(channel: Channel, now: datetime) -> str:
    """When a person must sign in again, and what happens otherwise; "" while that is far away."""
    ends = channel.sign_in_ends
    if ends is None or ends > now + timedelta(days=max(DAYS)):
        return ""
    network, day = NETWORKS[channel.network].name, f"{timezone.localtime(ends):%-d %B %Y}"
    if ends <= now:
        return (
            f"The sign-in of this channel at {network} ended on {day}. Nothing can be posted there"
            " until someone connects the channel again."
        )
    left = min(days for days in DAYS if ends <= now + timedelta(days=days))
    span = "one day" if left == 1 else f"{left} days"
    return (
        f"The sign-in of this channel at {network} ends on {day}, in less than {span}. Connect the"
        " channel again before then: afterwards nothing can be posted there."
    )


def checks_that_found_something(now: datetime) -> Iterator[Trouble]:
    """Where it stopped the channel, the channel's own trouble says so already."""
    known = Channel.objects.filter(trouble="", checked_at__isnull=False).select_related("group")
    for channel in known.order_by("pk"):
        assert channel.checked_at
        words, since = channel.check_says, channel.checked_at
        if not words and channel.checked_at < now - SILENCE_MAY_TAKE:
            words = _silence(channel)
        if words:
            yield Trouble(kind=Trouble.Kind.CHECK, channel=channel, words=words, since=since)


def _silence(channel: Channel) -> str:
    asked = timezone.localtime(channel.checked_at)
    return (
        f"Since {asked:%-d %B %Y} this website could not ask {NETWORKS[channel.network].name} about"
        " the channel. It tries again by itself. Ask whoever looks after the website whether"
        " something stands in the way."
    )
