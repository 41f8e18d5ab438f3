"""The sizes in which the site shows its pictures; a task makes them, never a resident's request."""

import logging
from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

logger = logging.getLogger(__name__)

# Best first: a browser takes the first that it knows.
FORMATS = ("avif", "webp", "jpeg")
SIZES = {
    "card": ("fill-400x267", "fill-720x480"),
    "hero": ("fill-720x480", "fill-1080x720"),
    "lead": ("width-480", "width-960"),
    "face": ("fill-160x160", "fill-320x320"),
}
SHARED = "fill-1200x630|format-jpeg"
CREST = "max-112x112|format-png"  # of a site, made of no other picture


def specs(kind: str) -> tuple[str, ...]:
    """The rendition filters of one kind of picture."""
    return tuple(f"{size}|format-{form}" for size in SIZES[kind] for form in FORMATS)


EVERY = tuple(dict.fromkeys([*(spec for kind in SIZES for spec in specs(kind)), SHARED]))


BATCH = 3  # a few at a time: what must be posted waits behind no long task


def make_next(image: Any, wanted: tuple[str, ...]) -> bool:
    """Make the next few of these sizes that are missing. True where more are to be made."""
    have = set(image.renditions.values_list("filter_spec", flat=True))
    missing = [spec for spec in wanted if spec not in have]
    try:
        image.get_renditions(*missing[:BATCH])
    except (SourceImageIOError, OSError, ValueError, InvalidFilterSpecError):
        logger.warning("A picture could not be made to size", extra={"event": "picture.unusable"})
        return False
    # Without progress, for whatever reason, it is left to the hourly task.
    return len(missing) > BATCH and image.renditions.count() > len(have)


def made(image: Any, kind: str) -> list[tuple[str, list[Any]]]:
    """What is ready of one kind: [(format, renditions from narrow to wide)], the best first."""
    wanted = specs(kind)
    ready = {r.filter_spec: r for r in renditions(image, wanted)}
    found = []
    for form in FORMATS:
        fitting = [ready[s] for s in wanted if s in ready and s.endswith(f"-{form}")]
        if fitting:
            found.append((form, sorted(fitting, key=lambda r: r.width)))
    return found


def renditions(image: Any, wanted: tuple[str, ...]) -> list[Any]:
    """The stored renditions; a list that fetched them beforehand costs no query."""
    known = getattr(image, "_prefetched_objects_cache", {}).get("renditions")
    if known is not None:
        return [r for r in known if r.filter_spec in wanted]
    return list(image.renditions.filter(filter_spec__in=wanted))
