"""The tools that look at the pages, and the demonstration they look at."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import running as running

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
