"""From a claimed delivery to its job, unless it must not happen."""

from datetime import datetime

from social_publish import outbox, pictures, replies
from social_publish.credentials import CredentialsLost
from social_publish.jobs.checking import checking_replies
from social_publish.jobs.looking import looking
from social_publish.jobs.removing import removing
from social_publish.jobs.sending import sending
from social_publish.jobs.work import NO_TIME, Job, Work, account_of, post_of
from social_publish.models import Delivery, HoldReason
from social_publish.networks import NETWORKS
from social_publish.publication import RecentAnswers

PAGE_CHANGED = (
    "The page was changed after these words were approved, so they are not posted without you."
)
POST_BY_HAND = "This channel has no machine: post it there yourself, then say where it stands."
OTHER_ACCOUNT = "The channel now belongs to another account. Look at the old one by hand."


def prepare(
    delivery: Delivery, operation: str, *, now: datetime, pages: RecentAnswers | None = None
) -> Job | None:
    """The job of a claimed delivery; None when it must not happen, and then it is settled.

    It is called only when `begin` lets it.
    """
    if _must_not_happen(delivery, operation, pages or RecentAnswers(), now=now):
        return None
    try:
        posts = operation in (outbox.SEND, outbox.LOOK)
        work = Work(
            delivery,
            operation,
            NETWORKS[delivery.channel.network],
            account_of(delivery.channel),
            post_of(delivery) if posts else None,
        )
    except (CredentialsLost, pictures.PictureUnusable) as error:
        of_channel = isinstance(error, CredentialsLost)
        _cannot_work(delivery, operation, str(error), of_channel=of_channel, now=now)
        return None
    if operation == outbox.REMOVE:
        return removing(work)
    if operation == outbox.REPLIES:
        return checking_replies(work)
    if operation == outbox.LOOK or delivery.look_first:
        return looking(work)
    return sending(work)


def _must_not_happen(
    delivery: Delivery, operation: str, pages: RecentAnswers, *, now: datetime
) -> bool:
    if delivery.account_id not in ("", delivery.channel.account_id):
        _settle_other_account(delivery, operation, now=now)
        return True
    if operation != outbox.SEND:
        return False
    digest = pages.public_digest(delivery.announcement.page_id)
    if not digest:
        return outbox.stand_down(delivery, HoldReason.PUBLICATION, now=now) or True
    if digest != delivery.announcement.content_digest and not delivery.despite_change:
        return outbox.ask(delivery, PAGE_CHANGED, now=now) or True
    if NETWORKS[delivery.channel.network].capabilities.by_hand:
        return outbox.ask(delivery, POST_BY_HAND, now=now) or True
    return False


def _settle_other_account(delivery: Delivery, operation: str, *, now: datetime) -> None:
    if operation == outbox.SEND:
        outbox.stand_down(delivery, HoldReason.ACCOUNT, now=now)
    elif operation == outbox.REPLIES:
        replies.not_checked(delivery, OTHER_ACCOUNT, now=now)
    else:
        outbox.ask(delivery, OTHER_ACCOUNT, now=now)


def _cannot_work(
    delivery: Delivery, operation: str, why: str, *, of_channel: bool, now: datetime
) -> None:
    """of_channel: it keeps every post of the channel from going, not this one alone."""
    if operation == outbox.SEND and not of_channel:
        outbox.ask(delivery, why, now=now)
    elif operation == outbox.SEND:
        outbox.put_back(delivery, why, now=now, after=NO_TIME)
        outbox.pause_channel(delivery.channel, now=now, trouble=why)
    elif operation == outbox.LOOK:
        outbox.not_found(delivery, why, proven=False, now=now)
    elif operation == outbox.REMOVE:
        outbox.removal_open(delivery, why, now=now)
    else:
        replies.not_checked(delivery, why, now=now)
