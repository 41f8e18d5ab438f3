"""X by tweepy, with the council account's own OAuth 1.0a keys (`networks.md` 2.1 and 3.1)."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic
from typing import Any, ClassVar

import requests
import tweepy

from social_publish.networks.addresses import is_on, rehearsed
from social_publish.networks.base import (
    Accepted,
    Account,
    Bio,
    Capabilities,
    Identity,
    Limits,
    Look,
    NotSent,
    NotSupported,
    Outcome,
    PictureLimits,
    Post,
    Price,
    Proof,
    PublishAnswer,
    Reading,
    Refused,
    Replies,
    Reply,
    ReplyControl,
    Step,
    Trouble,
    Unknown,
    no_right,
)
from social_publish.networks.identities import OUTDATED, not_learnt, page_instead
from social_publish.networks.waiting import AskedToWait, asked_pause, pause
from social_publish.networks.x_text import x_length, x_mentions
from social_publish.transport import AnsweredByPage, NothingSent, open_session

OWN_URL = "https://api.twitter.com"  # the host that tweepy signs for
HOSTS = {"x.com", "twitter.com"}
PAGES = 5
SECONDS_TO_LOOK = 20.0
# In X's reasons for a refusal that no other post would escape.
OF_THE_ACCOUNT = ("permi", "enroll", "access level", "attached to a project")
RIGHTS = ("publish and remove posts",)
READ_ONLY = (
    "These keys of X may only read. Give the app the permission “Read and write” in X's developer"
    " portal, make the access token anew, and connect the channel again."
)
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
        client = _client(account)
        if post.picture and "media_id" not in handles:
            media = base64.b64encode(post.picture.content).decode()
            body = {"media": media, "media_category": "tweet_image"}
            return _media_step(
                lambda: client.request("POST", "/2/media/upload", json=body, user_auth=True)
            )
        if post.picture and "described" not in handles:
            described = {
                "id": handles["media_id"],
                "metadata": {"alt_text": {"text": post.picture.alt_text}},
            }
            return _media_step(
                lambda: client.request("POST", "/2/media/metadata", json=described, user_auth=True),
                described=handles["media_id"],
            )
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

        answer = _answer(call)
        if not isinstance(answer, tweepy.Response):
            return answer
        remote_id = answer.data.get("id") if isinstance(answer.data, dict) else None
        if not (isinstance(remote_id, str) and re.fullmatch(r"[0-9]{1,30}", remote_id)):
            return Unknown("X answered, but not with the number of the new post.")
        return Accepted(remote_id, _address(account, remote_id))

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        client, began, token = _client(account), monotonic(), None
        start = datetime.fromtimestamp(since - 60, UTC)
        found: tuple[Accepted, ...] = ()
        for _ in range(PAGES):
            page = _page(client, account, start, token)
            if not isinstance(page, tweepy.Response):
                reason, trouble = _cannot_read(page), _trouble(page)
                return Look(found, impossible=no_right(page), reason=reason, trouble=trouble)
            ids = [str(tweet.id) for tweet in page.data or [] if post.link in _links(tweet.data)]
            # Pages and posts come newest first.
            found = (*(Accepted(i, _address(account, i)) for i in reversed(ids)), *found)
            token = page.meta.get("next_token")
            if not token:
                return Look(found, complete=True)
            if monotonic() - began > SECONDS_TO_LOOK:
                return Look(found, reason="X was too slow to look through the newer posts.")
        return Look(found, impossible=True, reason="X shows too many newer posts to look through.")

    def remove(self, account: Account, remote_id: str) -> Outcome:
        answer = _answer(lambda: _client(account).delete_tweet(remote_id))
        if isinstance(answer, _NotThere):
            return Accepted(remote_id)
        if isinstance(answer, tweepy.Response):
            if isinstance(answer.data, dict) and answer.data.get("deleted") is True:
                return Accepted(remote_id)
            return Unknown("X did not say that the post was removed.")
        return answer

    def read(self, account: Account, remote_id: str) -> Reading:
        answer = _answer(
            lambda: _client(account).get_tweet(
                remote_id, tweet_fields=["reply_settings", "entities"], user_auth=True
            )
        )
        if isinstance(answer, _NotThere):
            return Reading(False)
        if not isinstance(answer, tweepy.Response):
            return Reading(None, reason=_cannot_read(answer), trouble=_trouble(answer))
        if answer.data is None:
            gone = any("not-found" in str(e.get("type", "")) for e in answer.errors or [])
            return Reading(False) if gone else Reading(None, reason="X did not show the post.")
        tweet = answer.data.data
        if tweet.get("id") != remote_id:
            return Reading(None, reason="X showed another post.")
        control = _reply_control(tweet.get("reply_settings"))
        return Reading(True, links=tuple(_links(tweet)), reply_control=control)

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
        client, token = _client(account), None
        for _ in range(PAGES):
            page = _answer(
                lambda token=token: client.search_recent_tweets(  # type: ignore[misc]
                    f"conversation_id:{remote_id}",
                    max_results=100,
                    next_token=token,
                    tweet_fields=["author_id"],
                    user_auth=True,
                )
            )
            if isinstance(page, tweepy.Response) and "result_count" not in (page.meta or {}):
                page = Unknown("X did not show the replies.")
            if not isinstance(page, tweepy.Response):
                reason, trouble = _cannot_read(page), _trouble(page)
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
        answer = _answer(lambda: _client(account).hide_reply(reply_id))
        if isinstance(answer, _NotThere | tweepy.Response):
            return Accepted(reply_id)
        return answer

    def verify(self, account: Account) -> Identity:
        """Whether it may read posts X does not say, and asking for some costs money."""
        client, asked = _client(account), {"user.fields": "protected"}
        answer = _answer(lambda: client.request("GET", "/2/users/me", params=asked, user_auth=True))
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


class _NotThere(Unknown):
    """X says there is no such thing (404)."""


def _client(account: Account) -> tweepy.Client:
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


def _page(client: tweepy.Client, account: Account, start: datetime, token: str | None) -> Any:
    """One page of the account's own posts, newest first; an Outcome when it proves nothing."""
    page = _answer(
        lambda: client.get_users_tweets(
            account.account_id,
            max_results=100,
            start_time=start,
            pagination_token=token,
            tweet_fields=["entities", "author_id"],
            user_auth=True,
        )
    )
    if not isinstance(page, tweepy.Response):
        return page
    if page.errors or "result_count" not in (page.meta or {}):
        return Unknown("X did not show the account's posts.")
    if any(tweet.data.get("author_id") != account.account_id for tweet in page.data or []):
        return Unknown("X showed the posts of another account.")
    return page


