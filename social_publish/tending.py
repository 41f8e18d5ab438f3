"""Looking after the channels themselves: their keys are renewed, and each is checked once a day."""

from datetime import datetime

from social_publish import calls, channel_checks, sign_ins
from social_publish.models import Channel


def renew(now: datetime) -> None:
    """Renew a few of the keys that are due, before anything is sent with them."""
    calls.make(sign_ins.renewals(now), now)


def check(now: datetime) -> None:
    """Check a few of the channels that are due."""
    calls.make(channel_checks.checks(now), now)


def check_now(channel: Channel, now: datetime) -> bool:
    """Check this one because a person asks; False when a worker is just about it."""
    call = channel_checks.check(channel, now)
    calls.make([call] if call else [], now)
    return call is not None
