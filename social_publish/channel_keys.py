"""The keys of a channel while work goes on: who may touch them, and what their refusal means.

One worker at a time renews a channel's keys or asks about them: a conditional UPDATE takes the
channel, committed before any call, and the lease runs out by itself where the worker dies.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.db.models import Q, QuerySet

from social_publish import outbox
from social_publish.models import Channel
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Trouble
from social_publish.networks.base import Renews

# Longer than any call may take (transport.TimeLimits.total).
LEASE = timedelta(seconds=90)
# Keys that were renewed so lately and are refused will not get better by renewing them again.
FRESH = timedelta(hours=1)
ASK_SOON = timedelta(minutes=15)
# Kinds of a channel's trouble beside those that networks tell of.
OTHER_ACCOUNT, NOT_RENEWED = "other account", "not renewed"


def free(now: datetime) -> QuerySet[Channel]:
    """The channels that no worker renews or asks about."""
    return Channel.objects.filter(Q(tended_until=None) | Q(tended_until__lt=now))


def take(channel: Channel, now: datetime) -> str:
    """The lease for a call about the channel's keys as they were read, "" when it is not free."""
    lease = uuid4().hex
    taken = free(now).filter(pk=channel.pk, sealed_credentials=bytes(channel.sealed_credentials))
    return lease if taken.update(tended_by=lease, tended_until=now + LEASE) else ""


def give_back(channel: Channel, lease: str, **changes: object) -> bool:
    """End a lease, and write down what came of it; False when another worker has it by now."""
    held = Channel.objects.filter(pk=channel.pk, tended_by=lease)
    return bool(held.update(tended_by="", tended_until=None, **changes))


def can_renew(channel: Channel) -> bool:
    """Can this website renew the channel's keys without a person?"""
    return isinstance(NETWORKS[channel.network], Renews)


def first_end(slug: str, told: float | None, now: datetime) -> datetime | None:
    """When keys end that a network has just given, or was asked about; told: Unix seconds.

    Where it does not say, keys that can be renewed are due at once, and meanwhile they serve.
    """
    if told:
        return datetime.fromtimestamp(told, UTC)
    network = NETWORKS[slug]
    if not isinstance(network, Renews):
        return None
    return now + timedelta(seconds=network.renew_before)


def refused(channel: Channel, *, now: datetime) -> bool:
    """The network refused the channel's keys as they were read.

    True: fresh keys are there already, or are asked for first, and the work may wait for them.
    False: a person must act.
    """
    if not can_renew(channel):
        return False
    known = Channel.objects.get(pk=channel.pk)
    if bytes(known.sealed_credentials) != bytes(channel.sealed_credentials):
        return True
    if known.keys_renewed_at and known.keys_renewed_at > now - FRESH:
        return False
    same = Channel.objects.filter(
        pk=channel.pk, sealed_credentials=bytes(channel.sealed_credentials)
    )
    same.exclude(keys_end__lte=now).update(keys_end=now, renew_after=None)
    return True


def note(channel: Channel, words: str, *, now: datetime) -> None:
    """Say it of the channel, which goes on; the next check says anew how it stands."""
    Channel.objects.filter(pk=channel.pk).update(check_says=words[:300], checked_at=now)


def stop(channel: Channel, words: str, kind: str, *, now: datetime) -> None:
    """Stop the channel with its reason, once. A pause that a person ordered stands as it is."""
    known = Channel.objects.get(pk=channel.pk)
    if not known.paused:
        outbox.pause_channel(known, now=now, trouble=words, kind=kind)
        if kind == Trouble.WEB_PAGE:
            # It mends itself mostly, so nobody should have to let the channel go on.
            Channel.objects.filter(pk=channel.pk).update(check_due_at=now + ASK_SOON)
    elif known.trouble and known.trouble_kind:
        rows = Channel.objects.filter(pk=channel.pk, paused=True)
        rows.update(trouble=words[:300], trouble_kind=kind)
