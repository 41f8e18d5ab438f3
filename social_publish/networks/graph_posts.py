"""Posts and comments by the Graph API: read one by one, listed page by page, and changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from time import monotonic
from typing import Any

from social_publish.networks.answers import (
    Accepted,
    Look,
    Outcome,
    Reading,
    Replies,
    Reply,
    Unknown,
    no_right,
    reason_of,
    trouble_of,
)
from social_publish.networks.graph import Graph, NotThere, answer_of

PAGES = 5
SECONDS_TO_LOOK = 20.0


class Unreadable(Exception):
    """A list could not be read to its end; the answer that stood in the way says why.

    for_ever: trying again is no use.
    """

    def __init__(self, answer: object, *, for_ever: bool = False) -> None:
        self.reason, self.trouble = reason_of(answer, "The network"), trouble_of(answer)
        self.for_ever = for_ever or no_right(answer)
        super().__init__(self.reason)

    def look(self, found: Sequence[Accepted]) -> Look:
        """What looking showed; found: the posts that came before the list broke off."""
        return Look(
            tuple(found), impossible=self.for_ever, reason=self.reason, trouble=self.trouble
        )


def listed(api: Graph, path: str, **args: str) -> Iterator[dict[str, Any]]:
    """Every row of a Graph list, page by page. Raises Unreadable where it cannot see the end."""
    unclear = Unknown(f"{api.network} gave no clear answer.")
    after: dict[str, str] = {}
    began = monotonic()
    for _ in range(PAGES):
        answer = answer_of(partial(api.get, path, {"limit": "100", **args, **after}), api.network)
        if isinstance(answer, Outcome):
            raise Unreadable(answer)
        if not _are_rows(answer.get("data")):
            raise Unreadable(unclear)
        yield from answer["data"]
        paging = answer.get("paging") or {}
        if "next" not in paging:
            return
        try:
            after = {"after": str(paging["cursors"]["after"])}
        except (KeyError, TypeError):
            raise Unreadable(unclear) from None
        if monotonic() - began > SECONDS_TO_LOOK:
            raise Unreadable(Unknown(f"{api.network} was too slow to look through."))
    more = Unknown(f"{api.network} has more to show than we can look through.")
    raise Unreadable(more, for_ever=True)


def _are_rows(rows: object) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows
    )


def gathered(rows: Iterable[Reply], *, newest_first: bool = False) -> Replies:
    """The replies under a post, oldest first. Where Unreadable stops rows, what came is kept.

    newest_first: so the network lists them.
    """
    items: list[Reply] = []
    fault: Unreadable | None = None
    try:
        for row in rows:
            items.append(row)
    except Unreadable as stopped:
        fault = stopped
    ordered = tuple(reversed(items) if newest_first else items)
    if fault:
        return Replies(ordered, readable=False, reason=fault.reason, trouble=fault.trouble)
    return Replies(ordered)


def shown(call: Callable[[], Any], remote_id: str, network: str = "Facebook") -> Any:
    """The post as the call shows it, a dict; or the Reading that says why it was not to be had."""
    answer = answer_of(call, network)
    if isinstance(answer, NotThere):
        return Reading(False)
    if not isinstance(answer, dict) or answer.get("id") != remote_id:
        reason, trouble = reason_of(answer, network), trouble_of(answer)
        return Reading(None, reason=reason, trouble=trouble)
    return answer


def done_or_gone(api: Graph, answer: Any, remote_id: str) -> Outcome:
    """The same as `done`, for what is done, too, when the thing is not there any more."""
    return Accepted(remote_id) if isinstance(answer, NotThere) else done(api, answer, remote_id)


def done(api: Graph, answer: Any, remote_id: str) -> Outcome:
    """What an answer to a change means: only {"success": true} is a yes."""
    if isinstance(answer, Outcome):
        return answer
    if answer.get("success") is True:
        return Accepted(remote_id)
    return Unknown(reason_of(answer, api.network))
