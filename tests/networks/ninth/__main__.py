"""`python -m tests.networks.ninth`: adds the lines of a ninth network, then runs its contract."""

import sys

import django
import pytest

django.setup()

from social_publish.networks import NETWORKS
from social_publish.rehearsal import accounts, pages, server
from tests.networks.ninth import rehearsed
from tests.networks.ninth.network import Postcards

NETWORKS["postcards"] = Postcards()

# Whatever lists the networks comes after the line that adds one.
from tests.networks import posting

# The rehearsal's server, its keys, and how it looks to the public.
server.NETWORKS += (rehearsed,)
accounts.CREDENTIALS["postcards"] = ("token",)
pages.PLACES["postcards"] = pages.Place("Postcards", rehearsed.may_reply)
# The contract that every network passes.
posting.CALLS["postcards"] = posting.Calls(
    publish=r"POST /postcards/cards$", hand_over=r"POST /postcards/pictures$"
)

if __name__ == "__main__":
    chosen = ["tests/networks/test_wire.py", "-k", "TestContract and postcards"]
    sys.exit(pytest.main(["-q", *chosen]))
