"""What the tests of the networks share: one post, and the way a worker publishes it."""

from dataclasses import dataclass
from typing import Any

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Outcome, Step
from social_publish.networks.base import Account, Picture, Post
from tests.council import small_jpeg

LINK = "https://council.example/n/abcdefghij"
TEXT = f"Open late on Thursday (and warm).\n\n{LINK}\nCouncil office: 01632 960 123"


@dataclass(frozen=True)
class Calls:
    """The requests of a network that the contract speaks of, as "METHOD path".

    publish: the only one that may not be repeated. hand_over: the step before it, mostly the
    one that takes the picture.
    """

    publish: str
    hand_over: str


# One line for each network.
CALLS = {
    "x": Calls(r"POST /2/tweets$", r"POST /2/media/upload"),
    "facebook": Calls(r"POST /v25.0/\d+/feed", r"POST .*/photos"),
    "instagram": Calls(r"POST /v25.0/\d+/media_publish", r"POST .*/media$"),
    "threads": Calls(r"POST /v1.0/\d+/threads_publish", r"POST .*/threads$"),
    "bluesky": Calls(
        r"POST .*/com.atproto.repo.applyWrites$", r"POST .*/com.atproto.repo.uploadBlob$"
    ),
    "mastodon": Calls(r"POST /api/v1/statuses$", r"POST /api/v2/media$"),
    "gotosocial": Calls(r"POST /api/v1/statuses$", r"POST /api/v2/media$"),
    "linkedin": Calls(r"POST /rest/posts$", r"(POST /rest/images|PUT /dms-uploads)"),
    "tiktok": Calls(
        r"POST /v2/post/publish/content/init/$", r"POST /v2/post/publish/creator_info/query/$"
    ),
}
PUBLISH = {slug: calls.publish for slug, calls in CALLS.items()}
# They can be searched for a post.
CAN_BE_SEARCHED = [slug for slug in NETWORKS if NETWORKS[slug].capabilities.can_look]
# They refuse words that they have already.
KNOW_THEIR_WORDS = ("x", "facebook", "bluesky")


def publish(slug: str, account: Account, post: Post) -> Outcome:
    handles: Any = {}
    for _ in range(4):
        answer = NETWORKS[slug].publish(account, post, handles)
        if not isinstance(answer, Step):
            return answer
        handles = answer.handles
    raise AssertionError("The steps do not end.")


def with_picture(text: str = TEXT, link: str = LINK) -> Post:
    return Post(text, link, Picture(small_jpeg(), "A lit window", f"{LINK}/picture.jpg"))


def plain(slug: str, text: str = TEXT, link: str = LINK) -> Post:
    """A post of words, with a picture only where the network takes none without."""
    needs_picture = NETWORKS[slug].capabilities.needs_picture
    return with_picture(text, link) if needs_picture else Post(text, link)


def other_id(slug: str, account: Account, number: int) -> str:
    """An id as the network gives them, for a post that it is to hold."""
    if slug == "gotosocial":
        return f"01{number:024}"
    if slug == "linkedin":
        return f"urn:li:share:{number}"
    return f"{account.account_id}_{number}" if slug == "facebook" else str(10**18 + number)


def no_secret(account: Account, *texts: str) -> None:
    for value in account.credentials.values():
        assert all(value not in text for text in texts)
