"""Networks without a well-kept library: one request, and its answer in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from social_publish.networks.answers import (
    NotSent,
    Outcome,
    Refused,
    Trouble,
    Unknown,
)
from social_publish.networks.identities import page_instead
from social_publish.networks.waiting import asked_pause, pause
from social_publish.transport import AnsweredByPage, NothingSent


@dataclass(frozen=True)
class Said:
    """An answer of 2xx or 4xx: its body is a JSON object, {} where there was none."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300


def ask(
    session: requests.Session,
    name: str,
    method: str,
    url: str,
    *,
    explains: bool = False,
    **arguments: Any,
) -> Said | Outcome:
    """Ask a network once; name: as people know it. An outcome where it gave no usable answer.

    explains: its answers of 401 say in their bodies what is wrong, and are given as they came.
    """
    try:
        response = session.request(method, url, allow_redirects=False, **arguments)
    except NothingSent:
        return NotSent(f"{name} could not be reached.")
    except AnsweredByPage:
        return page_instead(name)
    except requests.RequestException:
        return Unknown(f"{name} gave no clear answer.")
    return _meaning_of(response, name, explains=explains)


def _meaning_of(response: requests.Response, name: str, *, explains: bool) -> Said | Outcome:
    if response.status_code == 429:
        seconds = pause(response.headers).seconds
        return NotSent(f"{name} asked us to wait before posting more.", seconds, Trouble.RATE_LIMIT)
    body = _json_object(response)
    if response.status_code == 401 and not (explains and body):
        return Refused(
            f"{name} does not accept this channel's keys. Connect it again.", Trouble.SIGN_IN
        )
    if response.status_code >= 500:
        return Unknown(f"{name} had a fault of its own.", asked_pause(response.headers))
    if body is None:
        return Unknown(f"{name} gave no clear answer.")
    return Said(response.status_code, response.headers, body)


def _json_object(response: requests.Response) -> dict[str, Any] | None:
    """The body, {} when a good answer has none, None when it is anything else."""
    if not response.content and response.ok:
        return {}
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
