"""The real server, once for all tests here; an account of its own for each."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from social_publish.networks.base import Account
from tests.pds.server import MISSING, PersonalDataServer

NUMBERS = count(1)


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PersonalDataServer]:
    home = os.environ.get("PDS_HOME", "")
    if not home:
        pytest.fail(MISSING)
    server = PersonalDataServer(Path(home), tmp_path_factory.mktemp("pds"))
    yield server
    server.stop()


@pytest.fixture
def opened(pds: PersonalDataServer) -> dict[str, str]:
    return pds.open_account(f"council{next(NUMBERS)}")


@pytest.fixture
def account(pds: PersonalDataServer, opened: dict[str, str]) -> Account:
    """An account that this site has not signed in to yet."""
    keys = {"app_password": opened["app_password"]}
    return Account(opened["did"], keys, pds.url, opened["handle"])
