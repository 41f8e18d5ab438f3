"""What a network says is not taken at its word: a no may be a yes, and a removal none."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from social_publish import outbox, tasks
from social_publish.models import Channel, Delivery, State
from tests.council import Council
from tests.faults.cases import PUBLISH

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["x", "facebook"])
def channel(council: Council, request: pytest.FixtureRequest) -> Channel:
    """A channel with one post that is approved."""
    one: Channel = getattr(council, request.param)
    council.approve(council.write(**{"channel_words-ticked": [str(one.pk)]}))
    return one


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").get()


@pytest.mark.parametrize("status", [429, 401])
def test_a_post_that_was_stored_and_refused_is_looked_for_before_it_goes_again(
    council: Council, channel: Channel, status: int
) -> None:
    """As where something in front of the network counts, and refuses, too late."""
    council.rehearsal.misbehave("error_after", match=PUBLISH[channel.network], status=status)
    council.deliver()
    channel.refresh_from_db()
    outbox.resume_channel(channel, now=timezone.now())
    tasks.sweep(lambda: timezone.now() + timedelta(minutes=16))
    assert delivery().state == State.POSTED
    assert len(council.posts(channel, deleted=True)) == 1
    line = "POST /2/tweets" if channel.network == "x" else "/feed"
    assert len(council.rehearsal.requests(line)) == 1, "It was sent again without a look."


DELETED: dict[str, dict[str, Any]] = {
    "x": {"data": {"deleted": True}},
    "facebook": {"success": True},
}


def test_a_removal_that_removed_nothing_is_done_again(council: Council, channel: Channel) -> None:
    council.deliver()
    outbox.withdraw(delivery(), now=timezone.now(), why="A mistake.")
    council.rehearsal.misbehave("say", match="DELETE", body=DELETED[channel.network])
    council.deliver()
    assert delivery().state == State.REMOVING
    assert len(council.posts(channel)) == 1
    tasks.sweep(lambda: timezone.now() + timedelta(minutes=2))
    assert delivery().state == State.REMOVED
    assert council.posts(channel) == []
