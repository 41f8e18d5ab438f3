"""X's lists, page by page: the account's own posts, and the replies under one."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import tweepy

from social_publish.networks.answers import Unknown
from social_publish.networks.base import Account
from social_publish.networks.x_api import answer_of


def posts_page(client: tweepy.Client, account: Account, start: datetime, token: str | None) -> Any:
    """One page of the account's own posts, newest first; an Outcome when it proves nothing."""
    page = answer_of(
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


def replies_page(client: tweepy.Client, remote_id: str, token: str | None) -> Any:
    """One page of the replies under a post, newest first; an Outcome when it proves nothing."""
    page = answer_of(
        lambda: client.search_recent_tweets(
            f"conversation_id:{remote_id}",
            max_results=100,
            next_token=token,
            tweet_fields=["author_id"],
            user_auth=True,
        )
    )
    if isinstance(page, tweepy.Response) and "result_count" not in (page.meta or {}):
        return Unknown("X did not show the replies.")
    return page


def links_of(tweet: Mapping[str, Any]) -> list[str]:
    """The full addresses that a post carries."""
    urls = (tweet.get("entities") or {}).get("urls") or []
    # An address that X does not take for one (a rehearsal's) stands in the text as it is.
    words = re.findall(r"https?://\S+", str(tweet.get("text", "")))
    return [str(url.get("expanded_url", "")) for url in urls] + words
