"""The only way to "approved": exactly what was seen is published and released, in one transaction.

Design 4. `propose` stores what would be posted, `approve` is called by the review screen,
`finish` by Wagtail through the gate, `follow_publication` by signals and by the sweep.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from social_publish import openings, outbox, pictures
from social_publish.models import (
    AnnounceablePage,
    Announcement,
    Channel,
    ChannelGroup,
    Delivery,
    HoldReason,
    PostPicture,
    State,
    Wanted,
    end_of,
    new_token,
)
from social_publish.networks import NETWORKS
from social_publish.publication import content_digest, is_public, is_scheduled
from social_publish.wake import wake_worker

# Out, or perhaps out; what is held waits for its page, and `follow_publication` looks after it.
PERHAPS_OUT = (State.QUEUED, State.SENDING, State.UNKNOWN, State.POSTED)


class Refusal(Exception):
    """An approval that must not happen; the text is for the moderator."""


# --- what would be posted --------------------------------------------------------------


def wants_posts(page: Page) -> bool:
    """Would approving this page post anything? Announce, words, a channel, a fresh number."""
    return bool(
        isinstance(page, AnnounceablePage)
        and page.chosen_channels()
        and not is_announced(page, page.announcement_number)
    )


def is_announced(page: Page, number: int) -> bool:
    return Announcement.objects.filter(
        page_id=page.pk, number=number, status=Announcement.Status.APPROVED
    ).exists()


@dataclass(frozen=True)
class Draft:
    """A delivery that would be proposed, its picture, and what stands in the way of it.

    problems: sentences for the editor; picture_problem is the one about the picture, or "".
    """

    delivery: Delivery
    picture: bytes
    problems: tuple[str, ...]
    picture_problem: str = ""


def drafts_of(
    page: AnnounceablePage,
    *,
    tokens: dict[int, str] | None = None,
    group: ChannelGroup | None = None,
) -> list[Draft]:
    """What the page would post to each ticked channel. tokens: {channel id: link token}."""
    return [
        _draft(page, channel, (tokens or {}).get(channel.pk) or new_token())
        for channel in page.chosen_channels(group)
    ]


def _draft(page: AnnounceablePage, channel: Channel, token: str) -> Draft:
    composed = page.draft_post(channel, token=token).composed
    problems = list(composed.problems)
    if not channel.has_credentials:
        problems.append(f"The key of {channel.name} is lost. Ask for it to be connected again.")
    opened = page.opens_replies(channel)
    if opened:
        problems += opening_faults(page).values()
    network = NETWORKS[channel.network]
    picture, content, picture_problem = page.announcement_picture(), b"", ""
    if picture is None and network.capabilities.needs_picture:
        problems.append(f"{network.name} takes no post without a picture. Choose one.")
    if picture:
        try:
            content = _fitted(picture, channel)
        except pictures.PictureUnusable as error:
            picture_problem = str(error)
            problems.append(picture_problem)
    delivery = Delivery(
        channel=channel,
        token=token,
        text=composed.text,
        length=composed.length,
        picture=pictures.name_of(content) if content else "",
        alt_text=picture.alt_text.strip() if picture else "",
        replies_wanted="open" if opened else "closed",
        replies_until=end_of(page.replies_until) if opened and page.replies_until else None,
    )
    return Draft(delivery, content, tuple(problems), picture_problem)


def opening_faults(page: AnnounceablePage) -> dict[str, str]:
    """{field: sentence} of what is missing before replies to the page's posts can be opened."""
    assert isinstance(page, Page)
    go_live = timezone.localdate(page.go_live_at) if page.go_live_at else None
    return page.opening_faults(timezone.localdate(), go_live)


def _fitted(picture: PostPicture, channel: Channel) -> bytes:
    limits = channel.limits.picture
    if not picture.alt_text.strip():
        raise pictures.PictureUnusable(
            "The picture has no description. Blind readers hear it: add one to the picture."
        )
    if limits.max_alt_text and len(picture.alt_text) > limits.max_alt_text:
        raise pictures.PictureUnusable(
            f"The picture's description is too long: at most {limits.max_alt_text} characters."
        )
    try:
        with picture.open() as source:
            return pictures.fit(source, limits)
    except OSError as error:
        raise pictures.PictureUnusable(
            "The picture's file is missing. Choose another one."
        ) from error


