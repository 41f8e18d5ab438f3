"""One test for each way of publishing, or of seeming to, that must post nothing."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    Locale,
    Page,
    PageViewRestriction,
    Revision,
    TaskState,
    WorkflowPage,
    WorkflowState,
)

from news.models import NewsPage
from social_publish import approval, gate, tasks
from social_publish.models import Announcement, AnnouncementApprovalTask, Channel, Delivery, State
from tests.council import ANSWERED, Council

pytestmark = pytest.mark.django_db


def draft_of(council: Council, **changes: object) -> NewsPage:
    assert council.post_new(action="", **changes).status_code == 302
    return NewsPage.objects.latest("pk")


def test_publish_as_superuser(council: Council) -> None:
    page = draft_of(council)
    council.edit(page, by="superuser", action="action-publish")
    page.refresh_from_db()
    assert page.live
    council.nothing_posted()


def test_publish_in_mid_workflow(council: Council) -> None:
    page = council.write()
    council.edit(page, by="superuser", action="action-publish")
    page.refresh_from_db()
    assert page.live
    assert Announcement.objects.get().status == "superseded"
    council.nothing_posted()


def test_bulk_publish(council: Council) -> None:
    page = draft_of(council)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    council.client("superuser").post(f"{address}?id={page.pk}", {})
    page.refresh_from_db()
    assert page.live
    council.nothing_posted()


def announced(council: Council) -> NewsPage:
    """A page that was announced, with the networks emptied afterwards."""
    page = council.write()
    council.approve(page)
    council.deliver()
    assert len(council.rehearsal.all_posts()) == 2
    Delivery.objects.update(replies_due_at=None)
    council.rehearsal.reset()
    page.refresh_from_db()
    return page


def test_copy_with_publish(council: Council) -> None:
    page = announced(council)
    council.client("superuser").post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {
            "new_title": "Copy",
            "new_slug": "copy",
            "new_parent_page": str(council.section.pk),
            "publish_copies": "on",
        },
    )
    copy = NewsPage.objects.get(slug="copy")
    assert copy.live
    assert not copy.announce
    council.nothing_posted()


def test_alias(council: Council) -> None:
    page = announced(council)
    page.create_alias(update_slug="alias")
    page.get_latest_revision().publish()
    assert NewsPage.objects.get(slug="alias").live
    council.nothing_posted()


def test_revert_and_publish(council: Council) -> None:
    page = announced(council)
    first = Revision.objects.for_instance(page).earliest("pk")
    council.edit(page, by="superuser", action="action-publish", revision=str(first.pk))
    council.nothing_posted()


def test_unpublish_and_publish_again(council: Council) -> None:
    page = announced(council)
    page.unpublish()
    page.refresh_from_db()
    page.get_latest_revision().publish()
    council.deliver()
    assert not council.rehearsal.requests("POST")
    assert council.rehearsal.all_posts() == []


def test_disabling_the_workflow_task(council: Council) -> None:
    page = council.write()
    task = AnnouncementApprovalTask.objects.get()
    council.client("superuser").post(reverse("wagtailadmin_workflows:disable_task", args=[task.pk]))
    page.refresh_from_db()
    task.refresh_from_db()
    assert not page.live
    assert task.active
    council.nothing_posted()


def test_import_by_the_orm(council: Council) -> None:
    page = council.section.add_child(
        instance=NewsPage(
            title="Imported",
            intro="Imported.",
            announce=True,
            summary="Imported words.",
            channel_words={str(council.x.pk): {"ticked": True, "words": ""}},
        )
    )
    page.save_revision().publish()
    assert Page.objects.get(pk=page.pk).live
    council.nothing_posted()


def test_autosave_swapping_the_text_during_moderation(council: Council) -> None:
    """The author's open editor overwrites the very revision that the moderator is reading."""
    council.people["editor"].groups.add(*council.people["moderator"].groups.all())
    page = council.write()
    seen = council.review(page)
    revision = page.get_latest_revision()
    answer = council.client("editor").post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        council.form(summary="Something else.", overwrite_revision_id=str(revision.pk)),
        headers={"accept": "application/json"},
    )
    assert answer.json()["revision_id"] == revision.pk
    refused = council.approve(page, seen=seen)
    assert refused.status_code == 409
    assert "Nothing was approved" in refused.content.decode()
    assert "Editor saved the page" in refused.content.decode()
    assert "before, the post said" in refused.content.decode()
    page.refresh_from_db()
    assert not page.live
    council.nothing_posted()


