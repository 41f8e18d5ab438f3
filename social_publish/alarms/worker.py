"""Signs of life that fail to come: of the sweep, of the queue, of scheduled publishing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from social_publish import pulse
from social_publish.models import Trouble

# The queue is started anew after three minutes of silence; people hear if that was no help.
SILENCE_MAY_TAKE = timedelta(minutes=5)
NO_SWEEP = (
    "The website tries each minute to do what is due, and fails. Posts wait and nothing is lost."
    " Ask whoever looks after the website to read the worker's log."
)
NO_BEAT = (
    "The website's queue carries out nothing, and starting it anew has not helped. Posts still go"
    " out, up to a minute later. Ask whoever looks after the website to read the worker's log."
)
NOT_SCHEDULED = (
    "Pages with a planned time do not come out by themselves at the moment. Ask whoever looks"
    " after the website to read the worker's log."
)


def no_sign_of_life(now: datetime) -> Iterator[Trouble]:
    """The worker, its queue and the schedule, each silent for five minutes."""
    life = pulse.take(now)

    def since(sign: datetime | None) -> datetime | None:
        # A worker that was started just now has had no time for anything yet.
        last = max((at for at in (sign, life.started) if at and at <= now), default=now)
        return last if now - last > SILENCE_MAY_TAKE else None

    if silent := since(life.sweep):
        yield Trouble(kind=Trouble.Kind.WORKER, words=NO_SWEEP, since=silent)
    elif silent := since(life.heartbeat):
        yield Trouble(kind=Trouble.Kind.WORKER, words=NO_BEAT, since=silent)
    if silent := since(life.scheduled):
        yield Trouble(kind=Trouble.Kind.SCHEDULE, words=NOT_SCHEDULED, since=silent)
