"""Sending a post, step by step."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from social_publish import channel_keys, kill_points, outbox
from social_publish.jobs.channel_trouble import note_page, stop_channel
from social_publish.jobs.work import BACK_OFF, NO_TIME, Job, Work
from social_publish.models import Channel, Delivery
from social_publish.networks.answers import (
    Accepted,
    HasAlready,
    NotSent,
    Refused,
    Step,
    Trouble,
    Unknown,
)
from social_publish.outbox import breaker

# A call that is begun within that is over before its lease is. By the clock on the wall, which goes
# on while a machine is halted.
SECONDS_TO_BEGIN = outbox.LEASE.total_seconds() / 3


def send_now(work: Work, now: datetime) -> Job | None:
    """The sending of a post, or None when it may not be sent any more."""
    return next(iter(begin([sending(work)], now=now)), None)


def begin(jobs: Sequence[Job], *, now: datetime) -> list[Job]:
    """The jobs that may begin: the posts among them are asked about in the outbox once more."""
    since = time.time()
    may = outbox.begin_sending([job.delivery for job in jobs if job.publishes], now=now)
    begun = [job for job in jobs if not job.publishes or job.delivery in may]
    for job in begun:
        if job.publishes:
            kill_points.passing("send: sending")
            job.call = _in_time(job.call, since)
    return begun


def _in_time(call: Callable[[], object], since: float) -> Callable[[], object]:
    """A call that says nothing to the network when it comes so late that the post may have been
    looked for, and sent by somebody else (F50). since: Unix seconds."""

    def in_time() -> object:
        if time.time() - since > SECONDS_TO_BEGIN:
            return NotSent("The worker stood still before anything was sent.")
        return call()

    return in_time


def sending(work: Work) -> Job:
    """The job that sends; it must not be called before `begin` lets it."""
    delivery = work.delivery
    handles, post = dict(delivery.handles), work.post
    assert post is not None

    def settle(answer: object, at: datetime, more: bool) -> Job | None:
        if not isinstance(answer, Step):
            settle_sending(delivery, answer, now=at)
            return None
        if not outbox.store_step(delivery, dict(answer.handles), now=at):
            return None
        kill_points.passing("send: step stored")
        if answer.awaiting:
            breaker.note_answers({delivery.channel_id})
            outbox.lose_sight(delivery, answer.awaiting, now=at)
            return None
        if more and not answer.after:
            return send_now(work, at)
        outbox.put_back(delivery, "", now=at, after=timedelta(seconds=answer.after))
        return None

    def call() -> object:
        return work.network.publish(work.account, post, handles)

    return Job(delivery, work.operation, call, settle, publishes=True)


def settle_sending(delivery: Delivery, answer: object, *, now: datetime) -> None:
    """Record what a publish call answered."""
    _heed_breaker(delivery.channel, answer, now=now)
    if isinstance(answer, Accepted):
        outbox.accept(delivery, answer.remote_id, answer.remote_url, now=now)
    elif isinstance(answer, NotSent):
        _settle_not_sent(delivery, answer, now=now)
    elif isinstance(answer, Refused) and answer.trouble is Trouble.BY_HAND:
        outbox.refuse(delivery, answer.reason, now=now)
        channel_keys.note(delivery.channel, answer.reason, now=now)
    elif isinstance(answer, Refused) and answer.trouble:
        # The account is at fault, not the post: the post waits until the channel is mended.
        outbox.put_back_refused(delivery, answer.reason, now=now, after=NO_TIME)
        stop_channel(delivery.channel, answer, now=now)
    elif isinstance(answer, Refused):
        outbox.refuse(delivery, answer.reason, now=now)
    else:
        reason = answer.reason if isinstance(answer, Unknown) else "The answer made no sense."
        outbox.lose_sight(delivery, reason, now=now)
        note_page(delivery.channel, answer, now=now)
        if isinstance(answer, Unknown) and answer.retry_after:
            until = now + min(timedelta(seconds=answer.retry_after), outbox.LONGEST_PAUSE)
            outbox.slow_channel(delivery.channel, until=until)


def _heed_breaker(channel: Channel, answer: object, *, now: datetime) -> None:
    limited = isinstance(answer, NotSent) and answer.trouble == Trouble.RATE_LIMIT
    if limited or isinstance(answer, Accepted | Refused | HasAlready):
        breaker.note_answers({channel.pk})
    else:
        breaker.note_failure(channel, now=now)


def _settle_not_sent(delivery: Delivery, answer: NotSent, *, now: datetime) -> None:
    after = _pause(answer, delivery.attempts)
    if answer.trouble == Trouble.RATE_LIMIT:
        outbox.put_back_refused(delivery, answer.reason, now=now, after=after)
        outbox.slow_channel(delivery.channel, until=now + after)
    else:
        outbox.put_back(delivery, answer.reason, now=now, after=after)
        note_page(delivery.channel, answer, now=now)


def _pause(answer: NotSent, attempts: int) -> timedelta:
    if answer.retry_after is not None:
        return min(timedelta(seconds=max(answer.retry_after, 1)), outbox.LONGEST_PAUSE)
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
