"""Posting in two steps, as Instagram and Threads want it: make a container, then publish it.

A container is published once and says when asked whether it was, so a lost answer is no loss
(`docs/sources.md`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from social_publish.networks.addresses import is_on
from social_publish.networks.answers import (
    Accepted,
    HasAlready,
    Look,
    NotSent,
    Outcome,
    PublishAnswer,
    Refused,
    Step,
    Unknown,
    trouble_of,
)
from social_publish.networks.base import Account, Post
from social_publish.networks.graph import Graph, NotThere, answer_of, not_allowed
from social_publish.networks.graph_posts import Unreadable, done_or_gone, listed
from social_publish.networks.text import carries

# Seconds between the questions whether a container is ready; Meta asks for five minutes at most.
WAITS = (5, 10, 20, 30, 60, 60, 60, 60)
CONTAINERS = 3
SECONDS_BETWEEN_CONTAINERS = 60.0
# The network's clock may be wrong by so much.
CLOCKS_DIFFER = 3600.0


class TryAnew(Unknown):
    """This container is lost; another one may do."""


@dataclass(frozen=True)
class Kind:
    """How one network calls the parts. make, publish: edges of the account, text: of a post.

    own: the edge that lists the account's posts; status: the fields that say how a container is.
    """

    slug: str
    hosts: frozenset[str]
    make: str
    publish: str
    own: str
    text: str
    status: str


def next_step(
    api: Graph, kind: Kind, account: Account, form: dict[str, str], handles: Mapping[str, str]
) -> PublishAnswer:
    """The next step of publishing; form: what the container is made of."""
    if "container" not in handles:
        return _make(api, kind, account, form, handles)
    status = _status(api, kind, handles["container"])
    if status == "FINISHED":
        return _publish(api, kind, account, handles["container"])
    if status == "IN_PROGRESS":
        return _wait(api, handles)
    if status in ("ERROR", "EXPIRED"):
        return _anew(api, handles)
    if status == "PUBLISHED":
        return HasAlready(f"{api.network} says that the post is out already.")
    if isinstance(status, NotThere):
        return Unknown(f"{api.network} does not know the post that was being made.")
    if isinstance(status, NotSent | Refused):
        return status
    return NotSent(f"{api.network} did not say whether the picture is ready.")


def _make(
    api: Graph, kind: Kind, account: Account, form: dict[str, str], handles: Mapping[str, str]
) -> PublishAnswer:
    answer = answer_of(
        lambda: api.post_object(account.account_id, kind.make, data=form), api.network
    )
    if isinstance(answer, TryAnew):
        return _anew(api, handles)
    if isinstance(answer, NotThere):
        return not_allowed(api.network)
    if isinstance(answer, Unknown):
        words = f"The post could not be handed to {api.network} yet."
        return NotSent(words, trouble=answer.trouble)
    if isinstance(answer, Outcome):
        return answer
    if not is_id(answer.get("id")):
        return NotSent(f"{api.network} took the post but did not name it.")
    return Step({**handles, "container": answer["id"]})


def _status(api: Graph, kind: Kind, container: str) -> Any:
    """The network's word for how a container is, or an Outcome."""
    answer = answer_of(lambda: api.get_object(container, fields=kind.status), api.network)
    return answer if isinstance(answer, Outcome) else answer.get(kind.status.split(",")[0])


def _wait(api: Graph, handles: Mapping[str, str]) -> PublishAnswer:
    waits = int(handles.get("waits", "0"))
    if waits < len(WAITS):
        return Step({**handles, "waits": str(waits + 1)}, after=WAITS[waits])
    # It is never left for another one: it might yet go out.
    return Refused(f"{api.network} still works on the picture after five minutes. Try again later.")


def _anew(api: Graph, handles: Mapping[str, str]) -> PublishAnswer:
    failed = int(handles.get("failed", "0")) + 1
    if failed < CONTAINERS:
        return Step({"failed": str(failed)}, after=SECONDS_BETWEEN_CONTAINERS)
    return Refused(
        f"{api.network} could not fetch or use the picture. Ask whoever looks after the website"
        " whether it can be reached from the internet, then try again."
    )


