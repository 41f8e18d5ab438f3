"""The officers' screens: what they show, what they refuse, and that repeating is harmless."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page

from home.models import ContentPage
from news.models import NewsIndexPage, NewsPage
from social_publish import outbox
from social_publish.council import make_group
from social_publish.models import Channel, Delivery, HoldReason, State, Wanted
from tests.council import WORDS, Council, picture
from tests.social_publish.posts import decide, delivery, inspect

pytestmark = pytest.mark.django_db

GROUND = {"ground": "It is a mistake of ours"}


def on_x(council: Council, **changes: Any) -> NewsPage:
    """A page approved for X alone."""
    page = council.write(**{"channel_words-ticked": [str(council.x.pk)]} | changes)
    council.approve(page)
    return page


def on_facebook(council: Council) -> NewsPage:
    return on_x(council, **{"channel_words-ticked": [str(council.facebook.pk)]})


def lose_sight_of_the_post(council: Council, network: str = "2/tweets$") -> None:
    """Posted, but the answer is lost, and nobody can look for a while."""
    council.rehearsal.misbehave("drop_after", match=f"POST .*{network}")
    council.rehearsal.misbehave("error_before", match="GET ", times=9)
    council.deliver()
    Delivery.objects.update(unknown_since=timezone.now() - timedelta(hours=1), not_before=None)
    council.deliver()
    council.rehearsal.server.faults.waiting.clear()
    assert delivery().state == State.NEEDS_PERSON


# --- channels ---


def test_pausing_twice_pauses(council: Council) -> None:
    client, address = council.client("webmaster"), f"/admin/social/channel/{council.x.pk}"
    for _ in range(2):
        client.post(f"{address}/pause/")
        council.x.refresh_from_db()
        assert council.x.paused
    for _ in range(2):
        client.post(f"{address}/resume/")
        council.x.refresh_from_db()
        assert not council.x.paused


def test_pausing_what_trouble_has_paused_keeps_the_trouble_on_the_screen(council: Council) -> None:
    outbox.pause_channel(council.x, now=timezone.now(), trouble="X has locked the account.")
    council.client("webmaster").post(f"/admin/social/channel/{council.x.pk}/pause/")
    council.x.refresh_from_db()
    assert council.x.trouble == "X has locked the account."


@pytest.mark.parametrize("what", ["pause", "resume"])
def test_only_officers_pause_a_channel(council: Council, what: str) -> None:
    before = what == "resume"
    Channel.objects.update(paused=before)
    for role in ("editor", "councillor"):
        council.client(role).post(f"/admin/social/channel/{council.x.pk}/{what}/")
    assert set(Channel.objects.values_list("paused", flat=True)) == {before}


def test_the_list_of_channels_is_filtered_by_network(council: Council) -> None:
    client = council.client("webmaster")
    assert ">Facebook</a>" in "".join(
        client.get("/admin/social_publish/channel/").content.decode().split()
    )
    screen = client.get("/admin/social_publish/channel/?network=facebook").content.decode()
    assert "Council on facebook" in screen
    assert "Council on x" not in screen


def test_a_lost_key_is_told_without_the_words_of_a_programmer(
    council: Council, settings: Settings
) -> None:
    on_x(council)
    settings.CHANNEL_KEYS = []
    council.deliver()
    screens = [
        council.client("moderator").get(address).content.decode()
        for address in ("/admin/", "/admin/social_publish/channel/")
    ]
    assert all("Ask whoever looks after the website" in screen for screen in screens)
    assert not any("CHANNEL_KEYS" in screen for screen in screens)


# --- a post of which nobody is sure ---


def test_a_withdrawn_post_is_not_offered_to_be_posted(council: Council) -> None:
    page = on_x(council)
    lose_sight_of_the_post(council)
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    assert "post it" not in inspect(council)
    assert "is not posted" in decide(council, "retry")
    assert delivery().state == State.NEEDS_PERSON
    council.deliver()
    assert len(council.rehearsal.requests("POST /2/tweets")) == 1


def test_it_is_there_leads_to_its_removal_when_it_was_withdrawn(council: Council) -> None:
    page = on_x(council)
    lose_sight_of_the_post(council)
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    post = council.posts(council.x)[0]
    assert "being removed now" in decide(
        council, "there", address=f"https://x.com/council/status/{post['id']}"
    )
    council.deliver()
    assert delivery().state == State.REMOVED
    assert council.posts(council.x) == []


def test_it_is_not_there_settles_a_withdrawn_post(council: Council) -> None:
    on_x(council)
    Delivery.objects.update(state=State.NEEDS_PERSON, wanted=Wanted.ABSENT)
    assert "It is not there" in inspect(council)
    assert "nothing to remove" in decide(council, "remove")
    decide(council, "leave")
    assert delivery().state == State.CANCELLED
    council.nothing_posted()


def test_a_restored_post_that_was_withdrawn_is_not_offered_to_be_posted(council: Council) -> None:
    on_x(council)
    Delivery.objects.update(state=State.HELD, hold_reason=HoldReason.RESTORED, wanted=Wanted.ABSENT)
    assert "It was never posted" not in inspect(council)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/CouncilPage/posts/pfbid02abcXYZ",
        "https://www.facebook.com/permalink.php?story_fbid=123&id=456",
        "https://m.facebook.com/story.php?story_fbid=1&id=2",
    ],
)
def test_an_ordinary_facebook_address_is_looked_up_by_the_posts_link(
    council: Council, address: str
) -> None:
    on_facebook(council)
    lose_sight_of_the_post(council, "feed")
    assert "Recorded as posted" in decide(council, "there", address=address)
    assert delivery().state == State.POSTED
    assert delivery().remote_id == council.posts(council.facebook)[0]["id"]


def test_an_address_that_says_nothing_is_explained_when_no_post_is_found(council: Council) -> None:
    on_facebook(council)
    lose_sight_of_the_post(council, "feed")
    council.rehearsal.store.write("UPDATE posts SET deleted = 1")
    said = decide(council, "there", address="https://www.facebook.com/Council/posts/pfbid02abc")
    assert "Press on the date above the post" in said
    assert delivery().state == State.NEEDS_PERSON


def test_an_address_on_another_site_is_refused_though_the_post_is_there(council: Council) -> None:
    on_facebook(council)
    lose_sight_of_the_post(council, "feed")
    said = decide(council, "there", address="https://blog.example/Council/posts/pfbid02abc")
    assert "not the address of a post on Facebook" in said
    assert delivery().state == State.NEEDS_PERSON


def test_a_superuser_settles_a_post_whose_page_was_deleted(council: Council) -> None:
    page = on_x(council)
    council.deliver()
    council.rehearsal.misbehave("error_before", match="DELETE", times=99)
    council.client("superuser").post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    for _ in range(3):
        council.deliver()
        Delivery.objects.update(not_before=None)
    assert delivery().state == State.NEEDS_PERSON
    council.rehearsal.server.faults.waiting.clear()
    assert "Try to remove it again" in inspect(council, by="superuser")
    decide(council, "remove", by="superuser")
    council.deliver()
    assert delivery().state == State.REMOVED


def test_a_posts_history_is_told_as_a_clerk_would_tell_it(council: Council) -> None:
    on_x(council)
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets$")
    council.deliver()
    screen = inspect(council, by="clerk")
    assert "No clear answer came: it may have been posted or not, by the site." in screen
    assert "Found on the network, so it was posted, by the site." in screen
    assert not [name for name in ("lose sight", ": find,", ": claim,") if name in screen]


def test_the_time_of_a_check_is_british_time(council: Council) -> None:
    on_x(council)
    council.deliver()
    Delivery.objects.update(replies_confirmed_at=datetime(2026, 7, 1, 11, 0, tzinfo=UTC))
    assert "Read back on 01 July, 12:00." in inspect(council)


# --- sections ---


def another_section(council: Council) -> NewsIndexPage:
    """A section of which the moderator is an officer too."""
    section = council.home.add_child(instance=NewsIndexPage(title="Library", slug="library"))
    make_group(name="Library", section=section, office_contact=council.group.office_contact)
    council.people["moderator"].groups.add(Group.objects.get(name="Library moderators"))
    return section


@pytest.mark.parametrize("what", ["take-down", "move", "cancel"])
def test_a_section_is_no_officers_to_take_down_or_move(council: Council, what: str) -> None:
    council.section.save_revision().publish()
    target = another_section(council)
    address = f"/admin/social/{what}/{council.section.pk}/"
    client = council.client("moderator")
    assert client.get(address).status_code == 404
    assert client.post(address, GROUND | {"target": target.pk}).status_code == 404
    section = Page.objects.get(pk=council.section.pk)
    assert section.live
    assert section.url_path == council.section.url_path


def test_moving_to_where_the_slug_is_taken_is_said_beside_the_field(council: Council) -> None:
    page = on_x(council)
    target = another_section(council)
    target.add_child(instance=NewsPage(title="Another", slug="late-opening", intro="i"))
    answer = council.client("moderator").post(
        f"/admin/social/move/{page.pk}/", {"target": target.pk}
    )
    assert "late-opening" in answer.context_data["form"].errors["target"][0]
    page.refresh_from_db()
    assert page.get_parent().pk == council.section.pk


@pytest.mark.parametrize("role", ["superuser", "webmaster"])
def test_a_section_with_a_channel_group_is_not_deleted_and_the_screen_says_why(
    council: Council, role: str
) -> None:
    council.home.add_child(instance=ContentPage(title="Bins", slug="bins"))
    above = Page.objects.get(pk=council.home.pk)
    client = council.client(role)
    for page in (council.section, above):
        answer = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
        assert "channel group “Town Council” belongs" in answer.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    bins = Page.objects.get(slug="bins")
    chosen = f"?id={bins.pk}&id={council.section.pk}"
    answer = client.post(bulk + chosen, follow=True)
    assert "channel group “Town Council” belongs" in answer.content.decode()
    assert Page.objects.filter(pk__in=(council.section.pk, bins.pk)).count() == 2


def test_a_page_without_a_channel_group_is_deleted_as_ever(council: Council) -> None:
    page = council.home.add_child(instance=ContentPage(title="Bins", slug="bins"))
    council.client("webmaster").post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert not Page.objects.filter(pk=page.pk).exists()


# --- the review screen ---


def post_review(council: Council, page: Page, seen: Any, **form: Any) -> Any:
    shown = {"digest": seen.context_data["digest"], "shown": seen.context_data["shown"]}
    address = reverse("social_publish_review", args=[page.pk])
    return council.client("moderator").post(address, shown | form)


def ticks(answer: Any) -> dict[str, bool]:
    return {p["delivery"].channel.network: p["ticked"] for p in answer.context_data["posts"]}


def change_meanwhile(council: Council, page: Page, **changes: Any) -> None:
    """A moderator who writes may save while another reads."""
    council.people["editor"].groups.add(Group.objects.get(name="Town Council moderators"))
    council.edit(page, **changes)


def test_the_approver_ticks_each_post(council: Council) -> None:
    page = council.write()
    seen = council.review(page)
    assert ticks(seen) == {"x": False, "facebook": False}
    refused = post_review(council, page, seen, page_read="on")
    assert "You ticked no post" in refused.context_data["errors"]["posts"]
    assert refused.context_data["page_read"]
    page.refresh_from_db()
    assert not page.live


def test_the_page_alone_is_published_when_the_approver_says_so(council: Council) -> None:
    page = council.write()
    post_review(council, page, council.review(page), page_read="on", no_posts="on")
    page.refresh_from_db()
    assert page.live
    assert {d.state for d in council.deliveries(page).values()} == {State.CANCELLED}
    council.nothing_posted()


def test_a_post_ticked_and_none_wanted_is_asked_about(council: Council) -> None:
    page = council.write()
    refused = post_review(
        council,
        page,
        council.review(page),
        page_read="on",
        no_posts="on",
        channels=[str(council.x.pk)],
    )
    assert "Take one of the ticks out" in refused.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_a_refusal_keeps_the_ticks_and_names_what_changed(council: Council) -> None:
    page = council.write()
    seen = council.review(page)
    change_meanwhile(council, page, summary="Something else.", intro="Utterly different.")
    answer = post_review(council, page, seen, page_read="on", channels=[str(council.facebook.pk)])
    assert answer.status_code == 409
    assert ticks(answer) == {"x": False, "facebook": True}
    assert not answer.context_data["page_read"]
    changes = " ".join(answer.context_data["changes"])
    assert "Editor saved the page" in changes
    assert "Changed: words of the post, intro." in changes or (
        "Changed: intro, words of the post." in changes
    )
    assert f"Council on x: before, the post said: “{WORDS}" in changes
    assert "office contact" not in changes


def test_a_changed_page_without_posts_is_named_too(council: Council) -> None:
    page = council.write(announce="")
    seen = council.review(page)
    change_meanwhile(council, page, announce="", title="A very different title")
    answer = council.approve(page, seen=seen)
    assert answer.status_code == 409
    assert "Changed: title." in answer.context_data["changes"][0]


def test_a_forgotten_tick_does_not_hide_that_the_page_was_changed(council: Council) -> None:
    page = council.write()
    seen = council.review(page)
    change_meanwhile(council, page, summary="Something else.")
    answer = post_review(council, page, seen, channels=[str(council.x.pk)])
    assert answer.status_code == 409
    assert ticks(answer) == {"x": True, "facebook": False}
    assert "were changed while you were reading" in answer.content.decode()
    assert "Tick this once you have read the page" in answer.content.decode()


def test_a_changed_office_contact_is_not_laid_at_the_editors_door(council: Council) -> None:
    page = council.write()
    seen = council.review(page)
    contact = council.group.office_contact
    contact.phone = "01632 960 999"
    contact.save()
    council.review(page, by="moderator2")
    answer = council.approve(page, seen=seen)
    assert answer.status_code == 409
    changes = answer.context_data["changes"]
    assert "The office contact was changed, and every post carries it." in changes
    assert not [sentence for sentence in changes if "saved the page" in sentence]


def test_a_channel_paused_after_the_submit_is_listed_with_the_reason(council: Council) -> None:
    page = council.write()
    seen = council.review(page)
    outbox.pause_channel(council.x, now=timezone.now())
    screen = council.review(page).content.decode()
    assert "Council on x is ticked, but it is paused: nothing is posted there." in screen
    answer = council.approve(page, seen=seen)
    assert "Council on x has been paused: nothing is posted there." in str(
        answer.context_data["changes"]
    )


def test_a_channel_left_behind_by_a_move_is_listed_with_the_reason(council: Council) -> None:
    page = council.write()
    target = another_section(council)
    council.client("moderator").post(f"/admin/social/move/{page.pk}/", {"target": target.pk})
    screen = council.review(NewsPage.objects.get(pk=page.pk)).content.decode()
    assert "Council on x is ticked, but it belongs to another part of the site" in screen


def test_a_picture_deleted_after_the_submit_stops_the_approval_in_words(council: Council) -> None:
    image = picture()
    page = council.write(image=str(image.pk))
    image.delete()
    seen = council.review(page)
    assert "has been deleted since" in seen.content.decode()
    assert "Approve and publish" not in seen.content.decode()
    answer = post_review(council, page, seen, page_read="on", no_posts="on")
    assert answer.status_code == 409
    page.refresh_from_db()
    assert not page.live
    council.edit(page, image=str(picture().pk))
    council.approve(page)
    council.deliver()
    assert all(p["facts"]["media"] for p in council.rehearsal.all_posts())


def test_nonsense_in_the_form_approves_nothing(council: Council) -> None:
    page = council.write()
    seen = council.review(page)
    answer = post_review(
        council, page, seen, page_read="on", channels=["9" * 5000, "²"], shown=["x", ":", "a:b:c"]
    )
    assert "You ticked no post" in answer.content.decode()
    page.refresh_from_db()
    assert not page.live
    call_command("deliver")
    council.nothing_posted()
