"""Fresh keys by OAuth 2's refresh grant, where a network has no well-kept library."""

from collections.abc import Mapping
from typing import TypeGuard

import requests

from social_publish.networks.answers import Outcome, Refused, Renewed, Trouble, Unknown
from social_publish.networks.plain import Said, ask

RUN_OUT = "This channel's sign-in at {} has run out or was taken back. Connect the channel again."
OTHER_APP = (
    "{} does not know the app of this channel by the keys that are stored here. Connect the channel"
    " again."
)


def renewed(
    session: requests.Session,
    name: str,
    url: str,
    form: dict[str, str],
    credentials: Mapping[str, str],
    refresh_ends: str,
) -> Renewed | Outcome:
    """Ask once. form: the network's own fields; refresh_ends: its name for the seconds for which
    the refresh token lives on.

    A refusal is final: the refresh token is spent, too old, or was taken back (RFC 6749, 5.2).
    """
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.get("refresh_token", ""),
        **form,
    }
    answer = ask(session, name, "POST", url, data=form)
    if not isinstance(answer, Said):
        return answer
    return _refused(name, answer.body.get("error")) or _fresh(
        name, answer, credentials, refresh_ends
    )


def _refused(name: str, error: object) -> Refused | None:
    if error == "invalid_client":
        return Refused(OTHER_APP.format(name), Trouble.SIGN_IN)
    if isinstance(error, str) and error in ("invalid_grant", "invalid_request", "access_denied"):
        return Refused(RUN_OUT.format(name), Trouble.SIGN_IN)
    return None


def _fresh(
    name: str, answer: Said, credentials: Mapping[str, str], refresh_ends: str
) -> Renewed | Unknown:
    access, seconds = answer.body.get("access_token"), answer.body.get("expires_in")
    if not (answer.well and _is_word(access) and _is_span(seconds)):
        return Unknown(f"{name} gave no clear answer.")
    # Never put nothing in a token's place: some answers leave the refresh token out.
    refresh = answer.body.get("refresh_token")
    fresh = {"access_token": access}
    if _is_word(refresh):
        fresh["refresh_token"] = refresh
    lives = answer.body.get(refresh_ends)
    return Renewed(
        {**credentials, **fresh},
        float(seconds),
        float(lives) if _is_span(lives) else None,
    )


def _is_word(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def _is_span(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and value > 0
