"""F35: a clock that is wrong, and is set right while a post is in doubt, makes no second post."""

from collections.abc import Callable

import pytest

from social_publish.models import Channel, Delivery, State
from tests.faults.cases import LATE, PUBLISH
from tests.faults.steps import delivery
from tests.faults.world import World

pytestmark = pytest.mark.faults


@pytest.fixture
def sweep_for(world: World) -> Callable[[int], None]:
    """A sweep in each minute, of our clock and of the network's. Whatever befalls our clock
    besides, the network's stays right."""
    started, passed = world.council.rehearsal.store.now(), [0]
    world.council.rehearsal.store.now = lambda: started + passed[0] * 60

    def sweep(minutes: int) -> None:
        for _ in range(minutes):
            passed[0] += 1
            world.pass_minutes(1)
            world.sweep_here()

    return sweep


@pytest.mark.parametrize("hours", [3, 50])
@pytest.mark.parametrize("set_right", [True, False])
def test_f35_our_clock_was_ahead_when_it_was_sent(
    world: World, channel: Channel, sweep_for: Callable[[int], None], hours: int, set_right: bool
) -> None:
    """What stands there is not too old to be looked at."""
    if hours > 24 and not set_right:
        pytest.skip("With a clock that stays wrong by days no network is reached.")
    world.pass_minutes(hours * 60)
    world.announce(channel)
    Delivery.objects.update(released_at=world.now())
    world.council.rehearsal.misbehave("drop_after", match=PUBLISH[channel.network])
    world.council.rehearsal.store.lag = 60
    world.sweep_here()
    assert delivery().state == State.UNKNOWN
    if set_right:
        world.minutes = 0
    sweep_for(30)
    assert delivery().state == State.POSTED
    assert len(world.copies(delivery())) == 1


@pytest.mark.parametrize("minutes", [8, 60])
@pytest.mark.parametrize("looks", [1, 2])
def test_f35_our_clock_is_set_on_between_two_looks(
    world: World, channel: Channel, sweep_for: Callable[[int], None], looks: int, minutes: int
) -> None:
    """What was left out is no waiting: a list that is late has had no time to show it. After a
    long time a person is asked."""
    world.announce(channel)
    world.council.rehearsal.misbehave("drop_after", match=PUBLISH[channel.network])
    world.council.rehearsal.store.lag = LATE
    sweep_for(5 * looks - 4)
    assert delivery().looks == looks
    world.pass_minutes(minutes)
    sweep_for(20)
    assert delivery().state == (State.POSTED if minutes == 8 else State.NEEDS_PERSON)
    assert len(world.copies(delivery())) == 1
