"""The emergency stop, through its own screens."""

import pytest
from django.utils import timezone

from social_publish import outbox
from social_publish.models import Delivery, EmergencyStop, HoldReason, State
from tests.council import Council

pytestmark = pytest.mark.django_db

STOP, LIFT = "/admin/social/stop/", "/admin/social/stop/lift/"


def stop(council: Council, by: str = "clerk") -> None:
    council.client(by).post(STOP, {"reason": "A wrong notice is going out"})


def test_a_clerk_stops_everything_with_a_reason(council: Council) -> None:
    council.approve(council.write())
    client = council.client("clerk")
    assert b"Stop all posting" in client.get("/admin/").content
    client.get(STOP)
    assert not EmergencyStop.is_on()
    assert b"Say why" in client.post(STOP, {"reason": ""}).content
    assert not EmergencyStop.is_on()
    stop(council)
    assert {d.hold_reason for d in Delivery.objects.all()} == {HoldReason.STOPPED}
    council.deliver()
    assert council.rehearsal.all_posts() == []
    screen = council.client("editor").get("/admin/").content.decode()
    assert "All posting is stopped" in screen
    assert "A wrong notice is going out" in screen
    assert LIFT not in screen


def test_stopping_twice_is_one_stop(council: Council) -> None:
    stop(council)
    stop(council, "moderator")
    assert EmergencyStop.objects.count() == 1


def test_the_review_screen_says_that_posts_will_wait(council: Council) -> None:
    page = council.write()
    stop(council)
    assert "All posting is stopped" in council.review(page).content.decode()
    council.approve(page)
    page.refresh_from_db()
    assert page.live
    assert {d.hold_reason for d in Delivery.objects.all()} == {HoldReason.STOPPED}


def test_after_lifting_a_person_lets_each_post_go(council: Council) -> None:
    page = council.write()
    council.approve(page)
    stop(council)
    x = council.deliveries(page)["x"]
    moderator = council.client("moderator")
    retry = f"/admin/social/post/{x.pk}/retry/"
    assert "Lift it first" in moderator.post(retry, follow=True).content.decode()
    moderator.post(LIFT)
    council.deliver()
    assert council.rehearsal.all_posts() == []
    assert "Post it now" in (
        moderator.get(f"/admin/social_publish/delivery/inspect/{x.pk}/").content.decode()
    )
    moderator.post(retry)
    council.deliver()
    assert len(council.posts(council.x)) == 1
    assert council.posts(council.facebook) == []


@pytest.mark.parametrize("role", ["editor", "councillor"])
@pytest.mark.parametrize("address", [STOP, LIFT])
def test_others_neither_stop_nor_lift(council: Council, role: str, address: str) -> None:
    if address == LIFT:
        stop(council)
    before = EmergencyStop.is_on()
    council.client(role).post(address, {"reason": "No"})
    assert EmergencyStop.is_on() is before


def test_other_copies_are_shown_and_ticked_off(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    x = council.deliveries(page)["x"]
    outbox.note_copies(x, ["https://x.com/council/status/77"], now=timezone.now())
    moderator = council.client("moderator")
    address = f"/admin/social/post/{x.pk}/copies-gone/"
    assert "https://x.com/council/status/77" in moderator.get(address).content.decode()
    moderator.post(address)
    x.refresh_from_db()
    assert (x.other_copies, x.state) == ([], State.POSTED)
