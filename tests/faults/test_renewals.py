"""F22 to F24 and F45 with real processes: keys renewed by many workers at once, and by dying ones."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from social_publish.models import Channel, Trouble
from tests.council import ANSWERED
from tests.faults.world import World

pytestmark = pytest.mark.faults

TOKEN = "POST /v2/oauth/token/"


@pytest.fixture
def tiktok(world: World) -> Iterator[Channel]:
    """A channel whose refresh token is good for one use, and due."""
    opened = world.council.rehearsal.open_account("tiktok", "renewing", "Renewing")
    channel = Channel.objects.create(
        group=world.council.group,
        network="tiktok",
        name="Council on TikTok",
        handle="renewing",
        account_id=opened["account_id"],
        keys_end=timezone.now() + timedelta(minutes=30),
        **ANSWERED,
    )
    channel.seal(opened["credentials"])
    channel.save()
    yield channel
    Trouble.objects.filter(channel=channel).delete()
    channel.delete()


def asked(world: World) -> int:
    return len(world.council.rehearsal.requests(TOKEN))


def ours_are_theirs(world: World, channel: Channel) -> bool:
    known = world.council.rehearsal.account("tiktok", channel.account_id).credentials
    return Channel.objects.get(pk=channel.pk).unseal() == known


def files() -> list[Path]:
    return sorted((Path(settings.DATA_DIR) / "kept_keys").glob("*.json"))


def later(seconds: float) -> None:
    """The lease of a dead worker, and the wait after a lost answer, are over."""
    over = timezone.now() - timedelta(seconds=seconds)
    Channel.objects.filter(tended_until__isnull=False).update(tended_until=over)
    Channel.objects.filter(renew_after__isnull=False).update(renew_after=over)


def test_many_workers_renew_once(world: World, tiktok: Channel) -> None:
    world.council.rehearsal.misbehave("slow", match=TOKEN, seconds=1)
    before = tiktok.unseal()
    workers = [world.workers.start("sweep") for _ in range(6)]
    for worker in workers:
        assert world.workers.wait(worker).well
    assert asked(world) == 1
    assert ours_are_theirs(world, tiktok)
    assert Channel.objects.get(pk=tiktok.pk).unseal() != before
    assert not Channel.objects.get(pk=tiktok.pk).paused


@pytest.mark.parametrize(
    "place",
    ["renew: claimed", "renew: kept", "renew: stored"],
)
def test_a_worker_killed_while_renewing_loses_nothing(
    world: World, tiktok: Channel, place: str
) -> None:
    assert world.sweep(crash_at=place).killed
    later(1)
    world.sweep()
    world.sweep()
    assert asked(world) == 1
    assert ours_are_theirs(world, tiktok)
    assert not Channel.objects.get(pk=tiktok.pk).paused
    assert files() == []


@pytest.mark.parametrize("place", ["half sent", "renew: answered"])
def test_a_worker_killed_before_the_disk_has_the_answer(
    world: World, tiktok: Channel, place: str
) -> None:
    """Nobody can have kept what nobody heard: the old token is tried once, then a person."""
    assert world.sweep(crash_at=place).killed
    for _ in range(4):
        later(1)
        world.sweep()
    assert asked(world) == 2
    now = Channel.objects.get(pk=tiktok.pk)
    if ours_are_theirs(world, tiktok):
        # It was killed before the network had read the question.
        assert not now.paused
    else:
        assert now.paused
        assert "Connect the channel again" in now.trouble
    assert files() == []
