"""The engine under what people and machines do at the worst moment: never twice, never silent."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from news.models import NewsPage
from social_publish import kept_answers, outbox, tasks, worker
from social_publish.jobs import Job, begin, prepare
from social_publish.models import Announcement, Channel, Delivery, HoldReason, State
from social_publish.networks.answers import Accepted
from tests.council import WORDS, Council, picture

pytestmark = pytest.mark.django_db
GROUND = {"ground": "It is a mistake of ours"}


def begun(taken: tuple[Delivery, str], now: datetime) -> Job | None:
    job = prepare(*taken, now=now)
    return next(iter(begin([job] if job else [], now=now)), None)


def only(channel: Channel) -> dict[str, Any]:
    return {"channel_words-ticked": [str(channel.pk)]}


def approved(council: Council, channel: Channel | None = None, **changes: Any) -> NewsPage:
    page = council.write(**only(channel or council.x), **changes)
    council.approve(page)
    return page


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").exclude(state=State.PROPOSED).latest("pk")


def posts_sent(council: Council) -> int:
    rehearsal = council.rehearsal
    return len(rehearsal.requests("POST /2/tweets")) + len(rehearsal.requests("/feed"))


def needs_person(**changes: Any) -> Delivery:
    Delivery.objects.update(state=State.NEEDS_PERSON, first_sent_at=timezone.now(), **changes)
    return delivery()


def retry(council: Council) -> None:
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/retry/")


# --- one press sends once --------------------------------------------------------------


def test_one_press_sends_once_when_its_answer_is_lost_and_the_list_is_down(
    council: Council,
) -> None:
    approved(council, council.facebook)
    needs_person()
    retry(council)
    council.rehearsal.misbehave("drop_after", match="POST .*/feed", times=9)
    council.deliver()
    assert delivery().state in (State.UNKNOWN, State.POSTED)
    council.rehearsal.misbehave("error_before", match="GET .*published_posts", times=99)
    for minutes in range(1, 60, 5):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True):
            tasks.sweep()
    assert posts_sent(council) == 1
    assert len(council.posts(council.facebook)) == 1


def test_a_look_that_fails_sends_nothing(council: Council) -> None:
    approved(council, council.facebook)
    needs_person()
    council.rehearsal.misbehave("error_before", match="GET .*published_posts", times=99)
    retry(council)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(6):
            tasks.sweep()
            clock.shift(timedelta(minutes=6))
    assert posts_sent(council) == 0
    assert delivery().state == State.NEEDS_PERSON
    assert "could not look" in delivery().why


def test_without_the_right_to_read_a_persons_word_counts(council: Council) -> None:
    approved(council)
    needs_person()
    council.rehearsal.misbehave("forbidden", match="GET /2/users/.*/tweets", times=99)
    retry(council)
    council.deliver()
    assert delivery().state == State.POSTED
    assert posts_sent(council) == 1


def test_a_worker_that_lost_its_lease_sends_nothing(council: Council) -> None:
    approved(council)
    Delivery.objects.update(look_first=True, first_sent_at=timezone.now())
    now = timezone.now()
    taken = outbox.claim_next(now, busy_channels=set())
    assert taken
    job = begun(taken, now)
    assert job
    answer = job.call()
    Delivery.objects.update(lease_until=now - timedelta(seconds=1))
    outbox.expire_leases(now)
    assert job.settle(answer, timezone.now(), True) is None
    assert posts_sent(council) == 0


def test_two_answers_for_one_post_are_both_kept(council: Council) -> None:
    approved(council)
    now = timezone.now()
    slow, _ = outbox.claim_next(now, busy_channels=set()) or pytest.fail("nothing was due")
    Delivery.objects.update(lease="another", state=State.SENDING)
    assert outbox.accept(slow, "71", "https://x.com/c/status/71", now=now)
    second = delivery()
    second.state, second.lease = State.SENDING, "another"
    assert outbox.accept(second, "72", "https://x.com/c/status/72", now=now)
    assert delivery().remote_id == "71"
    assert delivery().other_copies == ["https://x.com/c/status/72"]
    assert "more than once" in delivery().why


def test_medium_proof_sends_again_only_by_the_councils_leave(council: Council) -> None:
    for leave, state in ((False, State.NEEDS_PERSON), (True, State.POSTED)):
        council.rehearsal.reset()
        Channel.objects.update(resend_when_absent=leave)
        title = f"News {leave}"
        approved(council, council.facebook, title=title, slug=f"news-{leave}", summary=title)
        council.rehearsal.misbehave("drop_before", match="POST .*/feed$")
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _ in range(6):
                tasks.sweep()
                clock.shift(timedelta(minutes=4))
        assert delivery().state == state
        assert len(council.posts(council.facebook)) == (1 if leave else 0)


# --- taken down at the worst moment ----------------------------------------------------


def test_taken_down_while_it_is_being_sent_it_goes(council: Council) -> None:
    page = approved(council)
    now = timezone.now()
    taken = outbox.claim_next(now, busy_channels=set())
    assert taken
    job = begun(taken, now)
    assert job
    answer = job.call()
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    job.settle(answer, timezone.now(), True)
    assert len(council.posts(council.x)) == 1
    tasks.sweep()
    assert council.posts(council.x) == []
    assert delivery().state == State.REMOVED


def test_taken_down_between_claim_and_sending_it_is_not_sent(council: Council) -> None:
    page = approved(council)
    now = timezone.now()
    taken = outbox.claim_next(now, busy_channels=set())
    assert taken
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    assert begun(taken, now) is None
    assert delivery().state == State.CANCELLED
    assert posts_sent(council) == 0


def test_a_post_that_must_go_is_not_offered_for_posting(council: Council) -> None:
    page = approved(council)
    needs_person()
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    retry(council)
    assert delivery().state == State.NEEDS_PERSON


def test_withdrawn_and_yet_posted_is_found_by_the_sweep(council: Council) -> None:
    approved(council)
    council.deliver()
    Delivery.objects.update(wanted="absent")
    tasks.sweep()
    assert council.posts(council.x) == []


def test_a_sealed_text_is_the_clerks_in_every_state(council: Council) -> None:
    page = approved(council)
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    assert delivery().state == State.CANCELLED
    inspect = f"/admin/social_publish/delivery/inspect/{delivery().pk}/"
    assert WORDS not in council.client("editor").get(inspect).content.decode()
    assert WORDS in council.client("clerk").get(inspect).content.decode()


def test_the_picture_of_a_forgotten_post_is_deleted(council: Council) -> None:
    page = approved(council, image=str(picture().pk))
    council.deliver()
    name = delivery().picture
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    council.deliver()
    assert storages["post_pictures"].exists(name)
    Delivery.objects.update(delete_text_on=timezone.localdate())
    tasks.sweep()
    assert not storages["post_pictures"].exists(name)


def test_a_post_whose_picture_is_lost_asks_a_person_and_keeps_no_other_back(
    council: Council,
) -> None:
    approved(council, image=str(picture().pk))
    lost = delivery()
    storages["post_pictures"].delete(lost.picture)
    approved(council, title="Another page", slug="another-page")
    council.deliver()
    assert delivery().state == State.POSTED
    lost.refresh_from_db()
    assert (lost.state, lost.channel.paused) == (State.NEEDS_PERSON, False)
    assert "picture is no longer in storage" in lost.why


# --- only what was approved ------------------------------------------------------------


def test_wagtails_own_approval_posts_nothing(council: Council) -> None:
    plain = GroupApprovalTask.objects.create(name="plain")
    plain.groups.set(council.people["moderator"].groups.all())
    WorkflowTask.objects.all().delete()
    workflow = Workflow.objects.get(name="Town Council approval")
    WorkflowTask.objects.create(workflow=workflow, task=plain, sort_order=0)
    page = council.write()
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    council.client("moderator").post(address, {"comment": ""})
    council.deliver()
    page.refresh_from_db()
    assert not page.live
    assert council.rehearsal.all_posts() == []


def test_words_that_an_approved_edit_replaced_are_not_posted(council: Council) -> None:
    page = approved(council)
    outbox.pause_channel(council.x, now=timezone.now())
    council.edit(page, action="action-submit", intro="Cancelled", **only(council.x))
    council.approve(page)
    outbox.resume_channel(council.x, now=timezone.now())
    council.deliver()
    assert delivery().state == State.NEEDS_PERSON
    assert "changed after these words were approved" in delivery().why
    assert posts_sent(council) == 0
    retry(council)
    council.deliver()
    assert delivery().state == State.POSTED


def test_who_changed_the_picture_cannot_approve(council: Council) -> None:
    image = picture()
    page = council.write(image=str(image.pk), **only(council.x))
    form = {"title": "P", "description": "Other words", "collection": image.collection_id}
    address = reverse("wagtailimages:edit", args=[image.pk])
    assert council.client("moderator").post(address, form).status_code == 302
    council.approve(page)
    page.refresh_from_db()
    assert not page.live
    council.approve(page, by="moderator2")
    page.refresh_from_db()
    assert page.live


def test_a_cancelled_go_live_can_be_approved_anew(council: Council) -> None:
    later = timezone.localtime(timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    page = approved(council, go_live_at=later)
    council.client("moderator").post(f"/admin/social/cancel/{page.pk}/")
    assert Announcement.objects.get().status == "withdrawn"
    council.edit(page, action="action-submit", go_live_at="", **only(council.x))
    council.approve(page)
    council.deliver()
    assert len(council.posts(council.x)) == 1


def test_a_scheduled_post_loaded_from_a_copy_is_not_posted_again(council: Council) -> None:
    at = timezone.now() + timedelta(days=2)
    later = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    approved(council, go_live_at=later)
    copy = StringIO()
    call_command("dumpdata", "social_publish.delivery", stdout=copy)
    fixture = council.rehearsal.folder / "copy.json"
    fixture.write_text(copy.getvalue())
    with time_machine.travel(at + timedelta(minutes=1)):
        call_command("publish_scheduled")
        tasks.sweep()
        assert posts_sent(council) == 1
        call_command("loaddata", str(fixture), verbosity=0)
        tasks.sweep()
        assert posts_sent(council) == 1
        assert delivery().hold_reason == HoldReason.RESTORED


def test_pictures_that_the_network_has_forgotten_are_handed_over_again(council: Council) -> None:
    approved(council, image=str(picture().pk))
    council.rehearsal.misbehave("unauthorised", match="POST /2/tweets$")
    council.deliver()
    assert delivery().hold_reason == HoldReason.PAUSED
    council.rehearsal.store.write("DELETE FROM media")  # X forgets media after 24 hours
    outbox.resume_channel(council.x, now=timezone.now())
    council.deliver()
    assert delivery().state == State.POSTED


def test_another_account_is_never_posted_to(council: Council) -> None:
    approved(council)
    Channel.objects.filter(pk=council.x.pk).update(account_id="424242")
    council.deliver()
    assert delivery().hold_reason == HoldReason.ACCOUNT
    assert posts_sent(council) == 0


# --- emergency stop and daily budget ---------------------------------------------------


def test_the_emergency_stop_holds_and_its_end_releases_nothing(council: Council) -> None:
    page = approved(council)
    moderator = council.people["moderator"]
    outbox.stop_everything(now=timezone.now(), actor=moderator, reason="A wrong notice")
    assert delivery().hold_reason == HoldReason.STOPPED
    council.deliver()
    outbox.lift_stop(now=timezone.now(), actor=moderator)
    tasks.sweep()
    assert delivery().hold_reason == HoldReason.STOPPED
    assert posts_sent(council) == 0
    assert outbox.retry(delivery(), now=timezone.now(), actor=moderator)
    council.deliver()
    assert len(council.posts(council.x)) == 1
    page.refresh_from_db()
    assert page.live


def test_what_is_approved_during_a_stop_waits(council: Council) -> None:
    outbox.stop_everything(now=timezone.now(), actor=council.people["clerk"])
    page = approved(council)
    page.refresh_from_db()
    assert page.live
    assert delivery().hold_reason == HoldReason.STOPPED
    assert not outbox.retry(delivery(), now=timezone.now(), actor=council.people["moderator"])


def test_a_stop_between_claim_and_sending_sends_nothing(council: Council) -> None:
    approved(council)
    now = timezone.now()
    taken = outbox.claim_next(now, busy_channels=set())
    assert taken
    outbox.stop_everything(now=now, actor=council.people["clerk"])
    assert begun(taken, now) is None
    assert delivery().hold_reason == HoldReason.STOPPED
    assert posts_sent(council) == 0


def test_removing_goes_on_during_a_stop(council: Council) -> None:
    page = approved(council)
    council.deliver()
    outbox.stop_everything(now=timezone.now(), actor=council.people["clerk"])
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    council.deliver()
    assert council.posts(council.x) == []


def test_the_daily_budget_holds_until_tomorrow(council: Council) -> None:
    Channel.objects.update(daily_budget=2)
    for number in range(3):
        summary = f"Notice number {number} from the office"
        approved(council, title=f"Notice {number}", slug=f"notice-{number}", summary=summary)
    with time_machine.travel("2026-11-21 10:00Z", tick=True) as clock:
        Delivery.objects.update(released_at=timezone.now())
        for _ in range(3):
            tasks.sweep()
        assert len(council.posts(council.x)) == 2
        clock.shift(timedelta(hours=15))
        tasks.sweep()
    assert len(council.posts(council.x)) == 3


# --- a database that is away -----------------------------------------------------------


def test_a_yes_that_could_not_be_written_is_kept_and_recorded_later(council: Council) -> None:
    approved(council)

    outbox.claim_next(timezone.now(), busy_channels=set())
    kept_answers.keep(delivery().pk, Accepted("88", "https://x.com/c/status/88"))
    assert worker.record_kept_answers(timezone.now()) == 1
    assert (delivery().state, delivery().remote_id) == (State.POSTED, "88")
    assert worker.record_kept_answers(timezone.now()) == 0


def test_work_that_kills_its_worker_again_and_again_asks_a_person(council: Council) -> None:
    approved(council)
    Delivery.objects.update(state=State.UNKNOWN, unknown_since=timezone.now())
    now = timezone.now()
    for _ in range(3):
        assert outbox.claim_next(now, busy_channels=set())
        now += outbox.LEASE + timedelta(seconds=1)
        outbox.expire_leases(now)
    assert delivery().state == State.NEEDS_PERSON


def test_what_comes_back_during_a_stop_is_held_when_it_is_lifted(council: Council) -> None:
    approved(council)
    moderator = council.people["moderator"]
    outbox.stop_everything(now=timezone.now(), actor=moderator)
    Delivery.objects.update(state=State.QUEUED, hold_reason="")
    outbox.lift_stop(now=timezone.now(), actor=moderator)
    tasks.sweep()
    assert delivery().hold_reason == HoldReason.STOPPED
    assert posts_sent(council) == 0


def test_a_wake_up_posts_nothing_that_is_too_old(council: Council) -> None:
    approved(council)
    Delivery.objects.update(released_at=timezone.now() - timedelta(days=3))
    tasks.drain()
    assert posts_sent(council) == 0
    tasks.sweep()
    assert delivery().state == State.NEEDS_PERSON


def test_a_removal_that_failed_once_is_tried_again_in_seconds_without_the_sweep(
    council: Council,
) -> None:
    page = approved(council)
    council.deliver()
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    council.rehearsal.misbehave("error_before", match="DELETE")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        tasks.drain()
        assert delivery().state == State.REMOVING
        OrmQ.objects.all().delete()
        tasks.drain()
        assert OrmQ.objects.exists(), "Nobody would come to try it again before the sweep."
        clock.shift(timedelta(seconds=6))
        tasks.drain()
        assert delivery().state == State.REMOVED
        OrmQ.objects.all().delete()
        tasks.drain()
    assert not OrmQ.objects.exists(), "The worker would be woken for nothing, for ever."


def test_a_post_in_doubt_can_be_taken_down(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets$")
    council.rehearsal.misbehave("no_list", times=1)
    council.deliver()
    assert delivery().state == State.UNKNOWN
    address = f"/admin/social/post/{delivery().pk}/take-down/"
    council.client("moderator").post(address, GROUND)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=True):
        tasks.sweep()
    assert council.posts(council.x) == []
    assert delivery().state == State.REMOVED


def test_a_withdrawal_that_a_signal_lost_is_made_up_by_the_sweep(council: Council) -> None:
    page = approved(council)
    council.deliver()
    NewsPage.objects.filter(pk=page.pk).update(live=False)
    tasks.sweep()
    assert council.posts(council.x) == []


def test_copies_of_a_post_that_was_taken_down_are_still_told(council: Council) -> None:
    page = approved(council)
    council.deliver()
    outbox.note_copies(delivery(), ["https://x.com/council/status/77"], now=timezone.now())
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    tasks.sweep()
    assert delivery().state == State.REMOVED
    screen = council.client("moderator").get("/admin/").content.decode()
    assert "https://x.com/council/status/77" in screen
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/copies-gone/")
    assert delivery().other_copies == []


def test_an_approved_post_that_waits_for_a_forgotten_pause_is_told(council: Council) -> None:
    approved(council)
    outbox.pause_channel(council.x, now=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=True):
        screen = council.client("moderator").get("/admin/").content.decode()
    assert "The channel is paused, and approved posts wait for it" in screen
