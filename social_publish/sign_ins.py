"""Renewing the keys of channels: when due, exactly once among all workers, and never lost.

The order that a crash cannot break: take the channel (committed), ask the network, put the answer
on disk (sealed), then the database in one conditional UPDATE, then remove the file. Whoever dies
before the disk has the answer leaves the old keys, and they are tried again: a network that has
forgotten them refuses, once, and people are told.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from social_publish import channel_keys, credentials, kept_keys, kill_points, outbox
from social_publish.calls import Call
from social_publish.credentials import CredentialsLost
from social_publish.jobs import account_of
from social_publish.models import Channel
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Refused, Renewed, Trouble
from social_publish.networks.base import Renews

logger = logging.getLogger(__name__)

AT_ONCE = 4
# After an answer that decided nothing. Short of the shortest life of keys (TikTok's two hours).
TRY_AGAIN = timedelta(minutes=10)
FINAL = (Trouble.SIGN_IN, Trouble.SUSPENDED, Trouble.RIGHTS, Trouble.OUTDATED)
LIFTED_BY_FRESH_KEYS = (Trouble.SIGN_IN, channel_keys.NOT_RENEWED)
NOT_YET = (
    "This channel's sign-in could not be renewed before it ended. {} The website tries again by"
    " itself; if it stays so, connect the channel again."
)


def renewals(now: datetime) -> list[Call]:
    """Take the channels whose keys are due, a few at a time; each is ours once it is returned."""
    calls = (_taken(channel, now) for channel in _due(now)[:AT_ONCE])
    return [call for call in calls if call]


def _due(now: datetime) -> list[Channel]:
    due = Q(pk=None)
    for slug, network in NETWORKS.items():
        if isinstance(network, Renews):
            before = timedelta(seconds=network.renew_before)
            due |= Q(network=slug, keys_end__lte=now + before)
    may = Q(renew_after=None) | Q(renew_after__lte=now)
    rows = channel_keys.free(now).filter(due, may).exclude(sealed_credentials=b"")
    return list(rows.select_related("group").order_by("keys_end", "pk"))


def _taken(channel: Channel, now: datetime) -> Call | None:
    network = NETWORKS[channel.network]
    try:
        account = account_of(channel)
    except CredentialsLost as error:
        channel_keys.stop(channel, str(error), "", now=now)
        return None
    lease = channel_keys.take(channel, now)
    if not lease or not isinstance(network, Renews):
        return None
    kill_points.passing("renew: claimed")

    def settle(answer: object, at: datetime) -> None:
        kill_points.passing("renew: answered")
        if isinstance(answer, Renewed):
            _keep(channel, account.credentials, answer, now=at)
        elif isinstance(answer, Refused) and answer.trouble in FINAL:
            # Nothing is left to renew: the keys are used as they are until a person acts.
            if channel_keys.give_back(channel, lease, keys_end=None):
                channel_keys.stop(channel, answer.reason, str(answer.trouble), now=at)
        else:
            _try_later(channel, lease, answer, now=at)

    return Call(channel, lambda: network.renew(account), settle)


def _try_later(channel: Channel, lease: str, answer: object, *, now: datetime) -> None:
    asked = timedelta(seconds=getattr(answer, "retry_after", None) or 0)
    if not channel_keys.give_back(channel, lease, renew_after=now + max(TRY_AGAIN, asked)):
        return
    if channel.keys_end and channel.keys_end <= now:
        words = NOT_YET.format(getattr(answer, "reason", ""))
        channel_keys.stop(channel, words, channel_keys.NOT_RENEWED, now=now)


# --- fresh keys --------------------------------------------------------------------------


def _keep(channel: Channel, before: Mapping[str, str], answer: Renewed, *, now: datetime) -> None:
    values = {"fresh": json.dumps(dict(answer.credentials)), "before": _mark(before)}
    sealed = credentials.seal(values, owner=_kept_owner(channel))
    until = now.timestamp() + answer.sign_in_lives if answer.sign_in_lives else None
    kept = kept_keys.keep(channel.pk, sealed, now.timestamp() + answer.lives, until)
    kill_points.passing("renew: kept")
    _record(kept, now=now)


def record_kept(now: datetime) -> int:
    """Write down the fresh keys that a crash or a database away kept from it. Returns how many."""
    return sum(_record(kept, now=now) for kept in kept_keys.kept())


def _record(kept: kept_keys.KeptKeys, *, now: datetime) -> bool:
    """True when these keys are the channel's now; keys that have been overtaken are forgotten."""
    # Sealing everything anew (the command) may come between reading and writing.
    for _ in range(3):
        channel = Channel.objects.filter(pk=kept.channel_id).first()
        if channel is None:
            kept.forget()
            return False
        try:
            opened = credentials.unseal(kept.sealed, owner=_kept_owner(channel))
            overtaken = opened["before"] != _mark(channel.unseal())
        except CredentialsLost:
            logger.exception("Kept keys cannot be opened", extra={"event": "keys.unread"})
            return False
        if overtaken:
            kept.forget()
            return False
        if _stored(channel, json.loads(opened["fresh"]), kept, now=now):
            kill_points.passing("renew: stored")
            kept.forget()
            _lift(channel, now=now)
            return True
    return False


def _stored(
    channel: Channel, fresh: dict[str, str], kept: kept_keys.KeptKeys, *, now: datetime
) -> bool:
    before = bytes(channel.sealed_credentials)
    channel.seal(fresh)
    changes: dict[str, object] = {
        "sealed_credentials": channel.sealed_credentials,
        "keys_end": datetime.fromtimestamp(kept.ends, UTC),
        "keys_renewed_at": now,
        "renew_after": None,
        "tended_by": "",
        "tended_until": None,
    }
    if kept.sign_in_ends:
        changes["sign_in_ends"] = datetime.fromtimestamp(kept.sign_in_ends, UTC)
    rows = Channel.objects.filter(pk=channel.pk, sealed_credentials=before)
    return bool(rows.update(**changes))


def _lift(channel: Channel, *, now: datetime) -> None:
    if channel.trouble and channel.trouble_kind in LIFTED_BY_FRESH_KEYS:
        outbox.resume_channel(channel, now=now)


def _kept_owner(channel: Channel) -> str:
    return f"{channel.owner}:kept"


def _mark(values: Mapping[str, str]) -> str:
    """Tells one set of keys from another; it is stored sealed."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True).encode()).hexdigest()
