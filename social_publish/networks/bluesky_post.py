"""A post for Bluesky as its records: the post itself, and the two gates beside it."""

import hashlib
import io
import re
from datetime import UTC, datetime
from typing import Any

from atproto_client import models
from PIL import Image

from social_publish.networks.base import Account, Picture, Post

POST, THREAD_GATE, POST_GATE = (
    "app.bsky.feed.post",
    "app.bsky.feed.threadgate",
    "app.bsky.feed.postgate",
)
_ADDRESS = re.compile(r"https?://\S*[\w/=#&+-]")
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_START = 1_704_067_200_000_000  # 2024 began, in microseconds


def record_key(post: Post) -> str:
    """The key of a delivery's records: always the same, so that it can be stored only once.

    Bluesky wants a TID: a moment in microseconds and ten bits more. Ours is any moment of about
    a year, made of the delivery's own token, which also ends its link.
    """
    token = post.key or post.link.rsplit("/", 1)[-1]
    chance = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8], "big")
    number = ((_START + chance % 2**45) << 10) | (chance >> 54)
    return "".join(_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def writes_of(account: Account, post: Post, picture: str) -> list[Any]:
    """The post and its gates as one write. picture: the blob's JSON, "" for none."""
    key, made = record_key(post), now()
    records: list[Any] = [
        models.AppBskyFeedPost.Record(
            text=post.text,
            created_at=made,
            langs=["en"],
            facets=_facets(post.text) or None,
            embed=_images(post.picture, picture) if post.picture else _card(post),
        )
    ]
    if post.replies_closed:
        records += gates_of(account, key, made=made)
    return [
        models.ComAtprotoRepoApplyWrites.Create(collection=record.py_type, rkey=key, value=record)
        for record in records
    ]


def gates_of(
    account: Account, key: str, *, made: str = "", hidden: list[str] | None = None
) -> list[Any]:
    """The two records that let nobody reply to a post or quote it. hidden: replies kept hidden."""
    uri, made = uri_of(account, POST, key), made or now()
    nobody = models.AppBskyFeedPostgate.DisableRule()
    return [
        models.AppBskyFeedThreadgate.Record(
            post=uri, created_at=made, allow=[], hidden_replies=hidden
        ),
        models.AppBskyFeedPostgate.Record(post=uri, created_at=made, embedding_rules=[nobody]),
    ]


def _facets(text: str) -> list[Any]:
    """What makes addresses links; Bluesky counts in bytes."""
    facet = models.AppBskyRichtextFacet
    return [
        facet.Main(
            features=[facet.Link(uri=match[0])],
            index=facet.ByteSlice(
                byte_start=len(text[: match.start()].encode()),
                byte_end=len(text[: match.end()].encode()),
            ),
        )
        for match in _ADDRESS.finditer(text)
    ]


def _card(post: Post) -> Any:
    """What leads to the page where there is no picture; a post has one or the other."""
    if not post.title:
        return None
    external = models.AppBskyEmbedExternal.External(uri=post.link, title=post.title, description="")
    return models.AppBskyEmbedExternal.Main(external=external)


def _images(picture: Picture, blob: str) -> Any:
    with Image.open(io.BytesIO(picture.content)) as opened:
        width, height = opened.size
    image = models.AppBskyEmbedImages.Image(
        alt=picture.alt_text,
        image=models.blob_ref.BlobRef.model_validate_json(blob),
        aspect_ratio=models.AppBskyEmbedDefs.AspectRatio(width=width, height=height),
    )
    return models.AppBskyEmbedImages.Main(images=[image])


def uri_of(account: Account, collection: str, key: str) -> str:
    """The address of one of the account's records; collection: one of the three above."""
    return f"at://{account.account_id}/{collection}/{key}"


def now() -> str:
    """The time as the protocol writes it: UTC, milliseconds, a Z at the end."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
