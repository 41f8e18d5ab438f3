"""Search and sitemap among 10,000 pages, beside Wagtail's own."""

import statistics
import sys
from collections.abc import Iterator

from tests.bench import websites
from tests.bench.figures import Figure
from tests.bench.residents_site import ResidentsSite

PAGES, FEW_PAGES = 10_000, 2_000
SEARCH, SITEMAP = 0.01, 0.05
# Every page of news holds the first, one holds the second; the other address is Wagtail's own.
PAIRS = {
    "search for a word of every page": ("/search/?q=library", "/bench/search?q=library", SEARCH),
    "search for a rare word": ("/search/?q=visit", "/bench/search?q=visit", None),
    "sitemap": ("/sitemap.xml", "/bench/sitemap.xml", SITEMAP),
}


def measure(quick: bool) -> Iterator[Figure]:
    """Whole answers: menu, footer and template are in them on both sides."""
    rounds = 2 if quick else 3
    here = ResidentsSite()
    here.grow_to(FEW_PAGES if quick else PAGES)
    here.index()
    site = websites.ours("ours")
    for name, (ours, theirs, bound) in PAIRS.items():
        site.seconds(ours, 2)
        pairs = [(site.seconds(ours, 5), site.seconds(theirs, 1)) for _ in range(rounds)]
        mine, other = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
        sys.stdout.write(f"    {name}: {mine:.1f} ms, Wagtail's own {other:.1f} ms\n")
        sys.stdout.flush()
        ratio = statistics.median(one / other for one, other in pairs)
        yield Figure(f"{name}, {here.pages:,} pages, ours / Wagtail's", ratio, "", bound)