def _publish(api: Graph, kind: Kind, account: Account, container: str) -> Outcome:
    answer = answer_of(
        lambda: api.post_object(account.account_id, kind.publish, data={"creation_id": container}),
        api.network,
    )
    if isinstance(answer, Outcome):
        return answer
    remote_id = answer.get("id")
    if not is_id(remote_id):
        return Unknown(f"{api.network} answered, but not with the number of the new post.")
    shown = answer_of(lambda: api.get_object(remote_id, fields="id,permalink,owner"), api.network)
    if isinstance(shown, NotThere) or not _is_own(shown, account):
        return Unknown(f"{api.network} answered with the number of another post.")
    return Accepted(remote_id, _address(kind, shown))


def look(
    api: Graph, kind: Kind, account: Account, post: Post, since: float, handles: Mapping[str, str]
) -> Look:
    """Ask the container whether it went out, and find the post among the account's own."""
    status: Any = None
    if "container" in handles:
        status = _status(api, kind, handles["container"])
        if status in ("FINISHED", "ERROR", "EXPIRED"):
            return Look(complete=True)
        if status != "PUBLISHED" and not isinstance(status, NotThere):
            reason = f"{api.network} does not say yet what became of the post."
            return Look(reason=getattr(status, "reason", reason), trouble=trouble_of(status))
    found: list[Accepted] = []
    try:
        for accepted in _matching(api, kind, account, post.link, since - CLOCKS_DIFFER):
            found.insert(0, accepted)
    except Unreadable as fault:
        return fault.look(found)
    if status is not None and not found:
        return Look(reason=f"{api.network} does not show yet what became of the post.")
    return Look(tuple(found), complete=True)


def _matching(
    api: Graph, kind: Kind, account: Account, link: str, since: float
) -> Iterator[Accepted]:
    """The account's own posts that carry the link, newest first. Raises Unreadable."""
    fields = f"id,{kind.text},permalink,timestamp,owner"
    for item in listed(api, f"{account.account_id}/{kind.own}", fields=fields):
        if not is_id(item["id"]) or not _is_own(item, account):
            raise Unreadable(Unknown(f"{api.network} showed the posts of another account."))
        if _is_older(item, since):
            return
        if carries(str(item.get(kind.text, "")), link):
            yield Accepted(item["id"], _address(kind, item))


def _is_own(item: object, account: Account) -> bool:
    """False where the network names another owner; it does not always name one."""
    owner = item.get("owner") if isinstance(item, dict) else None
    return not isinstance(owner, dict) or owner.get("id") == account.account_id


def _is_older(item: Mapping[str, Any], moment: float) -> bool:
    """Lists come newest first."""
    try:
        return datetime.fromisoformat(str(item.get("timestamp"))).timestamp() < moment
    except ValueError:
        return False


def _address(kind: Kind, item: object) -> str:
    address = str(item.get("permalink", "")) if isinstance(item, dict) else ""
    return address if owns_address(kind, address) else ""


def is_id(value: object) -> bool:
    """Is it one of Graph's numbers, as a string?"""
    return isinstance(value, str) and bool(re.fullmatch(r"[0-9]{1,30}", value))


def owns_address(kind: Kind, address: str) -> bool:
    """See `Network.owns_address`."""
    return is_on(address, set(kind.hosts), kind.slug)


def id_from_address(kind: Kind, address: str) -> str:
    """See `Network.id_from_address`: the networks' own addresses carry a code that is not the id."""
    match = re.search(r"#post-([0-9]+)$", address)
    return match[1] if match and owns_address(kind, address) else ""


def remove(api: Graph, remote_id: str) -> Outcome:
    """See `Network.remove`."""
    return done_or_gone(
        api, answer_of(lambda: api.delete_object(remote_id), api.network), remote_id
    )