def _reply_control(settings: object) -> ReplyControl | None:
    """X's word for who may reply; everything but the one we asked for lets strangers in."""
    if settings is None:
        return None
    return ReplyControl.NARROWED if settings == "mentionedUsers" else ReplyControl.OPEN


def _media_step(call: Callable[[], requests.Response], *, described: str = "") -> PublishAnswer:
    """A media step may be repeated, so no answer of it leaves the post in doubt."""
    answer = _answer(call)
    if isinstance(answer, Unknown):
        words = "The picture could not be handed to X yet."
        return NotSent(words, answer.retry_after, answer.trouble)
    if not isinstance(answer, requests.Response):
        return answer
    if described:
        return Step({"media_id": described, "described": "yes"})
    try:
        media_id = answer.json()["data"]["id"]
    except (ValueError, KeyError, TypeError):
        return NotSent("X took the picture but did not name it.")
    return Step({"media_id": str(media_id)})


def _answer(call: Callable[[], Any]) -> Any:
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
        return _NotThere("X does not know this post or account.")
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
        return Unknown("X says that it already has a post with these words.")
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


def _links(tweet: Mapping[str, Any]) -> list[str]:
    urls = (tweet.get("entities") or {}).get("urls") or []
    # An address that X does not take for one (a rehearsal's) stands in the text as it is.
    words = re.findall(r"https?://\S+", str(tweet.get("text", "")))
    return [str(url.get("expanded_url", "")) for url in urls] + words


def _cannot_read(answer: object) -> str:
    if no_right(answer):
        return "This X account may not read posts, so X has to be looked at by a person."
    return str(getattr(answer, "reason", "")) or "X gave no clear answer."


def _trouble(answer: object) -> Trouble | None:
    return getattr(answer, "trouble", None)


def _address(account: Account, remote_id: str) -> str:
    if own := rehearsed(account, "x", remote_id):
        return own
    return f"https://x.com/{account.handle.lstrip('@') or 'i'}/status/{remote_id}"
