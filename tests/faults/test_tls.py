"""TLS with a server that is trusted, and that breaks: before the first byte, or after the last."""

import ssl
from pathlib import Path

import pytest
from django.conf import settings

from social_publish.models import Channel, State
from tests.faults import hostile, tls
from tests.faults.steps import delivery, posted_once, sent_later
from tests.faults.world import World

pytestmark = pytest.mark.faults


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """This machine trusts an authority of the test's own, besides which nothing is loosened."""
    bundle, context = tls.authority(tmp_path)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(bundle))
    return context


@pytest.mark.parametrize("how", ["noise", "cut", "silence"])
def test_broken_after_the_request_it_is_looked_for(
    world: World, channel: Channel, trusted: ssl.SSLContext, how: str
) -> None:
    world.announce(channel)
    answer = tls.breaking_after_the_request(trusted, settings.REHEARSAL_URL, how)
    with hostile.instead_of_the_network(answer, scheme="https") as seen:
        world.sweep_here()
        assert delivery().state == State.UNKNOWN
    assert sum(b"POST" in request for request in seen) == 1
    assert len(world.copies(delivery())) == 1
    world.sweep_until_rest()
    posted_once(world, channel, requests=1)


def test_broken_before_the_first_byte_it_is_sent_later(
    world: World, channel: Channel, trusted: ssl.SSLContext
) -> None:
    world.announce(channel)
    with hostile.instead_of_the_network(tls.breaking_in_the_handshake, scheme="https") as seen:
        world.sweep_here()
    assert seen == [], "Something was said before the server had shown who it is."
    sent_later(world, channel)
