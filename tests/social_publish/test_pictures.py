"""The pictures of posts."""

import io

import pytest
from PIL import Image

from social_publish import pictures
from social_publish.networks import NETWORKS

LIMITS = NETWORKS["x"].limits.picture


def png(picture: Image.Image, **options: int) -> io.BytesIO:
    content = io.BytesIO()
    picture.save(content, "PNG", **options)
    content.seek(0)
    return content


@pytest.mark.parametrize(
    "source",
    [
        png(Image.new("RGBA", (50, 50), (0, 0, 0, 0))),
        png(Image.new("LA", (50, 50), (0, 0))),
        png(Image.new("P", (50, 50), 0), transparency=0),
    ],
    ids=["colour", "grey", "palette"],
)
def test_what_is_transparent_becomes_white(source: io.BytesIO) -> None:
    source.seek(0)
    fitted = Image.open(io.BytesIO(pictures.fit(source, LIMITS)))
    assert fitted.format == "JPEG"
    assert fitted.getpixel((25, 25)) == (255, 255, 255)


def test_what_is_not_transparent_stays() -> None:
    half = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    half.paste((200, 0, 0, 255), (0, 0, 50, 25))
    fitted = Image.open(io.BytesIO(pictures.fit(png(half), LIMITS)))
    red, green, _ = fitted.getpixel((25, 5))
    assert red > 180
    assert green < 40
