"""F39 to F60: workers that die, hang or meet a database and a disk that fail them."""

import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest
from django.db import connection
from django_q.models import OrmQ
from wagtail.signals import page_published

from social_publish.models import Channel, Delivery, State
from tests.faults.cases import ALL, PUBLISH, SENDING_PLACES
from tests.faults.steps import delivery, posted_once, sweep_for, wait_for
from tests.faults.workers import Workers
from tests.faults.world import World
from tests.social_publish.test_worker_command import stat_of

pytestmark = pytest.mark.faults

WITHOUT_DEATH = [place for place in SENDING_PLACES if place != "nowhere"]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="This is SQLite's own fault.")
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="This is PostgreSQL's own fault."
)


# --- SIGKILL ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "place", "requests"),
    [
        ("f39", "before claim", 1),
        ("f40", "send: claimed", 1),
        ("f40", "send: sending", 1),
        ("f41", "half sent", 2),
        ("f43", "send: answered", 1),
        ("f44", "send: settled", 1),
    ],
)
def test_killed_while_sending(
    world: World, channel: Channel, number: str, place: str, requests: int
) -> None:
    world.announce(channel)
    assert world.sweep(crash_at=place).killed
    world.sweep_until_rest()
    posted_once(world, channel, requests=requests)


def test_f42_killed_after_they_stored_and_before_we_read(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("trickle", match=PUBLISH[channel.network], every=0.5)
    worker = world.workers.start("sweep")
    wait_for(world.council.rehearsal.all_posts, "the network stored the post")
    os.kill(worker, signal.SIGKILL)
    assert world.workers.wait(worker).killed
    assert delivery().state == State.SENDING
    world.sweep_until_rest()
    posted_once(world, channel, requests=1)


@pytest.mark.parametrize("place", ["send: step stored", "look: answered", "remove: answered"])
def test_f45_killed_between_steps(world: World, channel: Channel, place: str) -> None:
    world.announce(channel, picture=True)
    if place.startswith("look"):
        world.council.rehearsal.misbehave("drop_after", match=PUBLISH[channel.network])
    if place.startswith("remove"):
        world.sweep()
        world.withdraw(delivery())
    assert world.sweep(crash_at=place).killed
    world.sweep_until_rest()
    if place.startswith("remove"):
        assert delivery().state == State.REMOVED
    else:
        posted_once(world, channel, requests=1)


def test_f46_the_web_process_dies_in_mid_approval(world: World) -> None:
    page = world.submit(world.council.x)
    order = {**world.approval_order(page), "dies_publishing": True}
    assert world.workers.run("approve", **order).killed
    page.refresh_from_db()
    assert not page.live
    assert delivery().state == State.PROPOSED
    assert world.workers.run("approve", **world.approval_order(page)).well
    world.sweep()
    posted_once(world, world.council.x, requests=1)


def test_f47_a_receiver_throws_in_mid_approval(world: World) -> None:
    def throw(**_: object) -> None:
        raise RuntimeError("a plug-in's fault")

    page = world.submit(world.council.x)
    page_published.connect(throw)
    try:
        with pytest.raises(RuntimeError):
            world.approve(page)
    finally:
        page_published.disconnect(throw)
    page.refresh_from_db()
    assert not page.live
    assert delivery().state == State.PROPOSED
    world.approve(page)
    world.sweep_here()
    posted_once(world, world.council.x, requests=1)


def test_f50_a_worker_that_wakes_after_its_lease_is_over(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.store.lag = 3600
    zombie = world.workers.start("sweep", at="send: answered", befalls="halt")
    wait_for(lambda: stat_of(zombie)[0] == "T", "the worker stands still")
    assert world.council.rehearsal.all_posts()
    world.pass_minutes(3)
    world.sweep()
    assert delivery().state == State.UNKNOWN
    os.kill(zombie, signal.SIGCONT)
    assert world.workers.wait(zombie).well
    posted_once(world, channel, requests=1)
    assert delivery().events.filter(move="late yes").count() == 1


# --- many at once ----------------------------------------------------------------------


def test_f51_fifty_wake_ups_for_one_post(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("slow", match=PUBLISH[channel.network], seconds=0.5)
    for _ in range(10):
        for worker in [world.workers.start("drain") for _ in range(5)]:
            assert world.workers.wait(worker).well
    posted_once(world, channel, requests=1)


def test_f52_two_clusters_and_a_timer_at_once(world: World) -> None:
    channels = (world.council.x, world.council.facebook)
    for _ in range(8):
        world.announce(*channels)
    workers = [world.workers.start("sweep") for _ in range(3)]
    workers += [world.workers.start("drain") for _ in range(2)]
    for worker in workers:
        assert world.workers.wait(worker).well
    world.sweep()
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.POSTED}
    assert [len(world.publishing(channel)) for channel in channels] == [8, 8]


def test_f53_the_queue_is_emptied(world: World, channel: Channel) -> None:
    world.announce(channel)
    assert OrmQ.objects.all().delete()[0]
    world.sweep()
    posted_once(world, channel, requests=1)


# --- a database or a disk that fails ---------------------------------------------------


@on_postgresql
@pytest.mark.parametrize("place", WITHOUT_DEATH)
def test_f54_postgresql_is_restarted_at_each_step(
    world: World, channel: Channel, place: str
) -> None:
    world.announce(channel)
    world.workers.run("sweep", may_fail=True, at=place, befalls="cut")
    world.sweep_until_rest()
    posted_once(world, channel, requests=1)


@on_sqlite
@pytest.mark.parametrize("place", ["before claim", "send: answered"])
def test_f55_sqlite_is_locked(world: World, channel: Channel, place: str) -> None:
    """Locked for longer than a claim waits; an answer is written once the lock is gone."""
    world.announce(channel)
    world.council.rehearsal.misbehave("slow", match=PUBLISH[channel.network], seconds=1)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    if place == "before claim":
        other.execute("BEGIN IMMEDIATE")
    worker = world.workers.start("sweep", at="before claim", befalls="forbid waiting")
    if place == "send: answered":
        wait_for(lambda: world.publishing(channel), "the request arrived")
        other.execute("BEGIN IMMEDIATE")
        wait_for(world.council.rehearsal.all_posts, "the network stored the post")
    time.sleep(2)
    other.execute("ROLLBACK")
    other.close()
    world.workers.wait(worker, may_fail=True)
    if place == "send: answered":
        posted_once(world, channel, requests=1)
    world.sweep()
    posted_once(world, channel, requests=1)


@on_sqlite
# An answer is written again and again for half a minute before it is given up.
@pytest.mark.parametrize(
    "place", ["before claim", "send: claimed", *(["send: answered"] if ALL else [])]
)
def test_f56_the_disk_is_full(world: World, place: str) -> None:
    x = world.council.x
    Channel.objects.update(resend_when_absent=True)
    world.announce(x)
    world.workers.run("sweep", may_fail=True, at=place, befalls="fill")
    # Once it is claimed, that it may be out is noted already.
    if place == "before claim":
        assert world.publishing(x) == [], "It was sent although nothing could be noted."
    world.sweep_until_rest()
    posted_once(world, x, requests=1)


@on_sqlite
@pytest.mark.parametrize("place", ["send: claimed", "send: sending", "half sent", "send: answered"])
def test_f57_the_power_is_cut(world: World, channel: Channel, place: str, tmp_path: Path) -> None:
    """The world goes on from the disk as it was at that moment, and the network as it is."""
    world.announce(channel)
    world.workers.run("sweep", at=place, befalls="copy", to=str(tmp_path))
    copy = tmp_path / "db.sqlite3"
    workers = Workers(world.council.rehearsal.url, tmp_path / "log", database=f"sqlite:///{copy}")
    for minutes in (1, 2, 3, 8, 13, 20):
        workers.run("sweep", offset=minutes * 60)
    workers.stop()
    with sqlite3.connect(copy) as database:
        (state,) = database.execute("SELECT state FROM social_publish_delivery").fetchone()
    database.close()
    assert state == State.POSTED
    posted_once(world, channel, requests=1)


@pytest.mark.parametrize(
    ("place", "time", "least"),
    # Both are claimed in one go, and neither has left before both may.
    [("before claim", 2, 2), ("send: sending", 1, 1), ("send: claimed", 2, 0)],
)
def test_f54_f55_the_database_fails_a_claim_while_a_post_is_on_its_way(
    world: World, place: str, time: int, least: int
) -> None:
    """Its answer is written down all the same, and what could not be begun is due at once."""
    channels = (world.council.x, world.council.facebook)
    world.announce(*channels)
    for channel in channels:
        world.council.rehearsal.misbehave("slow", match=PUBLISH[channel.network], seconds=1)
    world.workers.run("sweep", may_fail=True, at=place, time=time, befalls="refuse")
    states = list(Delivery.objects.values_list("state", flat=True))
    assert states.count(State.POSTED) >= least
    assert set(states) <= {State.POSTED, State.QUEUED}
    assert not Delivery.objects.filter(lease_until__isnull=False).exists()
    world.sweep()
    assert Delivery.objects.filter(state=State.POSTED).count() == 2
    assert [len(world.publishing(channel)) for channel in channels] == [1, 1]


# --- work that kills -------------------------------------------------------------------


@pytest.mark.parametrize("place", ["send: sending", "look: claimed"])
def test_f59_work_that_kills_each_worker(world: World, place: str) -> None:
    """As a huge picture would, at the hand of the kernel."""
    x, facebook = world.council.x, world.council.facebook
    Channel.objects.update(resend_when_absent=True)
    world.announce(x)
    world.council.rehearsal.misbehave("drop_before", match=PUBLISH["x"], times=99)
    for _ in range(30):
        world.sweep(crash_at=place)
        world.pass_minutes(2)
    assert delivery().state == State.NEEDS_PERSON
    world.announce(facebook)
    sweep_for(world, 1)
    assert Delivery.objects.get(channel=facebook).state == State.POSTED
