"""Channels whose keys end and whose account changes, and the clock that both sides share."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from social_publish import tasks
from social_publish.models import Channel
from social_publish.rehearsal.store import Account
from tests.council import Council, open_channel

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOKENS = {
    "tiktok": "POST /v2/oauth/token/",
    "linkedin": "POST /oauth/v2/accessToken",
    "threads": "GET /refresh_access_token",
}


def connected(council: Council, slug: str, *, keys_end: timedelta | None = None) -> Channel:
    """A channel on a network of its own, with the keys that the account has there now.

    keys_end: from now, on both sides.
    """
    channel = open_channel(council.rehearsal, council.group, slug)
    if keys_end is not None:
        channel.keys_end = timezone.now() + keys_end
        change(council, channel, ends=channel.keys_end.timestamp())
    channel.save()
    return channel


def theirs(council: Council, channel: Channel) -> Account:
    """The account as its network knows it now."""
    return council.rehearsal.account(channel.network, channel.account_id)


def change(council: Council, channel: Channel, **facts: Any) -> None:
    council.rehearsal.store.change_account(theirs(council, channel), **facts)


def sweep(council: Council, after: timedelta = timedelta(0)) -> datetime:
    """A sweep of the present, or of a later time by our clock and by the networks'."""
    council.rehearsal.store.now = lambda: time.time() + after.total_seconds()
    now = timezone.now() + after
    tasks.sweep(lambda: now)
    return now


def read(channel: Channel) -> Channel:
    return Channel.objects.select_related("group").get(pk=channel.pk)


def asked(council: Council, channel: Channel) -> int:
    """How often fresh keys were asked for."""
    return len(council.rehearsal.requests(TOKENS[channel.network]))
