"""What the breaker of a channel counts, what it does not, and what people see while it is open."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from social_publish import outbox
from social_publish.channel_answers import Answers, answer
from social_publish.models import Channel, Delivery, State
from tests.council import Council, picture, small_jpeg
from tests.networks.posting import PUBLISH
from tests.social_publish.posts import decide, inspect
from tests.social_publish.tended import DAY, MINUTE, connected, read, sweep

pytestmark = pytest.mark.django_db
DUPLICATE = {"detail": "You are not allowed to create a Tweet with duplicate content.", "code": 506}


def approved(council: Council, channel: Channel, number: int = 1, image: str = "") -> None:
    page = council.write(
        title=f"Late opening {number}",
        slug=f"late-{number}",
        image=image,
        **{"channel_words-ticked": [str(channel.pk)]},
    )
    council.approve(page)


def tried(council: Council) -> int:
    """How often a post was begun for the first time."""
    return Delivery.objects.filter(attempts__gt=0).count()


def fail(council: Council, channel: Channel, **how: Any) -> None:
    council.rehearsal.misbehave("error_before", match=PUBLISH[channel.network], times=99, **how)


def test_a_short_pause_that_the_network_asks_for_does_not_end_the_rest(council: Council) -> None:
    for number in range(5):
        approved(council, council.x, number)
    fail(council, council.x, status=503, retry_after=1)
    for minutes in range(5):
        sweep(council, minutes * MINUTE)
    assert tried(council) == 3


@pytest.mark.parametrize("slug", ["x", "facebook"])
def test_a_network_that_knows_the_words_already_has_answered(council: Council, slug: str) -> None:
    channel = {"x": council.x, "facebook": council.facebook}[slug]
    for number in range(5):
        approved(council, channel, number)
    council.rehearsal.misbehave("forbidden", match=PUBLISH[slug], times=99, **DUPLICATE)
    for minutes in range(6):
        sweep(council, minutes * MINUTE)
    assert tried(council) == 5
    assert read(channel).not_before is None


def test_a_network_that_publishes_later_has_answered_when_it_takes_a_post(council: Council) -> None:
    """Else three lost answers in half a year would be three in a row."""
    channel = connected(council, "tiktok", keys_end=90 * DAY)
    council.rehearsal.store.elsewhere = small_jpeg()
    for number in range(6):
        if number % 2 == 0:
            council.rehearsal.misbehave("drop_before", match=PUBLISH["tiktok"])
        approved(council, channel, number, image=str(picture().pk))
        sweep(council, number * MINUTE)
    assert tried(council) == 6
    assert read(channel).not_before is None


def test_a_channel_that_rests_for_years_can_still_be_counted(council: Council) -> None:
    Channel.objects.filter(pk=council.x.pk).update(failures=32767)
    approved(council, council.x)
    fail(council, council.x)
    sweep(council)
    assert Delivery.objects.get().state == State.UNKNOWN


def test_what_waits_for_a_network_in_trouble_says_so_wherever_one_looks(council: Council) -> None:
    for number in range(4):
        approved(council, council.x, number)
    fail(council, council.x)
    sweep(council)
    sweep(council)
    sweep(council)
    rests_until = read(council.x).not_before
    assert rests_until
    until = f"{timezone.localtime(rests_until):%H:%M}"
    words = f"X gave no answer to several posts in a row, so nothing is posted there before {until}"
    assert words in inspect(council)
    address = f"/admin/social_publish/channel/inspect/{council.x.pk}/"
    client = council.client("moderator")
    assert words in client.get(address).content.decode()
    assert words in client.get("/admin/social_publish/channel/").content.decode()
    Channel.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert "nothing is posted there before" not in inspect(council)
    assert "nothing is posted there before" not in client.get(address).content.decode()


def test_a_pause_that_the_network_asked_for_is_shown_as_one(council: Council) -> None:
    approved(council, council.x)
    council.rehearsal.misbehave("rate_limit", match=PUBLISH["x"], retry_after=3600)
    sweep(council)
    assert "X asked us to wait, so nothing is posted there before" in inspect(council)


def test_who_tries_again_is_told_that_the_post_waits(council: Council) -> None:
    approved(council, council.x)
    Delivery.objects.update(state=State.NEEDS_PERSON)
    Channel.objects.update(failures=3, not_before=timezone.now() + 5 * MINUTE)
    assert "The post waits. X gave no answer" in decide(council, "retry")
    assert Delivery.objects.get().state == State.QUEUED


@pytest.mark.parametrize("act", ["let it go on", "answer"])
def test_nobody_ends_a_pause_that_the_network_asked_for(council: Council, act: str) -> None:
    """Neither who lets a paused channel go on, nor who answers the questions about it."""
    approved(council, council.x)
    council.rehearsal.misbehave("rate_limit", match=PUBLISH["x"], retry_after=3600)
    sweep(council)
    until, clerk = read(council.x).not_before, council.people["clerk"]
    assert until
    if act == "let it go on":
        outbox.pause_channel(read(council.x), now=timezone.now(), actor=clerk)
        outbox.resume_channel(read(council.x), now=timezone.now(), actor=clerk)
    else:
        answers = Answers("named", "Minute 4", timezone.localdate(), "it@council.example", "Jo")
        answer(read(council.x), answers, by=clerk, now=timezone.now())
    assert read(council.x).not_before == until
    sweep(council, 5 * MINUTE)
    assert Delivery.objects.get().state == State.QUEUED
    sweep(council, 61 * MINUTE)
    assert Delivery.objects.get().state == State.POSTED


def test_answering_the_questions_does_not_end_the_rest(council: Council) -> None:
    for number in range(4):
        approved(council, council.x, number)
    fail(council, council.x)
    for _ in range(3):
        sweep(council)
    answers = Answers("named", "Minute 4", timezone.localdate(), "it@council.example", "Jo")
    answer(read(council.x), answers, by=council.people["clerk"], now=timezone.now())
    sweep(council)
    assert tried(council) == 3