@pytest.mark.parametrize("trivial_save", [False, True])
def test_self_approval(council: Council, trivial_save: bool) -> None:
    """Also after a colleague's trivial save, which makes the newest revision theirs."""
    council.people["editor"].groups.add(*council.people["moderator"].groups.all())
    page = council.write()
    if trivial_save:
        council.people["editor2"].groups.add(*council.people["moderator"].groups.all())
        council.edit(page, by="editor2", intro="Open until eight!")
    screen = council.review(page, by="editor")
    assert "someone else must approve it" in screen.content.decode()
    assert council.approve(page, by="editor", seen=screen).status_code == 409
    page.refresh_from_db()
    assert not page.live
    council.nothing_posted()


def approve_and_fail(council: Council, page: NewsPage) -> None:
    context = council.review(page).context_data
    with transaction.atomic():
        approval.approve(
            page,
            digest=context["digest"],
            ticked={post["delivery"].pk for post in context["posts"]},
            user=council.people["moderator"],
        )
        assert Delivery.objects.filter(state=State.QUEUED).count() == 2
        raise KeyboardInterrupt


def test_a_rolled_back_approval(council: Council) -> None:
    page = council.write()
    with pytest.raises(KeyboardInterrupt):
        approve_and_fail(council, page)
    page.refresh_from_db()
    assert not page.live
    council.nothing_posted()


def in_a_week() -> str:
    return (timezone.localtime() + timedelta(days=7)).strftime("%Y-%m-%d %H:%M")


def test_a_cancelled_schedule(council: Council) -> None:
    page = council.write(go_live_at=in_a_week())
    council.approve(page)
    assert {d.state for d in council.deliveries(page).values()} == {State.HELD}
    council.client("moderator").post(f"/admin/social/cancel/{page.pk}/")
    assert {d.state for d in council.deliveries(page).values()} == {State.CANCELLED}
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        call_command("publish_scheduled")
        tasks.sweep()
        page.refresh_from_db()
        assert not page.live
        council.nothing_posted()


def test_a_schedule_cancelled_behind_our_back_is_found_by_the_sweep(council: Council) -> None:
    page = council.write(go_live_at=in_a_week())
    council.approve(page)
    Revision.objects.update(approved_go_live_at=None)
    tasks.sweep()
    assert {d.state for d in council.deliveries(page).values()} == {State.CANCELLED}
    council.nothing_posted()


def test_scheduled_without_approval(council: Council) -> None:
    page = draft_of(council, go_live_at=in_a_week())
    council.edit(page, by="superuser", action="action-publish", go_live_at=in_a_week())
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        call_command("publish_scheduled")
        page.refresh_from_db()
        assert page.live
        council.nothing_posted()


def test_an_approved_edit_of_an_announced_page(council: Council) -> None:
    page = announced(council)
    council.edit(page, action="action-submit", intro="Open until nine.")
    council.approve(page, by="moderator")
    page.refresh_from_db()
    assert page.intro == "Open until nine."
    council.nothing_posted()


def test_a_page_with_view_restrictions(council: Council) -> None:
    page = council.write()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    council.approve(page)
    assert {d.state for d in council.deliveries(page).values()} == {State.HELD}
    tasks.sweep()
    council.nothing_posted()


def test_a_page_below_an_unpublished_page(council: Council) -> None:
    page = council.write()
    Page.objects.filter(pk=council.section.pk).update(live=False)
    council.approve(page)
    tasks.sweep()
    council.nothing_posted()


def test_a_page_restricted_after_approval_and_before_sending(council: Council) -> None:
    page = council.write()
    council.approve(page)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    council.deliver()
    assert council.rehearsal.all_posts() == []
    assert {d.state for d in council.deliveries(page).values()} == {State.HELD}


def test_a_move(council: Council) -> None:
    page = announced(council)
    other = council.home.add_child(instance=type(council.section)(title="Archive", slug="archive"))
    page.move(other, pos="last-child")
    council.nothing_posted()


def test_a_translation_copy(council: Council) -> None:
    page = announced(council)
    kernow = Locale.objects.create(language_code="cy")
    council.home.copy_for_translation(kernow)
    copy = page.copy_for_translation(kernow, copy_parents=True)
    copy.get_latest_revision().publish()
    council.nothing_posted()


