"""The editor's form: what it keeps, what it carries over, and what it refuses in words."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from news.models import NewsPage
from social_publish import outbox
from social_publish.council import make_group
from social_publish.models import Channel
from tests.council import ANSWERED, Council, picture

pytestmark = pytest.mark.django_db


def announced(council: Council, **changes: Any) -> NewsPage:
    page = council.write(**changes)
    council.approve(page)
    council.deliver()
    return NewsPage.objects.get(pk=page.pk)


def screen_of(council: Council, page: NewsPage) -> str:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return council.client("editor").get(address).content.decode()


def draft_of(page: NewsPage) -> NewsPage:
    return NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def errors_in(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "the form was taken"
    return {name: list(errors) for name, errors in answer.context_data["form"].errors.items()}


# --- corrections of a page that was announced already ---


def test_a_correction_is_not_held_up_by_posts_that_nobody_makes(council: Council) -> None:
    page = announced(council)
    Channel.objects.filter(pk=council.x.pk).update(sealed_credentials=b"")
    answer = council.edit(
        page, action="action-submit", intro="Open until nine.", summary="w " * 500
    )
    assert answer.status_code == 302
    council.approve(page)
    council.deliver()
    page.refresh_from_db()
    assert page.intro == "Open until nine."
    assert len(council.rehearsal.all_posts()) == 2


def test_announcing_again_is_checked_like_the_first_time(council: Council) -> None:
    page = announced(council)
    answer = council.edit(page, action="action-submit", announce_again="on", summary="w " * 500)
    assert "characters too long" in errors_in(answer)["channel_words"][0]


def test_a_paused_channel_keeps_its_tick_and_its_words(council: Council) -> None:
    words = {f"channel_words-words-{council.x.pk}": "Words for X."}
    council.post_new(action="", **words)
    page = NewsPage.objects.latest("pk")
    outbox.pause_channel(council.x, now=timezone.now())
    # A browser sends nothing for a box that is switched off.
    only_facebook = {"channel_words-ticked": [str(council.facebook.pk)]}
    council.edit(page, **words, **only_facebook)
    box = re.search(
        rf'<input[^>]*name="channel_words-ticked" value="{council.x.pk}"[^>]*>',
        screen_of(council, page),
    )
    assert box
    assert "checked" in box[0]
    outbox.resume_channel(council.x, now=timezone.now())
    council.edit(page, action="action-submit", **words)
    council.approve(page)
    council.deliver()
    assert council.posts(council.x)[0]["text"].startswith("Words for X.")


def test_a_paused_channel_cannot_be_ticked_by_hand(council: Council) -> None:
    outbox.pause_channel(council.x, now=timezone.now())
    page = council.write()
    assert not draft_of(page).is_ticked(council.x)


def test_only_paused_channels_ticked_passes_and_the_review_screen_says_so(council: Council) -> None:
    only_x = {"channel_words-ticked": [str(council.x.pk)]}
    council.post_new(action="", **only_x)
    page = NewsPage.objects.latest("pk")
    outbox.pause_channel(council.x, now=timezone.now())
    assert council.edit(page, action="action-submit", **only_x).status_code == 302
    assert "Council on x is ticked, but it is paused" in council.review(page).content.decode()


# --- nothing that was typed is lost ---


def test_words_of_a_channel_without_a_tick_are_kept(council: Council) -> None:
    typed = {
        "channel_words-ticked": [str(council.facebook.pk)],
        f"channel_words-words-{council.x.pk}": "My careful X words",
    }
    refused = council.post_new(summary="", **typed)
    assert "Write the words" in str(errors_in(refused))
    assert "My careful X words" in refused.content.decode()
    page = council.write(**typed)
    assert "My careful X words" in screen_of(council, page)
    council.approve(page)
    council.deliver()
    assert council.posts(council.x) == []


def test_after_a_refused_submit_the_counters_count_what_was_typed(council: Council) -> None:
    html = council.post_new(summary="word " * 70).content.decode()
    counted = re.search(rf'id="post-count-{council.x.pk}"[^>]*>(\d+) of 280', html)
    assert counted
    assert int(counted[1]) > 350


def test_a_tick_for_another_groups_channel_or_a_nonsense_one_is_not_kept(council: Council) -> None:
    other = council.home.add_child(instance=type(council.section)(title="Art", slug="art"))
    group = make_group(name="Art", section=other, office_contact=council.group.office_contact)
    theirs = Channel.objects.create(
        group=group, network="x", name="Art on X", account_id="77", **ANSWERED
    )
    ticks = [str(council.x.pk), str(theirs.pk), "9" * 5000, "²", ""]
    page = council.write(**{"channel_words-ticked": ticks})
    assert draft_of(page).channel_words == {str(council.x.pk): {"ticked": True, "words": ""}}
    council.approve(page)
    council.deliver()
    assert len(council.rehearsal.all_posts()) == 1


def test_the_counter_answers_for_real_channels_only(council: Council) -> None:
    typed = {"words-" + "9" * 30: "x", "words-": "x", f"words-{council.x.pk}": "Hello."}
    answer = council.client("editor").post("/admin/social/count/", typed)
    assert list(answer.json()) == [str(council.x.pk)]


# --- mentions and hidden characters, wherever they stand in the post ---


def test_a_mention_in_the_office_contact_is_refused_and_placed(council: Council) -> None:
    contact = council.group.office_contact
    contact.opening_hours = "Ask @looetc"
    contact.save()
    refused = errors_in(council.post_new())["channel_words"]
    assert len(refused) == 1, "Facebook's replies do not hang on mentions"
    assert "Take out @looetc from the office contact" in refused[0]


def test_a_mention_in_the_words_is_placed_too(council: Council) -> None:
    refused = errors_in(council.post_new(summary="Thanks to @looe."))["channel_words"]
    assert "Take out @looe from the words" in refused[0]


def test_an_at_sign_in_a_web_address_is_no_mention(council: Council) -> None:
    page = announced(council, summary="Watch https://www.tiktok.com/@looe tonight.")
    assert "tiktok.com/@looe" in council.posts(council.x)[0]["text"]
    assert council.deliveries(page)["x"].state == "posted"


def test_hidden_characters_in_the_office_contact_are_refused(council: Council) -> None:
    contact = council.group.office_contact
    contact.name = "Council\u202eoffice"
    contact.save()
    refused = errors_in(council.post_new())["channel_words"]
    assert "hidden characters in the office contact" in refused[0]


# --- a picture that is gone ---


def test_a_picture_deleted_before_the_submit_is_said_beside_its_field(council: Council) -> None:
    image = picture()
    council.post_new(action="", image=str(image.pk))
    page = NewsPage.objects.latest("pk")
    image.delete()
    assert "has been deleted since" in screen_of(council, page)
    refused = council.edit(page, action="action-submit")
    assert "has been deleted since" in errors_in(refused)["image"][0]
    assert council.edit(page, action="action-submit", image=str(picture().pk)).status_code == 302


def test_a_draft_saved_without_the_deleted_picture_may_be_submitted(council: Council) -> None:
    image = picture()
    council.post_new(action="", image=str(image.pk))
    page = NewsPage.objects.latest("pk")
    image.delete()
    assert council.edit(page).status_code == 302
    assert council.edit(page, action="action-submit").status_code == 302


# --- a page that is not saved yet ---


def test_a_new_page_previews_its_posts_already(council: Council) -> None:
    address = reverse("wagtailadmin_pages:add", args=["news", "newspage", council.section.pk])
    html = council.client("editor").get(address).content.decode()
    assert f'<option value="channel-{council.x.pk}"' in html


def test_a_new_page_was_never_announced_even_where_an_announced_one_was_deleted(
    council: Council,
) -> None:
    announced(council).delete()
    address = reverse("wagtailadmin_pages:add", args=["news", "newspage", council.section.pk])
    assert "announce_again" not in council.client("editor").get(address).content.decode()
    assert "characters too long" in str(errors_in(council.post_new(summary="word " * 70)))
