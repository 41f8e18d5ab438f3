"""Approval: who, what they saw, when it goes live, and what must not stop it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from news.models import NewsPage
from social_publish import tasks
from social_publish.council import make_group
from social_publish.models import Delivery, State
from tests.council import WORDS, Council, picture

pytestmark = pytest.mark.django_db


def test_the_review_screen_shows_what_will_be_sent(council: Council) -> None:
    page = council.write(image=str(picture().pk))
    screen = council.review(page).content.decode()
    for delivery in council.deliveries(page).values():
        assert delivery.link in screen
        assert f"{delivery.length} of " in screen
    assert "01632 960 123" in screen
    assert "mentions nobody" in screen
    assert "no switch that closes comments" in screen
    assert "Description of the picture: Shelves of books" in screen


def test_the_page_must_be_ticked_too(council: Council) -> None:
    page = council.write()
    client = council.client("moderator")
    answer = client.post(f"/admin/social/review/{page.pk}/", {"digest": "x"})
    assert "Tick this once you have read the page" in answer.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_a_double_press_approves_once(council: Council) -> None:
    page = council.write()
    seen = council.review(page)
    council.approve(page, seen=seen)
    council.approve(page, seen=seen)
    council.deliver()
    assert len(council.rehearsal.all_posts()) == 2


@pytest.mark.parametrize("role", ["editor", "editor2", "councillor", "clerk", "webmaster"])
def test_only_moderators_reach_the_review_screen(council: Council, role: str) -> None:
    page = council.write()
    seen = council.review(page)
    assert council.review(page, by=role).status_code == 302
    assert council.approve(page, by=role, seen=seen).status_code == 302
    page.refresh_from_db()
    assert not page.live
    assert {d.state for d in council.deliveries(page).values()} == {State.PROPOSED}
    council.approve(page, seen=seen)
    page.refresh_from_db()
    assert page.live, "what was refused above is what a moderator sends"


def test_a_page_that_announces_nothing_goes_live_and_posts_nothing(council: Council) -> None:
    page = council.write(announce="")
    assert "posts nothing" in council.review(page).content.decode()
    council.approve(page)
    page.refresh_from_db()
    assert page.live
    council.nothing_posted()


def test_go_live_later_posts_when_live(council: Council) -> None:
    at = timezone.now() + timedelta(days=2)
    page = council.write(go_live_at=timezone.localtime(at).strftime("%Y-%m-%d %H:%M"))
    council.approve(page)
    council.deliver()
    assert council.rehearsal.all_posts() == []
    assert {d.state for d in council.deliveries(page).values()} == {State.HELD}
    with time_machine.travel(at + timedelta(minutes=1)):
        call_command("publish_scheduled")
        tasks.sweep()
        page.refresh_from_db()
        assert page.live
        assert {d.state for d in council.deliveries(page).values()} == {State.POSTED}


@pytest.mark.parametrize(
    ("typed", "live_at"),
    [
        ("2027-03-28 02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # summer time has begun
        ("2027-10-31 02:30", datetime(2027, 10, 31, 2, 30, tzinfo=UTC)),  # winter time is back
    ],
)
def test_a_clerk_types_british_time_through_both_changes(
    council: Council, typed: str, live_at: datetime
) -> None:
    page = council.write(go_live_at=typed)
    council.approve(page)
    with time_machine.travel(live_at - timedelta(minutes=1)):
        call_command("publish_scheduled")
        tasks.sweep()
        assert council.rehearsal.all_posts() == []
    with time_machine.travel(live_at + timedelta(minutes=1)):
        call_command("publish_scheduled")
        tasks.sweep()
        assert len(council.rehearsal.all_posts()) == 2


def test_a_mail_server_that_is_away_fails_no_approval(
    council: Council,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.EMAIL_BACKEND = "cms.mail.ForgivingEmailBackend"
    settings.FORGIVING_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "no-such-host.invalid"
    page = council.write()
    with django_capture_on_commit_callbacks() as after_commit:
        council.approve(page)
    page.refresh_from_db()
    assert page.live
    assert "Mail could not be sent" not in caplog.text
    for callback in after_commit:
        callback()
    assert "Mail could not be sent" in caplog.text


def test_networks_that_are_away_fail_no_approval(council: Council, settings: Settings) -> None:
    settings.REHEARSAL_URL = "http://127.0.0.1:9"
    page = council.write()
    council.approve(page)
    council.deliver()
    page.refresh_from_db()
    assert page.live
    deliveries = council.deliveries(page)
    assert {d.state for d in deliveries.values()} == {State.QUEUED}
    assert deliveries["x"].why == "X could not be reached."
    settings.REHEARSAL_URL = council.rehearsal.url
    Delivery.objects.update(not_before=None)
    council.deliver()
    assert len(council.rehearsal.all_posts()) == 2


def test_announce_again_is_a_separate_act(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    council.edit(page, action="action-submit", announce_again="on", summary="Once more: open late.")
    page = NewsPage.objects.get(pk=page.pk)
    council.approve(page)
    council.deliver()
    assert len(council.posts(council.x)) == 2
    assert "Once more" in council.posts(council.x)[0]["text"]


# --- refused at submit, in words, beside the field, with nothing lost ---


def errors_of(council: Council, **changes: object) -> dict[str, list[str]]:
    answer = council.post_new(**changes)
    assert answer.status_code == 200
    assert not NewsPage.objects.exists()
    form = answer.context_data["form"]
    assert changes.get("summary", WORDS) in answer.content.decode()
    return {name: list(errors) for name, errors in form.errors.items()}


def test_too_long_is_an_error_and_never_cut(council: Council) -> None:
    errors = errors_of(council, summary="word " * 70)
    assert "characters too long" in errors["channel_words"][0]


def test_own_words_for_a_channel_where_the_summary_does_not_fit(council: Council) -> None:
    page = council.write(
        summary="word " * 70, **{f"channel_words-words-{council.x.pk}": "Short words."}
    )
    council.approve(page)
    council.deliver()
    assert council.posts(council.x)[0]["text"].startswith("Short words.")
    assert council.posts(council.facebook)[0]["text"].startswith("word word")


def test_a_mention_while_replies_are_closed(council: Council) -> None:
    errors = errors_of(council, summary="Thanks to @looe for the tea.")
    assert "Take out @looe" in errors["channel_words"][0]


def test_an_e_mail_address_is_no_mention(council: Council) -> None:
    page = council.write(summary="Write to bins@council.example about bins.")
    council.approve(page)
    council.deliver()
    assert len(council.posts(council.x)) == 1


def test_an_empty_office_contact(council: Council) -> None:
    contact = council.group.office_contact
    contact.phone = contact.email = ""
    contact.save()
    assert "office contact is missing" in errors_of(council)["channel_words"][0]


def test_a_lost_key(council: Council, settings: Settings) -> None:
    settings.CHANNEL_KEYS = ["gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
    assert "key of Council on" in errors_of(council)["channel_words"][0]


def test_a_picture_without_alt_text(council: Council) -> None:
    errors = errors_of(council, image=str(picture(description="").pk))
    assert "no description" in errors["image"][0]


def test_a_picture_whose_file_is_gone(council: Council) -> None:
    image = picture()
    image.file.storage.delete(image.file.name)
    assert "missing" in errors_of(council, image=str(image.pk))["image"][0]


def test_nothing_ticked(council: Council) -> None:
    errors = errors_of(council, **{"channel_words-ticked": []})
    assert "Tick a channel" in errors["channel_words"][0]


def test_no_words(council: Council) -> None:
    assert "Write the words" in str(errors_of(council, summary=""))


def test_a_draft_may_be_anything(council: Council) -> None:
    assert council.post_new(action="", summary="word " * 70).status_code == 302


def test_a_picture_that_lost_its_description_after_submit_stops_the_approval(
    council: Council,
) -> None:
    image = picture()
    page = council.write(image=str(image.pk))
    seen = council.review(page)
    image.description = ""
    image.save()
    screen = council.review(page)
    assert "no description" in screen.content.decode()
    assert "Approve and publish" not in screen.content.decode()
    assert council.approve(page, seen=seen).status_code == 409
    page.refresh_from_db()
    assert not page.live


def test_the_counter_counts_as_the_post_is_composed(council: Council) -> None:
    answer = council.client("editor").post(
        "/admin/social/count/",
        {f"words-{council.x.pk}": WORDS, f"words-{council.facebook.pk}": "word " * 70},
    )
    page = council.write()
    counted = answer.json()[str(council.x.pk)]
    assert counted["short"].startswith(f"{council.deliveries(page)['x'].length} of 280")
    assert counted["problems"] == []


def test_a_moderator_moves_a_page_to_another_section(council: Council) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    archive = council.home.add_child(
        instance=type(council.section)(title="Archive", slug="archive")
    )
    make_group(name="Archive", section=archive, office_contact=council.group.office_contact)
    client = council.client("moderator")
    address = f"/admin/social/move/{page.pk}/"
    client.post(address, {"target": archive.pk})
    page.refresh_from_db()
    assert page.get_parent().pk == council.section.pk, "not an officer of the other section"
    council.people["moderator"].groups.add(Group.objects.get(name="Archive moderators"))
    client.post(address, {"target": archive.pk})
    page = NewsPage.objects.get(pk=page.pk)
    assert page.get_parent().pk == archive.pk
    token = council.deliveries(page)["x"].token
    assert client.get(f"/n/{token}")["Location"].endswith("/archive/late-opening/")
    tasks.sweep()
    assert len(council.rehearsal.all_posts()) == 2
