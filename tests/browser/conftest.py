"""The whole site in real processes, and Debian's chromium to look at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Running:
    """A site started as `make run` starts it."""

    url: str
    rehearsal: str
    logins: dict[str, str]
    data: Path


def free_port() -> int:
    """One that is free, as is the next."""
    for port in range(18300, 18900, 2):
        with socket.socket() as one, socket.socket() as two:
            try:
                one.bind(("127.0.0.1", port))
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise RuntimeError("No two free ports in a row.")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("site")
    port = free_port()
    environment = {
        **{
            k: v
            for k, v in os.environ.items()
            if k not in ("DATABASE_URL", "SECRET_KEY", "CHANNEL_KEYS")
        },
        "DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
    }
    log = (data / "run.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "cms.run", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_until_told(process, data / "run.log")
        logins = json.loads((data / "demo-logins.json").read_text())["logins"]
        yield Running(
            f"http://127.0.0.1:{port}",
            f"http://127.0.0.1:{port + 1}",
            {login["username"]: login["password"] for login in logins},
            data,
        )
    finally:
        process.terminate()
        process.wait(300)
        log.close()


def _wait_until_told(process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + 600
    while time.monotonic() < ends:
        if "Ctrl-C stops everything" in log.read_text():
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(log.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            raise RuntimeError("chromium is not installed, and these tests must not be skipped.")
        pytest.skip("Debian's chromium is not installed: sudo apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        # A slow machine decides no test.
        expect.set_options(timeout=60_000)
        yield started
        started.close()


@pytest.fixture
def sign_in(browser: Browser, running: Running):
    """sign_in("editor", width=1280) opens a page of that person's own session."""
    contexts = []

    def _sign_in(username: str, *, width: int = 1280) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", reduced_motion="reduce"
        )
        context.set_default_timeout(120_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{running.url}/admin/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", running.logins[username])
        page.press("#id_password", "Enter")
        page.wait_for_url(f"{running.url}/admin/")
        return page

    yield _sign_in
    for context in contexts:
        context.close()
