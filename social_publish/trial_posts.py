"""Test posts: posted with the words that were shown, read back, removed, and read as gone.

Each call's result is stored before the next one, and a call that may have posted is marked
before it is made. So whatever breaks off in between, the row says what may still be out there,
and `alarms` tells people until it is gone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from wagtail.log_actions import log

from social_publish import outbox, pictures
from social_publish.credentials import CredentialsLost
from social_publish.jobs import account_of
from social_publish.models import Channel, EmergencyStop, TrialPost, short_link
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, NotSent, Outcome, Refused, Step
from social_publish.networks.base import Account, Network, Picture, Post
from social_publish.networks.capabilities import ReplyControl

WORDS = "This is a test of the council's website. It is removed again at once."
ALT_TEXT = "A plain blue square"
LEASE = timedelta(minutes=3)
MOST_STEPS = 12
GIVEN = {
    ReplyControl.CLOSED: "Nobody can reply.",
    ReplyControl.NARROWED: "Only accounts that the post mentions can reply, and it mentions none.",
    ReplyControl.OPEN: "Anyone can reply, although nobody should.",
}
State = TrialPost.State
Clock = Callable[[], datetime]


class CannotTry(Exception):
    """No test post is sent; the text says why."""


def why_not(channel: Channel) -> str:
    """Why this channel's network gets no test post, "" where it does."""
    can = NETWORKS[channel.network].capabilities
    if can.by_hand:
        return "A person posts there, so there is nothing to be tested."
    if not can.can_remove:
        return (
            f"{NETWORKS[channel.network].name} lets no program remove a post, so a test would stay."
            " Have someone watch when the first post goes out."
        )
    return ""


def words_of(channel: Channel, key: str) -> str:
    """The exact words of a test post. Raises CannotTry where they cannot be posted."""
    composed = channel.compose(WORDS, link=short_link(key))
    if composed.problems:
        raise CannotTry(composed.problems[0])
    return composed.text


def begin(channel: Channel, *, by: User, now: datetime) -> TrialPost:
    """A new test post, of which nothing is sent yet. Raises CannotTry."""
    if reason := why_not(channel):
        raise CannotTry(reason)
    if not channel.is_ready:
        raise CannotTry("The channel may not post yet, or it is paused.")
    if EmergencyStop.is_on():
        raise CannotTry("The emergency stop is on: nothing is posted.")
    trial = TrialPost(
        channel=channel,
        account_id=channel.account_id,
        started_at=now,
        by=by,
        by_name=outbox.name_of(by),
    )
    trial.text = words_of(channel, trial.key)
    try:
        with transaction.atomic():
            trial.save()
    except IntegrityError:
        raise CannotTry("A test post is under way already.") from None
    log(instance=channel, action="social_publish.test_post", user=by, data={"words": trial.text})
    return trial


def carry_on(trial: TrialPost, *, clock: Clock) -> None:
    """Do what is next, again and again, until it is over or a person or time is needed."""
    if not _take(trial, clock()):
        return
    try:
        account = account_of(trial.channel)
        if trial.account_id != account.account_id:
            trial.note(
                "The channel has another account by now. Look at the old one by hand.",
                good=False,
                now=clock(),
            )
        else:
            _work(trial, account, clock)
    except CredentialsLost as lost:
        trial.note(str(lost), good=False, now=clock())
    finally:
        trial.busy_until = None
        trial.save()


def _take(trial: TrialPost, now: datetime) -> bool:
    """Only one request at a time is at it."""
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    row = TrialPost.objects.filter(free, pk=trial.pk, state__in=TrialPost.OPEN)
    if not row.update(busy_until=now + LEASE):
        return False
    trial.refresh_from_db()
    return True


def _work(trial: TrialPost, account: Account, clock: Clock) -> None:
    network = NETWORKS[trial.channel.network]
    if trial.state == State.SENDING and trial.asking:
        # Whoever made that call did not come back.
        trial.state = State.UNKNOWN
    if trial.state == State.SENDING:
        _publish(trial, network, account, clock)
    if trial.state == State.UNKNOWN:
        _look(trial, network, account, clock)
    if trial.state == State.POSTED:
        _take_back(trial, network, account, clock)


def _publish(trial: TrialPost, network: Network, account: Account, clock: Clock) -> None:
    post = _post(trial, network)
    for _ in range(MOST_STEPS):
        if trial.not_before and trial.not_before > clock():
            return
        trial.asking = True
        trial.save()
        answer = network.publish(account, post, trial.handles)
        if not isinstance(answer, Step):
            _keep_answer(trial, answer, clock())
            return
        _keep_step(trial, network, answer, clock())
        if trial.not_before or answer.awaiting:
            return


