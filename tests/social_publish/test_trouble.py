"""What goes wrong is told in words, decided by people, and never posted twice."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from news.models import NewsPage
from social_publish import outbox, tasks
from social_publish.models import Delivery, DeliveryEvent, State
from tests.council import Council

pytestmark = pytest.mark.django_db


def approved(council: Council) -> NewsPage:
    page = council.write(**{"channel_words-ticked": [str(council.x.pk)]})
    council.approve(page)
    return page


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").get()


@pytest.mark.parametrize(
    "mode", ["drop_after", "error_after", "html_200", "truncated", "wrong_type"]
)
def test_posted_but_not_told_is_found_by_looking(council: Council, mode: str) -> None:
    approved(council)
    council.rehearsal.misbehave(mode, match="POST /2/tweets$")
    council.deliver()
    assert delivery().state == State.POSTED
    assert delivery().remote_id == council.posts(council.x)[0]["id"]
    assert len(council.rehearsal.requests("POST /2/tweets")) == 1


def test_lost_before_it_was_stored_becomes_a_persons_decision(council: Council) -> None:
    """X proves no absence, so nothing is sent again without a person."""
    approved(council)
    council.rehearsal.misbehave("drop_before", match="POST /2/tweets$")
    council.deliver()
    assert delivery().state == State.UNKNOWN
    Delivery.objects.update(unknown_since=timezone.now() - timedelta(hours=1), not_before=None)
    council.deliver()
    assert delivery().state == State.NEEDS_PERSON
    assert len(council.rehearsal.requests("POST /2/tweets")) == 1
    assert (
        "It is not there: post it"
        in council.client("moderator")
        .get(f"/admin/social_publish/delivery/inspect/{delivery().pk}/")
        .content.decode()
    )
    address = f"/admin/social/post/{delivery().pk}/retry/"
    council.client("moderator").get(address)
    assert delivery().state == State.NEEDS_PERSON
    council.client("moderator").post(address)
    council.deliver()
    assert delivery().state == State.POSTED
    assert len(council.posts(council.x)) == 1


def test_a_retry_looks_first(council: Council) -> None:
    """The person was wrong: it was there all the time."""
    approved(council)
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets$")
    council.rehearsal.misbehave("forbidden", match="GET /2/users/.*/tweets", times=9)
    council.deliver()
    Delivery.objects.update(unknown_since=timezone.now() - timedelta(hours=1), not_before=None)
    council.deliver()
    assert delivery().state == State.NEEDS_PERSON
    council.rehearsal.server.faults.waiting.clear()
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/retry/")
    council.deliver()
    assert delivery().state == State.POSTED
    assert len(council.rehearsal.requests("POST /2/tweets")) == 1


def test_it_is_there_is_checked_on_the_network(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets$")
    council.rehearsal.misbehave("forbidden", match="GET /2/users/.*/tweets", times=9)
    council.deliver()
    Delivery.objects.update(unknown_since=timezone.now() - timedelta(hours=1), not_before=None)
    council.deliver()
    client, address = council.client("moderator"), f"/admin/social/post/{delivery().pk}/there/"
    for typed, words in (
        ("", "Paste the address"),
        ("https://x.com/council", "not the address of a post"),
        ("https://x.com/council/status/12345", "no such post"),
    ):
        assert words in client.post(address, {"address": typed}).content.decode()
    right = f"https://x.com/council/status/{council.posts(council.x)[0]['id']}"
    client.post(address, {"address": right})
    assert delivery().state == State.POSTED
    assert delivery().remote_url == right


@pytest.mark.parametrize("role", ["editor", "clerk", "councillor", "webmaster"])
def test_only_moderators_decide_about_posts(council: Council, role: str) -> None:
    approved(council)
    Delivery.objects.update(state=State.NEEDS_PERSON)
    council.client(role).post(f"/admin/social/post/{delivery().pk}/retry/")
    assert delivery().state == State.NEEDS_PERSON


def test_a_worker_that_died_leaves_the_post_to_be_looked_for(council: Council) -> None:
    approved(council)
    now = timezone.now()
    outbox.claim_next(now, busy_channels=set())
    assert delivery().state == State.SENDING
    assert outbox.claim_next(now, busy_channels=set()) is None
    Delivery.objects.update(lease_until=now - timedelta(seconds=1))
    outbox.expire_leases(now)
    assert delivery().state == State.UNKNOWN
    council.deliver()
    assert council.rehearsal.all_posts() == []


def test_a_late_yes_is_never_thrown_away(council: Council) -> None:
    approved(council)
    now = timezone.now()
    taken = outbox.claim_next(now, busy_channels=set())
    assert taken is not None
    Delivery.objects.update(lease_until=now - timedelta(seconds=1))
    outbox.expire_leases(now)
    outbox.accept(taken[0], "77", "https://x.com/council/status/77", now=now)
    assert (delivery().state, delivery().remote_id) == (State.POSTED, "77")


def test_a_dead_key_pauses_the_channel_and_holds_its_posts(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("unauthorised", match="POST /2/tweets$")
    council.deliver()
    council.x.refresh_from_db()
    assert council.x.paused
    assert "Connect it again" in council.x.trouble
    assert delivery().state == State.HELD
    assert "Connect it again" in council.client("clerk").get("/admin/").content.decode()


def test_a_network_that_asks_to_wait_is_waited_for(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("rate_limit", match="POST /2/tweets$", retry_after=120)
    council.deliver()
    assert delivery().state == State.QUEUED
    assert delivery().not_before > timezone.now() + timedelta(seconds=100)
    council.deliver()
    assert len(council.rehearsal.requests("POST /2/tweets")) == 1


def test_what_waited_a_day_is_not_sent_without_asking(council: Council) -> None:
    approved(council)
    Delivery.objects.update(released_at=timezone.now() - timedelta(hours=25))
    tasks.sweep()
    assert delivery().state == State.NEEDS_PERSON
    assert council.rehearsal.all_posts() == []


def test_a_removal_that_fails_three_times_tells_a_person(council: Council) -> None:
    page = approved(council)
    council.deliver()
    council.rehearsal.misbehave("error_before", match="DELETE", times=99)
    council.client("moderator").post(
        f"/admin/social/take-down/{page.pk}/", {"ground": "It is a mistake of ours"}
    )
    for _ in range(3):
        council.deliver()
        Delivery.objects.update(not_before=None)
    assert delivery().state == State.NEEDS_PERSON
    council.rehearsal.server.faults.waiting.clear()
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/remove/")
    council.deliver()
    assert delivery().state == State.REMOVED
    assert council.posts(council.x) == []


def test_one_post_alone_is_taken_down(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    x = council.deliveries(page)["x"]
    council.client("moderator").post(
        f"/admin/social/post/{x.pk}/take-down/", {"ground": "It is a mistake of ours"}
    )
    council.deliver()
    assert council.posts(council.x) == []
    assert len(council.posts(council.facebook)) == 1
    page.refresh_from_db()
    assert page.live


def test_a_post_removed_by_others_is_noticed_and_not_repeated(council: Council) -> None:
    approved(council)
    council.deliver()
    council.rehearsal.store.write("UPDATE posts SET deleted = 1")
    Delivery.objects.update(replies_due_at=timezone.now())
    council.deliver()
    assert delivery().state == State.GONE
    tasks.sweep()
    assert len(council.rehearsal.all_posts()) == 1


def test_the_text_of_a_removed_post_is_deleted_on_time(council: Council) -> None:
    page = approved(council)
    council.deliver()
    council.client("moderator").post(
        f"/admin/social/take-down/{page.pk}/", {"ground": "It is a mistake of ours"}
    )
    council.deliver()
    assert delivery().text
    Delivery.objects.update(delete_text_on=timezone.localdate())
    tasks.sweep()
    assert delivery().text == ""


def test_an_illegal_move_is_refused(council: Council) -> None:
    approved(council)
    with pytest.raises(ValueError, match="no move"):
        outbox.move(delivery(), "prove removed", now=timezone.now())


def test_no_secret_stands_anywhere_after_a_full_run(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    page = council.write()
    council.approve(page)
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets$")
    council.rehearsal.misbehave("error_after", match="POST /v25.0/.*/feed")
    council.deliver()
    tasks.sweep()
    call_command("deliver")
    secrets = [v for c in (council.x, council.facebook) for v in c.unseal().values()]
    rows = [caplog.text]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [json.dumps(row, default=str) for row in cursor.fetchall()]
    assert len(rows) > 100
    assert not [s for s in secrets for row in rows if s in row]
    assert DeliveryEvent.objects.count() > 6


def test_a_post_loaded_from_a_copy_is_released_by_hand_and_looked_for_first(
    council: Council,
) -> None:
    approved(council)
    copy = StringIO()
    call_command("dumpdata", "social_publish.delivery", stdout=copy)
    council.deliver()
    fixture = council.rehearsal.folder / "delivery.json"
    fixture.write_text(copy.getvalue())
    call_command("loaddata", str(fixture), verbosity=0)
    assert delivery().state == State.HELD
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/retry/")
    council.deliver()
    assert delivery().state == State.POSTED
    assert len(council.rehearsal.requests("POST /2/tweets")) == 1


def test_a_held_post_is_not_released_by_that_door(council: Council) -> None:
    page = approved(council)
    outbox.pause_channel(council.x, now=timezone.now())
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/retry/")
    assert council.deliveries(page)["x"].state == State.HELD
