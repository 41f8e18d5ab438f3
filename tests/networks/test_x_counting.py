"""Counting as X counts, held against twitter-text's public conformance suite.

data/twitter_text.json: its cases of weight for the configuration that X uses now (version 3).
Of the older section only those are there that the newer one has not with another weight.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from social_publish.compose import compose
from social_publish.models import Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.x_text import addresses, x_length
from social_publish.rehearsal.counting import weighted_length
from tests.council import Council

SUITE = json.loads((Path(__file__).parent / "data" / "twitter_text.json").read_text())
CASES = [
    pytest.param(case, id=case["description"])
    for section in (name for name in SUITE if name.endswith("Test"))
    for case in SUITE[section]
]
LIMITS = NETWORKS["x"].limits


@pytest.mark.parametrize("case", CASES)
def test_the_conformance_suite(case: dict[str, Any]) -> None:
    assert x_length(case["text"]) == case["weightedLength"]
    composed = compose(case["text"], link="", contact_forms=(), limits=LIMITS)
    too_long = any("too long" in problem for problem in composed.problems)
    hidden = any("hidden characters" in problem for problem in composed.problems)
    # Refused here although X takes them: marks that turn the text round, or have no width.
    stricter = any(mark in case["text"] for mark in "\u200b\u2066")
    assert (too_long or (hidden and not stricter)) is not case["valid"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See looe.gov.uk/news.", ["looe.gov.uk/news"]),
        ("(https://looe.gov.uk/a_(b))", ["https://looe.gov.uk/a_(b)"]),
        ("https://looe.gov.uk/caf\u00e9?a=1,", ["https://looe.gov.uk/caf\u00e9?a=1"]),
        ("\u65e5\u672clooe.gov.uk\u65e5\u672c", ["looe.gov.uk"]),
        ("https://t.co/abc123\u00e9", ["https://t.co/abc123"]),
        (f"https://t.co/{'a' * 41}", []),
        ("office@looe.gov.uk", []),
        ("#looe.gov.uk @looe.gov.uk", []),
        ("_looe.gov.uk -looe.gov.uk", []),
        ("http://a_b.example", []),
        ("https://under_score.example.com", ["https://under_score.example.com"]),
        ("example.museums", []),
        (f"https://{'a' * 64}.uk", []),
        ("http://127.0.0.1:8000/n/abc", []),
    ],
)
def test_what_counts_as_an_address(text: str, found: list[str]) -> None:
    assert [text[address.start : address.end] for address in addresses(text)] == found


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("©", 1),
        ("©\ufe0f", 2),
        ("⚡\ufe0f", 2),
        ("👋\ufe0f", 4),
        ("7\ufe0f\u20e3", 2),
        ("🏴\U000e0067\U000e007f", 2),
    ],
)
def test_what_counts_as_one_emoji(text: str, length: int) -> None:
    assert x_length(text) == length


@pytest.mark.parametrize(
    "words",
    [
        "Open late on Thursday.",
        "Caf\u00e9 and cafe\u0301, £5 or €6…",
        "👨\u200d👩\u200d👧\u200d👦 and 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f at council.gov.uk/news",
        "日本 office@council.gov.uk www.council.gov.uk",
    ],
)
def test_editor_moderator_and_network_see_one_count(council: Council, words: str) -> None:
    counted = (
        council.client("editor")
        .post("/admin/social/count/", {f"words-{council.x.pk}": words})
        .json()[str(council.x.pk)]
    )
    page = council.write(summary=words, **{"channel_words-ticked": [str(council.x.pk)]})
    seen = council.review(page)
    length = Delivery.objects.get(channel=council.x).length
    assert counted["short"] == f"{length} of 280 characters"
    assert f"{length} of 280 characters as X counts" in seen.content.decode()
    council.approve(page, seen=seen)
    council.deliver()
    (post,) = council.posts(council.x)
    assert (x_length(post["text"]), weighted_length(post["text"])) == (length, length)
