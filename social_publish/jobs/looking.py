"""Looking on the network whether a post is there."""

from datetime import datetime, timedelta

from django.db import transaction

from social_publish import outbox
from social_publish.jobs.channel_trouble import note_trouble
from social_publish.jobs.sending import send_now
from social_publish.jobs.work import BACK_OFF, NO_TIME, Job, Work
from social_publish.models import Delivery
from social_publish.networks.answers import Look
from social_publish.networks.capabilities import Proof

LOOKS_BEFORE_PERSON = 5
# A network's clock may be behind ours, by hours where ours is wrong, and a match needs our own link
# anyway: from too late on, an empty look would prove nothing and pass for a proof (F35).
CLOCKS_DIFFER = timedelta(days=1)


def looking(work: Work) -> Job:
    delivery, post = work.delivery, work.post
    assert post is not None
    since = (delivery.first_sent_at or delivery.announcement.proposed_at) - CLOCKS_DIFFER
    handles = dict(delivery.handles)

    def settle(answer: object, at: datetime, more: bool) -> Job | None:
        look = answer if isinstance(answer, Look) else Look(reason="There was no clear answer.")
        note_trouble(delivery.channel, look, now=at)
        if look.found:
            _settle_found(delivery, look, now=at)
        elif work.operation == outbox.LOOK:
            why = look.reason or "It was not found on the network."
            outbox.not_found(delivery, why, proven=_is_proof(work, look), now=at)
        elif not (look.complete or look.impossible):
            _look_later(delivery, look, now=at)
        elif more:
            return send_now(work, at)
        else:
            outbox.put_back_refused(delivery, "", now=at, after=NO_TIME)
        return None

    return Job(
        delivery,
        work.operation,
        lambda: work.network.look(work.account, post, since.timestamp(), handles),
        settle,
    )


def _is_proof(work: Work, look: Look) -> bool:
    proof = work.network.capabilities.proof
    enough = proof is Proof.STRONG or (
        proof is Proof.MEDIUM and work.delivery.channel.resend_when_absent
    )
    return look.complete and enough


def _settle_found(delivery: Delivery, look: Look, *, now: datetime) -> None:
    first, *others = look.found
    # In one go: between the two another worker could add a line, and the copies would be lost.
    with transaction.atomic():
        outbox.accept(
            delivery,
            first.remote_id,
            first.remote_url,
            now=now,
            name="find",
            why="Found by looking.",
        )
        if others:
            copies = [other.remote_url or other.remote_id for other in others]
            outbox.note_copies(delivery, copies, now=now)


def _look_later(delivery: Delivery, look: Look, *, now: datetime) -> None:
    """It must not be sent before a look, and the look failed for now."""
    if delivery.looks + 1 >= LOOKS_BEFORE_PERSON:
        why = f"We could not look whether it is there already. {look.reason}"
        outbox.ask(delivery, why, now=now)
        return
    outbox.put_back_refused(
        delivery, look.reason, now=now, after=BACK_OFF[1], looks=delivery.looks + 1
    )
