"""Handing LinkedIn a picture: a place for it, its bytes, and the wait until it is ready."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from social_publish.networks.answers import NotSent, Outcome, PublishAnswer, Refused, Step, Unknown
from social_publish.networks.base import Account, Picture
from social_publish.networks.linkedin_api import (
    NAME,
    Api,
    in_path,
    keys_header,
    organisation,
    refusal,
)
from social_publish.networks.plain import Said, ask
from social_publish.transport import TimeLimits, open_session

# What both calls of handing over may take; together they must end within the worker's lease.
SECONDS_TO_ASK, SECONDS_TO_SEND = 15.0, 35.0
SECONDS_TO_BE_READY, MOST_WAITS = 5.0, 12


def hand_over(account: Account, picture: Picture) -> PublishAnswer:
    """Both calls may be repeated, so no answer of them leaves the post in doubt."""
    later = NotSent("The picture could not be handed to LinkedIn yet.")
    asked = {"initializeUploadRequest": {"owner": organisation(account)}}
    answer = Api(account, seconds=SECONDS_TO_ASK).ask(
        "POST", "/rest/images", params={"action": "initializeUpload"}, json=asked
    )
    if not isinstance(answer, Said):
        if isinstance(answer, Unknown):
            return replace(later, trouble=answer.trouble)
        return answer
    if not answer.well:
        return refusal(answer)
    value = answer.body.get("value")
    place = value if isinstance(value, dict) else {}
    urn = str(place.get("image"))
    if not urn.startswith("urn:li:image:"):
        return later
    answer = _send(account, str(place.get("uploadUrl")), picture.content)
    if isinstance(answer, NotSent | Refused):
        return answer
    return Step({"image": urn}) if isinstance(answer, Said) and answer.well else later


def _send(account: Account, address: str, content: bytes) -> Said | Outcome:
    """Hand the bytes to the address that LinkedIn named for them, on one of its own hosts."""
    host = _host_of(address)
    if not f".{host}".endswith(".linkedin.com"):
        return Unknown("LinkedIn named no place of its own for the picture.")
    limits = TimeLimits(total=SECONDS_TO_SEND)
    session = open_session(base_url=account.base_url, own_url=f"https://{host}", limits=limits)
    headers = {**keys_header(account), "Content-Type": "application/octet-stream"}
    return ask(session, NAME, "PUT", address, data=content, headers=headers)


def _host_of(address: str) -> str:
    try:
        parts = urlsplit(address)
        return (parts.hostname or "") if parts.scheme == "https" and not parts.port else ""
    except ValueError:
        return ""


def until_ready(api: Api, handles: Mapping[str, str]) -> PublishAnswer | None:
    """None once LinkedIn has made the picture ready; before that, what to do instead."""
    answer = api.read(f"/rest/images/{in_path(handles['image'])}")
    if isinstance(answer, Unknown):
        words = "LinkedIn did not say whether the picture is ready."
        return NotSent(words, answer.retry_after, answer.trouble)
    if not isinstance(answer, Said):
        return answer
    status, waits = answer.body.get("status"), int(handles.get("waits", 0)) + 1
    if status == "AVAILABLE":
        return None
    if status == "PROCESSING_FAILED" or waits > MOST_WAITS:
        return Refused("LinkedIn could not make use of the picture. Try again, or choose another.")
    return Step({**handles, "waits": str(waits)}, after=SECONDS_TO_BE_READY)
