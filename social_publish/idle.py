"""Channels on which nothing has been posted for long (ILM: accounts "unattended for long spells")."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, Subquery

from social_publish.models import Channel, Delivery

DAYS = 60


@dataclass(frozen=True)
class Idle:
    """A channel, and when it last posted; None for never."""

    channel: Channel
    last_post: datetime | None


def idle_channels(now: datetime) -> list[Idle]:
    """Live channels without a post for IDLE_CHANNEL_DAYS, and connected at least as long ago."""
    since = now - timedelta(days=getattr(settings, "IDLE_CHANNEL_DAYS", DAYS))
    posts = Delivery.objects.filter(channel=OuterRef("pk"), posted_at__isnull=False)
    last = Subquery(posts.order_by("-posted_at").values("posted_at")[:1])
    channels = Channel.objects.filter(rehearsal=False).select_related("group").annotate(last=last)
    return [
        Idle(channel, channel.last)
        for channel in channels
        if _before(channel.last, since) and _before(channel.connected_at, since)
    ]


def _before(moment: datetime | None, since: datetime) -> bool:
    return moment is None or moment < since
