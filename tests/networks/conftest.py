"""Each network in turn, with an account of its own on the rehearsal."""

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.base import Account
from tests.rehearsal_server import RehearsalServer


@pytest.fixture(params=[n for n in sorted(NETWORKS) if not NETWORKS[n].capabilities.by_hand])
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def account(slug: str, rehearsal: RehearsalServer) -> Account:
    opened = rehearsal.open_account(slug)
    return Account(
        opened["account_id"], opened["credentials"], rehearsal.url, "council", rehearsal=True
    )
