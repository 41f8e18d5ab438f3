"""The clock is set back, as after a battery died: nothing waits for the time it had before (F35)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from social_publish import outbox, pulse, tasks
from social_publish.models import Channel, Delivery, State, Trouble, WorkerSign
from tests.council import Council

pytestmark = pytest.mark.django_db
YEAR, MINUTE = timedelta(days=365), timedelta(minutes=1)


@pytest.fixture
def approved(council: Council) -> Council:
    council.approve(council.write(**{"channel_words-ticked": [str(council.facebook.pk)]}))
    Channel.objects.update(resend_when_absent=True)
    return council


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").get()


def sweep_for(minutes: int, *, every: int = 2) -> None:
    for passed in range(0, minutes, every):
        tasks.sweep(lambda passed=passed: timezone.now() + passed * MINUTE)


def test_a_lease_of_a_time_to_come_is_over(approved: Council) -> None:
    assert outbox.claim_next(timezone.now(), busy_channels=set())
    Delivery.objects.update(lease_until=timezone.now() + YEAR)
    tasks.sweep()
    assert delivery().state == State.UNKNOWN
    sweep_for(16)
    assert delivery().state == State.POSTED
    assert len(approved.posts(approved.facebook)) == 1


def test_a_lease_that_another_machines_clock_gave_is_respected(approved: Council) -> None:
    """The clocks of two machines are never quite the same."""
    assert outbox.claim_next(timezone.now() + 5 * MINUTE, busy_channels=set())
    outbox.expire_leases(timezone.now())
    assert delivery().state == State.SENDING


def test_what_was_in_doubt_is_looked_for_anew(approved: Council) -> None:
    approved.rehearsal.misbehave("drop_before", match="POST .*/feed$")
    tasks.sweep()
    assert delivery().state == State.UNKNOWN
    ahead = timezone.now() + YEAR
    Delivery.objects.update(unknown_since=ahead, not_before=ahead)
    sweep_for(8)
    assert len(approved.rehearsal.requests("/feed")) == 1, "It was sent again at once."
    sweep_for(16)
    assert delivery().state == State.POSTED
    assert len(approved.rehearsal.requests("/feed")) == 2


def test_what_must_go_goes_at_once(approved: Council) -> None:
    approved.deliver()
    approved.rehearsal.misbehave("error_before", match="DELETE")
    outbox.withdraw(delivery(), now=timezone.now(), why="A mistake.")
    approved.deliver()
    assert delivery().state == State.REMOVING
    Delivery.objects.update(not_before=timezone.now() + YEAR)
    tasks.sweep()
    assert delivery().state == State.REMOVED


@pytest.mark.parametrize("whose", ["the post's", "the channel's"])
def test_no_pause_is_longer_than_a_day(approved: Council, whose: str) -> None:
    Delivery.objects.filter(pk=delivery().pk).update(
        not_before=timezone.now() + YEAR if whose == "the post's" else None
    )
    Channel.objects.update(not_before=None if whose == "the post's" else timezone.now() + YEAR)
    tasks.sweep()
    assert delivery().state == State.POSTED


def test_a_pause_that_the_network_asked_for_is_kept(approved: Council) -> None:
    Channel.objects.update(not_before=timezone.now() + timedelta(hours=24))
    tasks.sweep()
    assert delivery().state == State.QUEUED


def test_replies_and_channels_are_looked_at_again(approved: Council) -> None:
    tasks.sweep()
    assert delivery().state == State.POSTED
    ahead = timezone.now() + YEAR
    Delivery.objects.update(replies_due_at=ahead)
    Channel.objects.update(check_due_at=ahead, tended_until=ahead)
    asked = len(approved.rehearsal.requests("GET"))
    outbox.heed_clock(timezone.now())
    later = timezone.now() + MINUTE
    assert delivery().replies_due_at < later
    assert not Channel.objects.filter(check_due_at__gt=later).exists()
    tasks.sweep(lambda: later)
    assert len(approved.rehearsal.requests("GET")) > asked
    assert not Channel.objects.filter(tended_until__gt=later).exists()


def test_a_post_that_waits_is_told_though_it_was_released_in_a_time_to_come(
    approved: Council,
) -> None:
    Channel.objects.update(not_before=timezone.now() + timedelta(hours=20))
    Delivery.objects.update(released_at=timezone.now() + timedelta(hours=3))
    sweep_for(20)
    assert Trouble.objects.filter(kind=Trouble.Kind.WAITING, told_at__isnull=False).exists()


def test_a_sign_of_a_time_to_come_is_no_sign_of_life(db: None) -> None:
    now = timezone.now()
    for name in (pulse.SWEEP, pulse.HEARTBEAT):
        pulse.sign(name, now + YEAR)
    assert not pulse.take(now).sweeps
    assert not pulse.take(now).beats


def test_the_queue_must_beat_anew(db: None) -> None:
    pulse.sign(pulse.HEARTBEAT, timezone.now() + YEAR)
    assert pulse.silence_of_queue(timezone.now()) == 0
    assert WorkerSign.objects.get(name=pulse.HEARTBEAT).at <= timezone.now()
