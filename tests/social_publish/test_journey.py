"""The main job: written, approved by a second person, posted with contact, link and alt text."""

import hashlib

import pytest

from social_publish import tasks
from social_publish.models import Delivery, State
from tests.council import WORDS, Council, picture

pytestmark = pytest.mark.django_db


def test_an_approved_page_posts_itself(council: Council) -> None:
    page = council.write(image=str(picture().pk))
    assert council.approve(page).status_code == 302
    page.refresh_from_db()
    assert page.live
    council.deliver()
    for channel in (council.x, council.facebook):
        (post,) = council.posts(channel)
        delivery = council.deliveries(page)[channel.network]
        assert post["text"] == delivery.text
        assert WORDS in post["text"]
        assert f"https://council.example/n/{delivery.token}" in post["text"]
        assert "Council office: 01632 960 123" in post["text"]
        (image,) = post["pictures"]
        assert image["alt_text"] == "Shelves of books"
        assert hashlib.sha256(image["content"]).hexdigest() == delivery.picture
        assert delivery.state == State.POSTED
        assert delivery.remote_id == post["id"]
    assert council.posts(council.x)[0]["facts"]["reply_settings"] == "mentionedUsers"


def test_replies_are_refused_on_x_and_hidden_on_facebook(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    x_post, facebook_post = council.posts(council.x)[0], council.posts(council.facebook)[0]
    rehearsal = council.rehearsal
    assert not rehearsal.stranger_replies("x", council.x.account_id, x_post["id"], "Hello")
    assert rehearsal.stranger_replies(
        "facebook", council.facebook.account_id, facebook_post["id"], "Hello"
    )
    Delivery.objects.update(replies_due_at="2026-01-01T00:00Z")
    tasks.sweep()
    (comment,) = rehearsal.comments(facebook_post["id"])
    assert comment["hidden"] == 1
    deliveries = council.deliveries(page)
    assert deliveries["x"].replies_given == "narrowed"
    assert deliveries["facebook"].replies_given == "swept"
    assert deliveries["facebook"].replies_hidden == 1
    assert all(d.replies_confirmed_at for d in deliveries.values())


def test_the_history_of_a_post_is_a_chain(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    events = list(council.deliveries(page)["x"].events.all())
    assert [e.move for e in events[:4]] == ["propose", "release", "claim", "accept"]
    assert [e.actor_name for e in events[:3]] == ["Editor", "Moderator", "the site"]
    for event, before in zip(events[1:], events, strict=False):
        assert event.previous_hash == before.hash
        assert event.hash == event.expected_hash()


def test_the_short_link_leads_to_the_page(council: Council) -> None:
    page = council.write()
    council.approve(page)
    token = council.deliveries(page)["x"].token
    answer = council.client("editor").get(f"/n/{token}")
    assert answer.status_code == 302
    assert answer["Location"].endswith("/news/late-opening/")


def test_draining_again_posts_nothing_twice(council: Council) -> None:
    page = council.write()
    council.approve(page)
    for _ in range(3):
        council.deliver()
        tasks.sweep()
    assert len(council.rehearsal.all_posts()) == 2


def test_a_moderator_takes_page_and_posts_down(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    client = council.client("moderator")
    address = f"/admin/social/take-down/{page.pk}/"
    assert b"Choose a reason" in client.get(address).content
    assert b"kept for the record" in client.post(address, {"ground": ""}).content
    client.post(address, {"ground": "It is a mistake of ours", "details": "Wrong day"})
    council.deliver()
    page.refresh_from_db()
    assert not page.live
    assert council.posts(council.x) == council.posts(council.facebook) == []
    for delivery in council.deliveries(page).values():
        assert delivery.state == State.REMOVED
        assert delivery.removal_reason == "It is a mistake of ours: Wrong day"
        inspect = f"/admin/social_publish/delivery/inspect/{delivery.pk}/"
        assert WORDS not in client.get(inspect).content.decode()
        assert WORDS in council.client("clerk").get(inspect).content.decode()
