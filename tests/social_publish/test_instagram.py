"""Instagram in the council's hands: fetched pictures, waiting containers, comments closed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from social_publish.models import Channel, Delivery, State
from tests.council import ANSWERED, Council, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def instagram(council: Council) -> Channel:
    opened = council.rehearsal.open_account("instagram")
    channel = Channel.objects.create(
        group=council.group,
        network="instagram",
        name="Council on Instagram",
        account_id=opened["account_id"],
        **ANSWERED,
    )
    channel.seal(opened["credentials"])
    channel.save()
    return channel


def approve(council: Council, channel: Channel) -> Delivery:
    form = {"channel_words-ticked": [str(channel.pk)], "image": str(picture().pk)}
    council.approve(council.write(**form))
    return Delivery.objects.get(channel=channel)


def test_a_post_is_out_with_its_picture_and_its_comments_closed(
    council: Council, instagram: Channel
) -> None:
    approve(council, instagram)
    council.deliver()
    delivery = Delivery.objects.get()
    (post,) = council.posts(instagram)
    assert (delivery.state, delivery.remote_id) == (State.POSTED, post["id"])
    assert (post["text"], post["pictures"][0]["alt_text"]) == (delivery.text, "Shelves of books")
    assert post["facts"]["comment_enabled"] is False
    assert (delivery.replies_given, bool(delivery.replies_confirmed_at)) == ("closed", True)
    assert not council.rehearsal.stranger_replies(
        "instagram", instagram.account_id, post["id"], "Hello"
    )


def test_comments_that_stay_open_are_told(council: Council, instagram: Channel) -> None:
    approve(council, instagram)
    council.rehearsal.misbehave("error_before", match=r"POST /v25.0/\d+$", times=99)
    council.deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.replies_given) == (State.POSTED, "open")
    assert delivery.why.startswith("Anyone can reply")


def test_while_a_picture_is_worked_on_it_can_be_fetched_and_afterwards_not(
    council: Council, instagram: Channel
) -> None:
    council.rehearsal.store.processing = 3600
    delivery = approve(council, instagram)
    council.deliver()
    delivery.refresh_from_db()
    assert (delivery.state, council.posts(instagram)) == (State.QUEUED, [])
    address = f"/n/{delivery.token}/picture.jpg"
    assert Client().get(address).headers["Content-Type"] == "image/jpeg"
    council.rehearsal.store.processing = 0
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        council.deliver()
    assert len(council.posts(instagram)) == 1
    assert len(council.rehearsal.requests("/media_publish")) == 1
    assert Client().get(address).status_code == 404


def test_a_page_without_a_picture_cannot_be_submitted_for_it(
    council: Council, instagram: Channel
) -> None:
    answer = council.post_new(**{"channel_words-ticked": [str(instagram.pk)]})
    assert "Instagram takes no post without a picture" in answer.content.decode()
    assert not Delivery.objects.exists()
