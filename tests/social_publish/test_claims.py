"""A worker reads what is due now and then; each claim looks anew at what may have changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from social_publish import outbox
from social_publish.models import Channel, Delivery, State
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
