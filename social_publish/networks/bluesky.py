"""Bluesky by atproto, with an app password (`docs/sources.md`).

Post, thread gate and post gate are one write with a record key of our own: there is no moment
in which people can reply, and the same delivery can never stand there twice.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from time import time
from typing import Any, ClassVar

from atproto_client import models

from social_publish.networks.addresses import is_on, rehearsed
from social_publish.networks.answers import (
    Accepted,
    Identity,
    Look,
    Outcome,
    PublishAnswer,
    Reading,
    Refused,
    Renewed,
    Replies,
    Reply,
    Step,
    Trouble,
    Unknown,
    reason_of,
    trouble_of,
)
from social_publish.networks.atp import NotThere, PictureGone, Repo, fresh_session
from social_publish.networks.atp_sessions import SESSION
from social_publish.networks.base import Account, Post
from social_publish.networks.bluesky_post import (
    POST,
    POST_GATE,
    THREAD_GATE,
    gates_of,
    now,
    record_key,
    uri_of,
    writes_of,
)
from social_publish.networks.bluesky_records import (
    delete_record,
    get_record,
    hand_over,
    links_of,
    put_record,
    replies_below,
)
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    Proof,
    ReplyControl,
)
from social_publish.networks.identities import not_learnt
from social_publish.networks.text import bluesky_length, no_mentions

HOSTS = {"bsky.app"}
MOST_HIDDEN = 300
RIGHTS = ("publish and remove posts", "close replies", "read and hide replies")
INACTIVE = {
    "suspended": "Bluesky has suspended the account. Sign in at Bluesky to see why.",
    "takendown": "Bluesky has taken the account down. Sign in at Bluesky to see why.",
    "deactivated": "The Bluesky account was switched off by its owner. Sign in at Bluesky to switch"
    " it on again.",
}


class Bluesky:
    """An account on Bluesky, or on another server of its protocol."""

    slug = "bluesky"
    name = "Bluesky"
    credential_fields: ClassVar[Mapping[str, str]] = {"app_password": "App password"}
    # Of two hours. Each worker signs in by itself where this comes too late.
    renew_before = 1800.0
    limits = Limits(
        maximum=300,
        count=bluesky_length,
        mentions=no_mentions,
        # Servers of early 2026 still refuse more than a million bytes.
        picture=PictureLimits(max_bytes=1_000_000, max_side=2000, max_alt_text=2000),
    )
    bio = Bio(256, bluesky_length, website=False)
    capabilities = Capabilities(
        reply_control=ReplyControl.CLOSED,
        reply_sentence=(
            "Nobody can reply to the post or quote it. Reposting stays possible. Other apps than"
            " Bluesky's may still show replies."
        ),
        gap_sentence="There is none: it is so from the moment the post appears.",
        open_sentence=(
            "Anyone can reply and quote. When the time is over, this website closes both and"
            " checks it; the earlier replies stay."
        ),
        closes_later=True,
        can_hide_replies=True,
        proof=Proof.STRONG,
        makes_card=True,
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        repo, key = Repo(account), record_key(post)
        if post.picture and "picture" not in handles:
            return hand_over(repo, post.picture, handles)
        picture = handles.get("picture", "")
        answer = repo.ask(
            lambda client: client.com.atproto.repo.apply_writes(
                models.ComAtprotoRepoApplyWrites.Data(
                    repo=account.account_id, writes=writes_of(account, post, picture)
                )
            )
        )
        if isinstance(answer, PictureGone) and "again" not in handles:
            return Step({"again": "yes"})
        if isinstance(answer, Outcome):
            return answer
        if _uris(answer)[:1] != [uri_of(account, POST, key)]:
            return Unknown("Bluesky answered, but not with the address of the new post.")
        return Accepted(key, _address(account, key))

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        key = record_key(post)
        record = get_record(Repo(account), POST, key)
        if isinstance(record, NotThere):
            return Look(complete=True)
        if isinstance(record, Outcome):
            return Look(reason=reason_of(record, self.name), trouble=trouble_of(record))
        if post.link not in links_of(record):
            return Look(impossible=True, reason="Bluesky has another post in this one's place.")
        return Look((Accepted(key, _address(account, key)),), complete=True)

    def remove(self, account: Account, remote_id: str) -> Outcome:
        repo = Repo(account)
        # Removing the post leaves its gates behind.
        for collection in (POST, THREAD_GATE, POST_GATE):
            answer = delete_record(repo, collection, remote_id)
            if isinstance(answer, Outcome):
                return answer
        return Accepted(remote_id)

    def read(self, account: Account, remote_id: str) -> Reading:
        repo = Repo(account)
        record = get_record(repo, POST, remote_id)
        if isinstance(record, NotThere):
            return Reading(False)
        if isinstance(record, Outcome):
            return Reading(None, reason=reason_of(record, self.name), trouble=trouble_of(record))
        gate = get_record(repo, THREAD_GATE, remote_id)
        if isinstance(gate, Outcome) and not isinstance(gate, NotThere):
            return Reading(
                True,
                tuple(links_of(record)),
                reason=reason_of(gate, self.name),
                trouble=trouble_of(gate),
            )
        nobody = not isinstance(gate, NotThere) and gate.allow == []
        shut = nobody and gate.post == uri_of(account, POST, remote_id)
        control = ReplyControl.CLOSED if shut else ReplyControl.OPEN
        return Reading(True, tuple(links_of(record)), control)

    def owns_address(self, address: str) -> bool:
        return is_on(address, HOSTS, self.slug)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        """Put the gates beside a post that was opened; what was hidden stays hidden."""
        repo = Repo(account)
        old = get_record(repo, THREAD_GATE, remote_id)
        if isinstance(old, Outcome) and not isinstance(old, NotThere):
            return old
        hidden = None if isinstance(old, NotThere) else old.hidden_replies
        for gate in gates_of(account, remote_id, hidden=hidden):
            answer = put_record(repo, gate, remote_id)
            if isinstance(answer, Outcome):
                return answer
        return Accepted(remote_id)

    def id_from_address(self, address: str) -> str:
        match = re.search(r"(?:/post/|#post-)([a-z2-7]{13})(?![\w-])", address)
        return match[1] if match and self.owns_address(address) else ""

    def replies(self, account: Account, remote_id: str) -> Replies:
        repo = Repo(account)
        wanted = models.AppBskyFeedGetPostThread.Params(uri=uri_of(account, POST, remote_id))
        answer = repo.ask(lambda client: client.app.bsky.feed.get_post_thread(wanted))
        gate = answer if isinstance(answer, Outcome) else get_record(repo, THREAD_GATE, remote_id)
        if isinstance(gate, Outcome) and not isinstance(gate, NotThere):
            return Replies(
                readable=False, reason=reason_of(gate, self.name), trouble=trouble_of(gate)
            )
        if not isinstance(answer.thread, models.AppBskyFeedDefs.ThreadViewPost):
            return Replies(readable=False, reason="Bluesky does not show this post.")
        hidden = set(getattr(gate, "hidden_replies", None) or [])
        views = sorted(replies_below(answer.thread), key=lambda view: str(view.indexed_at))
        return Replies(tuple(_reply(remote_id, view, hidden) for view in views))

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        key, _, reply = reply_id.partition(" ")
        repo = Repo(account)
        gate = get_record(repo, THREAD_GATE, key)
        if isinstance(gate, NotThere):
            gate = models.AppBskyFeedThreadgate.Record(
                post=uri_of(account, POST, key), created_at=now()
            )
        if isinstance(gate, Outcome):
            return gate
        hidden = list(gate.hidden_replies or [])
        if reply in hidden:
            return Accepted(reply_id)
        if len(hidden) >= MOST_HIDDEN:
            return Refused("Bluesky hides no more than 300 replies under one post.")
        gate.hidden_replies = [*hidden, reply]
        answer = put_record(repo, gate, key)
        return answer if isinstance(answer, Outcome) else Accepted(reply_id)

    def renew(self, account: Account) -> Renewed | Outcome:
        """A session that all workers share; a lost one costs a sign-in with the app password."""
        fresh = fresh_session(account)
        if isinstance(fresh, Outcome):
            return fresh
        return Renewed(
            {**account.credentials, SESSION: fresh.session}, max(fresh.ends - time(), 1.0)
        )

    def verify(self, account: Account) -> Identity:
        """An app password opens everything that this site does, or nothing."""
        answer = Repo(account).ask(lambda client: client.com.atproto.server.get_session())
        if isinstance(answer, Outcome):
            return not_learnt(answer, self.name)
        handle = getattr(answer, "handle", "")
        known = Identity(
            str(getattr(answer, "did", "")), handle, f"https://bsky.app/profile/{handle}"
        )
        if not known.account_id:
            return not_learnt(None, self.name)
        if answer.active is False:
            words = INACTIVE.get(str(answer.status), INACTIVE["suspended"])
            return replace(known, reason=words, trouble=Trouble.SUSPENDED)
        return replace(known, rights=RIGHTS)


def _reply(key: str, view: Any, hidden: set[str]) -> Reply:
    text = str(getattr(view.record, "text", "") or "")
    return Reply(f"{key} {view.uri}", text, str(view.author.handle), view.uri in hidden)


def _uris(answer: Any) -> list[str]:
    return [str(getattr(result, "uri", "")) for result in answer.results or []]


def _address(account: Account, key: str) -> str:
    if own := rehearsed(account, "bluesky", key):
        return own
    return f"https://bsky.app/profile/{account.account_id}/post/{key}"
