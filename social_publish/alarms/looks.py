"""All that is looked at, one after the other."""

from collections.abc import Callable, Iterator
from datetime import datetime

from social_publish.alarms import channels, posts, replies, waiting, worker
from social_publish.models import Trouble

LOOKS: tuple[Callable[[datetime], Iterator[Trouble]], ...] = (
    posts.for_people_to_decide,
    posts.refused,
    posts.still_there,
    posts.gone,
    posts.more_than_once,
    replies.left_open,
    replies.opened,
    channels.troubled,
    channels.sign_ins_that_end,
    channels.checks_that_found_something,
    channels.test_posts,
    channels.overdue_checks,
    waiting.long_queued,
    waiting.in_doubt,
    waiting.paused,
    waiting.not_out,
    worker.no_sign_of_life,
)


def found(now: datetime) -> list[Trouble]:
    """Everything that is wrong now, longest first, as rows that are not saved."""
    here = [trouble for look in LOOKS for trouble in look(now)]
    return sorted(here, key=lambda trouble: trouble.since)
