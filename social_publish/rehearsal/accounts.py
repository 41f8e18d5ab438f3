"""Opening accounts on the pretend networks.

Each network knows more of an account, as `facts`, where it differs from one that works:
without (the scopes that it was not given), ends, refresh_ends and data_access_ends (Unix seconds:
of its access, of its sign-in, of Graph's leave to read), dead (why its key is no good: Graph's
subcode, LinkedIn's word), kind (of a Graph token: USER), app (for which a Graph token was made),
suspended, private, unaudited, role (at LinkedIn), access (at X: read), used (percent of Graph's
budget of calls).
"""

import secrets
from pathlib import Path
from typing import Any

from social_publish.rehearsal import bluesky_sessions, mastodon, practice
from social_publish.rehearsal.store import Account, Store

CREDENTIALS = {
    "x": ("consumer_key", "consumer_secret", "access_token", "access_token_secret"),
    "facebook": ("app_id", "app_secret", "page_token"),
    "threads": ("access_token",),
    "instagram": ("app_id", "app_secret", "page_token"),
    "bluesky": ("app_password",),
    "mastodon": ("access_token",),
    "gotosocial": ("access_token",),
    "linkedin": ("client_id", "client_secret", "access_token", "refresh_token"),
    "tiktok": ("client_key", "client_secret", "access_token", "refresh_token"),
}
# The app's own keys are the same for every account that signs in under it.
APP = dict.fromkeys(("consumer_key", "app_id", "client_id", "client_key"), practice.APP_ID) | (
    dict.fromkeys(("consumer_secret", "app_secret", "client_secret"), practice.APP_SECRET)
)
# Where an account's number is no number.
NUMBERS = {"bluesky": bluesky_sessions.did_of, "gotosocial": mastodon.number_of}


def open_account(
    folder: Path,
    network: str,
    *,
    handle: str,
    name: str,
    account_id: str | None = None,
    reads: bool = True,
) -> dict[str, Any]:
    """An account with fresh random keys, or the one that has this handle already.

    reads: False for an X account that may write posts but not read any, as X sells them.
    Returns {"account_id", "handle", "name", "credentials": {field: value}, "reads"}. May be
    called while the server runs.
    """
    store = Store(folder)
    for known in store.accounts(network):
        if known.handle == handle:
            # The network may remember more, such as the key before; a person gets these.
            keys = {field: known.credentials[field] for field in CREDENTIALS[network]}
            return {**vars(known), "credentials": keys}
    values = {field: APP.get(field) or secrets.token_urlsafe(24) for field in CREDENTIALS[network]}
    number = account_id or NUMBERS.get(network, lambda: str(store.next_number()))()
    account = Account(network, number, handle, name, values, reads)
    store.add_account(account)
    return vars(account)
