"""F1 to F21: what a network may do with one request to publish, and what comes of the post."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from social_publish.models import Channel, Delivery, State, Trouble
from tests.faults import hostile
from tests.faults.cases import PUBLISH
from tests.faults.steps import delivery, posted_once, sent_later, sweep_for
from tests.faults.world import World

pytestmark = pytest.mark.faults


def test_f01_connection_refused(world: World, channel: Channel) -> None:
    world.announce(channel)
    with override_settings(REHEARSAL_URL="http://127.0.0.1:9"):
        world.sweep_here()
    sent_later(world, channel)


def test_f02_a_name_that_does_not_resolve(world: World, channel: Channel) -> None:
    world.announce(channel)
    with override_settings(REHEARSAL_URL="http://nobody.invalid:80"):
        world.sweep_here()
    sent_later(world, channel)


def test_f03_nobody_answers_the_knock(world: World) -> None:
    world.announce(world.council.x)
    with hostile.black_hole() as address, override_settings(REHEARSAL_URL=address):
        world.sweep_here()
    sent_later(world, world.council.x)


def test_f04_hung_up_before_reading(world: World, channel: Channel) -> None:
    world.announce(channel)
    with hostile.instead_of_the_network(hostile.hang_up):
        world.sweep_here()
    assert delivery().state == State.UNKNOWN
    world.sweep_until_rest()
    posted_once(world, channel, requests=1)


def test_f05_dropped_before_it_was_stored(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("drop_before", match=PUBLISH[channel.network])
    world.sweep_here()
    assert delivery().state == State.UNKNOWN
    sweep_for(world, 9)
    assert len(world.publishing(channel)) == 1, "It was sent again within the settle window."
    sweep_for(world, 5)
    posted_once(world, channel, requests=2)


@pytest.mark.parametrize(
    ("number", "mode", "options"),
    [
        ("f06", "drop_after", {}),
        ("f07", "error_after", {"status": 500}),
        ("f08", "error_after", {"status": 502}),
        ("f08", "error_after", {"status": 504}),
        ("f16", "truncated", {}),
        ("f17", "html_200", {}),
        ("f17", "empty_200", {}),
        ("f17", "empty_object", {}),
        ("f17", "empty_list", {}),
        ("f17", "wrong_type", {}),
        ("f17", "foreign_id", {}),
        ("f18", "wrong_charset", {}),
        ("f18", "nul_body", {}),
        ("f18", "surrogate_body", {}),
        ("f19", "long_length", {}),
        ("f19", "no_type", {}),
    ],
)
def test_stored_and_the_answer_is_no_use(
    world: World, channel: Channel, number: str, mode: str, options: dict[str, int]
) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave(mode, match=PUBLISH[channel.network], **options)
    world.sweep_here()
    posted_once(world, channel, requests=1)
    assert "Traceback" not in delivery().why
    assert delivery().why.isprintable()


def test_f09_a_fault_of_theirs_for_ever(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("error_before", match=PUBLISH[channel.network], times=999)
    sweep_for(world, 90, every=5)
    assert delivery().state == State.NEEDS_PERSON
    assert len(world.publishing(channel)) <= 2


def test_f09_the_breaker_keeps_the_other_posts_back(world: World, channel: Channel) -> None:
    for _ in range(6):
        world.announce(channel)
    world.council.rehearsal.misbehave("error_before", match=PUBLISH[channel.network], times=3)
    sweep_for(world, 4)
    assert len(world.publishing(channel)) == 3
    spared = Delivery.objects.filter(channel=channel, attempts=0)
    assert [d.state for d in spared] == [State.QUEUED] * 3
    kept = [d.pk for d in spared]
    sweep_for(world, 3)
    assert {d.state for d in Delivery.objects.filter(pk__in=kept)} == {State.POSTED}
    world.sweep_until_rest()
    assert not Delivery.objects.exclude(state__in=(State.POSTED, State.NEEDS_PERSON)).exists()


def test_f09_while_it_lasts_the_network_is_tried_ever_more_rarely(
    world: World, channel: Channel
) -> None:
    for _ in range(10):
        world.announce(channel)
    world.council.rehearsal.misbehave("error_before", match=PUBLISH[channel.network], times=999)
    sweep_for(world, 100)
    # At first three, and then after 5, 15, 30 and 30 minutes.
    assert len(world.publishing(channel)) == 7
    told = Trouble.objects.get(kind=Trouble.Kind.WAITING, channel=channel, over_at=None)
    assert "gave no answer to several posts in a row" in told.told_words


def test_f10_unavailable_and_asks_us_to_wait(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave(
        "error_before", match=PUBLISH[channel.network], status=503, retry_after=3600
    )
    sweep_for(world, 58, every=2)
    assert len(world.publishing(channel)) == 1, "It was sent again before the time they named."
    sweep_for(world, 20, every=2)
    assert delivery().state == State.POSTED or delivery().state == State.NEEDS_PERSON
    assert len(world.publishing(channel)) <= 2


def test_f11_asked_to_wait(world: World, channel: Channel) -> None:
    others = {"x": world.council.facebook, "facebook": world.council.x}
    world.announce(world.council.x, world.council.facebook)
    world.council.rehearsal.misbehave(
        "rate_limit", match=PUBLISH[channel.network], retry_after=1200
    )
    world.sweep_here()
    world.announce(channel)
    sweep_for(world, 18, every=3)
    waiting = Delivery.objects.filter(channel=channel)
    assert {d.state for d in waiting} == {State.QUEUED}, "The whole channel waits."
    assert len(world.publishing(channel)) == 1
    assert Delivery.objects.get(channel=others[channel.network]).state == State.POSTED
    sweep_for(world, 3)
    assert {d.state for d in waiting.all()} == {State.POSTED}


@pytest.mark.parametrize(
    ("headers", "at_least", "at_most"),
    [
        ({"retry_after": 120}, 1.9, 2.1),
        ({"retry_after": "Fri, 31 Dec 2100 23:59:59 GMT"}, 23 * 60, 24 * 60 + 1),
        ({}, 14.9, 15.1),
        ({"retry_after": 10 * 365 * 86400}, 23 * 60, 24 * 60 + 1),
        ({"retry_after": -5}, 0, 15.1),
        ({"retry_after": "soon"}, 14.9, 15.1),
        ({"retry_after": "9" * 400}, 0, 24 * 60 + 1),
    ],
    ids=["seconds", "date", "nothing", "ten years", "before now", "text", "no number"],
)
def test_f12_how_long_to_wait(
    world: World,
    channel: Channel,
    headers: dict[str, object],
    at_least: float,
    at_most: float,
) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("rate_limit", match=PUBLISH[channel.network], **headers)
    world.sweep_here()
    assert delivery().state == State.QUEUED
    minutes = (delivery().not_before - world.now()).total_seconds() / 60
    assert at_least <= minutes <= at_most
    world.pass_minutes(at_most)
    world.sweep_here()
    world.sweep_here()
    # After a day a person is asked.
    assert delivery().state in (State.POSTED, State.NEEDS_PERSON)


def test_f20_sent_somewhere_else(world: World, channel: Channel) -> None:
    world.announce(channel)
    with hostile.instead_of_the_network(hostile.listen) as elsewhere:
        answer = hostile.send_away(settings.REHEARSAL_URL)
        with hostile.instead_of_the_network(answer) as seen:
            world.sweep_here()
    assert sum(b"POST" in request for request in seen) == 1
    assert elsewhere == []
    assert delivery().state == State.UNKNOWN
    world.sweep_until_rest()
    posted_once(world, channel, requests=1)


@pytest.mark.parametrize("fault", ["expired", "another name", "nobody vouches", "old TLS", "cut"])
def test_f21_no_trust_no_post(world: World, channel: Channel, tmp_path: Path, fault: str) -> None:
    days = -30 if fault == "expired" else 30
    host = "elsewhere.example" if fault == "another name" else "127.0.0.1"
    context = hostile.certificate(tmp_path, host=host, days=days, newest=fault != "old TLS")
    answer = hostile.hang_up if fault == "cut" else hostile.with_certificate(context)
    world.announce(channel)
    with hostile.instead_of_the_network(answer, scheme="https") as seen:
        world.sweep_here()
    assert seen == [], "Something was said to a server that could not prove who it is."
    sent_later(world, channel)


def test_f21_that_a_network_cannot_be_trusted_is_told(
    world: World, channel: Channel, tmp_path: Path
) -> None:
    context = hostile.certificate(tmp_path, host="127.0.0.1", days=-30, newest=True)
    world.announce(channel)
    answer = hostile.with_certificate(context)
    with hostile.instead_of_the_network(answer, scheme="https") as seen:
        sweep_for(world, 20, every=5)
    assert seen == []
    told = Trouble.objects.get(kind=Trouble.Kind.WAITING, channel=channel, over_at=None)
    assert told.told_words == told.words
    assert "could not be reached" in told.words or "gave no answer" in told.words
    sweep_for(world, 30, every=5)
    posted_once(world, channel, requests=1)
    assert not Trouble.objects.filter(over_at=None).exists()
