"""`manage.py worker`, in real processes: it replaces a dead queue, and ends with nothing left."""

import configparser
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from social_publish.management.commands.worker import Command
from social_publish.transport import TimeLimits

PATIENCE = 300.0  # seconds; a bound for a busy machine, no verdict


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"Waited in vain: {what}"
        time.sleep(0.2)


def stat_of(pid: int) -> tuple[str, int, int] | None:
    """(state, parent, process group) of a process; None when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0], int(fields[1]), int(fields[2])


def processes(matches: Callable[[tuple[str, int, int]], bool]) -> set[int]:
    """The running processes that match; what is dead and only not yet collected does not run."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return {pid for pid in pids if (stat := stat_of(pid)) and stat[0] != "Z" and matches(stat)}


def group(leader: int) -> set[int]:
    return processes(lambda stat: stat[2] == leader)


def wait_for_the_end_of(leader: int) -> None:
    """A killed process takes its moment to die."""
    wait_for(lambda: not group(leader), "the end of a process group")


def ours(folder: str) -> set[int]:
    """Every process that was started on this data, whoever its parent is now."""
    mark = f"DATA_DIR={folder}".encode()
    found = set()
    for pid in processes(lambda stat: True):
        try:
            variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in variables:
            found.add(pid)
    return found


@dataclass
class Worker:
    """A `manage.py worker` with a database of its own."""

    process: "subprocess.Popen[bytes]"
    database: Path

    def sign(self, name: str) -> datetime | None:
        """When something last happened, as its own database says."""
        with sqlite3.connect(self.database, timeout=20) as rows:
            found = rows.execute(
                "SELECT at FROM social_publish_workersign WHERE name = ?", (name,)
            ).fetchone()
        rows.close()
        return datetime.fromisoformat(found[0]) if found else None

    def cluster(self) -> int | None:
        """The leader of the queue's processes: the worker's only child."""
        children = processes(lambda stat: stat[1] == self.process.pid)
        return children.pop() if children else None

    def wait_until_it_beats(self, *, after: datetime | None = None) -> int:
        """Until a queued task was carried out (later than `after`). Returns the queue's leader."""

        def beats() -> bool:
            beat = self.sign("heartbeat")
            return beat is not None and (after is None or beat > after)

        wait_for(beats, "a heartbeat")
        leader = self.cluster()
        assert leader is not None
        return leader

    def ends(self) -> int:
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A migrated database in a file, for all tests of this module, one after the other."""
    folder = tmp_path_factory.mktemp("worker")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
    }
    manage = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(manage, cwd=settings.BASE_DIR, env=environment, check=True)
    return environment


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., Worker]]:
    """Starts workers with these arguments, with no sign of life of an earlier one."""
    database = Path(environment["DATA_DIR"]) / "db.sqlite3"
    with sqlite3.connect(database, timeout=20) as rows:
        rows.execute("DELETE FROM social_publish_workersign")
    rows.close()
    started: list[Worker] = []

    def start(*arguments: str) -> Worker:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
        )
        started.append(Worker(process, database))
        return started[-1]

    yield start
    for pid in ours(environment["DATA_DIR"]):
        # The death of one lets others end by themselves.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for worker in started:
        worker.process.wait(PATIENCE)


def test_it_beats_sweeps_and_publishes(start: Callable[..., Worker]) -> None:
    worker = start()
    worker.wait_until_it_beats()
    wait_for(lambda: worker.sign("sweep"), "a sweep")
    assert worker.sign("publish_scheduled")
    assert worker.sign("started")


@pytest.mark.parametrize("victims", ["leader", "everyone"])
def test_a_dead_queue_is_replaced(start: Callable[..., Worker], victims: str) -> None:
    worker = start("--heartbeat-limit", "30")
    dead = worker.wait_until_it_beats()
    last = worker.sign("heartbeat")
    for pid in {dead} if victims == "leader" else group(dead):
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: worker.cluster() not in (None, dead), "a new queue")
    assert worker.wait_until_it_beats(after=last) != dead
    wait_for_the_end_of(dead)


def test_a_queue_that_is_alive_and_does_nothing_is_replaced(start: Callable[..., Worker]) -> None:
    worker = start("--heartbeat-limit", "20")
    frozen = worker.wait_until_it_beats()
    for pid in group(frozen):
        os.kill(pid, signal.SIGSTOP)
    last = worker.sign("heartbeat")
    assert worker.cluster() == frozen
    wait_for(lambda: worker.cluster() not in (None, frozen), "a new queue")
    assert worker.wait_until_it_beats(after=last) != frozen
    wait_for_the_end_of(frozen)


def test_a_queue_whose_workers_died_idle_works_again(start: Callable[..., Worker]) -> None:
    """django-q2 starts new ones, which may never get a task: the dead held the pipe's lock."""
    worker = start("--heartbeat-limit", "20")
    leader = worker.wait_until_it_beats()
    sentinels = processes(lambda stat: stat[1] == leader)
    idle = processes(lambda stat: stat[1] in sentinels)
    assert len(idle) > 2
    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    worker.wait_until_it_beats(after=worker.sign("heartbeat"))


@pytest.mark.parametrize("times", [1, 2])
def test_it_ends_when_asked_and_nothing_is_left(start: Callable[..., Worker], times: int) -> None:
    worker = start("--grace", "10")
    leader = worker.wait_until_it_beats()
    assert len(group(leader)) > 1
    for _ in range(times):
        worker.process.terminate()
        time.sleep(0.3)
    assert worker.ends() == 0
    wait_for_the_end_of(leader)
    wait_for_the_end_of(worker.process.pid)


def test_it_ends_when_asked_before_its_queue_runs(start: Callable[..., Worker]) -> None:
    worker = start("--grace", "5")
    wait_for(lambda: worker.sign("started"), "its start")
    leader = worker.cluster()
    worker.process.terminate()
    assert worker.ends() == 0
    assert leader is not None
    wait_for_the_end_of(leader)


def test_a_queue_that_does_not_end_is_killed_with_all_it_started(
    start: Callable[..., Worker],
) -> None:
    worker = start("--grace", "2")
    leader = worker.wait_until_it_beats()
    for pid in group(leader):
        os.kill(pid, signal.SIGSTOP)
    worker.process.terminate()
    assert worker.ends() == 0
    wait_for_the_end_of(leader)


@pytest.mark.parametrize("name", ["council-web", "council-worker"])
def test_the_supervisor_starts_it_again_however_it_ended(name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(settings.BASE_DIR / "deploy" / f"{name}.service")
    service = unit["Service"]
    assert service["Restart"] == "always"
    assert service["KillMode"] == "mixed"
    # systemd gives up after five quick ends unless it is told not to.
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert int(service["RestartSec"]) > 0
    if name == "council-worker":
        worker = Command().create_parser("manage.py", "worker").parse_args([])
        assert worker.grace >= TimeLimits().total
        assert int(service["TimeoutStopSec"]) > worker.grace + 15
