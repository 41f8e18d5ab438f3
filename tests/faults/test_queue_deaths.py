"""F48, F49 and F53 under `manage.py worker`: whichever process of the queue dies, each post goes once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.conf import settings
from django_q.models import OrmQ

from social_publish.models import Delivery, State, WorkerSign
from tests.faults.cases import PART, PUBLISH
from tests.faults.steps import wait_for
from tests.faults.workers import environment
from tests.faults.world import World
from tests.social_publish.test_worker_command import group, processes

pytestmark = pytest.mark.faults

BOUND = 600.0  # seconds in which the worker must end, on a busy machine too


@dataclass
class Site:
    """A `manage.py worker` on the tests' database."""

    process: "subprocess.Popen[bytes]"

    def parts(self) -> dict[str, list[int]]:
        """The processes of the queue, by the order in which django-q2 starts them."""
        (leader,) = self.children(self.process.pid)
        (sentinel,) = self.children(leader)
        *workers, monitor, pusher = sorted(self.children(sentinel))
        assert len(workers) == 2
        return {
            "one idle worker": workers[:1],
            "both idle workers": workers,
            "monitor": [monitor],
            "pusher": [pusher],
            "sentinel": [sentinel],
            "leader": [leader],
            "everyone": sorted(group(leader)),
        }

    @staticmethod
    def children(parent: int) -> set[int]:
        return processes(lambda stat: stat[1] == parent)

    def wait_for_a_beat(self, *, after: datetime | None = None) -> datetime:
        """Until the queue carried a task out, later than `after`. Returns when."""
        signs = WorkerSign.objects.filter(name="heartbeat")
        signs = signs.filter(at__gt=after) if after else signs
        wait_for(signs.exists, "a heartbeat")
        return signs.get().at

    def kill(self) -> None:
        for leader in self.children(self.process.pid):
            os.killpg(leader, signal.SIGKILL)
        self.process.kill()
        self.process.wait(BOUND)


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    WorkerSign.objects.all().delete()
    with world.workers.log.open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--heartbeat-limit", "60", "--grace", "15"],
            cwd=settings.BASE_DIR,
            env=environment(world.council.rehearsal.url),
            stderr=log,
            start_new_session=True,
        )
    made = Site(process)
    yield made
    if process.poll() is None:
        made.kill()


def announce_two(world: World) -> None:
    for _ in range(2):
        world.announce(world.council.x, world.council.facebook)


def all_posted() -> bool:
    return not Delivery.objects.exclude(state=State.POSTED).exists()


def each_posted_once(world: World) -> None:
    for channel in (world.council.x, world.council.facebook):
        assert len(world.publishing(channel)) == Delivery.objects.filter(channel=channel).count()


# The first of them is the one that django-q2 never recovers from.
VICTIMS = [
    "both idle workers",
    "one idle worker",
    "monitor",
    "pusher",
    "sentinel",
    "leader",
    "everyone",
]


@pytest.mark.parametrize("victim", VICTIMS if PART == 1 else VICTIMS[:1])
def test_f48_a_part_of_the_queue_dies(world: World, site: Site, victim: str) -> None:
    last = site.wait_for_a_beat()
    for pid in site.parts()[victim]:
        os.kill(pid, signal.SIGKILL)
    announce_two(world)
    wait_for(all_posted, "every post is out")
    site.wait_for_a_beat(after=last)
    announce_two(world)
    wait_for(all_posted, "every post is out, now that the queue is back")
    each_posted_once(world)


def test_f53_the_queue_is_emptied_again_and_again(world: World, site: Site) -> None:
    site.wait_for_a_beat()
    announce_two(world)

    def emptied_and_posted() -> bool:
        OrmQ.objects.all().delete()
        return all_posted()

    wait_for(emptied_and_posted, "every post is out, by the sweep")
    each_posted_once(world)


def test_f53_the_queue_is_off(world: World) -> None:
    announce_two(world)
    subprocess.run(
        [sys.executable, "manage.py", "deliver"],
        cwd=settings.BASE_DIR,
        env=environment(world.council.rehearsal.url),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert all_posted()
    each_posted_once(world)


@pytest.mark.parametrize("whom", ["everyone", "the worker"] if PART == 1 else ["everyone"])
def test_f49_asked_to_stop_with_posts_on_their_way(world: World, site: Site, whom: str) -> None:
    site.wait_for_a_beat()
    parts = site.parts()["everyone"]
    for network in ("x", "facebook"):
        world.council.rehearsal.misbehave("slow", match=PUBLISH[network], seconds=2)
    announce_two(world)
    wait_for(lambda: world.council.rehearsal.requests("POST"), "a post is on its way")
    for pid in [site.process.pid, *(parts if whom == "everyone" else [])]:
        os.kill(pid, signal.SIGTERM)
    assert site.process.wait(BOUND) == 0
    wait_for(lambda: not set(parts) & processes(lambda stat: True), "the end of the queue")
    world.follow_through()
    assert all_posted()
    assert all(len(world.copies(delivery)) == 1 for delivery in Delivery.objects.all())
