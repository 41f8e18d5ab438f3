"""Meetings, events and vacancies announce themselves by the same mixin as news."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page, WorkflowPage

from home.models import ContentPage
from news.models import AnnouncedPage, EventIndexPage, EventPage, MeetingPage, NewsPage, VacancyPage
from news.models.announced import UNPUBLISHES
from social_publish.connecting import Seen, go_live
from social_publish.models import AnnounceablePage, Delivery, State
from social_publish.networks.answers import Identity
from social_publish.networks.sign_in_calls import Opened
from tests.council import WORDS, Council
from tests.residents import event, meeting, publish, vacancy

pytestmark = pytest.mark.django_db


def give_the_whole_site(council: Council) -> None:
    """The town council's channels for every page of the site, as a small council has it."""
    council.group.section = council.home.page_ptr
    council.group.save()
    WorkflowPage.objects.create(page=council.home.page_ptr, workflow=council.section.get_workflow())


def ticks(council: Council) -> dict[str, dict[str, object]]:
    return {str(c.pk): {"ticked": True, "words": ""} for c in (council.x, council.facebook)}


def test_one_mixin_for_all_four() -> None:
    for model in (NewsPage, MeetingPage, EventPage, VacancyPage):
        assert issubclass(model, AnnounceablePage)
        assert issubclass(model, AnnouncedPage)
        assert model.draft_post is AnnounceablePage.draft_post


@pytest.mark.parametrize("make", [meeting, event, vacancy])
def test_an_approved_page_of_any_kind_is_posted(council: Council, make: Callable[..., Any]) -> None:
    give_the_whole_site(council)
    page = make(council.home)
    page.announce, page.summary, page.channel_words = True, WORDS, ticks(council)
    page.save_revision(user=council.people["editor"])
    workflow = council.section.get_workflow()
    workflow.start(page, council.people["editor"])
    assert council.approve(page).status_code == 302
    council.deliver()
    assert len(council.posts(council.x)) == 1
    assert WORDS in council.posts(council.x)[0]["text"]
    shown = Client().get(page.get_url()).content.decode()
    assert "Also posted on" in shown
    archive = Client().get("/posts/").content.decode()
    assert page.title in archive
    assert WORDS in archive


