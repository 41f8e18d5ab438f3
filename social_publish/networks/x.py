"""X by tweepy, with the council account's own OAuth 1.0a keys (`docs/sources.md`)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic
from typing import Any, ClassVar

import requests
import tweepy

from social_publish.networks.addresses import is_on, rehearsed
from social_publish.networks.answers import (
    Accepted,
    Identity,
    Look,
    Outcome,
    PublishAnswer,
    Reading,
    Replies,
    Reply,
    Trouble,
    Unknown,
    no_right,
    trouble_of,
)
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    Price,
    Proof,
    ReplyControl,
)
from social_publish.networks.identities import not_learnt
from social_publish.networks.x_api import READ_ONLY, NotThere, answer_of, cannot_read, open_client
from social_publish.networks.x_lists import links_of, posts_page, replies_page
from social_publish.networks.x_pictures import hand_over
from social_publish.networks.x_text import x_length, x_mentions

HOSTS = {"x.com", "twitter.com"}
PAGES = 5
SECONDS_TO_LOOK = 20.0
RIGHTS = ("publish and remove posts",)
PROTECTED = (
    "The X account's posts are protected, so residents cannot see them. Turn “Protect your posts”"
    " off in the account's settings at X."
)


class X:
    """X (Twitter)."""

    slug = "x"
    name = "X"
    credential_fields: ClassVar[Mapping[str, str]] = {
        "consumer_key": "API key",
        "consumer_secret": "API key secret",
        "access_token": "Access token",
        "access_token_secret": "Access token secret",
    }
    limits = Limits(
        maximum=280,
        count=x_length,
        mentions=x_mentions,
        picture=PictureLimits(max_bytes=5 * 1024 * 1024, max_side=4096, max_alt_text=1000),
    )
    bio = Bio(160, x_length)
    capabilities = Capabilities(
        reply_control=ReplyControl.NARROWED,
        reply_sentence=(
            "Only people whom the post mentions can reply, and it mentions nobody."
            " Quoting and reposting stay possible."
        ),
        gap_sentence="There is none: it is so from the moment the post appears.",
        open_sentence=(
            "Anyone can reply. X lets no program close replies afterwards: when the time is over"
            " you are asked to close them there by hand, or to take the post down."
        ),
        can_hide_replies=True,
        proof=Proof.MEDIUM,
        cost_sentence=(
            "X charges about $0.20 for a post with a link, which every post of this website has,"
            " and $0.015 for one without; describing a picture adds $0.005, removing a post costs"
            " $0.01."
        ),
        # Since 20 April 2026.
        price=Price(Decimal("0.015"), Decimal("0.20"), described=Decimal("0.005")),
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        client = open_client(account)
        if post.picture and "described" not in handles:
            return hand_over(client, post.picture, handles)
        return self._create(client, account, post, handles)

    def _create(
        self, client: tweepy.Client, account: Account, post: Post, handles: Mapping[str, str]
    ) -> Outcome:
        def call() -> Any:
            return client.create_tweet(
                text=post.text,
                media_ids=[handles["media_id"]] if post.picture else None,
                reply_settings="mentionedUsers" if post.replies_closed else None,
            )

        answer = answer_of(call)
        if not isinstance(answer, tweepy.Response):
            return answer
        remote_id = answer.data.get("id") if isinstance(answer.data, dict) else None
        if not (isinstance(remote_id, str) and re.fullmatch(r"[0-9]{1,30}", remote_id)):
            return Unknown("X answered, but not with the number of the new post.")
        return Accepted(remote_id, _address(account, remote_id))

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        client, began, token = open_client(account), monotonic(), None
        start = datetime.fromtimestamp(since - 60, UTC)
        found: tuple[Accepted, ...] = ()
        for _ in range(PAGES):
            page = posts_page(client, account, start, token)
            if not isinstance(page, tweepy.Response):
                reason, trouble = cannot_read(page), trouble_of(page)
                return Look(found, impossible=no_right(page), reason=reason, trouble=trouble)
            ids = [str(tweet.id) for tweet in page.data or [] if post.link in links_of(tweet.data)]
            # Pages and posts come newest first.
            found = (*(Accepted(i, _address(account, i)) for i in reversed(ids)), *found)
            token = page.meta.get("next_token")
            if not token:
                return Look(found, complete=True)
            if monotonic() - began > SECONDS_TO_LOOK:
                return Look(found, reason="X was too slow to look through the newer posts.")
        return Look(found, impossible=True, reason="X shows too many newer posts to look through.")

    def remove(self, account: Account, remote_id: str) -> Outcome:
        answer = answer_of(lambda: open_client(account).delete_tweet(remote_id))
        if isinstance(answer, NotThere):
            return Accepted(remote_id)
        if isinstance(answer, tweepy.Response):
            if isinstance(answer.data, dict) and answer.data.get("deleted") is True:
                return Accepted(remote_id)
            return Unknown("X did not say that the post was removed.")
        return answer

    def read(self, account: Account, remote_id: str) -> Reading:
        answer = answer_of(
            lambda: open_client(account).get_tweet(
                remote_id, tweet_fields=["reply_settings", "entities", "author_id"], user_auth=True
            )
        )
        if isinstance(answer, NotThere):
            return Reading(False)
        if not isinstance(answer, tweepy.Response):
            return Reading(None, reason=cannot_read(answer), trouble=trouble_of(answer))
        if answer.data is None:
            gone = any("not-found" in str(e.get("type", "")) for e in answer.errors or [])
            return Reading(False) if gone else Reading(None, reason="X did not show the post.")
        tweet = answer.data.data
        if tweet.get("id") != remote_id:
            return Reading(None, reason="X showed another post.")
        control = _reply_control(tweet.get("reply_settings"))
        ours = tweet.get("author_id", account.account_id) == account.account_id
        return Reading(True, links=tuple(links_of(tweet)), reply_control=control, ours=ours)

    def owns_address(self, address: str) -> bool:
        return is_on(address, HOSTS, self.slug)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def id_from_address(self, address: str) -> str:
        match = re.search(r"(?:/status(?:es)?/|#post-)([0-9]+)", address)
        return match[1] if match and self.owns_address(address) else ""

    def replies(self, account: Account, remote_id: str) -> Replies:
        """X's search reaches back seven days, and does not tell which replies are hidden."""
        items: list[Reply] = []
        client, token = open_client(account), None
        for _ in range(PAGES):
            page = replies_page(client, remote_id, token)
            if not isinstance(page, tweepy.Response):
                reason, trouble = cannot_read(page), trouble_of(page)
                return Replies(tuple(items), readable=False, reason=reason, trouble=trouble)
            for tweet in page.data or []:
                if str(tweet.id) != remote_id:
                    items.insert(0, Reply(str(tweet.id), tweet.text, str(tweet.author_id), False))
            token = page.meta.get("next_token")
            if not token:
                return Replies(tuple(items))
        reason = "X has more replies to show than we can look through."
        return Replies(tuple(items), readable=False, reason=reason)

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        answer = answer_of(lambda: open_client(account).hide_reply(reply_id))
        if isinstance(answer, NotThere | tweepy.Response):
            return Accepted(reply_id)
        return answer

    def verify(self, account: Account) -> Identity:
        """Whether it may read posts X does not say, and asking for some costs money."""
        client, asked = open_client(account), {"user.fields": "protected"}
        answer = answer_of(
            lambda: client.request("GET", "/2/users/me", params=asked, user_auth=True)
        )
        if not isinstance(answer, requests.Response):
            return not_learnt(answer, self.name)
        me = _data(answer)
        if not (isinstance(me.get("id"), str) and isinstance(me.get("username"), str)):
            return not_learnt(None, self.name)
        known = Identity(me["id"], str(me.get("name", "")), f"https://x.com/{me['username']}")
        level = answer.headers.get("x-access-level", "")
        if level == "read":
            return replace(known, lacks=RIGHTS, trouble=Trouble.RIGHTS, reason=READ_ONLY)
        known = replace(known, rights=RIGHTS if level.startswith("read-write") else ())
        return replace(known, reason=PROTECTED) if me.get("protected") is True else known


def _data(response: requests.Response) -> dict[str, Any]:
    try:
        data = response.json()["data"]
    except (ValueError, KeyError, TypeError):
        return {}
    return data if isinstance(data, dict) else {}


def _reply_control(settings: object) -> ReplyControl | None:
    """X's word for who may reply; everything but the one we asked for lets strangers in."""
    if settings is None:
        return None
    return ReplyControl.NARROWED if settings == "mentionedUsers" else ReplyControl.OPEN


def _address(account: Account, remote_id: str) -> str:
    if own := rehearsed(account, "x", remote_id):
        return own
    return f"https://x.com/{account.handle.lstrip('@') or 'i'}/status/{remote_id}"
