"""What the published lexicons say of a post and its two gates (bluesky-social/atproto).

The real server lets fields pass that it does not know. Here they are refused, because a gate
whose field is misspelt is an open one.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from social_publish.rehearsal.counting import graphemes

POST, THREAD_GATE, POST_GATE = (
    "app.bsky.feed.post",
    "app.bsky.feed.threadgate",
    "app.bsky.feed.postgate",
)
KEY = re.compile(r"[234567abcdefghij][234567a-z]{12}")
MOST_BLOB = 2_000_000
IMAGES, CARD = "app.bsky.embed.images", "app.bsky.embed.external"
FIELDS = {
    POST: {"$type", "text", "createdAt", "facets", "embed", "langs", "reply", "labels", "tags"},
    THREAD_GATE: {"$type", "post", "allow", "createdAt", "hiddenReplies"},
    POST_GATE: {"$type", "post", "createdAt", "embeddingRules", "detachedEmbeddingUris"},
}
ALLOW = {f"{THREAD_GATE}#{rule}" for rule in ("mentionRule", "followerRule", "followingRule")}


class Invalid(Exception):
    """The record does not fit its lexicon; the text says where."""


def check(collection: str, key: str, record: Any, did: str, blobs: Callable[[str], int]) -> None:
    """Raises Invalid. blobs: the size of a blob by its name; raises where none was uploaded."""
    if collection not in FIELDS:
        raise Invalid(f"Unvalidated lexicon {collection}")
    if not KEY.fullmatch(key):
        raise Invalid(f"The record key {key} is no tid")
    if not isinstance(record, dict) or record.get("$type") != collection:
        raise Invalid(f"Invalid $type: expected {collection}")
    if unknown := set(record) - FIELDS[collection]:
        raise Invalid(f"Unknown fields: {', '.join(sorted(unknown))}")
    _demand(_is_moment(record.get("createdAt")), "createdAt must be a datetime with its zone")
    if collection == POST:
        _check_post(record, blobs)
    else:
        own = f"at://{did}/{POST}/{key}"
        _demand(record.get("post") == own, f"post must be {own}, of the same record key")
        _check_thread_gate(record) if collection == THREAD_GATE else _check_post_gate(record)


def _check_post(record: dict[str, Any], blobs: Callable[[str], int]) -> None:
    text = record.get("text")
    if not isinstance(text, str):
        raise Invalid("text must be a string")
    size, count = len(text.encode()), graphemes(text)
    _demand(size <= 3000, f"string too big (maximum 3000, got {size}) at $.text")
    _demand(count <= 300, f"grapheme too big (maximum 300, got {count}) at $.text")
    _demand(len(record.get("langs", [])) <= 3, "langs has more than 3")
    for facet in record.get("facets", []):
        _check_facet(facet, size)
    if "embed" in record:
        _check_embed(record["embed"], blobs)


def _check_facet(facet: Any, size: int) -> None:
    try:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        kinds = [(feature["$type"], feature.get("uri", "")) for feature in facet["features"]]
    except (KeyError, TypeError):
        raise Invalid("A facet needs index.byteStart, index.byteEnd and features") from None
    _demand(0 <= start < end <= size, f"The facet {start} to {end} is outside of the text")
    for kind, uri in kinds:
        _demand(kind == "app.bsky.richtext.facet#link", f"No facet of type {kind}")
        _demand(bool(re.match(r"https?://\S+$", uri)), "The uri of a link is no address")


def _check_embed(embed: Any, blobs: Callable[[str], int]) -> None:
    kind = embed.get("$type") if isinstance(embed, dict) else None
    if kind == CARD:
        _check_card(embed.get("external"))
    else:
        _demand(kind == IMAGES, f"embed must be {IMAGES} or {CARD}")
        _check_images(embed.get("images"), blobs)


def _check_card(card: Any) -> None:
    _demand(isinstance(card, dict), "external must be an object")
    unknown = set(card) - {"$type", "uri", "title", "description", "thumb"}
    _demand(not unknown, f"Unknown fields: {', '.join(sorted(unknown))}")
    for name in ("title", "description"):
        _demand(isinstance(card.get(name), str), f"external must have the property {name}")
    _demand(bool(re.match(r"https?://\S+$", str(card.get("uri")))), "external.uri is no address")


def _check_images(images: Any, blobs: Callable[[str], int]) -> None:
    _demand(isinstance(images, list) and 1 <= len(images) <= 4, "images must be 1 to 4")
    for image in images:
        _demand(isinstance(image.get("alt"), str), "Every image must have the property alt")
        ratio = image.get("aspectRatio", {"width": 1, "height": 1})
        _demand(min(ratio["width"], ratio["height"]) >= 1, "aspectRatio must be 1 or more")
        blob = image.get("image")
        _demand(isinstance(blob, dict) and blob.get("$type") == "blob", "image must be a blob")
        size = blobs(cid_of(image))
        _demand(size <= MOST_BLOB, f"File too large. It must have at most {MOST_BLOB} bytes")
        _demand(blob.get("size") in (size, 0), "The blob has another size")


def cid_of(image: Any) -> str:
    return str(image["image"].get("ref", {}).get("$link", ""))


def _check_thread_gate(record: dict[str, Any]) -> None:
    rules = record.get("allow", [])
    _demand(isinstance(rules, list) and len(rules) <= 5, "allow must be a list of at most 5")
    for rule in rules:
        _demand(isinstance(rule, dict) and rule.get("$type") in ALLOW, "No such rule in allow")
    hidden = record.get("hiddenReplies", [])
    _demand(len(hidden) <= 300, "hiddenReplies has more than 300")
    for uri in hidden:
        _demand(str(uri).startswith("at://"), "hiddenReplies must be at-uris")


def _check_post_gate(record: dict[str, Any]) -> None:
    for rule in record.get("embeddingRules", []):
        _demand(rule == {"$type": f"{POST_GATE}#disableRule"}, "No such rule in embeddingRules")


def _demand(holds: bool, words: str) -> None:
    if not holds:
        raise Invalid(words)


def _is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False
