"""A worker reads what is due now and then; each claim looks anew at what may have changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from social_publish import outbox
from social_publish.models import Channel, Delivery, EmergencyStop, State
from social_publish.outbox.claims import take_to_send
from tests.council import Council

pytestmark = pytest.mark.django_db
NOW = timezone.now
MINUTE = timedelta(minutes=1)


def stopped(council: Council, waiting: Delivery) -> None:
    outbox.stop_everything(now=NOW(), actor=None)


def withdrawn(council: Council, waiting: Delivery) -> None:
    outbox.withdraw(waiting, now=NOW(), why="A moderator withdrew it.")


def asked_to_wait(council: Council, waiting: Delivery) -> None:
    outbox.slow_channel(waiting.channel, until=NOW() + MINUTE)


def called_by_another_worker(council: Council, waiting: Delivery) -> None:
    others = set(Channel.objects.exclude(pk=waiting.channel_id).values_list("pk", flat=True))
    council.approve(council.write(title="Another page", slug="another-page"))
    Delivery.objects.filter(pk=waiting.pk).update(not_before=NOW() + MINUTE)
    assert outbox.claim_next(NOW(), busy_channels=others)
    Delivery.objects.filter(pk=waiting.pk).update(not_before=None)


@pytest.mark.parametrize("happening", [stopped, withdrawn, asked_to_wait, called_by_another_worker])
def test_what_was_read_as_due_is_not_taken_when_it_may_not_go_any_more(
    council: Council, happening: Callable[[Council, Delivery], None]
) -> None:
    council.approve(council.write())
    due = outbox.Due()
    (((first, _),),) = due.claim(NOW(), busy_channels=set(), free=1)
    waiting = Delivery.objects.exclude(pk=first.pk).get()
    happening(council, waiting)
    used = Channel.objects.get(pk=waiting.channel_id).budget_used
    assert list(due.claim(NOW(), busy_channels=set(), free=1)) == []
    assert Delivery.objects.get(pk=waiting.pk).state != State.SENDING
    assert Channel.objects.get(pk=waiting.channel_id).budget_used == used


def test_a_stop_that_has_not_yet_held_what_waits_lets_nothing_be_claimed(council: Council) -> None:
    council.approve(council.write())
    EmergencyStop.objects.create(at=NOW(), by_name="Clerk")
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.QUEUED}
    assert outbox.claim_next(NOW(), busy_channels=set()) is None


def test_withdrawn_after_its_claim_nothing_of_it_leaves(council: Council) -> None:
    """The page stays as it was approved: only the wish of the post itself says no."""
    council.approve(council.write(**{"channel_words-ticked": [str(council.x.pk)]}))
    ((taken, _),) = outbox.claim(NOW(), busy_channels=set(), free=1)
    outbox.withdraw(Delivery.objects.get(), now=NOW(), why="A mistake.")
    assert outbox.begin_sending([taken], now=NOW()) == []
    assert Delivery.objects.get().state == State.CANCELLED


def test_of_two_workers_that_read_the_same_only_one_calls_the_channel(council: Council) -> None:
    for number in (1, 2):
        page = {"title": f"Page {number}", "slug": f"page-{number}", "summary": f"Notice {number}."}
        ticked = {"channel_words-ticked": [str(council.x.pk)]}
        council.approve(council.write(**page, **ticked))
    first, second = Delivery.objects.select_related("channel")
    assert take_to_send([first], NOW()) == [first]
    assert take_to_send([second], NOW()) == []
    assert Channel.objects.get(pk=council.x.pk).budget_used == 1


@pytest.mark.parametrize("how", ["another has it", "it is over"])
def test_who_has_lost_the_lease_sends_nothing(council: Council, how: str) -> None:
    council.approve(council.write(**{"channel_words-ticked": [str(council.x.pk)]}))
    ((taken, _),) = outbox.claim(NOW(), busy_channels=set(), free=1)
    over = {"lease_until": NOW() - MINUTE}
    Delivery.objects.update(**({"lease": "another"} if how == "another has it" else over))
    assert outbox.begin_sending([taken], now=NOW()) == []


def test_what_is_left_of_a_reading_is_given_out_later(council: Council) -> None:
    council.approve(council.write())
    due = outbox.Due()
    (((first, _),),) = due.claim(NOW(), busy_channels=set(), free=1)
    (((second, _),),) = due.claim(NOW(), busy_channels={first.channel_id}, free=1)
    assert {first.channel_id, second.channel_id} == {council.x.pk, council.facebook.pk}


def test_a_claim_counts_once_among_the_posts_of_the_day(council: Council) -> None:
    council.approve(council.write(**{"channel_words-ticked": [str(council.x.pk)]}))
    ((taken, _),) = outbox.claim(NOW(), busy_channels=set(), free=1)
    outbox.put_back(taken, "Not sent.", now=NOW(), after=timedelta(0))
    assert outbox.claim_next(NOW(), busy_channels=set())
    assert Channel.objects.get(pk=council.x.pk).budget_used == 1


def test_posts_of_different_channels_are_claimed_and_recorded_in_one_go(council: Council) -> None:
    council.approve(council.write())
    ((one, other),) = outbox.Due().claim(NOW(), busy_channels=set(), free=8)
    sent, withdrawn_meanwhile = one[0], other[0]
    outbox.withdraw(Delivery.objects.get(pk=withdrawn_meanwhile.pk), now=NOW(), why="A mistake.")
    answers = [(delivery, f"7{delivery.pk}", "") for delivery in (sent, withdrawn_meanwhile)]
    assert outbox.accept_all(answers, now=NOW()) == [sent]
    # What was left out is settled by itself, and goes again.
    assert outbox.accept(*answers[1], now=NOW())
    assert Delivery.objects.get(pk=sent.pk).state == State.POSTED
    assert Delivery.objects.get(pk=withdrawn_meanwhile.pk).state == State.REMOVING
    for delivery in Delivery.objects.all():
        hashes = ["", *(line.hash for line in delivery.events.all())]
        assert [line.previous_hash for line in delivery.events.all()] == hashes[:-1]
        assert [line.expected_hash() for line in delivery.events.all()] == hashes[1:]
        assert (delivery.history_hash, delivery.lease) == (hashes[-1], "")


def budget_used_up(council: Council, waiting: Delivery) -> None:
    Channel.objects.filter(pk=waiting.channel_id).update(
        budget_day=timezone.localdate(), budget_used=waiting.channel.daily_budget
    )


@pytest.mark.parametrize("happening", [withdrawn, asked_to_wait, budget_used_up])
def test_of_several_posts_those_that_may_not_go_are_left_out(
    council: Council, happening: Callable[[Council, Delivery], None]
) -> None:
    council.approve(council.write())
    read = list(Delivery.objects.select_related("channel"))
    happening(council, Delivery.objects.get(pk=read[0].pk))
    used = Channel.objects.get(pk=read[0].channel_id).budget_used
    assert take_to_send(read, NOW()) == [read[1]]
    assert Delivery.objects.get(pk=read[0].pk).state != State.SENDING
    assert Channel.objects.get(pk=read[0].channel_id).budget_used == used
    assert Channel.objects.get(pk=read[1].channel_id).budget_used == 1
