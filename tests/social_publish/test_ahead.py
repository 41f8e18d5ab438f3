"""A worker with many due posts claims a few before it has a thread for them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from social_publish import kill_points, outbox, worker
from social_publish.models import Channel, Delivery, DeliveryEvent, HoldReason, State
from tests.council import ANSWERED, Council

pytestmark = pytest.mark.django_db
MANY = 2 * worker.THREADS


def account_on_x(council: Council, number: int) -> Channel:
    account = council.rehearsal.open_account("x", handle=f"council{number}")
    channel = Channel.objects.create(
        group=council.group,
        network="x",
        name=f"Council {number}",
        handle=account["handle"],
        account_id=account["account_id"],
        **ANSWERED,
    )
    channel.seal(account["credentials"])
    channel.save()
    return channel


@pytest.fixture
def many_due(council: Council) -> Council:
    """One post on each of more channels than a worker has threads."""
    channels = [account_on_x(council, number) for number in range(MANY)]
    form: dict[str, Any] = {"channel_words-ticked": [str(channel.pk) for channel in channels]}
    council.approve(council.write(**form))
    assert Delivery.objects.filter(state=State.QUEUED).count() == MANY
    return council


@contextmanager
def while_some_wait(happens: Callable[[], object]) -> Iterator[Counter[str]]:
    """Something happens once when posts are claimed for which there is no thread yet.

    Gives how often each place was passed.
    """
    passed: Counter[str] = Counter()

    def listen(place: str) -> None:
        passed[place] += 1
        waiting = passed["send: claimed"] - passed["send: sending"]
        if place == "send: answered" and waiting and not passed["happened"]:
            passed["happened"], passed["waiting"] = 1, waiting
            happens()

    kill_points.listeners.append(listen)
    try:
        yield passed
    finally:
        kill_points.listeners.remove(listen)


def sent(council: Council) -> int:
    return len(council.rehearsal.requests("POST /2/tweets"))


def in_state(state: State, **other: str) -> int:
    return Delivery.objects.filter(state=state, lease="", **other).count()


def test_a_stop_catches_what_was_claimed_and_waits_for_a_thread(many_due: Council) -> None:
    with while_some_wait(lambda: outbox.stop_everything(now=timezone.now(), actor=None)) as passed:
        many_due.deliver()
    assert 0 < passed["waiting"] <= worker.AHEAD
    assert sent(many_due) == in_state(State.POSTED) == passed["send: sending"] < MANY
    assert in_state(State.HELD, hold_reason=HoldReason.STOPPED) == MANY - sent(many_due)


def test_what_was_withdrawn_meanwhile_is_not_sent(many_due: Council) -> None:
    def withdraw_all() -> None:
        for delivery in Delivery.objects.all():
            outbox.withdraw(delivery, now=timezone.now(), why="A mistake.")

    with while_some_wait(withdraw_all) as passed:
        many_due.deliver()
    assert 0 < passed["waiting"] <= worker.AHEAD
    assert sent(many_due) == passed["send: sending"] < MANY
    assert in_state(State.CANCELLED) == MANY - sent(many_due)
    assert not [post for post in many_due.rehearsal.all_posts() if not post["deleted"]]


def test_what_no_thread_takes_is_given_back_and_goes_once(many_due: Council) -> None:
    """The first one is answered at once; then the networks hang until something was given back."""
    given_back = Event()

    def hear(execute: Callable[..., Any], sql: str, params: Any, *others: Any) -> Any:
        if "put back" in str(params):
            given_back.set()
        return execute(sql, params, *others)

    many_due.rehearsal.misbehave("slow", match="POST", times=1, seconds=0)
    many_due.rehearsal.misbehave("slow", match="POST", times=MANY, seconds=60, until=given_back)
    with connection.execute_wrapper(hear):
        many_due.deliver()
    assert sent(many_due) == in_state(State.POSTED) == MANY
    assert DeliveryEvent.objects.filter(move="put back").exists()
