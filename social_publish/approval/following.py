"""Posts follow their page: let go when it is out in its approved words, withdrawn when it is not."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Page

from social_publish import outbox
from social_publish.models import Announcement, Delivery, HoldReason, State, Wanted
from social_publish.publication import content_digest, is_public, is_scheduled
from social_publish.wake import wake_worker

# Out, or perhaps out; what is held waits for its page, and `follow_publication` looks after it.
PERHAPS_OUT = (State.QUEUED, State.SENDING, State.UNKNOWN, State.POSTED)


def follow_publication(page_id: int, *, now: datetime, actor: User | None = None) -> None:
    """Release what is out in its approved words, withdraw what will not come out any more."""
    waiting = _with_channels(
        Delivery.objects.filter(
            announcement__page_id=page_id, state=State.HELD, hold_reason=HoldReason.PUBLICATION
        )
    )
    if waiting:
        _follow(page_id, waiting, now=now, actor=actor)


def follow_approval(
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
