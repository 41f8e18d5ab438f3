"""Every fault of a server at every place where a worker may die: posted once, or a person asked."""

from itertools import product

import pytest

from social_publish.models import Channel, Delivery, State
from social_publish.networks import NETWORKS
from tests.faults import invariants
from tests.faults.cases import (
    LATE,
    PART,
    PLACES,
    PUBLISH,
    REMOVAL_PLACES,
    REMOVE,
    SENDING_PLACES,
    SERVER_FAULTS,
    Case,
    sample,
)
from tests.faults.conftest import tally
from tests.faults.world import World

pytestmark = pytest.mark.faults

ALL_NETWORKS = tuple(PUBLISH)
GRID = [
    Case(*values)
    for values in product(ALL_NETWORKS, SERVER_FAULTS, PLACES, (True, False), (False, True))
]
WITHDRAWN = [Case(*values) for values in product(ALL_NETWORKS, SERVER_FAULTS, SENDING_PLACES)]
REMOVED = [
    Case(*values)
    for values in product(ALL_NETWORKS, SERVER_FAULTS, REMOVAL_PLACES)
    if NETWORKS[values[0]].capabilities.can_remove
]


@pytest.mark.parametrize("case", sample(GRID, most=72 // PART), ids=str)
def test_posted_once_whatever_happens(world: World, case: Case) -> None:
    announced(world, case)
    misbehaving(world, case, PUBLISH[case.network])
    reached = world.follow_through(crash_at=case.place)
    counted(world, case, reached)
    # Only a clear “no” of the network may end without a post.
    ends = {State.POSTED, State.REFUSED} if case.fault == "forbidden" else {State.POSTED}
    assert Delivery.objects.get().state in ends


@pytest.mark.parametrize("case", sample(WITHDRAWN, most=27 // PART), ids=str)
def test_withdrawn_after_a_death_ends_absent(world: World, case: Case) -> None:
    announced(world, case)
    misbehaving(world, case, PUBLISH[case.network])
    reached = world.sweep(crash_at=case.place).killed
    world.withdraw(Delivery.objects.get())
    world.follow_through()
    counted(world, case, reached)
    assert Delivery.objects.get().state in {State.CANCELLED, State.REMOVED}


@pytest.mark.parametrize("case", sample(REMOVED, most=24 // PART), ids=str)
def test_a_removal_is_carried_through(world: World, case: Case) -> None:
    announced(world, case)
    world.sweep()
    misbehaving(world, case, REMOVE[case.network])
    world.withdraw(Delivery.objects.get())
    reached = world.follow_through(crash_at=case.place)
    counted(world, case, reached)
    assert Delivery.objects.get().state == State.REMOVED


@pytest.mark.parametrize("place", sorted({*PLACES, *REMOVAL_PLACES} - {"nowhere"}))
def test_a_worker_dies_at_each_place_that_has_a_name(world: World, place: str) -> None:
    """So that no square of the grid is empty because a place was renamed."""
    case = Case("facebook", "drop_after" if place.startswith("look") else "none", place)
    announced(world, case)
    misbehaving(world, case, PUBLISH[case.network])
    if place.startswith("remove"):
        world.sweep()
        world.withdraw(Delivery.objects.get())
    assert world.sweep(crash_at=place).killed


def announced(world: World, case: Case) -> None:
    Channel.objects.update(resend_when_absent=case.resends)
    world.council.rehearsal.store.lag = LATE if case.late else 0.0
    # Only a post with a picture has a step to store.
    needed = NETWORKS[case.network].capabilities.needs_picture
    world.announce(world.channels[case.network], picture=needed or "step" in case.place)


def misbehaving(world: World, case: Case, request: str) -> None:
    if case.fault != "none":
        world.council.rehearsal.misbehave(case.fault, match=request)


def counted(world: World, case: Case, reached: bool) -> None:
    """What came of it, for the summary, and that nothing is lost or stuck."""
    lost, stuck = invariants.lost(world), invariants.stuck()
    tally["losses"] += len(lost)
    tally["stuck"] += len(stuck)
    tally["asked a person"] += len(world.asked)
    tally["place not reached"] += case.place != "nowhere" and not reached
    assert not lost + stuck
