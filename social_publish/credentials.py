"""Channel credentials at rest: encrypted with keys from the environment, bound to their row.

The keys are CHANNEL_KEYS, newest first, never SECRET_KEY: a lost or wrong key fails
loudly and nothing is sent.
"""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# Clerks read these beside the channel; whoever runs the site finds CHANNEL_KEYS in the README.
_ASK = "The site's own key {}. Ask whoever looks after the website to put it right."


class CredentialsLost(Exception):
    """The stored credentials cannot be opened: wrong key, another row's, or damaged."""


def _cipher() -> MultiFernet:
    if not settings.CHANNEL_KEYS:
        raise CredentialsLost(_ASK.format("is missing"))
    try:
        return MultiFernet([Fernet(key) for key in settings.CHANNEL_KEYS])
    except ValueError as error:
        raise CredentialsLost(_ASK.format("is damaged")) from error


def seal(values: dict[str, str], *, owner: str) -> bytes:
    """Encrypt credentials for one owner (for example "channel:12:live")."""
    plain = json.dumps({"owner": owner, "values": values}).encode()
    return _cipher().encrypt(plain)


def unseal(sealed: bytes, *, owner: str) -> dict[str, str]:
    """Decrypt; raises CredentialsLost when the key or the owner does not fit."""
    if not sealed:
        raise CredentialsLost("This channel has no keys. Ask for it to be connected again.")
    try:
        opened = json.loads(_cipher().decrypt(sealed))
    except InvalidToken as error:
        raise CredentialsLost(_ASK.format("does not open this channel's keys")) from error
    if opened["owner"] != owner:
        raise CredentialsLost(
            "The stored keys are another channel's. Ask for this one to be connected again."
        )
    return dict(opened["values"])


def reseal(sealed: bytes) -> bytes:
    """The same, whoever's it is, under the newest key. Raises CredentialsLost."""
    try:
        return _cipher().rotate(sealed)
    except InvalidToken as error:
        raise CredentialsLost(_ASK.format("does not open this channel's keys")) from error


def is_newest(sealed: bytes) -> bool:
    """Is it sealed under the newest key already?"""
    if not settings.CHANNEL_KEYS:
        return False
    try:
        Fernet(settings.CHANNEL_KEYS[0]).decrypt(sealed)
    except (InvalidToken, ValueError):
        return False
    return True
