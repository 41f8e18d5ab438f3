"""The security-check calendar of each channel (Looe 4.8).

Half of it the website sees for itself, half a person ticks with what they saw. A channel in
rehearsal has no account to check, so nothing of it is ever overdue.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from social_publish.models import Channel, SecurityTick
from social_publish.outbox import name_of

Check = SecurityTick.Check

DAYS = 90
# The website asks the networks each day; two days without an answer may be their fault.
DAYS_WITHOUT_ANSWER = 3
FIRST_ANSWER = timedelta(days=14)
# A new channel's first checks by people; some of them its connecting has just answered.
FIRST_CHECK = timedelta(days=30)
NEVER = "Never checked."
NOT_YET = "Not checked yet: a new channel has 30 days for it."

QUESTIONS = {
    Check.TWO_STEP: "Does everyone who can sign in there need a second step, such as a code?",
    Check.ADMINS: "Who can sign in or post there? Is everyone on the list still to be on it?",
    Check.RECOVERY: "Does the recovery e-mail belong to the council, and does somebody read it?",
    Check.APPS: "Which other apps may use the account? Remove those that nobody needs.",
    Check.PROFILE: (
        "Does the profile say when the office is staffed, that replies are not monitored, and"
        " that the council does not answer for what it shares?"
    ),
    Check.POLICY: "Does the council's social media policy name this channel?",
    Check.SIGN_IN: "Until when may the website post there before someone signs in again?",
    Check.RIGHTS: "May the website do there what it needs to? It asks the network each day.",
}
AUTOMATIC = (Check.SIGN_IN, Check.RIGHTS)


@dataclass(frozen=True)
class Item:
    """One check of one channel as it stands now.

    due_at: when it is to be made next, None where no day is known; overdue: it is late, or
    something was not in order; words: what is known, for a clerk.
    """

    check: Check
    words: str
    in_order: bool
    overdue: bool
    due_at: datetime | None = None
    last: SecurityTick | None = None

    @property
    def automatic(self) -> bool:
        return self.check in AUTOMATIC

    @property
    def name(self) -> str:
        return str(self.check.label)

    @property
    def question(self) -> str:
        return QUESTIONS[self.check]


def interval(check: Check) -> timedelta:
    """The time between two checks, from the setting SECURITY_CHECK_DAYS: {check: days}."""
    default = DAYS_WITHOUT_ANSWER if check == Check.RIGHTS else DAYS
    return timedelta(days=getattr(settings, "SECURITY_CHECK_DAYS", {}).get(check.value, default))


def calendar(channel: Channel, now: datetime) -> list[Item]:
    """Every check of a channel, those of people first."""
    return _calendar(channel, list(channel.security_ticks.all()), now)


def overdue(now: datetime) -> list[tuple[Channel, list[Item]]]:
    """Each live channel with the checks that a person owes it.

    Of what the website checks itself, `alarms.channels` tells in its own words.
    """
    channels = Channel.objects.filter(rehearsal=False).select_related("group")
    found = []
    for channel in channels.prefetch_related("security_ticks"):
        items = _calendar(channel, channel.security_ticks.all(), now)
        if late := [item for item in items if item.overdue and not item.automatic]:
            found.append((channel, late))
    return found


def summary(late: Iterable[Item]) -> str:
    """What is overdue of one channel, in a sentence that stays the same while nothing changes."""
    names = ", ".join(item.name.lower() for item in late)
    return f"To be checked: {names}. Look at the account, then tick what you saw."


def _calendar(channel: Channel, ticks: Iterable[SecurityTick], now: datetime) -> list[Item]:
    newest: dict[str, SecurityTick] = {}
    for tick in ticks:
        if tick.rehearsal == channel.rehearsal:
            newest.setdefault(tick.check_name, tick)
    by_hand = [c for c in Check if c not in AUTOMATIC]
    items = [_ticked(channel, check, newest.get(check.value), now) for check in by_hand]
    if channel.needs_credentials:
        items += [_sign_in(channel, now), _rights(channel, now)]
    return items


def _ticked(channel: Channel, check: Check, last: SecurityTick | None, now: datetime) -> Item:
    if last is None and (words := _answered(channel, check)):
        return _as_answered(channel, check, words, now)
    if last is None:
        due_at = _first_check(channel)
        late = not channel.rehearsal and (due_at is None or due_at <= now)
        words = NEVER if late else NOT_YET
        return Item(check, words, in_order=False, overdue=late, due_at=due_at)
    due_at = last.at + interval(check)
    late = not channel.rehearsal and (due_at <= now or not last.in_order)
    verdict = "In order" if last.in_order else "Not in order"
    words = f"{verdict} on {_day(last.at)}, by {last.by_name}: {last.note}"
    return Item(check, words, last.in_order, late, due_at, last)


def _first_check(channel: Channel) -> datetime | None:
    started = channel.connected_at or channel.policy_answered_at
    return started + FIRST_CHECK if started else None


def _answered(channel: Channel, check: Check) -> str:
    """What was said of it when the channel was connected, "" for nothing."""
    said = {
        Check.POLICY: channel.get_policy_answer_display() if channel.policy_answer else "",
        Check.RECOVERY: channel.recovery_email and f"It is {channel.recovery_email}",
    }
    return said.get(check, "") if channel.policy_answered_at else ""


def _as_answered(channel: Channel, check: Check, said: str, now: datetime) -> Item:
    answered = channel.policy_answered_at
    assert answered
    due_at = answered + interval(check)
    words = f"{said}, said {channel.policy_answered_by} on {_day(answered)}."
    late = not channel.rehearsal and due_at <= now
    return Item(check, words, in_order=True, overdue=late, due_at=due_at)


def _sign_in(channel: Channel, now: datetime) -> Item:
    ends = channel.sign_in_ends
    if ends is None:
        words = "The network names no day on which someone must sign in again."
        return Item(Check.SIGN_IN, words, in_order=True, overdue=False)
    over = ends <= now
    words = f"Someone must sign in again by {_day(ends)}."
    if over:
        words = f"The sign-in ended on {_day(ends)}. Connect the channel again."
    late = over and not channel.rehearsal
    return Item(Check.SIGN_IN, words, in_order=not over, overdue=late, due_at=ends)


def _rights(channel: Channel, now: datetime) -> Item:
    asked = channel.checked_at
    if asked is None:
        due_at = channel.connected_at + FIRST_ANSWER if channel.connected_at else None
        late = not channel.rehearsal and (due_at is None or due_at <= now)
        return Item(Check.RIGHTS, "The network was not asked yet.", False, late, due_at)
    due_at = asked + interval(Check.RIGHTS)
    words = f"Asked on {_day(asked)}."
    if channel.lacks:
        words += f" It lacks: {', '.join(channel.lacks)}."
    late = not channel.rehearsal and (due_at <= now or bool(channel.lacks))
    return Item(Check.RIGHTS, words, not channel.lacks, late, due_at)


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d %B %Y}"


@transaction.atomic
def tick(
    channel: Channel, check: Check, *, in_order: bool, note: str, now: datetime, actor: User
) -> SecurityTick:
    """Record what a person saw. Raises ValueError for a check that the website makes itself."""
    if check in AUTOMATIC:
        raise ValueError(f"The website checks “{check.label}” itself.")
    line = SecurityTick(
        channel=channel,
        check_name=check,
        at=now,
        in_order=in_order,
        note=note,
        by=actor,
        by_name=name_of(actor),
        rehearsal=channel.rehearsal,
    )
    line.save()
    log(
        instance=channel,
        action="social_publish.security_check",
        user=actor,
        data={"check": check.value, "in_order": in_order, "note": note},
    )
    return line