def problems_of(
    page: AnnounceablePage, *, group: ChannelGroup | None = None
) -> dict[int, tuple[str, ...]]:
    """What stands in the way of the page's posts: {channel id: sentences for the editor}."""
    drafts = drafts_of(page, group=group)
    return {d.delivery.channel_id: d.problems for d in drafts if d.problems}


def proposal_of(page: Page) -> Announcement | None:
    return Announcement.objects.filter(page_id=page.pk, status=Announcement.Status.PROPOSED).first()


@transaction.atomic
def propose(page: Page, *, now: datetime, actor: User | None) -> Announcement | None:
    """Store exactly what would be posted of this version of the page, if anything would be.

    An open proposal that still says the same is kept. Returns None, with any open proposal
    superseded, when nothing would be posted or something stands in the way (`problems_of`).
    """
    Page.objects.select_for_update().get(pk=page.pk)
    current = proposal_of(page)
    tokens = dict(current.deliveries.values_list("channel_id", "token")) if current else {}
    drafts = drafts_of(page, tokens=tokens) if wants_posts(page) else []
    if not drafts or any(draft.problems for draft in drafts):
        outbox.supersede(page.pk, now=now, actor=actor, why="The page announces nothing now.")
        return None
    content = content_digest(page)
    if current:
        if current.digest == outbox.digest_of(content, [d.delivery for d in drafts]):
            return current
        # A token belongs to one delivery for ever, so changed posts get fresh ones.
        drafts = drafts_of(page)
    for draft in drafts:
        pictures.store(draft.picture)
    announcement = Announcement(
        page_id=page.pk,
        page_title=page.title,
        number=page.announcement_number,
        content_digest=content,
        go_live_at=page.go_live_at,
        authors=", ".join(sorted(outbox.name_of(user) for user in authors_of(page)))[:500],
    )
    outbox.propose(announcement, [d.delivery for d in drafts], now=now, actor=actor)
    openings.freeze(page, [d.delivery for d in drafts])
    return announcement


# --- two people ------------------------------------------------------------------------


def authors_of(page: Page, *, before: WorkflowState | None = None) -> set[User]:
    """Everyone who changed the page since it was last approved (Looe table; R18).

    before: leave this approval itself out of account, when asking from inside it.
    """
    since = _last_approval(page, before)
    revisions = Revision.objects.for_instance(page).filter(user__isnull=False)
    entries = PageLogEntry.objects.filter(
        page=page.pk,
        user__isnull=False,
        action__in=("wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy"),
    )
    if since:
        revisions = revisions.filter(created_at__gt=since)
        entries = entries.filter(timestamp__gt=since)
    people = {
        *revisions.values_list("user_id", flat=True),
        *entries.values_list("user_id", flat=True),
        *_picture_authors(page, since),
    }
    return set(get_user_model().objects.filter(pk__in=people))


def _picture_authors(page: Page, since: datetime | None) -> set[int]:
    """Who changed the picture or its description while the page was being written."""
    draft = page.get_latest_revision_as_object()
    picture = draft.announcement_picture() if isinstance(draft, AnnounceablePage) else None
    first = Revision.objects.for_instance(page).aggregate(first=Min("created_at"))["first"]
    if picture is None or not (since or first):
        return set()
    return picture.changed_by(since or first)


def _last_approval(page: Page, before: WorkflowState | None) -> datetime | None:
    approvals = WorkflowState.objects.filter(
        base_content_type=page.get_base_content_type(),
        object_id=str(page.pk),
        status=WorkflowState.STATUS_APPROVED,
    ).exclude(pk=before.pk if before else None)
    last: datetime | None = approvals.aggregate(last=Max("current_task_state__finished_at"))["last"]
    return last


# --- approving -------------------------------------------------------------------------


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
    """The page and its latest revision, locked so that no autosave slips in (`wagtail.md` 3.8)."""
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
    _follow_approval(page.pk, proposal, now=timezone.now(), approver=task_state.finished_by)


def _mark_approved(proposal: Announcement, *, approver: User, now: datetime) -> None:
    proposal.status = Announcement.Status.APPROVED
    proposal.approved_at = now
    proposal.approved_by = approver
    proposal.approver_name = outbox.name_of(approver)
    proposal.save()


