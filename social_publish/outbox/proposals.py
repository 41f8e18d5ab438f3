"""From a proposal to an approved delivery that may go."""

import hashlib
import json
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from social_publish.models import Announcement, Delivery, EmergencyStop, HoldReason, State
from social_publish.outbox.statements import insert
from social_publish.outbox.table import NO_STOP, line_of, move


def digest_of(content_digest: str, deliveries: list[Delivery]) -> str:
    """SHA-256 over the page's content and every exact post: what an approver approves."""
    posts = sorted(
        [d.channel_id, d.token, d.text, d.picture, d.alt_text, d.replies_wanted] for d in deliveries
    )
    return hashlib.sha256(json.dumps([content_digest, posts]).encode()).hexdigest()


def propose(
    announcement: Announcement,
    deliveries: list[Delivery],
    *,
    now: datetime,
    actor: User | None,
) -> None:
    """Store a proposal with its exact posts, in place of any earlier one for the page."""
    with transaction.atomic():
        supersede(announcement.page_id, now=now, actor=actor, why="The page was changed.")
        announcement.digest = digest_of(announcement.content_digest, deliveries)
        announcement.save()
        for delivery in deliveries:
            delivery.announcement = announcement
            delivery.account_id = delivery.channel.account_id
            delivery.save(force_insert=True)
            line = line_of(delivery, "propose", "", State.PROPOSED, now=now, actor=actor, why="")
            insert(line)
            delivery.history_hash = line.hash
            delivery.save(update_fields=["history_hash"])


def supersede(page_id: int | None, *, now: datetime, actor: User | None, why: str) -> None:
    """Set a page's open proposal aside; its posts are cancelled."""
    proposals = Announcement.objects.filter(page=page_id, status=Announcement.Status.PROPOSED)
    for proposal in proposals:
        with transaction.atomic():
            for delivery in proposal.deliveries.filter(state=State.PROPOSED):
                move(delivery, "cancel", now=now, actor=actor, why=why)
            proposal.status = Announcement.Status.SUPERSEDED
            proposal.save(update_fields=["status"])


def release(delivery: Delivery, *, now: datetime, actor: User | None = None, why: str = "") -> bool:
    """Approved and public: let it go. Its age is counted from the later of approval and planned
    go-live, and from now where neither is known.

    While the emergency stop is on, it is held instead, and a person lets it go later.
    """
    announcement = delivery.announcement
    planned = [at for at in (announcement.approved_at, announcement.go_live_at) if at]
    released = move(
        delivery,
        "release",
        now=now,
        actor=actor,
        why=why,
        guards=(NO_STOP,),
        released_at=min(max(planned, default=now), now),
        hold_reason=HoldReason.NONE,
    )
    if not released and EmergencyStop.is_on():
        return hold(delivery, HoldReason.STOPPED, now=now, actor=actor)
    return released


def hold(
    delivery: Delivery, reason: HoldReason, *, now: datetime, actor: User | None = None
) -> bool:
    """Keep an approved delivery back, with the reason.

    What earlier steps left at the network is forgotten, because it expires there.
    """
    return move(
        delivery,
        "hold",
        now=now,
        actor=actor,
        why=str(reason.label),
        hold_reason=reason,
        handles={},
    )
