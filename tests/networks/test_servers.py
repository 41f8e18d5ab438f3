"""Where the council names the server itself, the name never leads to a private address."""

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import NotSent, Refused, Trouble
from social_publish.networks.base import Account
from social_publish.public_addresses import is_public
from tests.networks.posting import no_secret, plain, publish
from tests.networks.test_transport import hostile

SLUGS = ("bluesky", "gotosocial", "mastodon")
TOKENS = {"access_token": "CANARY", "app_password": "CANARY"}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("name", ["https://localhost", "http://127.0.0.1"])
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
    assert seen == []


@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "LOCALHOST",
        "localhost.",
        "office@localhost",
        "bsky.social@127.0.0.1",
    ],
)
def test_no_way_of_writing_it_leads_to_this_machine(name: str) -> None:
    """Nothing even connects: the server would see that, and answer."""
    with hostile(lambda connection: None) as (address, seen):
        port = address.rpartition(":")[2]
        account = Account("1", TOKENS, "", "council", server=f"https://{name}:{port}")
        assert isinstance(publish("mastodon", account, plain("mastodon")), NotSent)
    assert seen == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("::ffff:1.1.1.1", True),
        # By way of a gateway between the two kinds of addresses (RFC 6052).
        ("64:ff9b::101:101", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_are_on_the_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("slug", ["gotosocial", "mastodon"])
def test_a_channel_without_its_server_says_so(slug: str) -> None:
    answer = publish(slug, Account("1", TOKENS, ""), plain(slug))
    assert isinstance(answer, Refused)
    assert answer.trouble is Trouble.SIGN_IN
    assert "on which server" in answer.reason
