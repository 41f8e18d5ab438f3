"""The world of the fault tests, made once; each test gets it clean and ends with the invariants."""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from social_publish.models import Channel
from tests.council import build_council, open_channel, picture
from tests.faults import invariants
from tests.faults.cases import PUBLISH
from tests.faults.workers import Workers
from tests.faults.world import World
from tests.rehearsal_server import RehearsalServer

# Facebook and X refuse a text they have just had, but not always: here they never notice, so
# that a second copy is seen and not covered up by the network.
FORGETFUL = (
    "CREATE TRIGGER IF NOT EXISTS forgetful AFTER INSERT ON posts BEGIN"
    " UPDATE posts SET text = NEW.text || ' ' WHERE number = NEW.number; END"
)

tally: Counter[str] = Counter()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """A database that several processes can open, and that no other run of the tests uses."""
    database = connections["default"].settings_dict
    if "sqlite" in database["ENGINE"]:
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "db.sqlite3")
    else:
        database["TEST"]["NAME"] = f"test_faults_{os.getpid()}"
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def whole_world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    rehearsal_process: RehearsalServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    address = {"REHEARSAL_URL": rehearsal_process.url, "SITE_URL": "https://council.example"}
    with django_db_blocker.unblock(), override_settings(**address):
        call_command("setup_council")
        council = build_council(rehearsal_process)
        channels = {
            network: getattr(council, network, None)
            or open_channel(rehearsal_process, council.group, network)
            for network in PUBLISH
        }
        rehearsal_process.store.write(FORGETFUL)
        workers = Workers(rehearsal_process.url, tmp_path_factory.mktemp("workers") / "log")
        made = World(council, channels, workers, picture(size=(640, 480)))
        made.begin()
        yield made
        workers.stop()


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """The council with nothing written yet. Whatever the test did, the invariants must hold."""
    yield whole_world
    try:
        broken = invariants.broken(whole_world)
        tally["cases"] += 1
        tally["doubles"] += sum(line.startswith("I1") for line in broken)
        assert not broken, "\n".join(broken)
    finally:
        whole_world.clean()


@pytest.fixture(params=["x", "facebook"])
def channel(request: pytest.FixtureRequest, world: World) -> Channel:
    """The council's channel on each network, which may send once more by itself."""
    one: Channel = getattr(world.council, request.param)
    Channel.objects.update(resend_when_absent=True)
    one.refresh_from_db()
    return one


# --- the figures, from every process of a parallel run ---------------------------------


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tally"] = dict(tally)


def pytest_testnodedown(node: Any) -> None:
    tally.update(getattr(node, "workeroutput", {}).get("tally", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    names = ("cases", "doubles", "losses", "stuck", "asked a person", "place not reached")
    names += ("cases of the control", "doubles of the control", "histories", "deaths")
    terminalreporter.write_line("; ".join(f"{name}: {tally[name]}" for name in names))
