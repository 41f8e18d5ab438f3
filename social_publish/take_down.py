"""Take down, cancel go-live and move, for officers who hold no publish permission.

Wagtail asks for publish permission for each; these ask whether the person is an officer of
the page's channel group, do the same through Wagtail's own actions, and are logged.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from social_publish import approval, outbox
from social_publish.models import AnnounceablePage, ChannelGroup, Delivery
from social_publish.wake import wake_worker


def is_officer(user: User, page: Page) -> bool:
    """Is this person an officer of the section in which the page lies?"""
    return is_officer_of(user, ChannelGroup.for_page(page))


def is_officer_of(user: User, group: ChannelGroup | None) -> bool:
    """Is this person one of the group's officers? A superuser is everyone's."""
    if user.is_superuser:
        return user.is_active
    return bool(user.is_active and group and group.officers.filter(user=user).exists())


def _demand_officer(user: User, group: ChannelGroup | None) -> None:
    if not is_officer_of(user, group):
        raise PermissionDenied("Only the officers of this section may do that.")


def _demand_own_page(user: User, page: Page) -> None:
    # The section itself, and whatever else lies in it, is no officer's to take down or move.
    if not isinstance(page.specific, AnnounceablePage):
        raise PermissionDenied("Only a page that can be announced is taken down or moved here.")
    _demand_officer(user, ChannelGroup.for_page(page))


@transaction.atomic
def take_down_page(page: Page, *, user: User, reason: str, now: datetime) -> None:
    """Take the page and all its posts down, at once (Looe 4.5). Raises PermissionDenied."""
    _demand_own_page(user, page)
    log(instance=page, action="social_publish.take_down", user=user, data={"reason": reason})
    approval.withdraw_posts(page.pk, now=now, actor=user, why="Taken down.", reason=reason)
    if page.workflow_in_progress:
        page.current_workflow_state.cancel(user=user)
    _unschedule(page)
    if page.live:
        UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)


def group_of(delivery: Delivery) -> ChannelGroup | None:
    """Whose officers decide about a post: its page's, or once that is gone its channel's."""
    page = delivery.announcement.page
    return ChannelGroup.for_page(page) if page else delivery.channel.group


@transaction.atomic
def take_down_post(delivery: Delivery, *, user: User, reason: str, now: datetime) -> None:
    """Take one post down and leave the page. Raises PermissionDenied."""
    _demand_officer(user, group_of(delivery))
    page = delivery.announcement.page
    if page:
        log(
            instance=page,
            action="social_publish.take_down_post",
            user=user,
            data={"reason": reason, "channel": delivery.channel.name},
        )
    outbox.withdraw(delivery, now=now, actor=user, why="Taken down.", reason=reason)
    transaction.on_commit(wake_worker)


@transaction.atomic
def cancel_go_live(page: Page, *, user: User, now: datetime) -> None:
    """Cancel a planned going live; its posts are withdrawn. Raises PermissionDenied."""
    _demand_own_page(user, page)
    log(instance=page, action="social_publish.cancel_go_live", user=user)
    _unschedule(page)
    approval.follow_publication(page.pk, now=now, actor=user)


def _unschedule(page: Page) -> None:
    Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False).update(
        approved_go_live_at=None
    )


def move_page(page: Page, target: Page, *, user: User) -> None:
    """Move a page below another page of the officer's sections.

    Raises PermissionDenied, and ValidationError with a sentence where the page does not fit.
    """
    _demand_own_page(user, page)
    _demand_officer(user, ChannelGroup.for_page(target))
    if not page.specific.can_move_to(target):
        raise PermissionDenied("The page cannot be put there.")
    if not Page._slug_is_available(page.slug, target, page):
        raise ValidationError(
            f"A page there has the address “{page.slug}” already. Change the slug of one of them."
        )
    MovePageAction(page, target, pos="last-child", user=user).execute(skip_permission_checks=True)
