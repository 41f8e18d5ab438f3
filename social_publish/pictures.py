"""The pictures of posts: sized for each network, then kept as the very bytes that were approved.

A stored picture is named after its SHA-256, in private storage (`STORAGES["post_pictures"]`).
"""

import hashlib
import io
import math
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image, ImageOps

from social_publish.networks.capabilities import PictureLimits


class PictureUnusable(Exception):
    """The picture cannot be opened or made small enough; the text is for the editor."""


def fit(source: IO[bytes], limits: PictureLimits) -> bytes:
    """A JPEG within the limits, the right way up and without any data about where it was taken.

    Raises PictureUnusable.
    """
    try:
        with Image.open(source) as opened:
            picture = _on_white(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise PictureUnusable(
            "The picture cannot be opened. Choose or upload another one."
        ) from error
    picture = _shaped(picture, limits)
    picture.thumbnail((limits.max_side, limits.max_side))
    for quality in (85, 70, 55, 40):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= limits.max_bytes:
            return out.getvalue()
    raise PictureUnusable("The picture is too large for this network. Choose a smaller one.")


def plain(limits: PictureLimits) -> bytes:
    """A square of one colour, the same bytes each time."""
    out = io.BytesIO()
    side = min(1080, limits.max_side)
    Image.new("RGB", (side, side), (31, 80, 120)).save(out, "JPEG")
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    # JPEG knows no transparency, and what lies under it is mostly black.
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")


def _shaped(picture: Image.Image, limits: PictureLimits) -> Image.Image:
    """With white margins where a network would cut or refuse its shape."""
    width, height = picture.size
    shape = min(max(width / height, limits.narrowest), limits.widest)
    size = max(width, math.ceil(height * shape)), max(height, math.ceil(width / shape))
    if size == picture.size:
        return picture
    canvas = Image.new("RGB", size, "white")
    canvas.paste(picture, ((size[0] - width) // 2, (size[1] - height) // 2))
    return canvas


def name_of(content: bytes) -> str:
    """The name of a picture in storage: the SHA-256 of its bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def store(content: bytes) -> None:
    """Keep the bytes under their name; no bytes, nothing to keep."""
    storage = storages["post_pictures"]
    if content and not storage.exists(name_of(content)):
        storage.save(name_of(content), ContentFile(content))


def load(name: str) -> bytes:
    """The bytes stored under a name. Raises PictureUnusable when they are gone or damaged."""
    try:
        with storages["post_pictures"].open(name) as file:
            content = file.read()
    except OSError as error:
        raise PictureUnusable("The approved picture is no longer in storage.") from error
    if name_of(content) != name:
        raise PictureUnusable("The stored picture is not the one that was approved.")
    return content


def delete(names: list[str]) -> None:
    """Delete stored pictures that nothing shows any more."""
    for name in names:
        storages["post_pictures"].delete(name)
