"""Whose account a key opens on a Mastodon or GoToSocial server, and what it may do there."""

import re
from dataclasses import replace

from mastodon import Mastodon as Client

from social_publish.networks.answers import Identity, Outcome, Trouble, no_right
from social_publish.networks.fediverse import answer_of
from social_publish.networks.identities import missing_sentence, not_learnt, right, with_rights

THEIRS = "The account's server"
NO_SERVER = (
    "At this address there is no server of this kind. Look at the address of the server and"
    " connect the channel again."
)
SUSPENDED = "The server has suspended the account. Sign in there to see why."
MOVED = "The account has moved elsewhere. Connect the channel again with the new account."
RIGHTS = (
    right("publish and remove posts", "write", "write:statuses"),
    right("add pictures", "write", "write:media"),
    right("read the account's posts", "read", "read:statuses"),
    right("see its own account", "read", "read:accounts", needed=False),
)


def identity(client: Client) -> Identity:
    """Whose account the client's token opens, and what the token may do."""
    me = answer_of(lambda: client.account_verify_credentials())
    if no_right(me):
        # Only a key without the right to read is refused so.
        return Identity(
            reason=missing_sentence(["see the account"], THEIRS), trouble=Trouble.RIGHTS
        )
    if isinstance(me, Outcome) or not re.fullmatch(r"\w{1,40}", str(getattr(me, "id", ""))):
        return not_learnt(me, THEIRS)
    known = Identity(str(me.id), f"@{me.acct}", str(me.url))
    if getattr(me, "suspended", False):
        return replace(known, reason=SUSPENDED, trouble=Trouble.SUSPENDED)
    if getattr(me, "moved", None):
        return replace(known, reason=MOVED, trouble=Trouble.SUSPENDED)
    app = answer_of(lambda: client.app_verify_credentials())
    scopes = getattr(app, "scopes", None)
    if not isinstance(scopes, list):
        # Servers before Mastodon 4.3 do not say, and not all others have this question.
        return known
    return with_rights(known, RIGHTS, [str(scope) for scope in scopes], THEIRS)
