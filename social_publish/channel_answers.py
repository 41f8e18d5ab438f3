"""What the council answers for a channel before its first post, and what its staff may change.

Nothing here talks to a network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.log_actions import log

from social_publish import outbox
from social_publish.connecting import lock, logged
from social_publish.models import Channel
from social_publish.networks import NETWORKS

ACCEPTANCE = (
    "I know that this website cannot close replies on {network}, so anyone can answer what the"
    " council posts there. I accept that for the council."
)


@dataclass(frozen=True)
class Answers:
    """What the council says of a channel before its first post."""

    policy: str
    minute: str
    minuted_on: date
    recovery_email: str
    opened_by: str


@transaction.atomic
def answer(channel: Channel, answers: Answers, *, by: User, now: datetime) -> None:
    """Record what the council says of the channel; what waited for that goes on."""
    lock(channel)
    channel.policy_answer, channel.policy_minute = answers.policy, answers.minute
    channel.policy_date, channel.recovery_email = answers.minuted_on, answers.recovery_email
    channel.opened_by = answers.opened_by
    channel.policy_answered_by, channel.policy_answered_at = outbox.name_of(by), now
    channel.save()
    data = {
        **logged(channel),
        "policy": channel.get_policy_answer_display(),
        "minute": f"{answers.minute}, {answers.minuted_on:%d %B %Y}",
        "recovery_email": answers.recovery_email,
        "opened_by": answers.opened_by,
    }
    log(instance=channel, action="social_publish.answer_questions", user=by, data=data)
    _go_on(channel, by=by, now=now)


@transaction.atomic
def accept_open_replies(channel: Channel, *, owner: str, by: User, now: datetime) -> None:
    """The channel's owner accepts in writing that nobody can close replies there."""
    lock(channel)
    channel.replies_accepted_by = owner
    channel.replies_accepted_words = acceptance(channel)
    channel.replies_accepted_at = now
    channel.save()
    data = {**logged(channel), "owner": owner, "words": channel.replies_accepted_words}
    log(instance=channel, action="social_publish.accept_replies", user=by, data=data)
    _go_on(channel, by=by, now=now)


def acceptance(channel: Channel) -> str:
    """The sentence that the owner accepts."""
    network = NETWORKS[channel.network]
    name = channel.name if network.capabilities.by_hand else network.name
    return ACCEPTANCE.format(network=name)


@transaction.atomic
def change_settings(channel: Channel, values: Mapping[str, object], *, by: User) -> None:
    """Change fields of the channel that are its staff's own matter; values: by field."""
    lock(channel)
    before = {name: getattr(channel, name) for name in values}
    for name, value in values.items():
        setattr(channel, name, value)
    channel.save(update_fields=list(values))
    if changed := {name: value for name, value in values.items() if value != before[name]}:
        data = {**logged(channel), "before": before, "changed": changed}
        log(instance=channel, action="social_publish.change_settings", user=by, data=data)


def _go_on(channel: Channel, *, by: User, now: datetime) -> None:
    if channel.is_ready:
        outbox.resume_channel(channel, now=now, actor=by)
