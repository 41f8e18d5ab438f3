"""Steps that many of the named faults share, in one process with the case's clock."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from social_publish import kill_points
from social_publish.models import Channel, Delivery, State
from tests.faults.world import World


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").get()


def posted_once(world: World, channel: Channel, *, requests: int) -> None:
    """The post is there, we know it, and no more than so many requests tried to make it."""
    assert delivery().state == State.POSTED
    assert [c["id"] for c in world.copies(delivery())] == [delivery().remote_id]
    assert len(world.publishing(channel)) == requests


def sent_later(world: World, channel: Channel) -> None:
    """Nothing left: it waits, and goes out once the network is back."""
    assert delivery().state == State.QUEUED
    assert delivery().why
    assert world.council.rehearsal.all_posts() == []
    world.pass_minutes(2)
    world.sweep_here()
    posted_once(world, channel, requests=1)


def sweep_for(world: World, minutes: int, *, every: int = 1) -> None:
    """A sweep in each minute, or less often where nothing hangs on it."""
    for _ in range(0, minutes, every):
        world.pass_minutes(every)
        world.sweep_here()


@contextmanager
def meanwhile(place: str, happens: Callable[[], object]) -> Iterator[None]:
    """The first time the worker of this process is at `place`, someone does something."""
    waiting = [happens]

    def listen(passed: str) -> None:
        if passed == place and waiting:
            waiting.pop()()

    kill_points.listeners.append(listen)
    try:
        yield
    finally:
        kill_points.listeners.remove(listen)
    assert not waiting, f"The worker was never at “{place}”."


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Until it is so; the bound of ten minutes is no verdict on speed."""
    for _ in range(12_000):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"It never came to this: {what}")
