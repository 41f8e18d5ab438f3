"""A person approves what the review screen showed, and Wagtail publishes exactly that."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowState

from social_publish import outbox
from social_publish.approval.authors import authors_of
from social_publish.approval.following import follow_approval
from social_publish.approval.proposing import proposal_of, wants_posts
from social_publish.models import Announcement, Delivery, State
from social_publish.publication import content_digest


class Refusal(Exception):
    """An approval that must not happen; the text is for the moderator."""


def seen_digest(page: Page, proposal: Announcement | None) -> str:
    """What the review screen carries: it stands for the page and every post on it."""
    return proposal.digest if proposal else content_digest(page)


@transaction.atomic
def approve(page: Page, *, digest: str, ticked: set[int], user: User, comment: str = "") -> None:
    """Approve what was seen: the page, and the deliveries whose ids are ticked.

    digest: `seen_digest` of what the screen showed. Raises Refusal with a sentence for the
    moderator, and then nothing has happened.
    """
    now = timezone.now()
    page, revision = _locked(page.pk)
    draft = revision.as_object()
    task_state = page.current_workflow_task_state
    if task_state is None or not task_state.task.specific.get_actions(page, user):
        raise Refusal("This page is not waiting for your approval any more.")
    if user in authors_of(page):
        raise Refusal(
            "You changed this page since it was last approved, so someone else must approve it."
        )
    proposal = proposal_of(page)
    if seen_digest(draft, proposal) != digest or not _fits(draft, proposal):
        raise Refusal("The page or its posts were changed while you were reading.")
    for delivery in _open_deliveries(proposal):
        if delivery.pk not in ticked:
            outbox.move(delivery, "cancel", now=now, actor=user, why="The moderator left it out.")
    if task_state.revision_id != revision.pk:
        task_state = _pointed_to_latest(task_state, user)
        if proposal_of(page) != proposal:
            raise Refusal("The page or its posts were changed while you were reading.")
    _mark_seen(proposal, user)
    task_state.approve(user=user, comment=comment)


def _mark_seen(proposal: Announcement | None, user: User) -> None:
    """`finish` takes no other road to these posts than this screen."""
    if proposal:
        Announcement.objects.filter(pk=proposal.pk).update(approved_by=user)


def _fits(draft: Page, proposal: Announcement | None) -> bool:
    """Does the stored proposal speak of exactly this version of the page?"""
    if proposal is None:
        return not wants_posts(draft)
    return proposal.content_digest == content_digest(draft)


def _open_deliveries(proposal: Announcement | None) -> list[Delivery]:
    return list(proposal.deliveries.filter(state=State.PROPOSED)) if proposal else []


def _pointed_to_latest(task_state: TaskState, user: User) -> TaskState:
    # Wagtail would publish nothing while its task still names an older version.
    task_state.specific.cancel(user=user, resume=True)
    workflow_state = WorkflowState.objects.get(pk=task_state.workflow_state_id)
    return workflow_state.current_task_state.specific


def _locked(page_id: int) -> tuple[Page, Revision]:
    """The page and its latest revision, locked so that no autosave slips in."""
    locked = Page.objects.select_for_update().get(pk=page_id)
    revision = Revision.objects.select_for_update().get(pk=locked.latest_revision_id)
    return locked.specific, revision


@transaction.atomic
def finish(workflow_state: WorkflowState, *, user: User | None) -> None:
    """Publish what a person approved, and let its posts go. Called through `gate`, never directly.

    Raises PermissionDenied, which undoes the whole approval, for everything else: a disabled
    task, an unfinished one, another version than the approved one.
    """
    task_state = workflow_state.current_task_state
    if (
        task_state is None
        or task_state.status != TaskState.STATUS_APPROVED
        or task_state.finished_by is None
    ):
        raise PermissionDenied("Only a person can approve this.")
    if not isinstance(workflow_state.content_object, Page):
        workflow_state.content_object.get_latest_revision().publish(user=user)
        return
    page, revision = _locked(int(workflow_state.object_id))
    draft = revision.as_object()
    proposal = proposal_of(page)
    if task_state.revision_id != revision.pk or not _fits(draft, proposal):
        raise PermissionDenied("The page was changed after it was approved.")
    if task_state.finished_by in authors_of(page, before=workflow_state):
        raise PermissionDenied("Someone who changed the page cannot approve it.")
    if proposal:
        if proposal.approved_by_id != task_state.finished_by_id:
            raise PermissionDenied("These posts are approved on their review screen only.")
        _mark_approved(proposal, approver=task_state.finished_by, now=timezone.now())
    draft.publish(revision, user=user, skip_permission_checks=True)
    follow_approval(page.pk, proposal, now=timezone.now(), approver=task_state.finished_by)


def _mark_approved(proposal: Announcement, *, approver: User, now: datetime) -> None:
    proposal.status = Announcement.Status.APPROVED
    proposal.approved_at = now
    proposal.approved_by = approver
    proposal.approver_name = outbox.name_of(approver)
    proposal.save()
