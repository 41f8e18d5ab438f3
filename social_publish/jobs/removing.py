"""Removing a post, and reading back that it is gone."""

from datetime import datetime

from social_publish import outbox
from social_publish.jobs.channel_trouble import note_trouble
from social_publish.jobs.work import Job, Work
from social_publish.networks.answers import Accepted, Reading, reason_of
from social_publish.networks.base import NotSupported

BY_HAND_ONLY = "This network lets no machine remove posts. Remove it there by hand."


def removing(work: Work) -> Job:
    delivery = work.delivery

    def call() -> object:
        try:
            return work.network.remove(work.account, delivery.remote_id)
        except NotSupported:
            return NotSupported()

    def settle(answer: object, at: datetime, more: bool) -> Job | None:
        if isinstance(answer, NotSupported):
            outbox.ask(delivery, BY_HAND_ONLY, now=at)
            return None
        if not isinstance(answer, Accepted):
            note_trouble(delivery.channel, answer, now=at)
            outbox.removal_open(delivery, reason_of(answer, "The network"), now=at)
            return None
        return _proving_removal(work)

    return Job(delivery, work.operation, call, settle)


def _proving_removal(work: Work) -> Job:
    delivery = work.delivery

    def settle(answer: object, at: datetime, more: bool) -> Job | None:
        if isinstance(answer, Reading) and answer.found is False:
            outbox.removal_proven(delivery, now=at)
        elif isinstance(answer, Reading) and answer.found:
            outbox.removal_open(delivery, "The network still shows the post.", now=at)
        else:
            outbox.removal_open(delivery, reason_of(answer, "The network"), now=at)
        return None

    return Job(
        delivery,
        work.operation,
        lambda: work.network.read(work.account, delivery.remote_id),
        settle,
    )
