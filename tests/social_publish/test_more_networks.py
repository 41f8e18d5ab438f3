"""LinkedIn and TikTok through the whole engine: closing afterwards, and publishing later than taken."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from news.models import NewsPage
from social_publish import alarms, tasks
from social_publish.models import Channel, Delivery, State
from tests.council import WORDS, Council, open_channel, picture
from tests.social_publish.posts import decide, delivery, inspect

pytestmark = pytest.mark.django_db
GROUND = {"ground": "It is a mistake of ours"}


def connected(council: Council, network: str) -> Channel:
    return open_channel(council.rehearsal, council.group, network)


@pytest.fixture
def linkedin(council: Council) -> Channel:
    return connected(council, "linkedin")


@pytest.fixture
def tiktok(council: Council) -> Channel:
    return connected(council, "tiktok")


def approved(council: Council, channel: Channel) -> NewsPage:
    page = council.write(**{"channel_words-ticked": [str(channel.pk)], "image": str(picture().pk)})
    council.approve(page)
    return page


def later(minutes: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True)


# --- LinkedIn ---


def test_a_linkedin_post_is_whole_and_its_comments_are_closed(
    council: Council, linkedin: Channel
) -> None:
    approved(council, linkedin)
    council.deliver()
    (post,) = council.posts(linkedin)
    assert post["text"] == delivery().text
    assert WORDS in post["text"]
    assert "01632 960 123" in post["text"]
    assert [image["alt_text"] for image in post["pictures"]] == ["Shelves of books"]
    assert delivery().state == State.POSTED
    assert delivery().replies_given == "closed"
    assert delivery().replies_confirmed_at
    assert not council.rehearsal.stranger_replies(
        "linkedin", linkedin.account_id, post["id"], "Well!"
    )


def test_comments_that_will_not_close_are_an_alarm_until_they_do(
    council: Council, linkedin: Channel
) -> None:
    approved(council, linkedin)
    council.rehearsal.misbehave("forbidden", match="POST /rest/socialMetadata")
    council.deliver()
    assert delivery().replies_given == "open"
    assert any("replies open" in trouble.words for trouble in alarms.found(timezone.now()))
    with later(15):
        tasks.sweep()
        assert delivery().replies_given == "closed"
        assert alarms.found(timezone.now()) == []


# --- TikTok ---


def test_a_tiktok_post_is_posted_once_tiktok_says_so(council: Council, tiktok: Channel) -> None:
    council.rehearsal.store.lag = 120
    approved(council, tiktok)
    council.deliver()
    assert delivery().state == State.UNKNOWN
    assert "still working on it" in delivery().why
    # The rehearsal's clock goes on as ours does.
    with later(4):
        tasks.sweep()
        assert delivery().state == State.POSTED
    (post,) = council.posts(tiktok)
    assert (delivery().remote_id, post["text"]) == (post["id"], delivery().text)
    assert len(council.rehearsal.requests("/content/init/")) == 1
    assert delivery().replies_given == "closed"
    assert delivery().replies_confirmed_at is None
    assert delivery().replies_due_at is None


def test_tiktok_finds_the_picture_at_its_address(
    council: Council, tiktok: Channel, client: Any
) -> None:
    council.rehearsal.store.lag = 120
    approved(council, tiktok)
    council.deliver()
    (address,) = council.rehearsal.requests("/content/init/")[0].json["source_info"]["photo_images"]
    answer = client.get(address.removeprefix("https://council.example"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")


def test_a_page_without_a_picture_is_not_for_tiktok(council: Council, tiktok: Channel) -> None:
    screen = council.post_new(**{"channel_words-ticked": [str(tiktok.pk)]})
    assert "takes no post without a picture" in screen.content.decode()
    assert not Delivery.objects.exists()


def test_what_tiktok_took_is_never_sent_again_and_ends_with_a_person(
    council: Council, tiktok: Channel
) -> None:
    council.rehearsal.store.lag = 10**6
    approved(council, tiktok)
    council.deliver()
    for minutes in (4, 8, 12, 16, 20):
        with later(minutes):
            tasks.sweep()
    assert delivery().state == State.NEEDS_PERSON
    assert len(council.rehearsal.requests("/content/init/")) == 1
    assert "Copy the words" not in inspect(council)
    address = "https://www.tiktok.com/@council/photo/7301"
    decide(council, "there", address=address, replies="closed")
    assert (delivery().state, delivery().remote_id) == (State.POSTED, "7301")


def test_taken_down_while_tiktok_works_on_it_it_is_still_a_persons_task(
    council: Council, tiktok: Channel
) -> None:
    council.rehearsal.store.lag = 120
    page = approved(council, tiktok)
    council.deliver()
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    assert delivery().state == State.UNKNOWN
    with later(4):
        tasks.sweep()
        council.deliver()
        assert delivery().state == State.NEEDS_PERSON
        assert "Remove it there by hand" in delivery().why
    assert delivery().remote_id
    assert "Write what you saw" in decide(council, "leave")
    decide(council, "leave", seen="Deleted in the app.")
    assert delivery().state == State.REMOVED


def test_an_app_that_tiktok_has_not_audited_leads_to_posting_by_hand(
    council: Council, tiktok: Channel
) -> None:
    code = "unaudited_client_can_only_post_to_private_accounts"
    council.rehearsal.misbehave("forbidden", match="/content/init/", code=code)
    approved(council, tiktok)
    council.deliver()
    assert delivery().state == State.REFUSED
    screen = inspect(council)
    assert "until it has checked the app" in screen
    assert "Copy the words" in screen
    assert "I posted it by hand" in screen
    decide(council, "there", address="https://vm.tiktok.com/ZMabc/", replies="closed")
    assert delivery().state == State.POSTED
    assert delivery().remote_url == "https://vm.tiktok.com/ZMabc/"
    council.deliver()
    assert delivery().replies_given == "closed"


def test_an_address_elsewhere_is_not_on_tiktok(council: Council, tiktok: Channel) -> None:
    council.rehearsal.misbehave("forbidden", match="/content/init/", code="spam_risk_text")
    approved(council, tiktok)
    council.deliver()
    decide(council, "there", address="https://example.com/photo/7301", replies="closed")
    assert delivery().state == State.REFUSED


def test_the_moderator_is_told_that_tiktok_takes_no_description(
    council: Council, tiktok: Channel
) -> None:
    page = council.write(**{"channel_words-ticked": [str(tiktok.pk)], "image": str(picture().pk)})
    assert "TikTok takes none" in council.review(page).content.decode()
