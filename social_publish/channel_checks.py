"""The daily check of each channel: whose account it is, what it may do, when its sign-in ends.

What a check finds wrong stops the channel, and a later check lifts that again. A pause that a
person ordered is left alone.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from social_publish import channel_keys, outbox
from social_publish.calls import Call
from social_publish.credentials import CredentialsLost
from social_publish.jobs import account_of
from social_publish.models import Channel
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Identity, Trouble

AT_ONCE = 4
DAY = timedelta(days=1)
# After a network that could not be asked.
TRY_AGAIN = timedelta(hours=1)
# Its keys are renewed first.
AFTER_RENEWING = timedelta(minutes=5)
LIFTED = (
    Trouble.SIGN_IN,
    Trouble.OUTDATED,
    Trouble.WEB_PAGE,
    channel_keys.OTHER_ACCOUNT,
    channel_keys.NOT_RENEWED,
)
ANOTHER = (
    "The keys of this channel now open another account, {}. Nothing is posted there. Connect the"
    " channel again with the right account."
)
PERSONAL = (
    "The network says that this account is a person's own. Connect the channel again with an"
    " account of the council."
)


def checks(now: datetime) -> list[Call]:
    """Take the channels whose daily check is due, a few at a time."""
    _plan(now)
    ready = Q(keys_end=None) | Q(keys_end__gt=now)
    rows = channel_keys.free(now).filter(ready, check_due_at__lte=now)
    rows = rows.exclude(sealed_credentials=b"").select_related("group")
    calls = (check(channel, now) for channel in rows.order_by("check_due_at", "pk")[:AT_ONCE])
    return [call for call in calls if call]


def _plan(now: datetime) -> None:
    """A channel is checked as it is connected; its own minute of each day begins with that."""
    for pk in Channel.objects.filter(check_due_at=None).order_by("pk").values_list("pk", flat=True):
        due = now + DAY - timedelta(minutes=pk * 7 % 60)
        Channel.objects.filter(pk=pk, check_due_at=None).update(check_due_at=due)


def check(channel: Channel, now: datetime) -> Call | None:
    """Take a channel for a check; None when another worker has it, or its keys are lost."""
    try:
        account = account_of(channel)
    except CredentialsLost as error:
        lost = str(error)[:300]
        Channel.objects.filter(pk=channel.pk).update(check_says=lost, check_due_at=now + DAY)
        return None
    lease = channel_keys.take(channel, now)
    if not lease:
        return None
    network = NETWORKS[channel.network]

    def settle(answer: object, at: datetime) -> None:
        _settle(channel, lease, answer, now=at)

    return Call(channel, lambda: network.verify(account), settle)


def _settle(channel: Channel, lease: str, answer: object, *, now: datetime) -> None:
    identity = _judged(channel, answer)
    if identity is None:
        channel_keys.give_back(channel, lease, check_due_at=now + TRY_AGAIN)
        return
    dead = identity.trouble is Trouble.SIGN_IN and not identity.account_id
    if dead and channel_keys.refused(channel, now=now):
        channel_keys.give_back(channel, lease, check_due_at=now + AFTER_RENEWING)
        return
    if not channel_keys.give_back(channel, lease, **_facts(channel, identity, now)):
        return
    if identity.trouble:
        kind = channel_keys.OTHER_ACCOUNT if _is_another(channel, identity) else identity.trouble
        channel_keys.stop(channel, identity.reason, str(kind), now=now)
    elif _is_mended(Channel.objects.get(pk=channel.pk), said_before=channel.check_says):
        outbox.resume_channel(channel, now=now)


def _judged(channel: Channel, answer: object) -> Identity | None:
    """What the network said, with this site's own objections; None when nothing was learnt."""
    if not isinstance(answer, Identity):
        return None
    if _is_another(channel, answer):
        return replace(
            answer, reason=ANOTHER.format(answer.name or "unnamed"), trouble=Trouble.SIGN_IN
        )
    if answer.personal:
        return replace(answer, reason=answer.reason or PERSONAL, trouble=Trouble.SIGN_IN)
    learnt = answer.account_id or answer.trouble not in (None, Trouble.RATE_LIMIT)
    return answer if learnt and answer.trouble is not Trouble.RATE_LIMIT else None


def _is_another(channel: Channel, identity: Identity) -> bool:
    return bool(identity.account_id) and identity.account_id != channel.account_id


def _facts(channel: Channel, identity: Identity, now: datetime) -> dict[str, object]:
    facts: dict[str, object] = {
        "check_due_at": now + DAY,
        "checked_at": now,
        "check_says": identity.reason[:300],
    }
    if identity.account_id == channel.account_id:
        facts |= {
            "rights": list(identity.rights),
            "lacks": list(identity.lacks),
            "server_limits": dict(identity.server_limits),
        }
        facts |= _ends(channel, identity, now)
    return facts


def _ends(channel: Channel, identity: Identity, now: datetime) -> dict[str, object]:
    """Where the network does not say, what its sign-in or its last renewal said stands."""
    ends = {"sign_in_ends": identity.expires, "keys_end": identity.keys_end}
    told: dict[str, object] = {
        name: datetime.fromtimestamp(end, UTC) for name, end in ends.items() if end
    }
    if "keys_end" not in told and channel.keys_end is None:
        told["keys_end"] = channel_keys.first_end(channel.network, None, now)
    return told


def _is_mended(channel: Channel, *, said_before: str) -> bool:
    """Sending may find an account blocked, or a right missing, of which a look at the account
    shows nothing: a person lifts that."""
    if not channel.trouble:
        return False
    found_by_a_check = channel.trouble == said_before
    kind = channel.trouble_kind
    seen = kind in (Trouble.SUSPENDED, Trouble.RIGHTS)
    return kind in LIFTED or (seen and found_by_a_check)
