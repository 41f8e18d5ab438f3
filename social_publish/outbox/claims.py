"""Taking work: the claim is committed before any byte leaves, and carries a lease."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from social_publish.models import Channel, Delivery, EmergencyStop, HoldReason, State, Wanted
from social_publish.outbox.proposals import hold
from social_publish.outbox.settling import WITHDRAWN, follow_wish, lose_sight, put_back
from social_publish.outbox.statements import Change, Sql, update, update_all, which
from social_publish.outbox.table import LEASE, NO_STOP, move, no_stop_since
from social_publish.outbox.together import move_all

MAX_AGE = timedelta(days=1)
DEATHS_BEFORE_PERSON = 3
# Between the machines of one site; what lies further ahead was written before the clock was set back.
CLOCKS_DIFFER = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=24)
FRESH_LEASE = LEASE * 0.9  # a claim just taken needs no renewal, which would be a write
SEND, LOOK, REMOVE, REPLIES = "send", "look", "remove", "replies"

# No network's call may be on its way to the channel, and it must not have asked for a pause.
_NOT_CALLED = (
    f"channel_id NOT IN (SELECT channel_id FROM {Delivery._meta.db_table} WHERE lease_until >= %s)"  # noqa: S608 - our own names
)
_CHANNEL_TAKES = (
    f"channel_id IN (SELECT id FROM {Channel._meta.db_table}"  # noqa: S608 - our own names
    " WHERE NOT paused AND COALESCE(not_before <= %s, TRUE))"
)

TOO_OLD = "It waited too long to be posted without asking you."
DIED_ON_IT = "The work on it was cut off three times. Look on the network what became of it."


def still_due(deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Those that no worker has taken since they were read, and whose channel none calls."""
    guards = (Sql("state = %s", (State.QUEUED,)), Sql(_NOT_CALLED, (now,)))
    found = which(deliveries, *guards)
    return [delivery for delivery in deliveries if delivery.pk in found]