def test_the_workflow_taken_off_the_section(council: Council) -> None:
    WorkflowPage.objects.all().delete()
    council.post_new()
    page = NewsPage.objects.latest("pk")
    assert not page.live
    council.edit(page, by="superuser", action="action-publish")
    council.nothing_posted()


def test_loaded_data(council: Council) -> None:
    """A copy of the database from the moment before sending may be older than the posts."""
    page = council.write()
    council.approve(page)
    copy = StringIO()
    call_command("dumpdata", "social_publish", stdout=copy)
    assert council.x.unseal()["access_token"] not in copy.getvalue()
    fixture = council.rehearsal.folder / "copy.json"
    fixture.write_text(copy.getvalue())
    call_command("loaddata", str(fixture), verbosity=0)
    assert {d.state for d in council.deliveries(page).values()} == {State.HELD}
    tasks.sweep()
    council.nothing_posted()


def test_a_channel_connected_after_approval(council: Council) -> None:
    page = announced(council)
    Channel.objects.create(group=council.group, network="x", name="New", account_id="9", **ANSWERED)
    tasks.sweep()
    assert len(council.deliveries(page)) == 2
    council.nothing_posted()


def test_an_unticked_channel(council: Council) -> None:
    page = council.write()
    council.approve(page, leave_out=(council.facebook, council.x))
    page.refresh_from_db()
    assert page.live
    assert {d.state for d in council.deliveries(page).values()} == {State.CANCELLED}
    council.nothing_posted()


def test_a_channel_the_editor_did_not_tick(council: Council) -> None:
    page = council.write(**{"channel_words-ticked": [str(council.x.pk)]})
    council.approve(page)
    council.deliver()
    assert len(council.posts(council.x)) == 1
    assert council.posts(council.facebook) == []


def test_a_raw_approve_through_wagtails_own_doors(council: Council) -> None:
    page = council.write()
    client = council.client("moderator")
    state = page.current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))
    client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        council.form() | {"action-workflow-action": "true", "workflow-action-name": "approve"},
    )
    page.refresh_from_db()
    assert not page.live
    council.nothing_posted()


def test_an_approval_by_an_author_in_code_is_refused_at_the_gate(council: Council) -> None:
    page = council.write()
    state = page.current_workflow_task_state.specific
    with pytest.raises(PermissionDenied, match="cannot approve"):
        state.approve(user=council.people["editor"])
    page.refresh_from_db()
    assert not page.live
    council.nothing_posted()


def approved_on_paper(council: Council, page: NewsPage) -> WorkflowState:
    """What the review screen's approval has written when Wagtail calls the gate."""
    state, moderator = page.current_workflow_state, council.people["moderator"]
    Announcement.objects.filter(page_id=page.pk).update(approved_by=moderator)
    TaskState.objects.filter(pk=state.current_task_state.pk).update(
        status=TaskState.STATUS_APPROVED, finished_by=moderator, finished_at=timezone.now()
    )
    return WorkflowState.objects.get(pk=state.pk)


def test_the_gate_publishes_what_was_approved(council: Council) -> None:
    page = council.write()
    gate.finish(approved_on_paper(council, page), user=council.people["moderator"])
    page.refresh_from_db()
    assert page.live


def test_the_gate_refuses_another_revision_than_the_approved_one(council: Council) -> None:
    page = council.write()
    state = approved_on_paper(council, page)
    page.get_latest_revision_as_object().save_revision(user=council.people["editor2"])
    with pytest.raises(PermissionDenied, match="changed after it was approved"):
        gate.finish(state, user=council.people["moderator"])
    page.refresh_from_db()
    assert not page.live
    council.nothing_posted()


def test_the_gate_refuses_words_that_were_swapped_in_the_approved_revision(
    council: Council,
) -> None:
    page = council.write()
    state = approved_on_paper(council, page)
    revision = page.get_latest_revision()
    Revision.objects.filter(pk=revision.pk).update(
        content=revision.content | {"summary": "Something else entirely."}
    )
    with pytest.raises(PermissionDenied, match="changed after it was approved"):
        gate.finish(state, user=council.people["moderator"])
    page.refresh_from_db()
    assert not page.live
    council.nothing_posted()
