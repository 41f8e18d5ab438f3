"""Our admin screens: by keyboard alone, at 400 % zoom, and under axe's eyes."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running
from tests.browser.test_journey import let_autosave_finish, section_of, shot

pytestmark = pytest.mark.browser

WORDS = "Warm drinks in the square this Sunday, from two until four."
# Where our own markup stands in Wagtail's pages: nothing is forgiven there.
OURS = (".connect", ".review", ".channel-words", "#posts-that-need-you", ".post", ".channel-block")
REVIEWED = json.loads((Path(__file__).parent / "wagtail_axe.json").read_text())


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; the keyboard alone must get there."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def check_with_axe(page: Page) -> None:
    """Nothing in our markup; in Wagtail's, nothing that is not in the reviewed file."""
    inside = "([s, outer]) => { const e = document.querySelector(s); return !!e && outer.some(o => e.closest(o)); }"
    new = []
    for violation in Axe().run(page).response["violations"]:
        forgiven = [entry["selector"] for entry in REVIEWED if entry["rule"] == violation["id"]]
        for node in violation["nodes"]:
            selector = str(node["target"][-1])
            ours = page.evaluate(inside, [selector, list(OURS)])
            if ours or not page.evaluate(inside, [selector, forgiven]):
                new.append((violation["id"], selector, violation["help"]))
    assert not new, json.dumps(new, indent=1)


def test_the_main_job_by_keyboard(running: Running, sign_in: Callable[..., Page]) -> None:
    editor = sign_in("editor")
    editor.goto(f"{running.url}/admin/pages/add/news/newspage/{section_of(editor, running)}/")
    tab_to(editor, "#id_title")
    editor.keyboard.type("Warm drinks")
    tab_to(editor, "#id_intro")
    editor.keyboard.type("Come along.")
    tab_to(editor, "#id_announce")
    editor.keyboard.press("Space")
    tab_to(editor, "#id_summary")
    editor.keyboard.type(WORDS)
    for _ in range(2):
        tab_to(editor, 'input[name="channel_words-ticked"]')
        editor.keyboard.press("Space")
    said = editor.locator('[data-post-counter-target="said"]')
    expect(said).to_have_attribute("aria-live", "polite")
    expect(said).to_contain_text(re.compile(r"of \d+ characters"))
    assert editor.evaluate("document.activeElement.name") == "channel_words-ticked"
    check_with_axe(editor)
    let_autosave_finish(editor)
    tab_to(editor, "footer [data-w-dropdown-target='toggle']")
    editor.keyboard.press("Enter")
    tab_to(editor, 'button[name="action-submit"]')
    editor.keyboard.press("Enter")
    editor.wait_for_url(re.compile(r"/admin/pages/\d+/$"))

    moderator = sign_in("moderator2")
    check_with_axe(moderator)
    tab_to(moderator, 'a[href*="/admin/social/review/"]')
    moderator.keyboard.press("Enter")
    expect(moderator.get_by_role("heading", name="The posts")).to_be_visible()
    check_with_axe(moderator)
    for _ in range(2):
        tab_to(moderator, 'input[name="channels"]')
        moderator.keyboard.press("Space")
    tab_to(moderator, ".review form button")
    moderator.keyboard.press("Enter")
    expect(moderator.get_by_text("Tick this once you have read the page.")).to_be_visible()
    expect(moderator.locator("#page-read")).to_be_focused()
    check_with_axe(moderator)
    moderator.keyboard.press("Space")
    tab_to(moderator, ".review form button")
    moderator.keyboard.press("Enter")
    expect(moderator.get_by_text("posts are on the way")).to_be_visible()


def test_too_long_is_said_beside_the_field(running: Running, sign_in: Callable[..., Page]) -> None:
    editor = sign_in("editor")
    editor.goto(f"{running.url}/admin/pages/add/news/newspage/{section_of(editor, running)}/")
    editor.fill("#id_summary", "word " * 70)
    x = editor.locator(".channel-block", has_text="Town Council on X")
    expect(x.locator(".channel-findings")).to_contain_text("characters too long")
    words = x.locator("textarea")
    expect(words).to_have_attribute("aria-invalid", "true")
    finding = x.locator(".channel-findings").get_attribute("id")
    assert finding in (words.get_attribute("aria-describedby") or "").split()
    check_with_axe(editor)


@pytest.mark.parametrize(
    "path", ["/admin/social_publish/delivery/", "/admin/social_publish/channel/"]
)
def test_the_lists(running: Running, sign_in: Callable[..., Page], path: str) -> None:
    page = sign_in("moderator")
    page.goto(running.url + path)
    shot(page, f"list{path.replace('/', '-')}")
    check_with_axe(page)


def test_nothing_is_lost_at_400_per_cent(running: Running, sign_in: Callable[..., Page]) -> None:
    """1280 pixels at 400 % are 320 of them."""
    page = sign_in("editor", width=320)
    page.goto(f"{running.url}/admin/pages/add/news/newspage/{section_of(page, running)}/")
    box = page.locator(".channel-block").first.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
