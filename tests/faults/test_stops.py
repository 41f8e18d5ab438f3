"""What an emergency stop caught waits for a person, however short the stop was (rows 34 and 35)."""

from collections.abc import Callable

import pytest

from social_publish import outbox
from social_publish.models import Channel, HoldReason, State
from tests.faults.cases import PUBLISH
from tests.faults.steps import delivery, meanwhile, posted_once, sweep_for
from tests.faults.world import World

pytestmark = pytest.mark.faults


@pytest.fixture
def stop_and_lift(world: World) -> Callable[[], None]:
    clerk = world.council.people["clerk"]

    def act() -> None:
        outbox.stop_everything(now=world.now(), actor=clerk)
        assert outbox.lift_stop(now=world.now(), actor=clerk)

    return act


def held_until_a_person_lets_it_go(world: World, channel: Channel, *, requests: int) -> None:
    """It waits, whatever time passes; a person's word sends it, once."""
    sweep_for(world, 30, every=3)
    assert (delivery().state, delivery().hold_reason) == (State.HELD, HoldReason.STOPPED)
    assert len(world.publishing(channel)) == requests
    moderator = world.council.people["moderator"]
    assert outbox.retry(delivery(), now=world.now(), actor=moderator)
    world.sweep_here()
    posted_once(world, channel, requests=requests + 1)


@pytest.mark.parametrize("place", ["before claim", "send: claimed"])
def test_before_its_first_byte(
    world: World, channel: Channel, stop_and_lift: Callable[[], None], place: str
) -> None:
    world.announce(channel)
    with meanwhile(place, stop_and_lift):
        world.sweep_here()
    held_until_a_person_lets_it_go(world, channel, requests=0)


def test_between_its_picture_and_its_words(
    world: World, channel: Channel, stop_and_lift: Callable[[], None]
) -> None:
    world.announce(channel, picture=True)
    with meanwhile("send: step stored", stop_and_lift):
        world.sweep_here()
    held_until_a_person_lets_it_go(world, channel, requests=0)


@pytest.mark.parametrize("place", ["send: sending", "send: answered"])
def test_on_its_way_and_put_off_by_the_network(
    world: World, channel: Channel, stop_and_lift: Callable[[], None], place: str
) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("rate_limit", match=PUBLISH[channel.network], retry_after=60)
    with meanwhile(place, stop_and_lift):
        world.sweep_here()
    held_until_a_person_lets_it_go(world, channel, requests=1)


@pytest.mark.parametrize("place", ["send: sending", "send: answered"])
def test_on_its_way_and_taken(
    world: World, channel: Channel, stop_and_lift: Callable[[], None], place: str
) -> None:
    world.announce(channel)
    with meanwhile(place, stop_and_lift):
        world.sweep_here()
    posted_once(world, channel, requests=1)


def test_lost_and_then_proven_absent(
    world: World, channel: Channel, stop_and_lift: Callable[[], None]
) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("drop_before", match=PUBLISH[channel.network])
    world.sweep_here()
    assert delivery().state == State.UNKNOWN
    stop_and_lift()
    held_until_a_person_lets_it_go(world, channel, requests=1)


def test_lost_and_then_found(
    world: World, channel: Channel, stop_and_lift: Callable[[], None]
) -> None:
    world.announce(channel)
    world.council.rehearsal.store.lag = 240
    world.council.rehearsal.misbehave("drop_after", match=PUBLISH[channel.network])
    world.sweep_here()
    assert delivery().state == State.UNKNOWN
    stop_and_lift()
    sweep_for(world, 12)
    posted_once(world, channel, requests=1)


def test_its_worker_died_before_the_stop(
    world: World, channel: Channel, stop_and_lift: Callable[[], None]
) -> None:
    world.announce(channel)
    assert world.sweep(crash_at="send: claimed").killed
    assert delivery().state == State.SENDING
    stop_and_lift()
    held_until_a_person_lets_it_go(world, channel, requests=0)


def test_a_person_let_it_go_and_it_was_looked_for_first(
    world: World, channel: Channel, stop_and_lift: Callable[[], None]
) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("forbidden", match=PUBLISH[channel.network], code=1609005)
    world.sweep_here()
    assert delivery().state == State.REFUSED
    moderator = world.council.people["moderator"]
    assert outbox.retry(delivery(), now=world.now(), actor=moderator)
    with meanwhile("send: answered", stop_and_lift):
        world.sweep_here()
    held_until_a_person_lets_it_go(world, channel, requests=1)
