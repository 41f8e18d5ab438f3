"""The database commits, and the worker never hears of it: nothing is lost, doubled or kept quiet."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from social_publish.models import Channel, State, Trouble
from social_publish.outbox import posts_changed
from tests.faults.steps import delivery, posted_once
from tests.faults.world import World

pytestmark = pytest.mark.faults


def run(world: World, place: str) -> None:
    world.workers.run("sweep", may_fail=True, at=place, befalls="lose commit")


@pytest.mark.parametrize("resends", [True, False])
def test_a_claim_of_which_its_worker_knows_nothing(
    world: World, channel: Channel, resends: bool
) -> None:
    """It waits out its lease, is looked for, and is sent again or asked about."""
    Channel.objects.update(resend_when_absent=resends)
    world.announce(channel)
    run(world, "before claim")
    assert delivery().state == State.SENDING
    assert world.publishing(channel) == []
    world.sweep_until_rest()
    if not resends:
        assert delivery().state == State.NEEDS_PERSON
        assert Trouble.objects.filter(delivery=delivery(), told_at__isnull=False).exists()
        world.follow_through()
    posted_once(world, channel, requests=1)


def test_an_answer_that_is_written_though_its_worker_thinks_not(
    world: World, channel: Channel
) -> None:
    world.announce(channel)
    run(world, "send: answered")
    posted_once(world, channel, requests=1)
    world.sweep()
    posted_once(world, channel, requests=1)
    assert delivery().other_copies == []
    assert list((Path(settings.DATA_DIR) / "kept_answers").glob("*")) == []


def test_a_post_is_shown_to_residents_though_the_breaker_cannot_be_closed(
    world: World, channel: Channel
) -> None:
    world.announce(channel)
    shown: list[str] = []

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and "failures" in sql:
            raise OperationalError("The database is busy.")
        return execute(sql, params, many, context)

    def listen(**_: object) -> None:
        shown.append(delivery().state)

    posts_changed.connect(listen)
    try:
        with connection.execute_wrapper(refuse):
            world.sweep_here()
    finally:
        posts_changed.disconnect(listen)
    assert shown == [State.POSTED]
    posted_once(world, channel, requests=1)
