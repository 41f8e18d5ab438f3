"""Where the council names the server itself, the name never leads to a private address."""

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.base import Account, NotSent, Refused, Trouble
from tests.networks.posting import no_secret, plain, publish
from tests.networks.test_transport import hostile

SLUGS = ("bluesky", "gotosocial", "mastodon")
TOKENS = {"access_token": "CANARY", "app_password": "CANARY"}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    "name",
    ["https://127.0.0.1", "https://localhost", "http://127.0.0.1", "https://[::ffff:127.0.0.1]"],
)
def test_a_private_server_gets_no_request(slug: str, name: str) -> None:
    network = NETWORKS[slug]
    with hostile(lambda connection: None) as (address, seen):
        port = address.rpartition(":")[2]
        account = Account("1", TOKENS, "", "council", server=f"{name}:{port}")
        sent = publish(slug, account, plain(slug))
        assert isinstance(sent, NotSent)
        reasons = [
            sent.reason,
            network.look(account, plain(slug), 0, {}).reason,
            network.read(account, "1").reason,
            network.verify(account).reason,
        ]
    assert all(reasons)
    no_secret(account, *reasons)
    assert not any(b"HTTP" in data or b"CANARY" in data for data in seen)


@pytest.mark.parametrize("slug", ["gotosocial", "mastodon"])
def test_a_channel_without_its_server_says_so(slug: str) -> None:
    answer = publish(slug, Account("1", TOKENS, ""), plain(slug))
    assert isinstance(answer, Refused)
    assert answer.trouble is Trouble.SIGN_IN
    assert "on which server" in answer.reason
