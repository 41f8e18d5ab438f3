"""Which posts were only practice: those on the rehearsal networks, whatever their channel does now."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from wagtail.models import ModelLogEntry

from social_publish.models import Channel, Delivery


def left_rehearsal() -> dict[int, datetime]:
    """{channel: the moment at which it went live}; a channel that was always live is not there."""
    moves = ModelLogEntry.objects.get_for_model(Channel).filter(action="social_publish.go_live")
    return {int(pk): moment for pk, moment in moves.values_list("object_id", "timestamp")}


def was_practice(
    *, channel: int, rehearsal: bool, posted_at: datetime | None, left: Mapping[int, datetime]
) -> bool:
    """rehearsal: whether the channel is in rehearsal now; left: of `left_rehearsal`."""
    moment = left.get(channel)
    return rehearsal or bool(moment and posted_at and posted_at < moment)


def in_earnest(posts: QuerySet[Delivery], left: Mapping[int, datetime]) -> QuerySet[Delivery]:
    """Those that were no practice."""
    posts = posts.filter(channel__rehearsal=False)
    for channel, moment in left.items():
        posts = posts.exclude(channel=channel, posted_at__lt=moment)
    return posts
