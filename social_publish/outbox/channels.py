"""Pausing a channel, slowing it down, and stopping everything."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from social_publish.models import Channel, Delivery, EmergencyStop, HoldReason, State, Wanted
from social_publish.outbox.claims import MAX_AGE, TOO_OLD
from social_publish.outbox.proposals import hold, release
from social_publish.outbox.table import move, name_of


def pause_channel(
    channel: Channel,
    *,
    now: datetime,
    actor: User | None = None,
    trouble: str = "",
    kind: str = "",
) -> None:
    """Nothing more is posted to a channel until it is resumed; what waits is held.

    trouble: why, where no person ordered it; kind: in one word, for the checks that may lift it.
    """
    Channel.objects.filter(pk=channel.pk).update(
        paused=True, trouble=trouble[:300], trouble_kind=kind
    )
    for delivery in channel.deliveries.filter(state=State.QUEUED):
        hold(delivery, HoldReason.PAUSED, now=now, actor=actor)


def resume_channel(channel: Channel, *, now: datetime, actor: User | None = None) -> None:
    """What waited for the channel goes on, unless something else must be settled first; what grew
    too old asks a person. A pause that the network asked for, and the breaker's rest, stand."""
    Channel.objects.filter(pk=channel.pk).update(paused=False, trouble="", trouble_kind="")
    channel.refresh_from_db()
    if channel.is_ready:
        _let_go(channel, now=now, actor=actor)


def release_resumed(now: datetime) -> None:
    """Posts that a pause still holds although it is over: who ended it died in the middle, or
    somebody held them at that very moment."""
    held = Delivery.objects.filter(state=State.HELD, hold_reason=HoldReason.PAUSED)
    for channel in Channel.objects.filter(Channel.ready(), pk__in=held.values("channel")):
        _let_go(channel, now=now)


def _let_go(channel: Channel, *, now: datetime, actor: User | None = None) -> None:
    held = channel.deliveries.filter(state=State.HELD, hold_reason=HoldReason.PAUSED)
    for delivery in held:
        if (delivery.released_at or now) < now - MAX_AGE:
            move(delivery, "ask", now=now, why=TOO_OLD)
        else:
            release(delivery, now=now, actor=actor, why="The channel was resumed.")


def slow_channel(channel: Channel, *, until: datetime) -> None:
    """The network asked for a pause: the whole channel waits, for longer where it rests already."""
    row = Channel.objects.filter(pk=channel.pk)
    row.exclude(not_before__gt=until).update(not_before=until)


@transaction.atomic
def stop_everything(*, now: datetime, actor: User | None, reason: str = "") -> int:
    """The emergency stop (row 34): nothing more is posted; what waits is held.

    Removing, hiding, closing replies and looking go on. Returns how many posts were held.
    """
    if EmergencyStop.is_on():
        return 0
    EmergencyStop.objects.create(at=now, by=actor, by_name=name_of(actor), reason=reason[:500])
    waiting = Delivery.objects.filter(state=State.QUEUED, wanted=Wanted.PRESENT)
    return sum(hold(d, HoldReason.STOPPED, now=now, actor=actor) for d in waiting)


def hold_stopped(*, now: datetime) -> int:
    """While the stop is on: what came back from its sender meanwhile is held as well."""
    if not EmergencyStop.is_on():
        return 0
    waiting = Delivery.objects.filter(state=State.QUEUED, wanted=Wanted.PRESENT)
    return sum(hold(d, HoldReason.STOPPED, now=now) for d in waiting)


@transaction.atomic
def lift_stop(*, now: datetime, actor: User) -> bool:
    """Lifting releases nothing by itself (row 35): a person lets each held post go."""
    hold_stopped(now=now)
    lifted = EmergencyStop.objects.filter(lifted_at=None)
    return bool(lifted.update(lifted_at=now, lifted_by=actor, lifted_by_name=name_of(actor)))