def take(deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Claim each for a look, a removal or a check; gives those that were to be had."""
    return [delivery for delivery in deliveries if _take(delivery, now)]


def _take(delivery: Delivery, now: datetime) -> bool:
    lease, until = uuid4().hex, now + LEASE
    # Whoever looked at it before us may have changed more than its lease.
    as_known = {
        "state": delivery.state,
        "lease": delivery.lease,
        "history_hash": delivery.history_hash,
        "replies_due_at": delivery.replies_due_at,
    }
    leased = {"lease": lease, "lease_until": until}
    if not update(delivery, leased, as_known, Sql(_NOT_CALLED, (now,))):
        return False
    delivery.lease, delivery.lease_until = lease, until
    return True


def take_to_send(deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Claim posts of different channels in one transaction; gives those that were to be had.

    Each is counted among its channel's posts of today, or not claimed.
    """
    if not deliveries:
        return []
    with transaction.atomic():
        fresh = [delivery for delivery in deliveries if delivery.first_sent_at is None]
        counted = _spend([delivery.channel for delivery in fresh], now)
        may = [d for d in deliveries if d.first_sent_at or d.channel_id in counted]
        taken = _claim(may, now)
        _unspend([d.channel for d in may if d.channel_id in counted and d not in taken])
    if taken or len(deliveries) == 1:
        return taken
    # Others were at all of them. One alone is waited for, so that no work is left lying.
    return next((one for d in deliveries if (one := take_to_send([d], now))), [])


def _claim(deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    guards = (
        NO_STOP,
        Sql("wanted = %s", (Wanted.PRESENT,)),
        Sql("released_at >= %s", (now - MAX_AGE,)),
        Sql(_CHANNEL_TAKES, (now,)),
        Sql(_NOT_CALLED, (now,)),
    )
    each = [
        (
            delivery,
            {
                "lease": uuid4().hex,
                "attempts": delivery.attempts + 1,
                "first_sent_at": delivery.first_sent_at or now,
            },
        )
        for delivery in deliveries
    ]
    leased = {"claimed_at": now, "lease_until": now + LEASE, "not_before": None}
    return move_all(each, "claim", now=now, guards=guards, **leased)


def _spend(channels: Sequence[Channel], now: datetime) -> set[int]:
    """Count one post of today's budget in each channel; gives those in which one was left."""
    today = timezone.localdate(now)
    used = Sql("CASE WHEN budget_day = %s THEN budget_used + 1 ELSE 1 END", (today,))
    within = "(budget_day IS NULL OR budget_day <> %s OR budget_used < daily_budget)"
    counted = {"budget_day": today, "budget_used": used}
    return update_all([Change(channel) for channel in channels], counted, Sql(within, (today,)))


def _unspend(channels: Sequence[Channel]) -> None:
    less = {"budget_used": Sql("budget_used - 1")}
    update_all([Change(channel) for channel in channels], less)


def begin_sending(deliveries: Sequence[Delivery], *, now: datetime) -> list[Delivery]:
    """The moment before the first byte that could publish: from here on, look before resending.

    Gives those that may be sent. Of the others nothing may be: the lease is over, the post was
    withdrawn, or an emergency stop came since it was taken.
    """
    fresh = [delivery for delivery in deliveries if _is_fresh(delivery, now)]
    may = _still_ours(fresh, now)
    may |= {d.pk for d in deliveries if not _is_fresh(d, now) and _renewed(d, now)}
    for delivery in deliveries:
        if delivery.pk not in may:
            _give_back(delivery, now)
    return [delivery for delivery in deliveries if delivery.pk in may]


def _is_fresh(delivery: Delivery, now: datetime) -> bool:
    return not delivery.look_first and (delivery.lease_until or now) - now > FRESH_LEASE


def _still_ours(deliveries: Sequence[Delivery], now: datetime) -> set[int]:
    if not deliveries:
        return set()
    # One stop too many only puts a post back.
    taken_at = min((d.claimed_at for d in deliveries if d.claimed_at), default=None)
    ours = Sql.among("lease", [delivery.lease for delivery in deliveries])
    return which(deliveries, ours, *_may_be_sent(now, taken_at))


def _renewed(delivery: Delivery, now: datetime) -> bool:
    renewed = {"lease_until": now + LEASE, "look_first": False}
    guards = _may_be_sent(now, delivery.claimed_at)
    may = update(delivery, renewed, {"lease": delivery.lease}, *guards)
    delivery.lease_until, delivery.look_first = now + LEASE, False
    return bool(may)


def _may_be_sent(now: datetime, taken_at: datetime | None) -> tuple[Sql, ...]:
    return (
        Sql("state = %s", (State.SENDING,)),
        Sql("wanted = %s", (Wanted.PRESENT,)),
        Sql("lease_until > %s", (now,)),
        no_stop_since(taken_at),
    )


def _give_back(delivery: Delivery, now: datetime) -> None:
    if EmergencyStop.since(delivery.claimed_at).exists():
        stand_down(delivery, HoldReason.STOPPED, now=now)
    else:
        put_back(delivery, "", now=now, after=timedelta(0))


def stand_down(delivery: Delivery, reason: HoldReason, *, now: datetime) -> bool:
    """A claimed delivery of which no byte has left is held instead of sent."""
    with transaction.atomic():
        held = hold(delivery, reason, now=now)
        if held:
            follow_wish(delivery, now=now, why=WITHDRAWN)
    return held


def drop(delivery: Delivery, operation: str, *, now: datetime) -> None:
    """A claim on which nothing could be begun: it is due again at once."""
    if operation == SEND:
        put_back(delivery, "", now=now, after=timedelta(0))
    else:
        Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(
            lease="", lease_until=None
        )


def expire_leases(now: datetime) -> int:
    """A worker that did not come back: what it was posting is looked for, never resent.

    A lease that ends later than any that is given now is from before the clock was set back.
    """
    over = Q(lease_until__lt=now) | Q(lease_until__gt=now + LEASE + CLOCKS_DIFFER)
    lost = list(Delivery.objects.filter(over).order_by("lease_until"))
    for delivery in lost:
        if delivery.state == State.SENDING:
            lose_sight(delivery, "The work on it was cut off.", now=now)
        else:
            _count_death(delivery, now)
    return len(lost)


def _count_death(delivery: Delivery, now: datetime) -> None:
    deaths = delivery.deaths + 1
    if deaths >= DEATHS_BEFORE_PERSON and delivery.state in (State.UNKNOWN, State.REMOVING):
        move(delivery, "ask", now=now, why=DIED_ON_IT, deaths=0)
        return
    Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(
        lease="", lease_until=None, deaths=deaths
    )


def heed_clock(now: datetime) -> None:
    """After the clock was set back nothing waits for a time that is further ahead than anything
    is ever put off: what is looked for begins anew, what must go is tried at once (F35)."""
    ahead, far = now + CLOCKS_DIFFER, now + LONGEST_PAUSE + CLOCKS_DIFFER
    free = Delivery.objects.filter(lease_until=None)
    free.filter(state=State.UNKNOWN, unknown_since__gt=ahead).update(
        unknown_since=now, not_before=now
    )
    free.filter(state=State.REMOVING, not_before__gt=ahead).update(not_before=now)
    free.filter(state=State.QUEUED, not_before__gt=far).update(not_before=now)
    free.filter(state=State.POSTED, replies_due_at__gt=far).update(replies_due_at=now)
    # From then on it is looked for, and its waiting is told.
    at_work = free.filter(state__in=(State.QUEUED, State.UNKNOWN))
    at_work.filter(first_sent_at__gt=ahead).update(first_sent_at=now)
    at_work.filter(released_at__gt=ahead).update(released_at=now)
    Channel.objects.filter(not_before__gt=far).update(not_before=None)
    Channel.objects.filter(check_due_at__gt=far).update(check_due_at=now)
    Channel.objects.filter(tended_until__gt=ahead).update(tended_until=now)


def park_too_old(now: datetime) -> int:
    """What waited too long is not sent by itself any more (row 5 of the table)."""
    waiting = Delivery.objects.filter(
        state=State.QUEUED, wanted=Wanted.PRESENT, released_at__lt=now - MAX_AGE
    )
    for delivery in waiting:
        move(delivery, "ask", now=now, why=TOO_OLD)
    return len(waiting)
