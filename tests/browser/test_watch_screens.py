"""Security checks, words for profiles, and replies that are open: screens under axe's eyes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running
from tests.browser.test_journey import let_autosave_finish, section_of, until, wait_for_draft
from tests.browser.test_screens import id_of, look_at, send_empty

pytestmark = pytest.mark.browser


def test_the_screens_of_the_security_checks(running: Running, sign_in: Callable[..., Page]) -> None:
    page = sign_in("clerk")
    page.get_by_role("link", name="Security checks").click()
    expect(page.get_by_role("heading", name="Security checks")).to_be_visible()
    look_at(page, "screen-security")
    page.get_by_role("link", name="Town Council on X").click()
    expect(page.get_by_role("heading", name="Words for the profile")).to_be_visible()
    look_at(page, "screen-security-channel")
    page.get_by_role("link", name="Record what you saw: Linked apps").click()
    send_empty(page, "Record it", "Choose whether it is in order.")
    look_at(page, "screen-security-tick")
    page.select_option("#id_in_order", "no")
    page.fill("#id_note", "An app of 2015 may still post.")
    page.get_by_role("button", name="Record it", exact=True).click()
    expect(page.get_by_text("Recorded: Linked apps.")).to_be_visible()
    page.get_by_role("link", name="Everything that was ever checked").click()
    expect(page.get_by_text("An app of 2015 may still post.")).to_be_visible()
    look_at(page, "screen-security-history")


def test_the_screens_of_open_replies(running: Running, sign_in: Callable[..., Page]) -> None:
    submit_with_open_replies(sign_in("editor"), running)
    page = sign_in("moderator")
    approve_open_replies(page, running)
    look_at_what_is_watched(page, running)


def submit_with_open_replies(page: Page, running: Running) -> None:
    page.goto(f"{running.url}/admin/pages/add/news/newspage/{section_of(page, running)}/")
    page.fill("#id_title", "What should the park have?")
    page.fill("#id_intro", "Tell us by Friday.")
    # Instagram and TikTok take no post without a picture.
    page.get_by_role("button", name="Choose an image").click()
    page.locator(".image-choice").first.click()
    expect(page.locator(".chosen img").first).to_be_visible()
    page.check("#id_announce")
    page.fill("#id_summary", "What should the new park have? Tell us by Friday.")
    for tick in page.locator('input[name="channel_words-ticked"]').all():
        tick.check()
    for tick in page.locator('input[name="channel_words-open"]').all():
        tick.check()
    wait_for_draft(page)
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.locator('button[name="action-submit"]').click()
    expect(page.get_by_text("Say why replies are opened.")).to_be_visible()
    look_at(page, "screen-opening-errors")
    page.check("#id_replies_opinion")
    page.fill("#id_replies_reason", "We ask what the park needs.")
    page.select_option("#id_replies_watcher", index=1)
    page.fill("#id_replies_until", (date.today() + timedelta(days=3)).strftime("%Y-%m-%d"))
    # The calendar opens a moment after its field is entered, and lies over what is below.
    calendar = page.locator(".xdsoft_datetimepicker:visible")
    expect(calendar).to_have_count(1)
    page.locator("#id_summary").focus()
    expect(calendar).to_have_count(0)
    let_autosave_finish(page)
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.locator('button[name="action-submit"]').click()
    expect(page.get_by_text("submitted for moderation")).to_be_visible()


def approve_open_replies(page: Page, running: Running) -> None:
    page_id = id_of(page, running, "what-should-the-park-have")
    page.goto(f"{running.url}/admin/social/review/{page_id}/")
    expect(page.get_by_text("Replies should be open.").first).to_be_visible()
    look_at(page, "screen-opening-review")
    for tick in page.locator('input[name="channels"]').all():
        tick.check()
    page.check("#page-read")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("posts are on the way")).to_be_visible()


def look_at_what_is_watched(page: Page, running: Running) -> None:
    watched = page.get_by_role("heading", name="Posts with open replies")
    until(lambda: bool(page.goto(f"{running.url}/admin/") and watched.count()))
    look_at(page, "screen-opening-dashboard")
    # Below it, not among what waits to be posted by hand.
    listed = page.locator("h3", has_text="Posts with open replies").locator("xpath=following::a")
    listed.filter(has_text="What should the park have?").first.click()
    look_at(page, "screen-opening-post")
    page.get_by_role("link", name="Name who watches the replies").click()
    send_empty(page, "Save", "Choose who watches the replies.")
    look_at(page, "screen-opening-watcher")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Close replies now").click()
    look_at(page, "screen-opening-close")
    page.get_by_role("button", name="Close replies now").click()
    expect(page.get_by_text("Replies are being closed.")).to_be_visible()
