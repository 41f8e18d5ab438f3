"""When a post's replies are looked at again: often at first, and sparing of a network's calls."""

from datetime import datetime, timedelta

from social_publish.models import Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Trouble
from social_publish.networks.capabilities import ReplyControl
from social_publish.replies.checked import Checked

# A new post draws most comments, and a quiet Facebook Page has a small budget of calls
# (`docs/sources.md`): (age of the post up to, time until the next check).
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
# (`docs/sources.md`); an attempt takes five of them, and the first day has 26 attempts.
HURRY = (
    (timedelta(minutes=5), timedelta(minutes=1)),
    (timedelta(minutes=20), timedelta(minutes=3)),
    (timedelta(hours=1), timedelta(minutes=10)),
)
SLOWLY = timedelta(hours=2)


def next_check(delivery: Delivery, checked: Checked, now: datetime) -> datetime | None:
    """None: nothing more would be learnt."""
    if checked.more:
        return now
    if checked.last or (checked.confirmed and checked.given is not ReplyControl.SWEPT):
        return None
    if checked.given is ReplyControl.SWEPT or (checked.given is None and not _in_hurry(delivery)):
        return now + _until_swept_again(delivery, checked, now)
    pause = pause_before(delivery, now)
    dead = checked.trouble not in (None, Trouble.RIGHTS)
    return now + (max(CONFIRM_AGAIN, pause) if dead else pause)


def _until_swept_again(delivery: Delivery, checked: Checked, now: datetime) -> timedelta:
    """Less often where the network tells of comments, or where its budget of calls runs low."""
    heard = delivery.channel.comments_heard_at
    told = WHILE_TOLD if heard and now - heard < HEARD_LATELY else timedelta(0)
    spare = next((pause for share, pause in SPARING if checked.used >= share), timedelta(0))
    return max(_at_age(RHYTHM, delivery, now, then=RARELY), told, spare)


def pause_before(delivery: Delivery, now: datetime) -> timedelta:
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
