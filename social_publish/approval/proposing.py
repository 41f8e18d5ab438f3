"""Submitting proposes: exactly what would be posted of this version of a page is stored."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.models import Page

from social_publish import openings, outbox, pictures
from social_publish.approval.authors import authors_of
from social_publish.approval.drafts import drafts_of
from social_publish.models import AnnounceablePage, Announcement
from social_publish.publication import content_digest


def wants_posts(page: Page) -> bool:
    """Would approving this page post anything? Announce, words, a channel, a fresh number."""
    return bool(
        isinstance(page, AnnounceablePage)
        and page.chosen_channels()
        and not is_announced(page, page.announcement_number)
    )


def is_announced(page: Page, number: int) -> bool:
    """Was this number of the page's announcements approved before?"""
    return Announcement.objects.filter(
        page_id=page.pk, number=number, status=Announcement.Status.APPROVED
    ).exists()


def proposal_of(page: Page) -> Announcement | None:
    """The page's open proposal; a page has one at the most."""
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
