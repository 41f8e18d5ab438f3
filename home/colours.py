"""Colours of a site: which ones can be read. Contrast as WCAG 2.2 defines it (1.4.3)."""

import re

from django.core.exceptions import ValidationError

AA = 4.5  # for text of ordinary size
WHITE = "#ffffff"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours written #rrggbb: from 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def demand_readable(colour: str) -> None:
    """Raise ValidationError where white words on this colour would be hard to read."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValidationError("Write the colour as # and six digits, for example #0b3c49.")
    ratio = contrast(colour, WHITE)
    if ratio < AA:
        raise ValidationError(
            f"White words on this colour have a contrast of {ratio:.1f} to 1, and 4.5 is the least"
            " that people with weak sight can read. Choose a darker colour."
        )