def test_a_closing_date_takes_off_the_lists_and_removes_nothing(council: Council) -> None:
    page = council.write(closes_on=str(timezone.localdate() + timedelta(days=2)))
    council.approve(page)
    council.deliver()
    assert "Late opening" in Client().get("/news/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert "Late opening" not in Client().get("/news/").content.decode()
        assert "Late opening" not in Client().get("/").content.decode()
        answer = Client().get(page.get_url())
        assert answer.status_code == 200
        assert "This ended on" in answer.content.decode()
        council.deliver()
    assert {d.state for d in Delivery.objects.all()} == {State.POSTED}
    assert len(council.posts(council.x)) == 1


def test_the_screen_says_that_expiring_unpublishes(council: Council) -> None:
    page = council.write()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    shown = council.client("editor").get(address).content.decode()
    assert UNPUBLISHES.split(":")[0] in shown


def test_a_vacancy_needs_a_closing_date_and_leaves_the_list(council: Council) -> None:
    vacancy(council.home, 1, title="Open one")
    closed = vacancy(council.home, -1, title="Closed one")
    listed = Client().get("/jobs/").content.decode()
    assert "Open one" in listed
    assert "Closed one" not in listed
    assert "Applications closed on" in Client().get(closed.get_url()).content.decode()
    closed.closes_on = None
    with pytest.raises(Exception, match="Give the last day"):
        closed.clean()


def test_a_moved_page_is_listed_where_it_now_stands(council: Council) -> None:
    page = event(council.home, title="Parade")
    elsewhere = publish(council.home, EventIndexPage(title="Other", slug="other"))
    page.move(Page.objects.get(pk=elsewhere.pk), pos="last-child")
    assert "Parade" in Client().get("/other/").content.decode()
    assert "Parade" not in Client().get("/events/").content.decode()


def test_an_older_version_keeps_the_list_it_stands_in(council: Council) -> None:
    page = event(council.home, title="Parade")
    first = page.latest_revision
    elsewhere = publish(council.home, EventIndexPage(title="Other", slug="other"))
    page.move(Page.objects.get(pk=elsewhere.pk), pos="last-child")
    first.as_object().save_revision().publish()
    assert "Parade" in Client().get("/other/").content.decode()


def test_outside_every_channel_group_a_webmaster_publishes(council: Council) -> None:
    page = meeting(council.home)
    webmaster, editor = council.people["webmaster"], council.people["editor"]
    assert page.permissions_for_user(webmaster).can_publish()
    assert page.get_parent().specific.permissions_for_user(webmaster).can_publish_subpage()
    give_the_whole_site(council)
    assert not page.permissions_for_user(webmaster).can_publish()
    assert not page.permissions_for_user(editor).can_publish()


def test_a_plain_page_under_a_channel_group_is_approved_and_posts_nothing(
    council: Council,
) -> None:
    give_the_whole_site(council)
    page = publish(council.home, ContentPage(title="Bins", slug="bins"))
    page.intro = "Tuesdays."
    page.save_revision(user=council.people["editor"])
    council.section.get_workflow().start(page, council.people["editor"])
    assert council.approve(page).status_code == 302
    assert "Tuesdays." in Client().get("/bins/").content.decode()
    council.nothing_posted()


def test_shared_material_names_its_source(council: Council) -> None:
    partner = council.client("webmaster").post(
        "/admin/snippets/news/partner/add/", {"name": "The police", "address": ""}
    )
    assert partner.status_code == 302
    from_them = {"partner": "1", "source_address": ""}
    refused = council.post_new(**(from_them | {"partner": str(_partner())}))
    assert "Give the address it was taken from" in refused.content.decode()
    page = council.write(partner=str(_partner()), source_address="https://police.example/bikes")
    council.approve(page)
    shown = Client().get(page.get_url()).content.decode()
    assert "Shared from The police" in shown
    assert "not the direct responsibility of the council" in shown
    assert "https://police.example/bikes" in shown


def _partner() -> int:
    from_register = NewsPage._meta.get_field("partner").related_model.objects.get()
    return int(from_register.pk)


def test_a_practice_post_is_not_shown_on_a_real_site(council: Council, settings: Settings) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    assert "Also posted on" in Client().get(page.get_url()).content.decode()
    settings.SHOW_REHEARSAL_POSTS = False
    assert "Also posted on" not in Client().get(page.get_url()).content.decode()
    assert "Nothing has been posted yet" in Client().get("/posts/").content.decode()


def test_what_was_practised_stays_practice_when_its_channel_goes_live(
    council: Council, settings: Settings
) -> None:
    page = council.write()
    council.approve(page)
    council.deliver()
    credentials = council.x.unseal()
    seen = Seen("x", False, Opened("7", "Real", credentials), Identity("7", "Real", "real"))
    go_live(council.x, seen, by=council.people["clerk"], now=timezone.now())
    for path in (page.get_url(), "/posts/"):
        assert Client().get(path).content.decode().count(">rehearsal<") == 2, path
    settings.SHOW_REHEARSAL_POSTS = False
    assert "Also posted on" not in Client().get(page.get_url()).content.decode()
    archive = Client().get("/posts/").content.decode()
    assert "Nothing has been posted yet" in archive
    Delivery.objects.update(state=State.REMOVED)
    assert "removed since" not in Client().get("/posts/").content.decode()


def test_only_officers_hold_the_alerts(council: Council) -> None:
    for role, wanted in (("clerk", 200), ("moderator", 200), ("webmaster", 200), ("editor", 302)):
        answer = council.client(role).get("/admin/snippets/home/alert/add/")
        assert answer.status_code == wanted, role
