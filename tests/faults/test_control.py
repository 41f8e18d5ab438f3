"""The control: under the same faults a plain retrying sender must post twice, or we measure nothing."""

from itertools import product

import pytest

from social_publish.models import Channel, Delivery
from tests.faults.cases import PLAIN, PUBLISH, SENDING_PLACES, SERVER_FAULTS, Case, sample
from tests.faults.conftest import tally
from tests.faults.world import World

pytestmark = pytest.mark.faults

GRID = [Case(*values) for values in product(PLAIN, SERVER_FAULTS, SENDING_PLACES)]


@pytest.mark.parametrize("network", ["x", "facebook"])
def test_a_plain_retrying_sender_posts_twice(world: World, network: str) -> None:
    cases = sample([case for case in GRID if case.network == network], most=16)
    copies = [copies_by_a_plain_sender(world, case) for case in cases]
    tally["cases of the control"] += len(cases)
    tally["doubles of the control"] += sum(number > 1 for number in copies)
    assert len(cases) > 10
    # Each of these faults doubles by itself, and so does a death between the answer and its record.
    assert sum(number > 1 for number in copies) > len(cases) / 4
    assert all(copies), "A plain queue loses nothing: it goes on until it gets a yes."


def test_a_list_later_than_the_settle_window_shows_our_own_doubles(world: World) -> None:
    """So the harness would see them; and the settle window is a safety setting."""
    facebook = world.council.facebook
    Channel.objects.update(resend_when_absent=True)
    world.announce(facebook)
    world.doubles_expected = True
    world.council.rehearsal.store.lag = 3600
    world.council.rehearsal.misbehave("drop_after", match=PUBLISH["facebook"])
    world.sweep_until_rest()
    assert len(world.copies(Delivery.objects.get())) == 2


def copies_by_a_plain_sender(world: World, case: Case) -> int:
    rehearsal = world.council.rehearsal
    rehearsal.reset()
    if case.fault != "none":
        rehearsal.misbehave(case.fault, match=PUBLISH[case.network])
    channel = getattr(world.council, case.network)
    job = {
        "network": case.network,
        "account": {
            "account_id": channel.account_id,
            "credentials": channel.unseal(),
            "base_url": rehearsal.url,
        },
        "text": "Open late. https://council.example/n/abcdefghij",
        "link": "https://council.example/n/abcdefghij",
    }
    # A queue runs a job again whose worker died before it said that the job was done.
    place = case.place
    while world.workers.run("plain", job=job, crash_at=place).killed:
        place = "nowhere"
    return len(world.council.posts(channel, deleted=True))
