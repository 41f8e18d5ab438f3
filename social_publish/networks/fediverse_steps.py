"""What comes before a post on Mastodon and GoToSocial: the server's own limits, the picture."""

import re
from collections.abc import Mapping
from typing import Any

from mastodon import Mastodon as Client

from social_publish.networks.answers import NotSent, Outcome, PublishAnswer, Refused, Step, Unknown
from social_publish.networks.base import Post
from social_publish.networks.fediverse import NotThere, answer_of

WAITS, PAUSE = 10, 3.0


def server_limits(instance: Any) -> dict[str, int]:
    """What the server says of posts, in the words of `Identity.server_limits`."""
    said = {
        "characters": _limit(instance, "statuses", "max_characters"),
        "alt_text": _limit(instance, "media_attachments", "description_limit"),
        "picture_bytes": _limit(instance, "media_attachments", "image_size_limit"),
        "picture_side": _limit(instance, "media_attachments", "image_matrix_limit") ** 0.5,
    }
    return {name: int(most) for name, most in said.items() if most != float("inf")}


def beyond_limits(instance: Any, post: Post, length: int) -> str:
    """What this server's own limits say against the post, or ""."""
    most = _limit(instance, "statuses", "max_characters")
    if length > most:
        return f"This server takes posts of at most {int(most)} characters. Shorten the words."
    if post.picture is None:
        return ""
    most = _limit(instance, "media_attachments", "description_limit")
    if len(post.picture.alt_text) > most:
        return (
            f"This server takes descriptions of pictures of at most {int(most)} characters."
            " Shorten the picture's description."
        )
    if len(post.picture.content) > _limit(instance, "media_attachments", "image_size_limit"):
        return "The picture is too large for this server. Choose a smaller one."
    return ""


def _limit(instance: Any, part: str, name: str) -> float:
    """One of the server's limits; none where it does not say."""
    given = getattr(getattr(instance.get("configuration"), part, None), name, None)
    return float(given) if isinstance(given, int) and given > 0 else float("inf")


def hand_over(client: Client, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
    """Give the server the picture, and wait until it is ready. Both may be repeated."""
    picture, given = post.picture, "media" in handles
    assert picture
    if given:
        answer = answer_of(lambda: client.media(handles["media"]))
    else:
        answer = answer_of(
            lambda: client.media_post(
                picture.content,
                mime_type=picture.media_type,
                description=picture.alt_text,
                file_name="picture.jpg",
            )
        )
    if isinstance(answer, NotThere) and given:
        # It let the picture go; the count of waits stays, so that this ends.
        return Step({name: handles[name] for name in ("server", "waits") if name in handles})
    if isinstance(answer, Unknown):
        words = "The picture could not be handed to the server yet."
        return NotSent(words, answer.retry_after, answer.trouble)
    if isinstance(answer, Outcome):
        return answer
    number = str(getattr(answer, "id", "") or "")
    if not re.fullmatch(r"\w{1,40}", number):
        return NotSent("The server took the picture but did not name it.")
    return _ready_or_later(handles, number, bool(getattr(answer, "url", None)))


def _ready_or_later(handles: Mapping[str, str], number: str, ready: bool) -> PublishAnswer:
    if ready:
        return Step({**handles, "media": number, "ready": "yes"})
    waits = int(handles.get("waits", "0")) + 1
    if waits > WAITS:
        return Refused("The server did not finish preparing the picture. Try again later.")
    return Step({**handles, "media": number, "waits": str(waits)}, after=PAUSE)
