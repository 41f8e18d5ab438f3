"""Posts on which people can reply and should not, or cannot and should."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from social_publish import openings
from social_publish.alarms.posts import every_post, of_each
from social_publish.models import State, Trouble
from social_publish.networks import NETWORKS

CLOSING_MAY_TAKE = timedelta(minutes=2)


def left_open(now: datetime) -> Iterator[Trouble]:
    """Replies that should be closed, or hidden, and are not."""
    # Only posts whose replies are still to be looked at can have open ones.
    posted = every_post().filter(
        state=State.POSTED, replies_wanted="closed", replies_due_at__isnull=False
    )
    yield from of_each(
        Trouble.Kind.REPLIES,
        posted.filter(replies_given="open"),
        "The network has its replies open. Close them there by hand, or take the post down.",
    )
    # These come out with replies open, and nothing has shown yet that they are closed.
    slow = [n.slug for n in NETWORKS.values() if n.capabilities.closes_after_posting]
    yield from of_each(
        Trouble.Kind.REPLIES,
        posted.filter(
            replies_given="", channel__network__in=slow, posted_at__lt=now - CLOSING_MAY_TAKE
        ),
        "It came out with replies open, and we could not see yet that they are closed. Closing"
        " them is tried again. Close them on the network by hand, or take the post down.",
    )
    yield from of_each(
        Trouble.Kind.REPLIES,
        posted.exclude(replies_given="open").filter(why__contains="could not be hidden"),
        "{why}",
    )


def opened(now: datetime) -> Iterator[Trouble]:
    """Replies that people opened, and that go otherwise than they wanted."""
    shut = every_post().filter(
        state=State.POSTED, replies_wanted="open", open_replies__ended_at=None
    )
    yield from of_each(
        Trouble.Kind.OPENED,
        shut.filter(replies_given__in=("closed", "narrowed")),
        "Replies were opened, and yet nobody can reply. Open them on the network by hand.",
    )
    for post, words, since in openings.unwatched(now):
        yield Trouble(kind=Trouble.Kind.OPENED, delivery=post, words=words, since=since)
