"""Counting as X counts, in both of our independent counts, and as published."""

import pytest

from social_publish.networks.x_text import x_length, x_mentions
from social_publish.rehearsal.counting import weighted_length

COUNTS = [
    ("Hello, world! 👋", 16),
    ("https://example.gov.uk/a/very/long/address/indeed", 23),
    ("👨‍👩‍👧‍👦", 2),
    ("🇬🇧", 2),
    ("👍🏽", 2),
    ("日本", 4),
    ("café", 4),
    ("cafe\u0301", 4),
    ("a" * 281, 281),
    ("town-council.gov.uk/news x", 25),
    ("office@council.gov.uk 01234 567890", 34),
    ("www.council.gov.uk", 23),
    ("Visit council.gov.uk.", 30),
    ("£5 – “free”", 11),
    ("€5…", 5),
    ("http://127.0.0.1:8000/n/abcdefghij", 34),
]


@pytest.mark.parametrize(("text", "length"), COUNTS)
def test_weighted_length(text: str, length: int) -> None:
    assert x_length(text) == length
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thanks @looe!", ["@looe"]),
        ("(@looe)", ["@looe"]),
        (".@looe", ["@looe"]),
        ("＠looe", ["@looe"]),
        ("office@council.gov.uk", []),
        ("no mention here", []),
    ],
)
def test_mentions(text: str, names: list[str]) -> None:
    assert x_mentions(text) == names
