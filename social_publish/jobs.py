"""What one claimed delivery needs of its network: send, look, remove, check the replies.

A job's `call` talks to the network in a thread and touches no database; its `settle` records
the answer in the worker's own thread, and may give the next step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from social_publish import channel_keys, kill_points, outbox, pictures, replies
from social_publish.credentials import CredentialsLost
from social_publish.models import Channel, Delivery, HoldReason
from social_publish.networks import NETWORKS
from social_publish.networks.base import (
    Accepted,
    Account,
    Look,
    Network,
    NotSent,
    NotSupported,
    Picture,
    Post,
    Proof,
    Reading,
    Refused,
    Step,
    Trouble,
    Unknown,
)
from social_publish.networks.identities import WEB_PAGE
from social_publish.publication import RecentAnswers

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
LONGEST_PAUSE = timedelta(hours=24)
LOOKS_BEFORE_PERSON = 5
# A network's clock may be behind ours, and a match needs our own link anyway (F35).
CLOCKS_DIFFER = timedelta(hours=1)
NO_TIME = timedelta(0)
DEAD = (Trouble.SIGN_IN, Trouble.SUSPENDED, Trouble.OUTDATED)

PAGE_CHANGED = (
    "The page was changed after these words were approved, so they are not posted without you."
)
POST_BY_HAND = "This channel has no machine: post it there yourself, then say where it stands."
BY_HAND_ONLY = "This network lets no machine remove posts. Remove it there by hand."
OTHER_ACCOUNT = "The channel now belongs to another account. Look at the old one by hand."


@dataclass
class Job:
    """A claimed piece of work. settle(answer, now, more): more says there is time to go on."""

    delivery: Delivery
    operation: str
    call: Callable[[], object]
    settle: Callable[[object, datetime, bool], "Job | None"]


@dataclass(frozen=True)
class Work:
    """Everything a job needs, read before the network is called."""

    delivery: Delivery
    operation: str
    network: Network
    account: Account
    post: Post | None = None


# --- preparing -------------------------------------------------------------------------


def account_of(channel: Channel) -> Account:
    """Where and as whom a channel talks (design 6). Raises CredentialsLost."""
    gateway = settings.NETWORK_URLS.get(channel.network, "")
    return Account(
        account_id=channel.account_id,
        credentials=channel.unseal(),
        base_url=settings.REHEARSAL_URL if channel.rehearsal else gateway,
        handle=channel.handle,
        server=channel.server,
        rehearsal=channel.rehearsal,
    )


def post_of(delivery: Delivery) -> Post:
    """The approved post, byte for byte. Raises PictureUnusable."""
    picture = None
    if delivery.picture:
        content = pictures.load(delivery.picture)
        picture = Picture(content, delivery.alt_text, f"{delivery.link}/picture.jpg")
    closed = delivery.replies_wanted == "closed"
    title = delivery.announcement.page_title
    return Post(delivery.text, delivery.link, picture, closed, delivery.token, title)


def prepare(
    delivery: Delivery, operation: str, *, now: datetime, pages: RecentAnswers | None = None
) -> Job | None:
    """The job of a claimed delivery; None when it must not happen, and then it is settled."""
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
        _cannot_work(delivery, operation, str(error), now=now)
        return None
    if operation == outbox.REMOVE:
        return _removing(work)
    if operation == outbox.REPLIES:
        return _checking_replies(work)
    if operation == outbox.LOOK or delivery.look_first:
        return _looking(work)
    return _sending(work, now)


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


def _cannot_work(delivery: Delivery, operation: str, why: str, *, now: datetime) -> None:
    if operation == outbox.SEND:
        outbox.put_back(delivery, why, now=now, after=NO_TIME)
        outbox.pause_channel(delivery.channel, now=now, trouble=why)
    elif operation == outbox.LOOK:
        outbox.not_found(delivery, why, proven=False, now=now)
    elif operation == outbox.REMOVE:
        outbox.removal_open(delivery, why, now=now)
    else:
        replies.not_checked(delivery, why, now=now)


# --- sending ---------------------------------------------------------------------------


def _sending(work: Work, now: datetime) -> Job | None:
    delivery = work.delivery
    if not outbox.begin_sending(delivery, now=now):
        return None
    kill_points.passing("send: sending")
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
            outbox.lose_sight(delivery, answer.awaiting, now=at)
            return None
        if more and not answer.after:
            return _sending(work, at)
        outbox.put_back(delivery, "", now=at, after=timedelta(seconds=answer.after))
        return None

    return Job(
        delivery, work.operation, lambda: work.network.publish(work.account, post, handles), settle
    )


def settle_sending(delivery: Delivery, answer: object, *, now: datetime) -> None:
    """Record what a publish call answered."""
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
        _stop_channel(delivery.channel, answer, now=now)
    elif isinstance(answer, Refused):
        outbox.refuse(delivery, answer.reason, now=now)
    else:
        reason = answer.reason if isinstance(answer, Unknown) else "The answer made no sense."
        outbox.lose_sight(delivery, reason, now=now)
        _note_page(delivery.channel, answer, now=now)
        if isinstance(answer, Unknown) and answer.retry_after:
            until = now + min(timedelta(seconds=answer.retry_after), LONGEST_PAUSE)
            outbox.slow_channel(delivery.channel, until=until)


def _settle_not_sent(delivery: Delivery, answer: NotSent, *, now: datetime) -> None:
    after = _pause(answer, delivery.attempts)
    if answer.trouble == Trouble.RATE_LIMIT:
        outbox.put_back_refused(delivery, answer.reason, now=now, after=after)
        outbox.slow_channel(delivery.channel, until=now + after)
    else:
        outbox.put_back(delivery, answer.reason, now=now, after=after)
        _note_page(delivery.channel, answer, now=now)


def _pause(answer: NotSent, attempts: int) -> timedelta:
    if answer.retry_after is not None:
        return min(timedelta(seconds=max(answer.retry_after, 1)), LONGEST_PAUSE)
    return BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]


# --- looking ---------------------------------------------------------------------------


def _looking(work: Work) -> Job:
    delivery, post = work.delivery, work.post
    assert post is not None
    since = (delivery.first_sent_at or delivery.announcement.proposed_at) - CLOCKS_DIFFER
    handles = dict(delivery.handles)

    def settle(answer: object, at: datetime, more: bool) -> Job | None:
        look = answer if isinstance(answer, Look) else Look(reason="There was no clear answer.")
        _note_trouble(delivery.channel, look, now=at)
        if look.found:
            _settle_found(delivery, look, now=at)
        elif work.operation == outbox.LOOK:
            why = look.reason or "It was not found on the network."
            outbox.not_found(delivery, why, proven=_is_proof(work, look), now=at)
        elif not (look.complete or look.impossible):
            _look_later(delivery, look, now=at)
        elif more:
            return _sending(work, at)
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


def _note_trouble(channel: Channel, answer: object, *, now: datetime) -> None:
    """A dead key shows in whatever was asked, and stops the channel."""
    trouble = getattr(answer, "trouble", None)
    if trouble in DEAD and not channel.paused:
        _stop_channel(channel, answer, now=now)


def _stop_channel(channel: Channel, answer: object, *, now: datetime) -> None:
    """Nothing more is posted there, unless fresh keys can be had without a person."""
    trouble = getattr(answer, "trouble", None)
    if trouble is Trouble.SIGN_IN and channel_keys.refused(channel, now=now):
        return
    channel_keys.stop(channel, _reason(answer), str(trouble), now=now)


def _note_page(channel: Channel, answer: object, *, now: datetime) -> None:
    """Where web pages come instead of answers, no other post is sent to its doubtful end."""
    if getattr(answer, "trouble", None) is Trouble.WEB_PAGE:
        reason = WEB_PAGE.format(NETWORKS[channel.network].name)
        channel_keys.stop(channel, reason, Trouble.WEB_PAGE, now=now)


# --- removing --------------------------------------------------------------------------


def _removing(work: Work) -> Job:
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
            _note_trouble(delivery.channel, answer, now=at)
            outbox.removal_open(delivery, _reason(answer), now=at)
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
            outbox.removal_open(delivery, _reason(answer), now=at)
        return None

    return Job(
        delivery,
        work.operation,
        lambda: work.network.read(work.account, delivery.remote_id),
        settle,
    )


def _reason(answer: object) -> str:
    return str(getattr(answer, "reason", "")) or "The network gave no clear answer."


# --- replies ---------------------------------------------------------------------------


def _checking_replies(work: Work) -> Job:
    delivery = work.delivery
    wish = replies.wish_of(delivery)

    def settle(answer: object, at: datetime, more: bool) -> Job | None:
        _note_trouble(delivery.channel, answer, now=at)
        if isinstance(answer, replies.Checked):
            replies.settle(delivery, answer, now=at)
        else:
            replies.not_checked(delivery, _reason(answer), now=at)
        return None

    return Job(
        delivery,
        work.operation,
        lambda: replies.check(work.network, work.account, delivery.remote_id, wish),
        settle,
    )
