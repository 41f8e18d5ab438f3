"""Every kind of residents' page under axe's eyes: light and dark, wide and at 400 per cent."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Running
from tests.browser.test_admin import tab_to
from tests.browser.test_journey import shot

pytestmark = pytest.mark.browser

# WCAG 2.2 A and AA, and axe's best practices.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PATHS = [
    "/",
    "/news/",
    "/news/?purpose=election",
    "/news/have-your-say-on-the-harbour-railings/",
    "/news/lock-your-bike-at-the-station/",
    "/meetings/",
    "FIRST /meetings/",
    "/people/",
    "FIRST /people/",
    "/events/",
    "/events/?past",
    "FIRST /events/",
    "/jobs/",
    "FIRST /jobs/",
    "/documents/",
    "/report/",
    "/contact/",
    "/concern/",
    "/accessibility/",
    "/privacy/",
    "/hire/",
    "/search/",
    "/search/?q=harbour",
    "/search/?q=zzzz",
    "/posts/",
    "/style-guide/",
    "/none/",
]
LOOKS = [("light", 1280), ("dark", 320)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    scheme, width = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="en-GB", color_scheme=scheme
    )
    yield context
    context.close()


def check(page: Page) -> None:
    violations = Axe().run(page, options=RULES).response["violations"]
    assert not violations, [(v["id"], v["nodes"][0]["target"], v["help"]) for v in violations]
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def open_page(page: Page, running: Running, path: str) -> None:
    """FIRST /x/ is the first page that is listed at /x/."""
    page.goto(running.url + path.removeprefix("FIRST "))
    if path.startswith("FIRST"):
        page.locator("main h2 a, main h3 a").first.click()
        expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("path", PATHS)
def test_every_page(running: Running, context: BrowserContext, path: str) -> None:
    page = context.new_page()
    elsewhere: list[str] = []
    page.on(
        "request", lambda r: elsewhere.append(r.url) if not r.url.startswith(running.url) else None
    )
    open_page(page, running, path)
    assert page.viewport_size
    shot(page, f"page-{re.sub(r'[^a-z]+', '-', path.lower())}-{page.viewport_size['width']}")
    check(page)
    assert elsewhere == []
    assert context.cookies() == []


@pytest.mark.parametrize("path", ["/contact/", "/concern/"])
def test_forms_with_errors(running: Running, context: BrowserContext, path: str) -> None:
    page = context.new_page()
    page.goto(running.url + path)
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert page.title().startswith("Error: ")
    check(page)
    page.get_by_role("link", name="Write your message.").click()
    assert page.evaluate("document.activeElement.id") == "form-words"


def test_a_resident_writes_by_keyboard_and_without_scripts(
    running: Running, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(running.url)
    page.get_by_role("link", name="Contact us").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(3100)
    page.get_by_label("Your message").focus()
    page.keyboard.type("When does the hall open?")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you, we have your message")).to_be_visible()
    assert context.cookies() == []
    context.close()


def test_the_skip_link_comes_first(running: Running, browser: Browser) -> None:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(running.url + "/meetings/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#committee")
    page.context.close()
