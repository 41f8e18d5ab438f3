"""The one file of a ninth network: Postcards, which no council has."""

import base64
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from social_publish.networks.addresses import is_on, rehearsed
from social_publish.networks.answers import (
    Accepted,
    Identity,
    Look,
    NotSent,
    Outcome,
    PublishAnswer,
    Reading,
    Refused,
    Replies,
    Step,
    Unknown,
    reason_of,
    trouble_of,
)
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    ReplyControl,
)
from social_publish.networks.plain import Said, ask
from social_publish.networks.text import no_mentions, plain_length
from social_publish.transport import open_session

NAME, OWN_URL, PAGES = "Postcards", "https://api.postcards.example", 5


class Postcards:
    slug = "postcards"
    name = NAME
    credential_fields: ClassVar[Mapping[str, str]] = {"token": "Access token"}
    limits = Limits(
        maximum=1000,
        count=plain_length,
        mentions=no_mentions,
        picture=PictureLimits(max_bytes=1024 * 1024, max_side=1024, max_alt_text=500),
    )
    bio = Bio(200)
    capabilities = Capabilities(
        reply_control=ReplyControl.CLOSED,
        reply_sentence="Nobody can answer a postcard.",
        gap_sentence="There is none: it is so from the moment the card appears.",
        open_sentence=(
            "Anyone can answer. When the time is over you are asked to close answers there by hand."
        ),
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        if post.picture and "picture" not in handles:
            content = base64.b64encode(post.picture.content).decode()
            body = {"content": content, "alt_text": post.picture.alt_text}
            answer = _ask(account, "POST", "/postcards/pictures", json=body)
            if isinstance(answer, Unknown):
                return NotSent("The picture could not be handed to Postcards yet.")
            return answer if isinstance(answer, Outcome) else Step({"picture": answer["id"]})
        answers = "nobody" if post.replies_closed else "anyone"
        card = {"text": post.text, "picture": handles.get("picture"), "answers": answers}
        answer = _ask(account, "POST", "/postcards/cards", json=card)
        return answer if isinstance(answer, Outcome) else _accepted(account, answer["id"])

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        found: list[Accepted] = []
        after = ""
        for _ in range(PAGES):
            answer = _ask(account, "GET", "/postcards/cards", params={"after": after})
            if isinstance(answer, Outcome):
                reason, trouble = reason_of(answer, NAME), trouble_of(answer)
                return Look(tuple(found), reason=reason, trouble=trouble)
            for card in answer["cards"]:
                if post.link in card["text"].split():
                    found.insert(0, _accepted(account, card["id"]))
            after = answer["next"]
            if not after:
                return Look(tuple(found), complete=True)
        return Look(tuple(found), impossible=True, reason="There are too many newer postcards.")

    def remove(self, account: Account, remote_id: str) -> Outcome:
        answer = _ask(account, "DELETE", f"/postcards/cards/{remote_id}")
        return answer if isinstance(answer, Outcome) else Accepted(remote_id)

    def read(self, account: Account, remote_id: str) -> Reading:
        answer = _ask(account, "GET", f"/postcards/cards/{remote_id}")
        if isinstance(answer, Outcome):
            return Reading(None, reason=reason_of(answer, NAME), trouble=trouble_of(answer))
        if answer["cards"] == []:
            return Reading(False)
        (card,) = answer["cards"]
        closed = ReplyControl.CLOSED if card["answers"] == "nobody" else ReplyControl.OPEN
        return Reading(True, tuple(re.findall(r"https?://\S+", card["text"])), closed)

    def owns_address(self, address: str) -> bool:
        return is_on(address, {"postcards.example"}, self.slug)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def id_from_address(self, address: str) -> str:
        match = re.search(r"/card/([0-9]+)|#post-([0-9]+)", address)
        return (match[1] or match[2]) if match and self.owns_address(address) else ""

    def replies(self, account: Account, remote_id: str) -> Replies:
        return Replies()

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        raise NotSupported

    def verify(self, account: Account) -> Identity:
        answer = _ask(account, "GET", "/postcards/me")
        if isinstance(answer, Outcome):
            return Identity(reason=reason_of(answer, NAME), trouble=trouble_of(answer))
        return Identity(answer["id"], answer["name"])


def _ask(account: Account, method: str, path: str, **arguments: Any) -> dict[str, Any] | Outcome:
    """A good answer's body, which always names an `id`; anything else is an outcome."""
    session = open_session(base_url=account.base_url, own_url=OWN_URL)
    session.headers["Authorization"] = f"Bearer {account.credentials['token']}"
    answer = ask(session, NAME, method, OWN_URL + path, **arguments)
    if not isinstance(answer, Said):
        return answer
    if answer.well and isinstance(answer.body.get("id"), str):
        return dict(answer.body)
    unclear = "Postcards gave no clear answer."
    words = "Postcards did not accept the card as it is. Change its words or picture."
    return Refused(words) if answer.status == 422 else Unknown(unclear)


def _accepted(account: Account, remote_id: str) -> Accepted:
    own = rehearsed(account, "postcards", remote_id)
    return Accepted(remote_id, own or f"https://postcards.example/card/{remote_id}")
