"""The breaker of a channel: a network that is out of order gets no further posts to lose.

Each post to a network in trouble may end in doubt, and each doubt may become a person's decision.
After three posts in a row without an answer the channel waits; then one post at a time tries it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Least

from social_publish.models import Channel

FAILURES = 3
# After the third failure in a row, the fourth, and each further one.
RESTS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))


def note_failure(channel: Channel, *, now: datetime) -> None:
    """A post got no answer of the network: it was out of reach, or its answer was no use."""
    row = Channel.objects.filter(pk=channel.pk)
    # More than that say nothing more, and one day would be too many for the column.
    row.update(failures=Least(F("failures") + 1, FAILURES + len(RESTS)))
    over = row.values_list("failures", flat=True).get() - FAILURES
    if over >= 0:
        until = now + RESTS[min(over, len(RESTS) - 1)]
        # What the network itself asked for may be longer.
        row.exclude(not_before__gt=until).update(not_before=until)


def note_answers(channels: Collection[int]) -> None:
    """These networks answered in earnest, be it with a no. channels: numbers of rows."""
    Channel.objects.filter(pk__in=channels, failures__gt=0).update(failures=0)


def is_open(channel: Channel) -> bool:
    """Does the channel wait because its network does not answer?"""
    return channel.failures >= FAILURES
