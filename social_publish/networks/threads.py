"""A Threads profile by python-facebook-api (`docs/sources.md`).

Threads fetches the picture itself, and is told with the post who may reply.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import regex

from social_publish.networks import containers
from social_publish.networks.answers import (
    Identity,
    Look,
    Outcome,
    PublishAnswer,
    Reading,
    Renewed,
    Replies,
    Reply,
    Unknown,
    no_right,
)
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    Proof,
    ReplyControl,
)
from social_publish.networks.graph import Graph, answer_of, open_client
from social_publish.networks.graph_posts import done_or_gone, gathered, listed, shown
from social_publish.networks.graph_tokens import own_token
from social_publish.networks.identities import not_learnt, right, with_rights
from social_publish.networks.text import threads_length, threads_objections

NAME = "Threads"
OWN_URL = "https://graph.threads.net"
VERSION = "v1.0"
KIND = containers.Kind(
    slug="threads",
    hosts=frozenset({"threads.net", "threads.com"}),
    make="threads",
    publish="threads_publish",
    own="threads",
    text="text",
    status="status,error_message",
)
RIGHTS = (
    right("see its own account", "threads_basic"),
    right("publish posts", "threads_content_publish"),
    right("remove posts", "threads_delete"),
    right("read replies", "threads_read_replies", "threads_manage_replies"),
    right("say who may reply, and hide replies", "threads_manage_replies"),
)
DAY = 24 * 3600.0
_ADDRESS = regex.compile(r"https?://\S+")
_MENTION = regex.compile(
    r"(?<![\p{L}\p{N}_])[@\uFF20]([a-zA-Z0-9_](?:[a-zA-Z0-9_.]*[a-zA-Z0-9_])?)"
)


def threads_mentions(text: str) -> list[str]:
    """The accounts a post would address; an e-mail or a web address is none."""
    return [f"@{name}" for name in _MENTION.findall(_ADDRESS.sub(" ", text))]


class Threads:
    """A Threads profile."""

    slug = "threads"
    name = NAME
    credential_fields: ClassVar[Mapping[str, str]] = {"access_token": "Access token"}
    # Of 60 days. People are warned from 30 days on, and only when this has failed for days.
    renew_before = 40 * DAY
    limits = Limits(
        maximum=500,
        count=threads_length,
        mentions=threads_mentions,
        objections=threads_objections,
        picture=PictureLimits(
            max_bytes=8 * 1000 * 1000,
            max_side=1440,
            max_alt_text=1000,
            narrowest=1 / 10,
            widest=10,
        ),
    )
    bio = Bio(150, threads_length)
    capabilities = Capabilities(
        reply_control=ReplyControl.NARROWED,
        reply_sentence=(
            "Only people whom the post mentions can reply, and it mentions nobody. A reply that"
            " comes all the same waits unseen until you approve it at Threads."
            " Quoting and reposting stay possible."
        ),
        gap_sentence="There is none: it is so from the moment the post appears.",
        open_sentence=(
            "Anyone can reply. Threads lets no program close replies afterwards: when the time is"
            " over you are asked to close them there by hand, or to take the post down."
        ),
        can_hide_replies=True,
        proof=Proof.STRONG,
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        form = {"media_type": "TEXT", "text": post.text}
        if post.picture:
            picture = {"image_url": post.picture.url, "alt_text": post.picture.alt_text}
            form |= {"media_type": "IMAGE"} | picture
        if post.replies_closed:
            form |= {"reply_control": "mentioned_only", "enable_reply_approvals": "true"}
        return containers.next_step(_open(account), KIND, account, form, handles)

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        return containers.look(_open(account), KIND, account, post, since, handles)

    def remove(self, account: Account, remote_id: str) -> Outcome:
        return containers.remove(_open(account), remote_id)

    def read(self, account: Account, remote_id: str) -> Reading:
        fields = "id,text,reply_audience"
        post = shown(lambda: _open(account).get_object(remote_id, fields=fields), remote_id, NAME)
        if isinstance(post, Reading):
            return post
        return Reading(
            True,
            links=tuple(re.findall(r"https?://\S+", str(post.get("text", "")))),
            reply_control=_reply_control(post.get("reply_audience")),
        )

    def owns_address(self, address: str) -> bool:
        return containers.owns_address(KIND, address)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def id_from_address(self, address: str) -> str:
        return containers.id_from_address(KIND, address)

    def replies(self, account: Account, remote_id: str) -> Replies:
        rows = listed(
            _open(account),
            f"{remote_id}/replies",
            fields="id,text,username,hide_status",
            reverse="false",
        )
        return gathered(map(_reply, rows))

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        api, form = _open(account), {"hide": "true"}
        answer = answer_of(lambda: api.post_object(reply_id, "manage_reply", data=form), NAME)
        return done_or_gone(api, answer, reply_id)

    def verify(self, account: Account) -> Identity:
        api = _open(account)
        token = own_token(api, account.credentials["access_token"])
        if isinstance(token, Outcome) and not no_right(token):
            return not_learnt(token, NAME)
        answer = answer_of(lambda: api.get_object("me", fields="id,username,name"), NAME)
        if not (isinstance(answer, dict) and containers.is_id(answer.get("id"))):
            return not_learnt(answer, NAME)
        name = str(answer.get("username", ""))
        url = f"https://www.threads.com/@{name}"
        known = Identity(answer["id"], str(answer.get("name") or name), url)
        if isinstance(token, Outcome):
            # Threads tells of a token only while the app's own people ask.
            return known
        known = replace(known, expires=token.ends, keys_end=token.ends)
        return with_rights(known, RIGHTS, token.scopes, NAME)

    def renew(self, account: Account) -> Renewed | Outcome:
        """The old token stays good until its own end, so a lost answer is no loss."""
        api, asked = _open(account), {"grant_type": "th_refresh_token"}
        answer = answer_of(lambda: api.get_unversioned("refresh_access_token", asked), NAME)
        if isinstance(answer, Outcome):
            return answer
        fresh, seconds = answer.get("access_token"), answer.get("expires_in")
        if not (isinstance(fresh, str) and fresh and isinstance(seconds, int) and seconds > 0):
            return Unknown(f"{NAME} gave no clear answer.")
        keys = {**account.credentials, "access_token": fresh}
        return Renewed(keys, float(seconds), float(seconds))


def _reply_control(audience: object) -> ReplyControl | None:
    """Threads' word for who may reply; everything but the one we asked for lets others in."""
    if not isinstance(audience, str):
        return None
    return ReplyControl.NARROWED if audience == "MENTIONED_ONLY" else ReplyControl.OPEN


def _reply(row: dict[str, Any]) -> Reply:
    words, author = str(row.get("text", "")), str(row.get("username", ""))
    return Reply(row["id"], words, author, hidden=row.get("hide_status") == "HIDDEN")


def _open(account: Account) -> Graph:
    token = account.credentials["access_token"]
    api = open_client(account, OWN_URL, access_token=token, version=VERSION)
    api.network = NAME
    return api