def _keep_step(trial: TrialPost, network: Network, step: Step, now: datetime) -> None:
    trial.handles, trial.asking = dict(step.handles), bool(step.awaiting)
    trial.not_before = now + timedelta(seconds=step.after) if step.after else None
    if step.awaiting:
        trial.state = State.UNKNOWN
    trial.save()
    if trial.not_before or step.awaiting:
        words = step.awaiting or f"{network.name} needs a moment to get it ready."
        trial.note(words, good=True, now=now)


def _keep_answer(trial: TrialPost, answer: Outcome, now: datetime) -> None:
    trial.asking = False
    if isinstance(answer, Accepted):
        _is_out(trial, answer, "It is posted.", now)
    elif isinstance(answer, NotSent | Refused):
        trial.state = State.FAILED
        trial.note(f"Nothing was posted. {answer.reason}", good=False, now=now)
    else:
        trial.state = State.UNKNOWN
        words = f"The answer was lost, so it may be there. {answer.reason}"
        trial.note(words, good=False, now=now)
    trial.save()


def _is_out(trial: TrialPost, there: Accepted, words: str, now: datetime) -> None:
    trial.state, trial.asking = State.POSTED, False
    trial.remote_id, trial.remote_url = there.remote_id, there.remote_url
    trial.note(words, good=True, now=now)


def _look(trial: TrialPost, network: Network, account: Account, clock: Clock) -> None:
    seen = network.look(account, _post(trial, network), trial.started_at.timestamp(), trial.handles)
    if seen.found:
        _is_out(trial, seen.found[0], "We looked there: it is posted.", clock())
        for copy in seen.found[1:]:
            words = f"It stands there once more. Remove that one by hand: {copy.remote_url}"
            trial.note(words, good=False, now=clock())
    else:
        words = "We looked there and did not find it. It may still turn up."
        if not seen.complete:
            words = f"We could not look there. {seen.reason}"
        trial.note(words, good=False, now=clock())
    trial.save()


def _take_back(trial: TrialPost, network: Network, account: Account, clock: Clock) -> None:
    if network.capabilities.closes_after_posting and not trial.closed:
        closed = network.close_replies(account, trial.remote_id)
        trial.closed = isinstance(closed, Accepted)
        words = "Replies are closed." if trial.closed else f"Not closed. {_reason(closed)}"
        trial.note(f"Closing its replies: {words}", good=trial.closed, now=clock())
    _read_back(trial, network, account, clock)
    gone = network.remove(account, trial.remote_id)
    if not isinstance(gone, Accepted):
        words = f"It could not be removed, and is still there. {_reason(gone)}"
        trial.note(words, good=False, now=clock())
        return
    trial.note("It is removed.", good=True, now=clock())
    trial.save()
    after = network.read(account, trial.remote_id)
    if after.found is False:
        trial.state = State.GONE
        trial.note("Read back once more: it is gone.", good=True, now=clock())
        return
    words = (
        "The network still shows it." if after.found else f"We could not see that. {after.reason}"
    )
    trial.note(f"Is it gone? {words}", good=False, now=clock())


def _read_back(trial: TrialPost, network: Network, account: Account, clock: Clock) -> None:
    there = network.read(account, trial.remote_id)
    if not there.found:
        words = "It is not there." if there.found is False else there.reason
        trial.note(f"Reading it back: {words}", good=False, now=clock())
    elif there.reply_control:
        words = GIVEN.get(there.reply_control, "Replies cannot be closed there.")
        good = there.reply_control != ReplyControl.OPEN
        trial.note(f"Read back: it is there. {words}", good=good, now=clock())
    else:
        trial.note("Read back: it is there.", good=True, now=clock())
    trial.save()


@transaction.atomic
def gone_by_hand(trial: TrialPost, *, by: User, now: datetime) -> bool:
    """A person looked at the network: it is not there, or not any more."""
    row = TrialPost.objects.select_for_update().get(pk=trial.pk)
    if not row.is_open or (row.busy_until and row.busy_until > now):
        return False
    row.state = State.FAILED if row.nothing_out else State.GONE
    row.asking = False
    row.note(f"{outbox.name_of(by)} looked there: it is not there.", good=True, now=now)
    row.save()
    log(instance=row.channel, action="social_publish.test_post_gone", user=by)
    return True


def picture_of(trial: TrialPost) -> bytes:
    """The same plain picture each time, for networks that take no post without one."""
    return pictures.plain(trial.channel.limits.picture)


def _post(trial: TrialPost, network: Network) -> Post:
    picture = None
    if network.capabilities.needs_picture:
        picture = Picture(picture_of(trial), ALT_TEXT, f"{trial.link}/picture.jpg")
    return Post(trial.text, trial.link, picture, replies_closed=True, key=trial.key)


def _reason(answer: object) -> str:
    return str(getattr(answer, "reason", "")) or "The network gave no clear answer."
