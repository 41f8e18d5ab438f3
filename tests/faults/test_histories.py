"""Histories that nobody thought of: people, faults, deaths and the clock, in any order.

One process: time is shifted, and a death is an exception at a named place that nothing catches,
so that what was not committed is gone and the lease stays. A failing history is printed with the
line that repeats it.
"""

import os
import time
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from news.models import NewsPage
from social_publish import approval, kill_points, outbox, tasks
from social_publish.models import Channel, Delivery, EmergencyStop, HoldReason, State, Wanted
from tests.faults import invariants
from tests.faults.cases import ALL, LATE, PLAIN, PUBLISH, SERVER_FAULTS
from tests.faults.conftest import tally
from tests.faults.world import World

pytestmark = pytest.mark.faults

HISTORIES = int(os.environ.get("HISTORIES", "10000" if ALL else "240"))
START = "2026-11-24 09:00Z"
# Passed in the thread that calls the network, which the death of a history cannot reach.
ELSEWHERE = "half sent"
LIST_FAULTS = ("no_list", "foreign_list")
ANY = "POST /2/tweets$|/feed$|DELETE|/photos$|/media/"


class Killed(BaseException):
    """The process died here."""


class History(RuleBasedStateMachine):
    """One council's bad week, which begins with two approved announcements. `world` is set by
    the test."""

    world: World
    # Did the last sweep die before its end?
    cut_off = False

    def __init__(self) -> None:
        super().__init__()
        self.history = transaction.atomic()
        self.history.__enter__()
        self.travel = time_machine.travel(START, tick=True)
        self.clock = self.travel.start()
        self.world.council.rehearsal.reset()
        self.world.council.rehearsal.store.now = time.time
        Channel.objects.update(resend_when_absent=True)

    def teardown(self) -> None:
        try:
            self._come_to_rest()
            found = [*invariants.broken(self.world), *invariants.lost(self.world)]
            tally["histories"] += 1
            assert not found + invariants.stuck(), found + invariants.stuck()
        finally:
            kill_points.listeners.clear()
            transaction.set_rollback(True)
            self.history.__exit__(None, None, None)
            self.travel.stop()

    # --- people ---

    @rule(networks=st.sampled_from([("x",), ("facebook",), ("x", "facebook")]))
    def announce(self, networks: tuple[str, ...]) -> None:
        channels = Channel.objects.filter(network__in=networks, paused=False)
        if channels and NewsPage.objects.count() < 3:
            self.world.announce(*channels)

    @precondition(lambda self: NewsPage.objects.exists())
    @rule(data=st.data())
    def approve_an_edit(self, data: st.DataObject) -> None:
        page = self._one(data, NewsPage.objects.order_by("pk"))
        page.intro = f"Changed at {timezone.now()}"
        page.save_revision(user=self.world.council.people["editor"])
        page.get_workflow().start(page, self.world.council.people["editor"])
        draft = page.get_latest_revision_as_object()
        digest = approval.seen_digest(draft, approval.proposal_of(page))
        moderator = self.world.council.people["moderator"]
        approval.approve(page, digest=digest, ticked=set(), user=moderator)

    @precondition(lambda self: Delivery.objects.exists())
    @rule(data=st.data())
    def withdraw_a_post(self, data: st.DataObject) -> None:
        delivery = self._one(data, Delivery.objects.order_by("pk"))
        outbox.withdraw(delivery, now=timezone.now(), why="A mistake of ours.")

    @rule()
    def stop(self) -> None:
        outbox.stop_everything(now=timezone.now(), actor=self.world.council.people["clerk"])

    @rule()
    def lift(self) -> None:
        outbox.lift_stop(now=timezone.now(), actor=self.world.council.people["clerk"])

    @rule()
    def answer(self) -> None:
        """Who looks at the list by themselves may come before the e-mail of a sweep that died."""
        self.world.answer_questions(swept=not self.cut_off)

    @rule(network=st.sampled_from(["x", "facebook"]), paused=st.booleans())
    def pause(self, network: str, paused: bool) -> None:
        channel = Channel.objects.get(pk=getattr(self.world.council, network).pk)
        change = outbox.pause_channel if paused else outbox.resume_channel
        change(channel, now=timezone.now())

    # --- the world ---

    @rule(minutes=st.sampled_from([1, 2, 5, 15, 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @rule(fault=st.sampled_from(SERVER_FAULTS[1:]), network=st.sampled_from(PLAIN))
    def a_fault_is_coming(self, fault: str, network: str) -> None:
        self.world.council.rehearsal.misbehave(fault, match=PUBLISH[network])

    @rule(fault=st.sampled_from(LIST_FAULTS), times=st.integers(1, 4))
    def lists_fail(self, fault: str, times: int) -> None:
        self.world.council.rehearsal.misbehave(fault, times=times)

    @rule(late=st.booleans())
    def lists_are_late(self, late: bool) -> None:
        self.world.council.rehearsal.store.lag = LATE if late else 0.0

    @rule()
    def sweep(self) -> None:
        tasks.sweep()
        self.cut_off = False

    @rule(nth=st.integers(1, 12))
    def die_in_a_sweep(self, nth: int) -> None:
        """The process dies at the nth named place that it passes, if it passes so many."""
        places = count(1)

        def listen(place: str) -> None:
            if place != ELSEWHERE and next(places) == nth:
                tally["deaths"] += 1
                raise Killed

        kill_points.listeners.append(listen)
        try:
            tasks.sweep()
            self.cut_off = False
        except Killed:
            self.cut_off = True
        finally:
            kill_points.listeners.remove(listen)

    # --- how ---

    @staticmethod
    def _one(data: st.DataObject, rows: Any) -> Any:
        return data.draw(st.sampled_from(list(rows)))

    def _come_to_rest(self) -> None:
        """The faults are over, and people do what they are asked."""
        rehearsal, people = self.world.council.rehearsal, self.world.council.people
        rehearsal.server.faults.waiting.clear()
        rehearsal.store.lag = 0.0
        outbox.lift_stop(now=timezone.now(), actor=people["clerk"])
        assert not EmergencyStop.is_on()
        for channel in Channel.objects.filter(paused=True):
            outbox.resume_channel(channel, now=timezone.now())
        for _ in range(24):
            for held in Delivery.objects.filter(
                state=State.HELD, hold_reason=HoldReason.STOPPED, wanted=Wanted.PRESENT
            ):
                outbox.retry(held, now=timezone.now(), actor=people["moderator"])
            tasks.sweep()
            if self.world.at_rest() and not self.world.answer_questions():
                return
            self.clock.shift(timedelta(minutes=5))


def test_any_history_ends_well(world: World) -> None:
    History.world = world
    with time_machine.travel(START, tick=True):
        # The day's check of every channel, which each history would make again.
        tasks.sweep()
        world.announce(world.council.x, world.council.facebook)
        world.announce(world.council.x, world.council.facebook)
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=14,
            deadline=None,
            print_blob=True,
            derandomize="HYPOTHESIS_SEED" not in os.environ,
            database=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
