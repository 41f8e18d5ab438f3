"""Approved posts that wait longer than anyone would expect, and for what."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from social_publish import pulse
from social_publish.alarms.posts import every_post, of_each
from social_publish.models import Channel, Delivery, HoldReason, State, Trouble, Wanted
from social_publish.networks import NETWORKS
from social_publish.outbox import breaker
from social_publish.publication import is_public

# Looking ends after a quarter of an hour, and then a person is asked.
DOUBT_MAY_TAKE = timedelta(minutes=30)


def long_queued(now: datetime) -> Iterator[Trouble]:
    """One for each channel, spoken of by the post that has waited longest."""
    late = every_post().filter(
        Channel.ready("channel__"),
        state=State.QUEUED,
        wanted=Wanted.PRESENT,
        released_at__lt=now - pulse.LATE_AFTER,
    )
    oldest: dict[int, Any] = {}
    for post in late.order_by("released_at", "pk"):
        oldest.setdefault(post.channel_id, post)
    for post in oldest.values():
        yield Trouble(
            kind=Trouble.Kind.WAITING,
            channel=post.channel,
            words=f"{_why_it_waits(post, now)} The website goes on trying by itself for a day.",
            since=post.released_at,
        )


def _why_it_waits(post: Delivery, now: datetime) -> str:
    channel = post.channel
    if channel.budget_day == timezone.localdate(now) and (
        channel.budget_used >= channel.daily_budget
    ):
        return "The channel has posted as much as it may in one day."
    last = post.events.filter(move="put back").exclude(why="").order_by("-pk").first()
    if last:
        return last.why
    # It was not tried itself: posts before it were.
    if breaker.is_open(channel):
        network = NETWORKS[channel.network].name
        return f"{network} gave no answer to several posts in a row, so the others wait."
    return "The worker has not come round to them."


def in_doubt(now: datetime) -> Iterator[Trouble]:
    """On its way or looked for, and for longer than either can take."""
    under_way = every_post().filter(state__in=(State.SENDING, State.UNKNOWN), wanted=Wanted.PRESENT)
    yield from of_each(
        Trouble.Kind.WAITING,
        under_way.filter(entered__lt=now - DOUBT_MAY_TAKE),
        "It is still not known whether it was posted, and the website cannot find out at the moment."
        " See whether the channel is in trouble, and look at its profile.",
    )


def paused(now: datetime) -> Iterator[Trouble]:
    """Approved posts that wait for a channel which somebody paused, and perhaps forgot."""
    held = every_post().filter(
        Q(state=State.HELD, hold_reason=HoldReason.PAUSED)
        | Q(~Channel.ready("channel__"), state=State.QUEUED, wanted=Wanted.PRESENT),
        channel__trouble="",
        entered__lt=now - pulse.LATE_AFTER,
    )
    oldest: dict[int, Any] = {}
    for post in held.order_by("entered", "pk"):
        oldest.setdefault(post.channel_id, post)
    for post in oldest.values():
        channel = post.channel
        words = "The channel is paused, and approved posts wait for it. Let it go on, or take them"
        if channel.to_be_settled:
            words = (
                f"Approved posts wait, as {channel.to_be_settled}. Set the channel up, or take them"
            )
        yield Trouble(
            kind=Trouble.Kind.WAITING,
            channel=channel,
            words=f"{words} out of the list of posts.",
            since=post.entered,
        )


def not_out(now: datetime) -> Iterator[Trouble]:
    """One for each page, spoken of by the first of its posts that wait."""
    late = now - pulse.LATE_AFTER
    waiting = every_post().filter(
        Q(announcement__go_live_at=None) | Q(announcement__go_live_at__lt=late),
        state=State.HELD,
        hold_reason=HoldReason.PUBLICATION,
        announcement__approved_at__lt=late,
        announcement__page__isnull=False,
    )
    first: dict[int, Any] = {}
    for post in waiting.order_by("pk"):
        first.setdefault(post.announcement_id, post)
    for post in first.values():
        page, approved = post.announcement.page, post.announcement.approved_at
        words = "The page has not come out in its approved words, so its posts wait."
        if page.live and not is_public(page):
            words = "Residents cannot open the page: it is private, or a page above it is."
        yield Trouble(
            kind=Trouble.Kind.NOT_OUT,
            delivery=post,
            words=f"{words} Look at the page's status and its schedule.",
            since=post.announcement.go_live_at or approved,
        )
