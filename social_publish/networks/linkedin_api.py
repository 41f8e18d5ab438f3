"""LinkedIn's REST API by plain HTTP: its headers, its text format, its refusals (`docs/sources.md`)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings

from social_publish.networks.answers import Outcome, Refused, Trouble, Unknown
from social_publish.networks.base import Account
from social_publish.networks.plain import Said, ask
from social_publish.transport import TimeLimits, open_session

NAME = "LinkedIn"
OWN_URL = "https://api.linkedin.com"
PAGE = 100
VERSION_WORDS = {"NONEXISTENT_VERSION", "VERSION_MISSING"}
POST_URN = r"urn:li:(?:share|ugcPost):[0-9]{1,30}"
_RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")


class NotThere(Unknown):
    """LinkedIn says there is no such thing."""


def little(text: str) -> str:
    """The text in LinkedIn's "little" format, in which a bare bracket cuts the post off."""
    return _RESERVED.sub(r"\\\g<0>", text)


def plain(commentary: object) -> str:
    """What people read of a post that is written in "little" format."""
    return re.sub(r"\\(.)", r"\1", str(commentary or ""), flags=re.DOTALL)


def organisation(account: Account) -> str:
    """The page's URN, by which LinkedIn names the author of a post."""
    return f"urn:li:organization:{account.account_id}"


def in_path(urn: str) -> str:
    """A URN as it stands in an address: its colons must be escaped."""
    return quote(urn, safe="")


class Api:
    """The calls of one step, all within the time limits of one session."""

    def __init__(self, account: Account, *, seconds: float = TimeLimits.total) -> None:
        self.account = account
        limits = TimeLimits(total=seconds)
        self.session = open_session(base_url=account.base_url, own_url=OWN_URL, limits=limits)
        self.session.headers.update(_headers(account))

    def ask(self, method: str, path: str, *, restli: str = "", **arguments: Any) -> Said | Outcome:
        """restli: Rest.li's own name of the method, where the verb does not say it."""
        headers = {"X-RestLi-Method": restli} if restli else {}
        return ask(self.session, NAME, method, OWN_URL + path, headers=headers, **arguments)

    def read(self, path: str, *, restli: str = "", **arguments: Any) -> Said | Outcome:
        """A good answer to a GET, or the outcome that stands for a refusal."""
        answer = self.ask("GET", path, restli=restli, **arguments)
        return refusal(answer) if isinstance(answer, Said) and not answer.well else answer


def keys_header(account: Account) -> dict[str, str]:
    """What proves to LinkedIn who asks."""
    return {"Authorization": f"Bearer {account.credentials['access_token']}"}


def _headers(account: Account) -> dict[str, str]:
    return {
        **keys_header(account),
        "LinkedIn-Version": settings.LINKEDIN_API_VERSION,
        "X-Restli-Protocol-Version": "2.0.0",
    }


def refusal(said: Said) -> Outcome:
    """What an answer that is no success means."""
    if said.status == 426 or said.body.get("code") in VERSION_WORDS:
        return Refused(
            "LinkedIn no longer speaks the version that this website uses. Ask whoever looks after"
            " the website to set LINKEDIN_API_VERSION to a newer one.",
            Trouble.OUTDATED,
        )
    if said.status == 404:
        return NotThere("LinkedIn does not know this post or page.")
    if said.status == 403:
        return not_allowed()
    if said.status in (400, 413, 422):
        return Refused("LinkedIn did not accept the post as it is. Change its words or picture.")
    return Unknown("LinkedIn gave no clear answer.")


def not_allowed() -> Refused:
    """What LinkedIn's 403 means."""
    return Refused(
        "LinkedIn does not allow this channel to do that. Have an administrator of the page"
        " connect it again, and allow everything that is asked for.",
        Trouble.RIGHTS,
    )


def duplicate_of(said: Said) -> str:
    """The earlier post of which LinkedIn says that this is a copy, "" when it says no such thing."""
    words = json.dumps(said.body)
    named = re.search(POST_URN, words)
    if said.status != 422 or "DUPLICATE_POST" not in words:
        return ""
    return named[0] if named else "unknown"


@dataclass(frozen=True)
class Listed:
    """One page of a list, newest first."""

    rows: list[dict[str, Any]]
    is_last: bool


def own_posts(api: Api, page: int) -> Listed | Outcome:
    """A page of the organisation's own posts; page counts from 0."""
    urn = organisation(api.account)
    query = {
        "q": "author",
        "author": urn,
        "count": str(PAGE),
        "start": str(page * PAGE),
        "sortBy": "LAST_MODIFIED",
    }
    answer = api.read("/rest/posts", restli="FINDER", params=query)
    if not isinstance(answer, Said):
        return answer
    rows = answer.body.get("elements")
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        return Unknown("LinkedIn did not show the page's posts.")
    if any(row.get("author") != urn for row in rows):
        return Unknown("LinkedIn showed the posts of another page.")
    links = (answer.body.get("paging") or {}).get("links") or []
    follows = any(link.get("rel") == "next" for link in links)
    return Listed(rows, is_last=not rows or (len(rows) < PAGE and not follows))


def carries(post: Mapping[str, Any], link: str) -> bool:
    """Does a post as LinkedIn shows it hold this link?"""
    return link in plain(post.get("commentary")).split()


def _is_row(row: object) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("id"), str)
        and isinstance(row.get("lastModifiedAt"), int)
    )
