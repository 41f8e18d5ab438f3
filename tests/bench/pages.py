"""What a page costs when it is made: beside the barest Wagtail page, and beside more news."""

import os
import statistics
import sys
from collections.abc import Iterator

from tests.bench import websites
from tests.bench.figures import Figure
from tests.bench.residents_site import ResidentsSite
from tests.bench.websites import Website

SIZES, LONG = (100, 10_000), 100_000  # pages of news
GROWTH = {1_000: 1.1, 10_000: 1.1, 100_000: 1.5}
QUERIES = {"news page": 7, "index of 12": 8}
BARE, KEPT = 2.0, 0.02
# {(website, page): processor seconds of one answer, for each round}
Costs = dict[tuple[str, str], list[float]]


def measure(quick: bool) -> Iterator[Figure]:
    sizes = (SIZES[0], 1_000) if quick else SIZES
    if os.environ.get("BENCH_LONG"):
        sizes = (*sizes, LONG)
    rounds, times = (3, 5) if quick else (15, 10)
    here, copies = ResidentsSite(), {}
    for size in sizes:
        here.grow_to(size)
        copies[size] = websites.keep_copy(str(size))
    sites = {size: websites.ours(str(size), database=copy) for size, copy in copies.items()}
    first = sites[sizes[0]]
    kept = websites.ours("kept", database=copies[sizes[0]], kept=True)
    bare = websites.started_by_wagtail()
    wanted = [(site, page, at) for page, at in here.addresses.items() for site in sites.values()]
    wanted += [(bare, "page", "/"), (kept, "news page", here.addresses["news page"])]
    for name, most in QUERIES.items():
        _warm(first, here.addresses[name])
        yield Figure(f"queries of the {name}", first.queries(here.addresses[name]), "", most)
    costs = _costs(wanted, rounds, times)
    yield _ratio(
        costs, (first.name, "news page"), ("bare", "page"), "news page / bare page of Wagtail", BARE
    )
    yield _ratio(
        costs, ("kept", "news page"), (first.name, "news page"), "news page kept / made", KEPT
    )
    for size in sizes[1:]:
        yield from _growth(here, costs, (first, sites[size]), size)


def _growth(
    here: ResidentsSite, costs: Costs, pair: tuple[Website, Website], size: int
) -> Iterator[Figure]:
    small, large = pair
    beside = f"{size:,} / {int(small.name):,} pages of news"
    for page, address in here.addresses.items():
        queries = large.queries(address) / small.queries(address)
        yield Figure(f"{page}, {beside}, queries", queries, "", GROWTH[size])
        name = f"{page}, {beside}, processor time"
        yield _ratio(costs, (large.name, page), (small.name, page), name, GROWTH[size])


def _costs(wanted: list[tuple[Website, str, str]], rounds: int, times: int) -> Costs:
    """All pages in turn, again and again, so that what slows the machine slows each of them."""
    for site, _, address in wanted:
        _warm(site, address)
    costs: Costs = {(site.name, page): [] for site, page, _ in wanted}
    for _ in range(rounds):
        for site, page, address in wanted:
            costs[site.name, page].append(site.seconds(address, times))
    for (name, page), seconds in costs.items():
        sys.stdout.write(f"    {name}: {page} {statistics.median(seconds) * 1000:.2f} ms\n")
    sys.stdout.flush()
    return costs


def _warm(site: Website, address: str) -> None:
    """Until what is looked up once is known."""
    site.seconds(address, 3)


def _ratio(
    costs: Costs, one: tuple[str, str], other: tuple[str, str], name: str, bound: float
) -> Figure:
    ratios = [mine / theirs for mine, theirs in zip(costs[one], costs[other], strict=True)]
    return Figure(name, statistics.median(ratios), "", bound)
