"""Every kind of residents' page under axe's eyes, and looked at in every way people look."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.addresses import FORMS, PATHS, address_of
from tests.browser.conftest import Running
from tests.browser.test_admin import tab_to
from tests.browser.test_journey import shot

pytestmark = pytest.mark.browser

# WCAG 2.2 A and AA, and axe's best practices.
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The markup is the same in every look; these are what colours and widths can break.
RULES_OF_SIGHT = ["color-contrast", "link-in-text-block", "target-size"]
# Width and height of the window, and what the person's device asks for.
LOOKS: dict[str, tuple[tuple[int, int], dict[str, Any], list[str]]] = {
    "light": ((1280, 900), {"color_scheme": "light"}, ALL_RULES),
    # 1280 by 1024 at 400 per cent.
    "dark-zoomed": ((320, 256), {"color_scheme": "dark"}, ALL_RULES),
    "forced-colours": ((1280, 900), {"forced_colors": "active"}, RULES_OF_SIGHT),
    "print": ((720, 1000), {"media": "print"}, RULES_OF_SIGHT),
}
# What phones that get no updates any more have never heard of (2022: iOS 15, Firefox 115).
NEW_WORDS = re.compile(r"light-dark\(|oklch\(from |color-mix\(|:has\(")
AS_USUAL = {"media": "screen", "color_scheme": "light", "forced_colors": "none"}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB")
    yield context
    context.close()


def look_at(page: Page, name: str) -> None:
    """One open page in all looks: axe finds nothing, and nobody scrolls sideways."""
    for look, ((width, height), wishes, rules) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**(AS_USUAL | wishes))
        shot(page, f"page-{name}-{look}")
        found = Axe().run(page, options={"runOnly": rules}).response["violations"]
        assert not found, (look, [(v["id"], v["nodes"][0]["target"], v["help"]) for v in found])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, look


@pytest.mark.parametrize("path", PATHS)
def test_every_page(running: Running, context: BrowserContext, path: str) -> None:
    page = context.new_page()
    elsewhere: list[str] = []
    page.on(
        "request", lambda r: elsewhere.append(r.url) if not r.url.startswith(running.url) else None
    )
    page.goto(address_of(running.url, path))
    look_at(page, re.sub(r"[^a-z]+", "-", path.lower()))
    assert elsewhere == []
    # The door for residents with an account keeps a forged form from being sent, by a cookie.
    kept = {"csrftoken"} if path == "/_util/login/" else set()
    assert {cookie["name"] for cookie in context.cookies()} == kept


@pytest.mark.parametrize("path", FORMS)
def test_forms_with_errors(running: Running, context: BrowserContext, path: str) -> None:
    page = context.new_page()
    page.goto(running.url + path)
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert page.title().startswith("Error: ")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#form-words")).to_be_focused()
    look_at(page, f"errors{path.replace('/', '-')}")


def test_a_resident_writes_by_keyboard_and_without_scripts(
    running: Running, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(running.url)
    page.get_by_role("link", name="Contact us").first.focus()
    page.keyboard.press("Enter")
    # Sooner than three seconds after the form was made is a program, and it is yet to come.
    page.get_by_label("Your message").focus()
    page.wait_for_timeout(3100)
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


def test_an_old_phone_shows_where_to_write_and_where_you_are(
    running: Running, context: BrowserContext
) -> None:
    def as_it_hears_it(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=NEW_WORDS.sub("unheard(", answer.text()))

    context.route("**/*.css", as_it_hears_it)
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    page.emulate_media(color_scheme="dark")
    page.goto(running.url + "/contact/")
    shot(page, "old-phone")
    found = Axe().run(page, options={"runOnly": ALL_RULES}).response["violations"]
    assert not found, [(v["id"], v["nodes"][0]["target"]) for v in found]
    for field in ("#find", "#form-words", "#form-name"):
        expect(page.locator(field)).to_have_css("border-top-style", "solid")
    page.goto(running.url + "/news/")
    link = page.locator(".card h2 a").first
    page.locator(".choose button").focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("outline-style", "solid")
