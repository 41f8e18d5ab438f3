"""Replies as people want them: read back, closed again, hidden where they still arrive (R25, R26).

What is wanted, given and confirmed stands in the delivery; `STANDINGS` says what that means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic

from social_publish import outbox
from social_publish.models import Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.base import (
    Accepted,
    Account,
    Network,
    NotSent,
    Reading,
    Refused,
    Replies,
    ReplyControl,
    Trouble,
)

# A new post draws most comments, and a quiet Facebook Page has a small budget of calls
# (networks.md 2.2): (age of the post up to, time until the next check).
RHYTHM = (
    (timedelta(hours=1), timedelta(minutes=1)),
    (timedelta(days=1), timedelta(minutes=10)),
    (timedelta(days=30), timedelta(hours=1)),
)
RARELY = timedelta(days=1)
# A network that has told of comments lately is asked only for what its messages missed.
HEARD_LATELY, WHILE_TOLD = timedelta(days=7), timedelta(hours=1)
# (percent of the budget of calls spent, time until the next check): what is left is for posting
# and for hiding what is told.
SPARING = ((90.0, timedelta(hours=4)), (75.0, timedelta(hours=1)))
CONFIRM_AGAIN = timedelta(minutes=10)
# While anyone can reply and a call would close it. LinkedIn gives a member about 150 calls a day
# (networks.md 2.4); an attempt takes five of them, and the first day has 26 attempts.
HURRY = (
    (timedelta(minutes=5), timedelta(minutes=1)),
    (timedelta(minutes=20), timedelta(minutes=3)),
    (timedelta(hours=1), timedelta(minutes=10)),
)
SLOWLY = timedelta(hours=2)

# One check must end well within its lease, and must not spend a Page's calls all at once.
MOST_HIDES = 20
SECONDS_TO_HIDE = 40.0


class Standing(StrEnum):
    """How what is wanted of replies and what the network gave go together."""

    WELL = "as wanted"
    UNKNOWN = "not known yet"
    OPEN = "open although they should be closed"
    SHUT = "closed although they should be open"


# (wanted, given): where nothing was given, nobody knows yet.
STANDINGS: dict[tuple[str, str], Standing] = {
    ("closed", ""): Standing.UNKNOWN,
    ("closed", ReplyControl.CLOSED): Standing.WELL,
    ("closed", ReplyControl.NARROWED): Standing.WELL,
    ("closed", ReplyControl.SWEPT): Standing.WELL,
    ("closed", ReplyControl.NOT_POSSIBLE): Standing.WELL,
    ("closed", ReplyControl.OPEN): Standing.OPEN,
    ("open", ""): Standing.UNKNOWN,
    ("open", ReplyControl.OPEN): Standing.WELL,
    ("open", ReplyControl.NOT_POSSIBLE): Standing.WELL,
    ("open", ReplyControl.SWEPT): Standing.SHUT,
    ("open", ReplyControl.NARROWED): Standing.SHUT,
    ("open", ReplyControl.CLOSED): Standing.SHUT,
}


def standing(delivery: Delivery) -> Standing:
    return STANDINGS[delivery.replies_wanted, delivery.replies_given]


@dataclass(frozen=True)
class Wish:
    """What is wanted of one post's replies.

    closed: nobody is to reply. since: from when on, in Unix seconds, where they were open
    before; None where they never were to be.
    """

    closed: bool = True
    since: float | None = None


CLOSED = Wish()


def can_be_asked(delivery: Delivery) -> bool:
    """Does the network tell who may reply to a post?"""
    able = NETWORKS[delivery.channel.network].capabilities
    return able.can_read and able.reply_control is not ReplyControl.NOT_POSSIBLE


def wish_of(delivery: Delivery) -> Wish:
    until = delivery.replies_until
    # Networks date comments in whole seconds.
    since = float(int(until.timestamp())) if until else None
    return Wish(closed=delivery.replies_wanted == "closed", since=since)


@dataclass(frozen=True)
class Checked:
    """What a check of one post's replies found and did.

    given: the reply control in force, None when that could not be learnt; confirmed: a read
    showed it; hidden: how many replies we hid now and read back as hidden; open_: how many we
    could not hide; more: others wait, and hiding works; gone: the post itself is not there;
    last: no later check would learn more;
    used: percent of the network's budget of calls that is spent;
    trouble: what stood in the way concerns the whole channel.
    """

    given: ReplyControl | None
    confirmed: bool
    hidden: int = 0
    open_: int = 0
    more: bool = False
    gone: bool = False
    last: bool = False
    reason: str = ""
    trouble: Trouble | None = None
    used: float = 0.0


def check(
    network: Network,
    account: Account,
    remote_id: str,
    wish: Wish = CLOSED,
    *,
    clock: Callable[[], float] = monotonic,
) -> Checked:
    """Look at one post's replies over the network; close or hide them where that is the way.

    clock: seconds that only ever rise.
    """
    stop = clock() + SECONDS_TO_HIDE
    able = network.capabilities
    if not able.can_read:
        return _unreadable(network, wish)
    reading = network.read(account, remote_id)
    if reading.found is False:
        return Checked(None, confirmed=False, gone=True)
    if not wish.closed:
        return _open(network, reading)
    if able.reply_control is ReplyControl.SWEPT and not reading.trouble:
        return _sweep(network, account, remote_id, wish, lambda: clock() < stop)
    known_open = reading.reply_control is ReplyControl.OPEN
    not_closed = able.closes_after_posting and reading.reply_control is not ReplyControl.CLOSED
    if able.closes_later and (known_open or not_closed):
        answer = network.close_replies(account, remote_id)
        if isinstance(answer, NotSent | Refused):
            return _refused(network, reading, answer)
        reading = network.read(account, remote_id)
    return _closed(network, reading, wish)


def _refused(network: Network, reading: Reading, answer: NotSent | Refused) -> Checked:
    """Closing failed for certain."""
    given = ReplyControl.OPEN if reading.found else None
    reason = f"{_by_hand(network)} {answer.reason}" if reading.found else answer.reason
    return Checked(given, confirmed=False, reason=reason, trouble=answer.trouble)


def _closed(network: Network, reading: Reading, wish: Wish) -> Checked:
    """What a read shows of replies that should be closed."""
    able, given = network.capabilities, reading.reply_control
    never = given in (None, ReplyControl.NOT_POSSIBLE)
    left_open = able.closes_after_posting or wish.since is not None
    if reading.found and never and left_open:
        # It was posted with replies open, and nothing shows that this has changed.
        given = ReplyControl.OPEN
    if given is ReplyControl.OPEN:
        return Checked(given, confirmed=False, reason=_by_hand(network), trouble=reading.trouble)
    confirmed = given is able.reply_control
    return Checked(given, confirmed=confirmed, reason=reading.reason, trouble=reading.trouble)


def _by_hand(network: Network) -> str:
    words = "Anyone can reply although replies should be closed."
    if network.capabilities.closes_later:
        words += " Closing them is tried again."
    if network.capabilities.reply_control is ReplyControl.NOT_POSSIBLE:
        return f"{words} Close them there by hand if you can, or take the post down."
    return (
        f"{words} Close them on {network.name} by hand: open the post there and change who can"
        " reply."
    )


def _open(network: Network, reading: Reading) -> Checked:
    """What a read shows of replies that were opened. Nothing is closed, nothing is hidden."""
    given = reading.reply_control
    if given in (None, ReplyControl.NOT_POSSIBLE) and reading.found and not reading.reason:
        given = ReplyControl.OPEN
    reason = reading.reason
    if given in (ReplyControl.CLOSED, ReplyControl.NARROWED):
        reason = f"Replies were opened, but {network.name} lets nobody reply. Open them there."
    confirmed = given is ReplyControl.OPEN
    return Checked(given, confirmed=confirmed, reason=reason, trouble=reading.trouble)


def _unreadable(network: Network, wish: Wish) -> Checked:
    words = f"{network.name} lets no program read posts back. Look there once yourself."
    if not wish.closed:
        return Checked(ReplyControl.OPEN, confirmed=False, last=True)
    if wish.since is not None:
        return Checked(ReplyControl.OPEN, confirmed=False, reason=_by_hand(network))
    control = network.capabilities.reply_control
    return Checked(control, confirmed=False, last=True, reason=words)


def _sweep(
    network: Network, account: Account, remote_id: str, wish: Wish, in_time: Callable[[], bool]
) -> Checked:
    found = network.replies(account, remote_id)
    if not found.readable:
        reason, trouble = found.reason, found.trouble
        return Checked(None, confirmed=False, reason=reason, trouble=trouble, used=found.used)
    shown = _shown(found, wish)
    if not shown:
        return Checked(ReplyControl.SWEPT, confirmed=True, used=found.used)
    tried, works, stop = _hide(network, account, shown, in_time)
    after = network.replies(account, remote_id) if in_time() else Replies(readable=False)
    if not after.readable:
        return Checked(
            None,
            confirmed=False,
            more=works and not tried.issuperset(shown),
            reason=after.reason or "There was no time to see whether every comment is hidden.",
            trouble=stop.trouble or after.trouble,
            used=max(found.used, after.used),
        )
    still = _shown(after, wish)
    more = works and not tried.issuperset(still)
    return Checked(
        ReplyControl.SWEPT,
        confirmed=not still,
        hidden=len([reply for reply in after.items if reply.hidden and reply.remote_id in tried]),
        open_=len(tried.intersection(still) if more else still),
        more=more,
        reason=stop.reason,
        trouble=stop.trouble,
        used=after.used,
    )


@dataclass(frozen=True)
class _Stop:
    """Why hiding stopped before its end: trouble of the whole channel, or nothing."""

    trouble: Trouble | None = None
    reason: str = ""


def _hide(
    network: Network, account: Account, shown: list[str], in_time: Callable[[], bool]
) -> tuple[set[str], bool, _Stop]:
    """Hide the oldest first. Which were tried, whether going on is of use, what stopped us."""
    tried: set[str] = set()
    works = False
    for reply_id in shown[:MOST_HIDES]:
        if not in_time():
            break
        tried.add(reply_id)
        answer = network.hide_reply(account, reply_id)
        if (
            isinstance(answer, NotSent | Refused)
            and answer.trouble
            and answer.trouble is not Trouble.RIGHTS
        ):
            return tried, False, _Stop(answer.trouble, answer.reason)
        works = works or isinstance(answer, Accepted)
    return tried, works, _Stop()


def _shown(found: Replies, wish: Wish) -> list[str]:
    """What anyone can read and should not; what was written while replies were open stays."""
    since = wish.since or 0.0
    return [
        reply.remote_id
        for reply in found.items
        if not reply.hidden and (reply.written is None or reply.written >= since)
    ]


def settle(delivery: Delivery, checked: Checked, *, now: datetime) -> None:
    """Record a check, in words a clerk reads."""
    if checked.gone:
        outbox.miss(delivery, now=now)
        return
    outbox.settle_replies(
        delivery,
        now=now,
        given=checked.given or delivery.replies_given,
        confirmed=checked.confirmed,
        hidden=checked.hidden,
        why=_words(checked, wish_closed=delivery.replies_wanted == "closed"),
        again=_next_check(delivery, checked, now),
    )


def not_checked(delivery: Delivery, why: str, *, now: datetime) -> None:
    """The check could not be made; it is tried again."""
    outbox.settle_replies(
        delivery,
        now=now,
        given=delivery.replies_given,
        confirmed=False,
        hidden=0,
        why=f"Replies could not be checked. {why}",
        again=now + _pause(delivery, now),
    )


def _words(checked: Checked, *, wish_closed: bool) -> str:
    """What a clerk must know; nothing when all is as it should be."""
    if checked.reason and (checked.given is ReplyControl.OPEN or not wish_closed):
        return checked.reason
    said = []
    if checked.open_:
        them = "it" if checked.open_ == 1 else "them"
        said.append(
            f"{_count(checked.open_)} could not be hidden. Hide {them} on the network by hand."
        )
    if checked.hidden:
        was = "was" if checked.hidden == 1 else "were"
        said.append(f"{_count(checked.hidden)} {was} hidden, and read back as hidden.")
    if not said and not checked.confirmed and (wish_closed or checked.reason):
        said.append(f"Replies could not be checked. {checked.reason}".strip())
    if checked.more:
        said.append("More comments wait to be hidden; that goes on at once.")
    return " ".join(said)


def _count(number: int) -> str:
    return "1 comment" if number == 1 else f"{number} comments"


def _next_check(delivery: Delivery, checked: Checked, now: datetime) -> datetime | None:
    if checked.more:
        return now
    if checked.last or (checked.confirmed and checked.given is not ReplyControl.SWEPT):
        return None
    if checked.given is ReplyControl.SWEPT or (checked.given is None and not _in_hurry(delivery)):
        return now + _until_swept_again(delivery, checked, now)
    pause = _pause(delivery, now)
    dead = checked.trouble not in (None, Trouble.RIGHTS)
    return now + (max(CONFIRM_AGAIN, pause) if dead else pause)


def _until_swept_again(delivery: Delivery, checked: Checked, now: datetime) -> timedelta:
    """Less often where the network tells of comments, or where its budget of calls runs low."""
    heard = delivery.channel.comments_heard_at
    told = WHILE_TOLD if heard and now - heard < HEARD_LATELY else timedelta(0)
    spare = next((pause for share, pause in SPARING if checked.used >= share), timedelta(0))
    return max(_at_age(RHYTHM, delivery, now, then=RARELY), told, spare)


def _pause(delivery: Delivery, now: datetime) -> timedelta:
    """Until replies are looked at again that are open, or of which nobody knows."""
    rhythm = max(CONFIRM_AGAIN, _at_age(RHYTHM, delivery, now, then=RARELY))
    if not _in_hurry(delivery):
        return rhythm
    return _at_age(HURRY, delivery, now, then=max(rhythm, SLOWLY))


def _in_hurry(delivery: Delivery) -> bool:
    """Would a call of ours close replies that should be closed?"""
    able = NETWORKS[delivery.channel.network].capabilities
    return able.closes_later and delivery.replies_wanted == "closed"


def _at_age(
    rhythm: tuple[tuple[timedelta, timedelta], ...],
    delivery: Delivery,
    now: datetime,
    *,
    then: timedelta,
) -> timedelta:
    age = now - (_wanted_since(delivery) or now)
    return next((pause for limit, pause in rhythm if age < limit), then)


def _wanted_since(delivery: Delivery) -> datetime | None:
    """From when on replies are wanted as they are now."""
    closed_later = delivery.replies_until and delivery.replies_wanted == "closed"
    return delivery.replies_until if closed_later else delivery.posted_at
