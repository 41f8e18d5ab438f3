"""Every screen of ours, and every form with its errors, under axe's eyes."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running
from tests.browser.test_admin import REVIEWED, check_with_axe
from tests.browser.test_journey import (
    let_autosave_finish,
    section_of,
    shot,
    write_and_submit,
)

pytestmark = pytest.mark.browser


def look_at(page: Page, name: str) -> None:
    """At both widths, with a picture to be looked at."""
    expect(page.get_by_text("Something went wrong")).to_have_count(0)
    for width in (1280, 360):
        # As high as the whole screen: Wagtail scrolls inside, so a picture shows no more.
        page.set_viewport_size({"width": width, "height": 2600})
        # Wagtail's menu closes by a movement, with which everything else moves.
        page.wait_for_timeout(400)
        shot(page, f"{name}-{width}")
        check_with_axe(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def id_of(page: Page, running: Running, slug: str) -> int:
    answer = page.request.get(
        f"{running.url}/admin/api/main/pages/?type=news.NewsPage&slug={slug}&fields=id"
    )
    return int(answer.json()["items"][0]["id"])


def send_empty(page: Page, button: str, words: str) -> None:
    """Press the button of a form that lacks something: the sentence is tied to its field."""
    page.get_by_role("button", name=button, exact=True).click()
    field = page.locator("[aria-invalid=true]").first
    expect(field).to_be_visible()
    described = (field.get_attribute("aria-describedby") or "").split()
    said = [page.locator(f"[id='{name}']") for name in described]
    assert words in " ".join(sentence.inner_text() for sentence in said if sentence.count())


def test_the_reviewed_list_does_not_grow() -> None:
    assert len(REVIEWED) <= 2, (
        "wagtail_axe.json lists what axe finds in Wagtail's own markup, and it only gets shorter."
        " Mend the new finding, or read it with someone else before this number is raised."
    )


def test_every_screen_of_an_officer(running: Running, sign_in: Callable[..., Page]) -> None:
    words = "The quay is mended from Monday on. Please walk round by Fore Street."
    write_and_submit(sign_in("editor"), running, "Quay repairs", words)
    page = sign_in("moderator")
    look_at(page, "screen-dashboard")
    page_id = id_of(page, running, "quay-repairs")

    page.goto(f"{running.url}/admin/social/review/{page_id}/")
    look_at(page, "screen-review")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("You ticked no post.")).to_be_visible()
    expect(page.get_by_text("Tick this once you have read the page.")).to_be_visible()
    look_at(page, "screen-review-errors")
    for tick in page.locator('input[name="channels"]').all():
        tick.check()
    page.check("#page-read")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("posts are on the way")).to_be_visible()

    page.goto(f"{running.url}/admin/social/take-down/{page_id}/")
    send_empty(page, "Take down now", "Choose a reason")
    look_at(page, "screen-take-down-errors")
    page.goto(f"{running.url}/admin/social/move/{page_id}/")
    look_at(page, "screen-move")

    page.goto(f"{running.url}/admin/social_publish/delivery/?q=Quay")
    look_at(page, "screen-posts")
    page.locator('a[href*="/delivery/inspect/"]').first.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    look_at(page, "screen-post")
    page.get_by_role("link", name="Take this post down").click()
    send_empty(page, "Take this post down", "Choose a reason")
    look_at(page, "screen-post-take-down-errors")


def test_every_screen_of_the_webmaster(running: Running, sign_in: Callable[..., Page]) -> None:
    page = sign_in("webmaster")
    page.goto(f"{running.url}/admin/social_publish/channel/")
    look_at(page, "screen-channels")
    page.locator('a[href*="/pause/"]').first.click()
    look_at(page, "screen-pause")
    page.goto(f"{running.url}/admin/officecontact/")
    look_at(page, "screen-contacts")
    page.get_by_role("link", name="Town Council office").first.click()
    page.fill("#id_phone", "")
    page.fill("#id_email", "")
    send_empty(page, "Save", "every post carries one")
    look_at(page, "screen-contact-errors")


def test_the_editors_form_with_errors(running: Running, sign_in: Callable[..., Page]) -> None:
    page = sign_in("editor")
    page.goto(f"{running.url}/admin/pages/add/news/newspage/{section_of(page, running)}/")
    page.fill("#id_title", "Nothing to say")
    page.check("#id_announce")
    let_autosave_finish(page)
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.locator('button[name="action-submit"]').click()
    expect(page.locator(".error-message").first).to_be_visible()
    assert page.input_value("#id_title") == "Nothing to say"
    look_at(page, "screen-editor-errors")


def test_a_councillors_suggestion(running: Running, sign_in: Callable[..., Page]) -> None:
    page = sign_in("councillor")
    look_at(page, "screen-councillor")
    page.goto(f"{running.url}/admin/suggestions/new/")
    send_empty(page, "Create", "This field is required.")
    look_at(page, "screen-suggestion-errors")


def test_the_rehearsal_networks(running: Running, browser: Browser) -> None:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(running.rehearsal)
    for address in (
        running.rehearsal,
        page.locator("a[href*='/timeline/']").first.get_attribute("href"),
    ):
        page.goto(running.rehearsal + address if str(address).startswith("/") else str(address))
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(page).response["violations"]
            assert not found, [(v["id"], v["nodes"][0]["target"]) for v in found]
