"""A row that others change under a worker's hands: nothing of it is lost, and no lease is left over.

A lease that nobody gives back keeps its channel busy for two minutes, and a post that must go
stands there for as long.
"""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from social_publish import outbox, tasks
from social_publish.models import Channel, Delivery, HoldReason, State
from tests.faults.cases import PUBLISH
from tests.faults.steps import delivery, meanwhile, posted_once
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


def test_f50_a_worker_that_stood_still_before_its_first_byte_says_nothing(
    world: World, channel: Channel
) -> None:
    """Meanwhile it was looked for, proven absent, and sent by another worker."""
    world.announce(channel)
    with time_machine.travel(timezone.now(), tick=True) as clock:

        def others_go_on() -> None:
            for minutes in (3, 4, 8, 12, 17, 18):
                assert world.sweep_at(minutes).well
            clock.shift(timedelta(minutes=18))

        with meanwhile("send: sending", others_go_on):
            tasks.sweep()
    posted_once(world, channel, requests=1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time.")
def test_f50_a_late_yes_that_meets_another_move_is_not_thrown_away(
    world: World, channel: Channel
) -> None:
    world.announce(channel)
    claimed = outbox.claim_next(world.now(), busy_channels=set())
    assert claimed
    outbox.lose_sight(delivery(), "The work on it was cut off.", now=world.now())
    other = delivery()

    def ask() -> None:
        outbox.ask(other, "Nobody knows.", now=world.now())
        connection.close()

    asking = Thread(target=ask)
    updates: list[str] = []

    def meet(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE"):
            updates.append(sql)
            if len(updates) == 2:
                # It waits for us where the row is locked, and else has ended by then.
                asking.start()
                asking.join(2)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meet):
        assert outbox.accept(claimed[0], "424242", "", now=world.now())
    asking.join()
    assert delivery().state == State.POSTED


def test_a_pause_whose_end_was_cut_off_holds_nothing_back(world: World, channel: Channel) -> None:
    world.announce(channel)
    outbox.pause_channel(channel, now=world.now())
    assert delivery().hold_reason == HoldReason.PAUSED

    class Killed(BaseException):
        pass

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE social_publish_delivery"):
            raise Killed
        return execute(sql, params, many, context)

    with pytest.raises(Killed), connection.execute_wrapper(die):
        outbox.resume_channel(channel, now=world.now())
    assert delivery().state == State.HELD
    world.sweep_here()
    posted_once(world, channel, requests=1)
