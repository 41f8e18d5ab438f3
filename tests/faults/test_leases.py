"""A row that others change under a worker's hands: nothing of it is lost, and no lease is left over.

A lease that nobody gives back keeps its channel busy for two minutes, and a post that must go
stands there for as long.
"""

import pytest

from social_publish import outbox
from social_publish.models import Channel, Delivery, State
from tests.faults.cases import PUBLISH
from tests.faults.steps import delivery, meanwhile
from tests.faults.test_networks import more_facebook
from tests.faults.world import World

pytestmark = pytest.mark.faults


def commented(world: World, *channels: Channel) -> None:
    """A post on each channel, with a stranger's comment under it that is due to be hidden."""
    world.announce(*channels)
    world.sweep_here()
    for channel in channels:
        (post,) = world.council.posts(channel)
        world.council.rehearsal.stranger_replies(
            channel.network, channel.account_id, post["id"], "I have an opinion"
        )
    world.pass_minutes(2)


def no_lease_is_left() -> None:
    assert not Delivery.objects.filter(lease_until__isnull=False).exists()


def test_a_post_that_another_worker_has_just_checked_is_left_alone(world: World) -> None:
    pages = (world.council.facebook, more_facebook(world, 1))
    commented(world, *pages)
    with meanwhile("replies: claimed", world.sweep):
        world.sweep_here()
    no_lease_is_left()
    assert set(Delivery.objects.values_list("replies_hidden", flat=True)) == {1}


@pytest.mark.parametrize("place", ["replies: claimed", "replies: answered", "replies: settled"])
def test_withdrawn_while_its_replies_are_checked_it_is_gone_at_once(
    world: World, place: str
) -> None:
    commented(world, world.council.facebook)
    with meanwhile(place, lambda: world.withdraw(delivery())):
        world.sweep_here()
    assert delivery().state == State.REMOVED
    no_lease_is_left()


@pytest.mark.parametrize("place", ["replies: claimed", "replies: answered"])
def test_a_line_added_by_a_person_does_not_undo_a_check(world: World, place: str) -> None:
    commented(world, world.council.facebook)
    clerk = world.council.people["clerk"]

    def say_that_copies_are_gone() -> None:
        assert outbox.copies_gone(delivery(), now=world.now(), actor=clerk)

    with meanwhile(place, say_that_copies_are_gone):
        world.sweep_here()
    no_lease_is_left()
    assert delivery().replies_hidden == 1


@pytest.mark.parametrize("fault", ["rate_limit", "forbidden", "unauthorised"])
def test_withdrawn_while_it_is_refused_it_is_cancelled_at_once(
    world: World, channel: Channel, fault: str
) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave(fault, match=PUBLISH[channel.network])
    with meanwhile("send: answered", lambda: world.withdraw(delivery())):
        world.sweep_here()
    assert delivery().state == State.CANCELLED
    no_lease_is_left()


def test_withdrawn_while_it_is_removed_for_the_first_time(world: World, channel: Channel) -> None:
    """A second press changes nothing under the worker that removes it."""
    world.announce(channel)
    world.sweep_here()
    world.withdraw(delivery())
    with meanwhile("remove: answered", lambda: world.withdraw(delivery())):
        world.sweep_here()
    assert delivery().state == State.REMOVED
    no_lease_is_left()
