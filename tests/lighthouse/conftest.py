"""The tools that look at the pages, and the demonstration they look at."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Running, free_port
from tests.browser.conftest import running as running
from tests.lighthouse.stack import Served, served

MISSING = (
    "Lighthouse and the Nu Html Checker are not on this machine, so nothing was looked at."
    " `make lighthouse` fetches them and runs these tests."
)


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder that .ci/prepare-lighthouse filled."""
    home = os.environ.get("LIGHTHOUSE_HOME", "")
    if not home:
        pytest.fail(MISSING)
    return Path(home)


@pytest.fixture(scope="session")
def behind_nginx(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = free_port()
    with served(running, (port, port + 1), tmp_path_factory.mktemp("council")) as site:
        yield site
