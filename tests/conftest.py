"""What every test may ask for: the rehearsal networks, and a council with two channels."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management import call_command
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from xdist.scheduler import LoadFileScheduling

from tests.council import Council, build_council, small_jpeg
from tests.rehearsal_server import RehearsalServer

# A busy machine must not decide a test, nor chance one in CI.
hypothesis_settings.register_profile("unhurried", deadline=None, derandomize="CI" in os.environ)
hypothesis_settings.load_profile("unhurried")


class ByFile(LoadFileScheduling):
    """Each file is one process's work, and so are all browser tests: they share one site."""

    def _split_scope(self, nodeid: str) -> str:
        name = super()._split_scope(nodeid)
        return "tests/browser" if name.startswith("tests/browser/") else name


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    # What starts the processes of a parallel run tests nothing: each makes a data folder of its own.
    if config.getoption("numprocesses", None):
        os.environ.pop("DATA_DIR", None)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What repeats this run."""
    seed = config.getoption("randomly_seed", None)
    terminalreporter.write_line(f"The order came from --randomly-seed={seed}")


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """Wagtail remembers sites and renditions; each test begins with new ones of the same number."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture(scope="session")
def rehearsal_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RehearsalServer]:
    server = RehearsalServer(tmp_path_factory.mktemp("rehearsal"))
    yield server
    server.stop()


@pytest.fixture
def rehearsal(rehearsal_process: RehearsalServer, settings: Settings) -> RehearsalServer:
    """The pretend networks, empty."""
    rehearsal_process.reset()
    rehearsal_process.store.elsewhere = small_jpeg()
    settings.REHEARSAL_URL = rehearsal_process.url
    return rehearsal_process


@pytest.fixture
def council(db: None, rehearsal: RehearsalServer, settings: Settings, tmp_path: Path) -> Council:
    """A site with one section, people in each role, and channels on X and Facebook."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SITE_URL = "https://council.example"
    call_command("setup_council")
    return build_council(rehearsal)
