"""A person says where a post stands: the address is fetched and checked, and nothing else is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from social_publish.models import Channel, Delivery, State
from social_publish.networks import NETWORKS
from social_publish.worker import account_of
from tests.council import Council, open_channel
from tests.networks.posting import LINK, TEXT, other_id

pytestmark = pytest.mark.django_db


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").latest("pk")


@pytest.fixture
def asked(council: Council) -> Council:
    """A post on X is there; its answer was lost, and nobody could look."""
    council.approve(council.write(**{"channel_words-ticked": [str(council.x.pk)]}))
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets$")
    council.rehearsal.misbehave("error_before", match="GET ", times=9)
    council.deliver()
    Delivery.objects.update(unknown_since=timezone.now() - timedelta(hours=1), not_before=None)
    council.deliver()
    council.rehearsal.server.faults.waiting.clear()
    assert delivery().state == State.NEEDS_PERSON
    return council


def say_it_is_there(council: Council, address: str) -> str:
    url = f"/admin/social/post/{delivery().pk}/there/"
    answer = council.client("moderator").post(url, {"address": address}, follow=True)
    return answer.content.decode()


def stranger_posts(council: Council, channel: Channel, words: str) -> str:
    """The number of a post that somebody else made on the channel's network."""
    made = council.rehearsal.open_account(channel.network, handle="somebody", name="Somebody")
    account = council.rehearsal.account(channel.network, made["account_id"])
    number = other_id(channel.network, account_of(channel), 5)
    council.rehearsal.store.add_post(account, number, words, {"media": []})
    return number


def test_a_strangers_post_that_repeats_ours_is_not_ours(asked: Council) -> None:
    number = stranger_posts(asked, asked.x, delivery().text)
    said = say_it_is_there(asked, f"https://x.com/somebody/status/{number}")
    assert "another account" in said
    assert (delivery().state, delivery().remote_id) == (State.NEEDS_PERSON, "")


@pytest.mark.parametrize("network", ["x", "mastodon", "gotosocial", "linkedin"])
def test_a_network_tells_whose_post_it_reads(council: Council, network: str) -> None:
    """They show any public post to whoever asks."""
    known = {"x": council.x}
    channel = known.get(network) or open_channel(council.rehearsal, council.group, network)
    account = account_of(channel)
    theirs = stranger_posts(council, channel, TEXT)
    ours = other_id(network, account, 6)
    mine = council.rehearsal.account(network, channel.account_id)
    council.rehearsal.store.add_post(mine, ours, TEXT, {"media": []})
    read = {number: NETWORKS[network].read(account, number) for number in (ours, theirs)}
    assert all(reading.found and LINK in reading.links for reading in read.values())
    assert [reading.ours for reading in read.values()] == [True, False]


def test_a_post_that_was_deleted_is_not_there(asked: Council) -> None:
    number = asked.posts(asked.x)[0]["id"]
    asked.rehearsal.store.write("UPDATE posts SET deleted = 1")
    assert "no such post" in say_it_is_there(asked, f"https://x.com/council/status/{number}")
    assert delivery().state == State.NEEDS_PERSON


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/2/tweets/1",
        "http://169.254.169.254/latest/meta-data/status/5",
        "https://x.com@127.0.0.1:{port}/status/5",
        "https://x.com.evil.example/council/status/5",
        "https://evil.example/https://x.com/council/status/5",
        "file:///etc/passwd",
        "javascript:alert(1)//x.com/status/5",
    ],
)
def test_an_address_elsewhere_is_refused_and_never_fetched(asked: Council, address: str) -> None:
    port = asked.rehearsal.server.server_port
    before = len(asked.rehearsal.requests())
    say_it_is_there(asked, address.format(port=port))
    assert len(asked.rehearsal.requests()) == before
    assert delivery().state == State.NEEDS_PERSON


def test_the_screen_has_all_that_a_person_needs_to_decide(asked: Council) -> None:
    row = delivery()
    Channel.objects.update(profile_url="https://x.com/council")
    address = f"/admin/social_publish/delivery/inspect/{row.pk}/"
    screen = asked.client("moderator").get(address).content.decode()
    tried = timezone.localtime(row.claimed_at)
    assert f"It was tried on {tried:%-d %B %Y, %H:%M}" in screen
    assert "X gave no clear answer." in screen
    assert 'href="https://x.com/council"' in screen
    for choice in ("It is there", "It is not there: post it", "Leave it unposted"):
        assert choice in screen
    for line in row.text.splitlines():
        assert line in screen