def _follow_approval(
    page_id: int, proposal: Announcement | None, *, now: datetime, approver: User
) -> None:
    """One move for each approved post: let go where the page is out, held where it is not yet."""
    # What earlier approvals left waiting for this page.
    follow_publication(page_id, now=now, actor=approver)
    approved = _with_channels(proposal.deliveries.filter(state=State.PROPOSED)) if proposal else []
    if not approved:
        return
    for delivery in _follow(page_id, approved, now=now, actor=approver):
        outbox.hold(delivery, HoldReason.PUBLICATION, now=now, actor=approver)


# --- publication -----------------------------------------------------------------------


def follow_publication(page_id: int, *, now: datetime, actor: User | None = None) -> None:
    """Release what is out in its approved words, withdraw what will not come out any more."""
    waiting = _with_channels(
        Delivery.objects.filter(
            announcement__page_id=page_id, state=State.HELD, hold_reason=HoldReason.PUBLICATION
        )
    )
    if waiting:
        _follow(page_id, waiting, now=now, actor=actor)


def _with_channels(deliveries: QuerySet[Delivery]) -> list[Delivery]:
    return list(deliveries.select_related("announcement__approved_by", "channel"))


def _follow(
    page_id: int, deliveries: list[Delivery], *, now: datetime, actor: User | None
) -> list[Delivery]:
    """Returns those that must still wait for their page."""
    page = Page.objects.get(pk=page_id).specific
    digest, public, scheduled = content_digest(page), is_public(page), is_scheduled(page)
    approvers = {delivery.announcement.approved_by for delivery in deliveries}
    allowed = {user for user in approvers if user and _may_approve(user, page)}
    waiting = []
    for delivery in deliveries:
        as_approved = page.live and digest == delivery.announcement.content_digest
        if as_approved and public:
            _let_go(delivery, allowed, now=now, actor=actor)
        elif as_approved or scheduled:
            waiting.append(delivery)
        else:
            words = "The page did not come out in its approved words."
            outbox.withdraw(delivery, now=now, actor=actor, why=words)
            _reopen(delivery.announcement)
    transaction.on_commit(wake_worker)
    return waiting


def _let_go(delivery: Delivery, allowed: set[User], *, now: datetime, actor: User | None) -> None:
    """The page is out: its post goes, unless something else holds it back."""
    if delivery.announcement.approved_by not in allowed:
        # Someone may lose the right between approval and a planned go-live (F72).
        outbox.hold(delivery, HoldReason.APPROVER, now=now)
        return
    outbox.release(delivery, now=now, actor=actor, why="The page can be read by the public.")
    if not delivery.channel.is_ready:
        outbox.hold(delivery, HoldReason.PAUSED, now=now, actor=actor)


def _may_approve(user: User, page: Page) -> bool:
    workflow = page.get_workflow()
    tasks = workflow.tasks if workflow else []
    return user.is_active and any(task.specific.get_actions(page, user) for task in tasks)


def _reopen(announcement: Announcement) -> None:
    """Nothing of it ever left, so the corrected page may be approved under the same number."""
    if not announcement.deliveries.exclude(state=State.CANCELLED).exists():
        announcement.status = Announcement.Status.WITHDRAWN
        announcement.save(update_fields=["status"])


def follow_all_publications(now: datetime) -> None:
    """The sweep's part: every page whose posts wait for it."""
    waiting = Delivery.objects.filter(state=State.HELD, hold_reason=HoldReason.PUBLICATION)
    orphans = waiting.filter(announcement__page__isnull=True)
    for delivery in orphans:
        outbox.withdraw(delivery, now=now, why="The page was deleted.")
    pages = waiting.values_list("announcement__page_id", flat=True).distinct()
    for page_id in [pk for pk in pages if pk]:
        follow_publication(page_id, now=now)


def withdraw_of_hidden_pages(now: datetime) -> int:
    """What a failed signal left behind: posts of pages that the public can no longer read."""
    hidden = Announcement.objects.filter(
        Q(page=None) | Q(page__live=False), status=Announcement.Status.APPROVED
    )
    left = Delivery.objects.filter(
        announcement__in=hidden, wanted=Wanted.PRESENT, state__in=PERHAPS_OUT
    )
    for delivery in left:
        outbox.withdraw(delivery, now=now, why="The page is not public any more.")
    return len(left)


def withdraw_posts(
    page_id: int,
    *,
    now: datetime,
    why: str,
    actor: User | None = None,
    reason: str = "",
) -> None:
    """The page is gone from the public: its posts go too. reason: see `outbox.withdraw`."""
    if outbox.withdraw_page(page_id, now=now, why=why, actor=actor, reason=reason):
        transaction.on_commit(wake_worker)
