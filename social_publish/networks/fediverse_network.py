"""Posting by Mastodon's API, whichever server speaks it (`docs/sources.md`).

Mastodon and GoToSocial share it and differ in what matters most: only GoToSocial can close
replies. So they are two networks, and each asks the server first whether it is of its kind.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from typing import Any, ClassVar
from urllib.parse import urlsplit

from mastodon import Mastodon as Client

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
    Reply,
    Step,
    Trouble,
    Unknown,
    no_right,
    reason_of,
    trouble_of,
)
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import Bio, Capabilities, Limits, ReplyControl
from social_publish.networks.fediverse import (
    NotThere,
    account_of,
    answer_of,
    links_in,
    open_client,
    words_of,
)
from social_publish.networks.fediverse_accounts import NO_SERVER, THEIRS, identity
from social_publish.networks.fediverse_steps import beyond_limits, hand_over, server_limits
from social_publish.networks.identities import OUTDATED, not_learnt

SERVER = "The server"
PAGES = 12
PAGE = 40  # the most that a server gives at once
SECONDS_TO_LOOK = 20.0
CLOCKS_DIFFER = 3600.0


class FediverseNetwork:
    """What Mastodon and GoToSocial have in common."""

    slug: str
    name: str
    limits: Limits
    bio: Bio
    capabilities: Capabilities
    closing: ClassVar[Mapping[str, str]]
    ids: str
    address: str
    credential_fields: ClassVar[Mapping[str, str]] = {"access_token": "Access token"}

    def fault_in_kind(self, instance: Any) -> str:
        """Why this server is not of our kind, or ""."""
        raise NotImplementedError

    def reply_control(self, status: Any) -> ReplyControl | None:
        """Who may reply to a post, by the server's word."""
        raise NotImplementedError

    # --- publishing ---

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        if "server" not in handles:
            return self._ask_server(account, post)
        if post.picture and handles.get("ready") != "yes":
            return hand_over(open_client(account), post, handles)
        client = open_client(account, self.closing if post.replies_closed else None)
        answer = answer_of(
            lambda: client.status_post(
                post.text,
                media_ids=[handles["media"]] if post.picture else None,
                visibility="public",
                language="en",
                idempotency_key=post.key or None,
            )
        )
        if isinstance(answer, NotThere):
            # No status is spoken of but by the address at which all are posted.
            return Refused(OUTDATED.format("The account's server"), Trouble.OUTDATED)
        if isinstance(answer, Outcome):
            return answer
        if not self._is_ours(account, answer):
            return Unknown("The server answered, but not with the number of the new post.")
        return self._accepted(account, answer)

    def _ask_server(self, account: Account, post: Post) -> PublishAnswer:
        """Is the server of our kind, and will it take this post? Nothing is sent before."""
        if not (account.base_url or account.server):
            return Refused(
                "This channel does not say on which server its account lives. Connect it again.",
                Trouble.SIGN_IN,
            )
        instance = answer_of(lambda: open_client(account).instance_v2())
        if isinstance(instance, NotThere):
            return Refused("This address is no server of this kind.", Trouble.SIGN_IN)
        if isinstance(instance, Unknown):
            words = "The server could not be asked for its limits."
            return NotSent(words, instance.retry_after, instance.trouble)
        if isinstance(instance, Outcome):
            return instance
        if fault := self.fault_in_kind(instance):
            return Refused(fault, Trouble.SIGN_IN)
        fault = beyond_limits(instance, post, self.limits.count(post.text))
        return Refused(fault) if fault else Step({"server": self.slug})

    # --- looking, reading, removing ---

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        client, began, last = open_client(account), monotonic(), None
        found: tuple[Accepted, ...] = ()
        for _ in range(PAGES):
            rows = self._page(client, account, last)
            if isinstance(rows, Outcome):
                reason, trouble = reason_of(rows, SERVER), trouble_of(rows)
                return Look(found, impossible=no_right(rows), reason=reason, trouble=trouble)
            ours = [self._accepted(account, row) for row in rows if post.link in links_in(row)]
            found = (*reversed(ours), *found)
            if not rows or rows[-1].created_at.timestamp() < since - CLOCKS_DIFFER:
                return Look(found, complete=True)
            last = rows[-1].id
            if monotonic() - began > SECONDS_TO_LOOK:
                return Look(found, reason="The server was too slow to look through.")
        many = "The server shows too many newer posts to look through."
        return Look(found, impossible=True, reason=many)

    def _page(self, client: Client, account: Account, last: Any) -> Any:
        """One page of the account's own posts, newest first; an Outcome when it proves nothing."""
        rows = answer_of(
            lambda: client.account_statuses(
                account.account_id, exclude_reblogs=True, max_id=last, limit=PAGE
            )
        )
        if isinstance(rows, Outcome):
            return rows
        if not isinstance(rows, list):
            return Unknown("The server did not show the account's posts.")
        dated = all(hasattr(getattr(row, "created_at", None), "timestamp") for row in rows)
        if not dated or not all(self._is_ours(account, row) for row in rows):
            return Unknown("The server showed the posts of another account.")
        return rows

    def read(self, account: Account, remote_id: str) -> Reading:
        status = answer_of(lambda: open_client(account).status(remote_id))
        if isinstance(status, NotThere):
            return Reading(False)
        if isinstance(status, Outcome):
            return Reading(None, reason=reason_of(status, SERVER), trouble=trouble_of(status))
        if str(getattr(status, "id", "")) != remote_id:
            return Reading(None, reason="The server showed another post.")
        ours = self._is_ours(account, status)
        return Reading(True, tuple(links_in(status)), self.reply_control(status), ours=ours)

    def remove(self, account: Account, remote_id: str) -> Outcome:
        # Without this word the picture stays at its own address for a while.
        answer = answer_of(lambda: open_client(account).status_delete(remote_id, delete_media=True))
        if isinstance(answer, NotThere):
            return Accepted(remote_id)
        if isinstance(answer, Outcome):
            return answer
        if str(getattr(answer, "id", "")) != remote_id:
            return Unknown("The server did not say that the post was removed.")
        return Accepted(remote_id)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def replies(self, account: Account, remote_id: str) -> Replies:
        answer = answer_of(lambda: open_client(account).status_context(remote_id))
        below = getattr(answer, "descendants", None)
        if not isinstance(below, list):
            return Replies(
                readable=False, reason=reason_of(answer, SERVER), trouble=trouble_of(answer)
            )
        return Replies(
            tuple(
                Reply(str(row.id), words_of(row), str(row.account.acct), hidden=False)
                for row in below
                if account_of(row) not in ("", account.account_id)
            )
        )

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        raise NotSupported

    def verify(self, account: Account) -> Identity:
        client = open_client(account)
        instance = answer_of(lambda: client.instance_v2())
        if isinstance(instance, NotThere):
            return Identity(reason=NO_SERVER, trouble=Trouble.SIGN_IN)
        if isinstance(instance, Outcome) or not isinstance(getattr(instance, "version", None), str):
            return not_learnt(instance, THEIRS)
        if fault := self.fault_in_kind(instance):
            return Identity(reason=fault, trouble=Trouble.SIGN_IN)
        return replace(identity(client), server_limits=server_limits(instance))

    # --- addresses ---

    def owns_address(self, address: str) -> bool:
        """Each council has its own server, so the shape of the address is all there is to go by."""
        return bool(self._id_in(address)) or is_on(address, set(), self.slug)

    def id_from_address(self, address: str) -> str:
        rehearsed = re.search(rf"#post-({self.ids})$", address)
        if rehearsed and is_on(address, set(), self.slug):
            return rehearsed[1]
        return self._id_in(address)

    def _id_in(self, address: str) -> str:
        try:
            path = urlsplit(address if "//" in address else f"https://{address}").path
        except ValueError:
            return ""
        match = re.fullmatch(
            rf"/(?:@\w[\w.-]*(?:/statuses)?|users/[\w.-]+/statuses)/({self.ids})/?", path
        )
        return match[1] if match else ""

    def _is_ours(self, account: Account, status: Any) -> bool:
        known = re.fullmatch(self.ids, str(getattr(status, "id", "")))
        return bool(known) and account_of(status) == account.account_id

    def _accepted(self, account: Account, status: Any) -> Accepted:
        remote_id, name = str(status.id), str(getattr(status.account, "username", ""))
        if own := rehearsed(account, self.slug, remote_id):
            return Accepted(remote_id, own)
        if not re.fullmatch(r"\w[\w.-]*", name):
            return Accepted(remote_id)
        path = self.address.format(name=name, id=remote_id)
        return Accepted(remote_id, f"{account.server.rstrip('/')}/{path}")
