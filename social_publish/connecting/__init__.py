"""Connecting a channel: whose account a sign-in opened, what is kept of it, and who decided.

Nothing here talks to a network but `look`, which asks whose account it is. Its parts: `seen`,
`keeping`, `other_account`, and the `channel_row` that both change.
"""

from social_publish.connecting.channel_row import lock, logged
from social_publish.connecting.keeping import connect, go_live, reconnect
from social_publish.connecting.other_account import drop_other_account, take_other_account
from social_publish.connecting.seen import (
    CannotConnect,
    KeysRefused,
    Seen,
    demand_council_account,
    is_same_account,
    look,
)

__all__ = [
    "CannotConnect",
    "KeysRefused",
    "Seen",
    "connect",
    "demand_council_account",
    "drop_other_account",
    "go_live",
    "is_same_account",
    "lock",
    "logged",
    "look",
    "reconnect",
    "take_other_account",
]
