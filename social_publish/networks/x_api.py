"""X's API by tweepy: its client made safe, its answers made ours (`docs/sources.md`)."""

from collections.abc import Callable
from typing import Any

import requests
import tweepy

from social_publish.networks.answers import (
    HasAlready,
    NotSent,
    Outcome,
    Refused,
    Trouble,
    Unknown,
    no_right,
    reason_of,
)
from social_publish.networks.base import Account
from social_publish.networks.identities import OUTDATED, page_instead
from social_publish.networks.waiting import AskedToWait, asked_pause, pause
from social_publish.transport import AnsweredByPage, NothingSent, open_session

OWN_URL = "https://api.twitter.com"  # the host that tweepy signs for
# In X's reasons for a refusal that no other post would escape.
OF_THE_ACCOUNT = ("permi", "enroll", "access level", "attached to a project")
READ_ONLY = (
    "These keys of X may only read. Give the app the permission “Read and write” in X's developer"
    " portal, make the access token anew, and connect the channel again."
)


class NotThere(Unknown):
    """X says there is no such thing (404)."""


def open_client(account: Account) -> tweepy.Client:
    """A client that neither waits nor tries again, behind our own door."""
    keys = account.credentials
    client = tweepy.Client(
        consumer_key=keys["consumer_key"],
        consumer_secret=keys["consumer_secret"],
        access_token=keys["access_token"],
        access_token_secret=keys["access_token_secret"],
        wait_on_rate_limit=False,
    )
    client.session = open_session(base_url=account.base_url, own_url=OWN_URL)
    client.session.hooks["response"].append(_heed_limit)
    return client


def _heed_limit(response: requests.Response, **kwargs: Any) -> None:
    # tweepy itself throws something else where the time of reset or the body is no good.
    if response.status_code == 429:
        raise pause(response.headers)


def answer_of(call: Callable[[], Any]) -> Any:
    """The library's answer, or ours where it threw. Nothing of an exception's text is kept."""
    try:
        return call()
    except NothingSent:
        return NotSent("X could not be reached.")
    except AskedToWait as error:
        return NotSent("X asked us to wait before posting more.", error.seconds, Trouble.RATE_LIMIT)
    except tweepy.Unauthorized:
        return Refused("X does not accept this channel's keys. Connect it again.", Trouble.SIGN_IN)
    except tweepy.Forbidden as error:
        return _forbidden(_detail(error))
    except tweepy.NotFound:
        return NotThere("X does not know this post or account.")
    except tweepy.BadRequest as error:
        return _bad_request(_detail(error))
    except tweepy.HTTPException as error:
        return _fault(error.response)
    except Exception as error:  # noqa: BLE001 - after bytes left, whatever a library throws is "unknown"
        page = isinstance(error, AnsweredByPage)
        return page_instead("X") if page else Unknown("X gave no clear answer.")


def _fault(response: requests.Response) -> Outcome:
    if response.status_code == 410:
        return Refused(OUTDATED.format("X"), Trouble.OUTDATED)
    if response.status_code == 402:
        return Refused(
            "The council's credit at X is used up. Top it up in X's developer portal, then let the"
            " channel go on.",
            Trouble.SUSPENDED,
        )
    return Unknown("X had a fault of its own.", asked_pause(response.headers))


def _detail(error: tweepy.HTTPException) -> str:
    try:
        body = error.response.json()
    except ValueError:
        return ""
    return str(body.get("detail", "")) if isinstance(body, dict) else ""


def _forbidden(detail: str) -> Outcome:
    words = detail.lower()
    if "duplicate" in words:
        return HasAlready("X says that it already has a post with these words.")
    if "suspended" in words or "locked" in words:
        return Refused(
            "X has suspended or locked the account. Sign in at X to see why. Once that is settled,"
            " let the channel go on.",
            Trouble.SUSPENDED,
        )
    if "app permissions" in words:
        return Refused(READ_ONLY, Trouble.RIGHTS)
    if not detail:
        return Unknown("X refused without saying why.")
    if any(word in words for word in OF_THE_ACCOUNT):
        return Refused(
            "X does not allow this account to do that. Check the account's rights at X, then let"
            " the channel go on.",
            Trouble.RIGHTS,
        )
    return Refused("X does not allow this account to post this. Read the post again.")


def _bad_request(detail: str) -> Outcome:
    if not detail:
        return Unknown("X did not understand the post, and did not say why.")
    return Refused("X did not accept the post as it is. Change its words or picture.")


def cannot_read(answer: object) -> str:
    """Why X showed nothing, as a sentence."""
    if no_right(answer):
        return "This X account may not read posts, so X has to be looked at by a person."
    return reason_of(answer, "X")
