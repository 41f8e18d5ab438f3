"""What every test may ask for: the rehearsal networks, and a council with two channels."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from tests.council import Council, build_council, small_jpeg
from tests.rehearsal_server import RehearsalServer

# A busy machine must not decide a test.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")


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
