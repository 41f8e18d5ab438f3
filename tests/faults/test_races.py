"""F60 to F72: what editors, moderators and planned times do at the worst moment."""

from datetime import datetime, time, timedelta
from threading import Event

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from news.models import NewsPage
from social_publish import outbox
from social_publish.models import Announcement, Channel, Delivery, HoldReason, State
from tests.faults.cases import PUBLISH
from tests.faults.steps import delivery, meanwhile, posted_once, sweep_for, wait_for
from tests.faults.world import World

pytestmark = pytest.mark.faults

IN_OUR_HANDS = ("before claim", "send: claimed", "send: sending", "send: answered", "send: settled")


def ever_posted(world: World, channel: Channel) -> int:
    return len(world.council.posts(channel, deleted=True))


# --- planned times ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "go_live",
    [
        "2027-03-28T00:59:00+00:00",  # the last minute before the clocks go forward
        "2027-03-28T01:00:00+00:00",  # 2 o'clock; the hour from 1 to 2 is missing that night
        "2027-10-31T00:30:00+00:00",  # half past one, for the first time
        "2027-10-31T01:30:00+00:00",  # half past one, for the second time
        "2028-02-29T12:00:00+00:00",
    ],
)
def test_f60_nights_on_which_the_clock_changes(world: World, go_live: str) -> None:
    x, at = world.council.x, datetime.fromisoformat(go_live)
    with time_machine.travel(at - timedelta(hours=3), tick=True) as clock:
        world.announce(x, go_live_at=at)
        posted: list[datetime] = []
        for _ in range(5 * 60 // 10):
            call_command("publish_scheduled")
            world.sweep_here()
            posted += [timezone.now()] * (ever_posted(world, x) - len(posted))
            clock.shift(timedelta(minutes=10))
    assert len(posted) == 1
    assert at <= posted[0] < at + timedelta(minutes=11)


def test_f66_a_planned_page_is_cancelled(world: World) -> None:
    x, now = world.council.x, timezone.now()
    page = world.announce(x, go_live_at=now + timedelta(hours=1))
    assert delivery().state == State.HELD
    world.council.client("moderator").post(f"/admin/social/cancel/{page.pk}/")
    with time_machine.travel(now + timedelta(hours=2), tick=True):
        call_command("publish_scheduled")
        world.sweep_here()
    assert delivery().state == State.CANCELLED
    assert ever_posted(world, x) == 0


def test_f66_a_page_that_expires_takes_its_post_along(world: World, channel: Channel) -> None:
    now = timezone.now()
    world.announce(channel, expire_at=now + timedelta(hours=1))
    world.sweep_here()
    assert ever_posted(world, channel) == 1
    with time_machine.travel(now + timedelta(hours=2), tick=True):
        call_command("publish_scheduled")
        world.sweep_here()
    assert delivery().state == State.REMOVED
    assert world.council.posts(channel) == []


@pytest.mark.parametrize(("hours", "state"), [(3, State.POSTED), (30, State.NEEDS_PERSON)])
def test_f67_the_scheduler_was_down(world: World, hours: int, state: State) -> None:
    x, now = world.council.x, timezone.now()
    world.announce(x, go_live_at=now + timedelta(hours=1))
    with time_machine.travel(now + timedelta(hours=1 + hours), tick=True):
        call_command("publish_scheduled")
        world.sweep_here()
        world.sweep_here()
    assert delivery().state == state
    assert ever_posted(world, x) == (state == State.POSTED)


# --- withdrawn, deleted, published again -----------------------------------------------


@pytest.mark.parametrize("place", IN_OUR_HANDS)
def test_f61_withdrawn_at_each_moment(world: World, channel: Channel, place: str) -> None:
    world.announce(channel)
    with meanwhile(place, lambda: world.withdraw(delivery())):
        world.sweep_here()
    sweep_for(world, 3)
    assert world.council.posts(channel) == []
    assert ever_posted(world, channel) <= 1
    assert delivery().state in (State.CANCELLED, State.REMOVED)


@pytest.mark.parametrize("place", IN_OUR_HANDS)
def test_f65_the_page_is_deleted_at_each_moment(world: World, channel: Channel, place: str) -> None:
    page = world.announce(channel)
    title, text = page.title, delivery().text
    with meanwhile(place, Page.objects.get(pk=page.pk).delete):
        world.sweep_here()
    world.sweep_until_rest()
    assert world.council.posts(channel) == []
    assert ever_posted(world, channel) <= 1
    assert delivery().state in (State.CANCELLED, State.REMOVED)
    assert (delivery().announcement.page_title, delivery().text) == (title, text)
    # Proposed, released, and at least one more.
    assert delivery().events.count() >= 3


def test_f62_two_approvers_at_once(world: World) -> None:
    page = world.submit(world.council.x, world.council.facebook)
    orders = [world.approval_order(page, by) for by in ("moderator", "moderator2")]
    approvers = [world.workers.start("approve", **order) for order in orders]
    ended = [world.workers.wait(pid, may_fail=True) for pid in approvers]
    assert sorted(one.status for one in ended)[0] == 0
    world.sweep()
    assert Announcement.objects.filter(status="approved").count() == 1
    assert Delivery.objects.filter(state=State.POSTED).count() == 2


def test_f63_unpublished_and_published_within_a_second(world: World, channel: Channel) -> None:
    page = world.announce(channel)
    world.sweep_here()
    page = NewsPage.objects.get(pk=page.pk)
    page.unpublish()
    page.get_latest_revision().publish(user=world.council.people["superuser"])
    sweep_for(world, 3)
    assert ever_posted(world, channel) == 1
    assert delivery().state == State.REMOVED


def test_f64_the_link_of_a_post_survives_a_move_and_a_new_address(world: World) -> None:
    page = NewsPage.objects.get(pk=world.announce(world.council.x).pk)
    world.sweep_here()
    page.slug = f"{page.slug}-renamed"
    page.save_revision().publish(user=world.council.people["superuser"])
    renamed = Client().get(f"/n/{delivery().token}")
    assert renamed.status_code == 302
    assert renamed["Location"].endswith(f"/{page.slug}/")
    section = type(world.council.section).objects.get(pk=world.council.section.pk)
    archive = section.add_child(instance=NewsPage(title="Old", slug="archive", intro="Old."))
    page.move(archive, pos="last-child")
    moved = Client().get(f"/n/{delivery().token}")
    assert moved.status_code == 302
    assert moved["Location"].endswith(f"/archive/{page.slug}/")
    world.sweep_here()
    NewsPage.objects.get(pk=page.pk).move(section, pos="last-child")
    posted_once(world, world.council.x, requests=1)


# --- imports, stops, channels, people --------------------------------------------------


def test_f68_imported_pages_post_nothing(world: World) -> None:
    section = type(world.council.section).objects.get(pk=world.council.section.pk)
    for number in range(100):
        section.add_child(
            instance=NewsPage(title=f"Old news {number}", slug=f"old-{number}", intro="Old.")
        )
    world.sweep_here()
    assert not Announcement.objects.exists()
    assert world.council.rehearsal.all_posts() == []


@pytest.mark.parametrize(
    ("approved", "minutes_left"), [("00:05", 23 * 60 + 55), ("12:00", 12 * 60), ("23:40", 20)]
)
def test_f68_the_daily_budget_holds(world: World, approved: str, minutes_left: int) -> None:
    x = world.council.x
    Channel.objects.update(daily_budget=3)
    day = timezone.localdate() + timedelta(days=1)
    start = timezone.make_aware(datetime.combine(day, time.fromisoformat(approved)))
    with time_machine.travel(start, tick=True):
        for _ in range(5):
            world.announce(x)
        sweep_for(world, 3)
        assert ever_posted(world, x) == 3
        world.wait_until(minutes_left - 5)
        sweep_for(world, 2)
        assert ever_posted(world, x) == 3
        world.wait_until(minutes_left + 1)
        sweep_for(world, 2)
        assert ever_posted(world, x) == 5


def test_f69_the_emergency_stop_with_twenty_waiting_and_two_on_their_way(world: World) -> None:
    x, facebook = world.council.x, world.council.facebook
    for _ in range(11):
        world.announce(x, facebook)
    stopped = Event()
    for channel in (x, facebook):
        world.council.rehearsal.misbehave(
            "slow", match=PUBLISH[channel.network], seconds=40, until=stopped
        )
    worker = world.workers.start("drain")
    wait_for(lambda: world.publishing(x) and world.publishing(facebook), "two are on their way")
    clerk = world.council.people["clerk"]
    outbox.stop_everything(now=world.now(), actor=clerk)
    stopped.set()
    assert world.workers.wait(worker).well
    assert Delivery.objects.filter(state=State.POSTED).count() == 2
    outbox.lift_stop(now=world.now(), actor=clerk)
    sweep_for(world, 3)
    held = Delivery.objects.filter(state=State.HELD, hold_reason=HoldReason.STOPPED)
    assert held.count() == 20
    assert len(world.publishing(x)) + len(world.publishing(facebook)) == 2


def test_f70_a_channel_is_paused_and_resumed(world: World, channel: Channel) -> None:
    world.announce(channel)
    outbox.pause_channel(channel, now=world.now())
    sweep_for(world, 3)
    assert delivery().hold_reason == HoldReason.PAUSED
    assert world.publishing(channel) == []
    outbox.resume_channel(channel, now=world.now())
    world.sweep_here()
    posted_once(world, channel, requests=1)


def test_f70_a_paused_channel_settles_what_is_on_its_way(world: World, channel: Channel) -> None:
    world.announce(channel)
    with meanwhile("send: answered", lambda: outbox.pause_channel(channel, now=world.now())):
        world.sweep_here()
    posted_once(world, channel, requests=1)


def test_f70_another_account_waits_for_a_person(world: World, channel: Channel) -> None:
    world.announce(channel)
    before = channel.account_id
    Channel.objects.filter(pk=channel.pk).update(account_id="424242")
    try:
        sweep_for(world, 3)
        assert delivery().hold_reason == HoldReason.ACCOUNT
        assert world.council.rehearsal.requests("POST") == []
    finally:
        Channel.objects.filter(pk=channel.pk).update(account_id=before)


def test_f72_the_approver_loses_the_right_before_going_live(world: World) -> None:
    x, now = world.council.x, timezone.now()
    page = world.announce(x, go_live_at=now + timedelta(hours=1))
    moderator = world.council.people["moderator"]
    groups = list(moderator.groups.all())
    moderator.groups.clear()
    try:
        with time_machine.travel(now + timedelta(hours=2), tick=True):
            call_command("publish_scheduled")
            world.sweep_here()
        assert Revision.objects.for_instance(page).exists()
        assert delivery().state in (State.HELD, State.NEEDS_PERSON)
        assert ever_posted(world, x) == 0
    finally:
        moderator.groups.set(groups)
