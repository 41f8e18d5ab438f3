"""Checking a post's replies."""

from datetime import datetime

from social_publish import replies
from social_publish.jobs.channel_trouble import note_trouble
from social_publish.jobs.work import Job, Work
from social_publish.networks.answers import reason_of


def checking_replies(work: Work) -> Job:
    delivery = work.delivery
    wish = replies.wish_of(delivery)

    def settle(answer: object, at: datetime, more: bool) -> Job | None:
        note_trouble(delivery.channel, answer, now=at)
        if isinstance(answer, replies.Checked):
            replies.settle(delivery, answer, now=at)
        else:
            replies.not_checked(delivery, reason_of(answer, "The network"), now=at)
        return None

    return Job(
        delivery,
        work.operation,
        lambda: replies.check(work.network, work.account, delivery.remote_id, wish),
        settle,
    )
