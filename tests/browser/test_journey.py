"""The main job as its people do it: in the browser, against running processes."""

import contextlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.conftest import Running

pytestmark = pytest.mark.browser

# A folder for screenshots, to be looked at.
SHOTS = os.environ.get("SCREENSHOTS", "")
TITLE = "Harbour lights"
WORDS = "The harbour lights go on this Friday at six. Come along, it is free."
# A slow machine decides no test: what takes seconds may take minutes.
PATIENCE = 300.0
# What the public reads below a post of ours.
MAY_REPLY = {
    "x": "Only accounts that this post mentions can reply.",
    "facebook": "Anyone can comment.",
    "instagram": "Comments are turned off.",
    "threads": (
        "Only accounts that this post mentions can reply."
        " Replies are shown once the account lets them."
    ),
    "linkedin": "Comments are turned off.",
    "tiktok": "Comments are turned off.",
    "bluesky": "Nobody can reply.",
    "mastodon": "Anyone can reply. Nobody can quote it.",
}
LETS_STRANGERS_REPLY = {"facebook", "mastodon"}
LINKS_ARE_DEAD = {"instagram", "tiktok"}
TAKES_NO_ALT_TEXT = {"tiktok"}
REMOVED_BY_PEOPLE = ("TikTok", "Nextdoor")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def write_and_submit(page: Page, running: Running, title: str, words: str) -> None:
    page.goto(f"{running.url}/admin/pages/add/news/newspage/{section_of(page, running)}/")
    page.fill("#id_title", title)
    page.fill("#id_intro", "Six o'clock on the quay.")
    page.get_by_role("button", name="Choose an image").click()
    page.locator(".image-choice").first.click()
    expect(
        page.get_by_role("button", name="Choose another image")
        .or_(page.locator(".chosen img"))
        .first
    ).to_be_visible()
    page.check("#id_announce")
    page.fill("#id_summary", words)
    for tick in page.locator('input[name="channel_words-ticked"]').all():
        tick.check()
    on_x = page.locator(".channel-block", has_text="Town Council on X")
    expect(on_x.locator(".channel-count")).to_contain_text(re.compile(r"20\d of 280"))
    shot(page, "editor")
    wait_for_draft(page)
    page.locator("footer [data-w-dropdown-target='toggle']").click()
    page.get_by_role("button", name=re.compile("Submit to")).click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/$"))


def wait_for_draft(page: Page) -> None:
    """Until Wagtail has saved a first draft by itself.

    What it missed it saves at the next key; where it never begins, its key for saving is pressed.
    """
    saved = re.compile(r"/admin/pages/\d+/edit/")
    for keys in (("End", "Space", "Backspace"), ("End", "Space", "Backspace"), ("Control+s",)):
        with contextlib.suppress(NotInTime):
            page.wait_for_url(saved, timeout=20_000)
            break
        page.locator("#id_summary").focus()
        for key in keys:
            page.keyboard.press(key)
    page.wait_for_url(saved)
    let_autosave_finish(page)


def let_autosave_finish(page: Page) -> None:
    """Wagtail saves a draft by itself; a press in the midst of that is lost on a slow machine."""
    page.wait_for_timeout(1_000)
    saving = page.locator(".w-autosave-indicator__state--saving").first
    expect(saving).to_be_hidden()


def section_of(page: Page, running: Running) -> str:
    page.goto(f"{running.url}/admin/pages/")
    answer = page.request.get(
        f"{running.url}/admin/api/main/pages/?type=news.NewsIndexPage&slug=news&fields=id"
    )
    return str(answer.json()["items"][0]["id"])


def timelines(running: Running) -> dict[str, str]:
    index = requests.get(running.rehearsal, timeout=60).text
    found = {
        network: running.rehearsal + path
        for path, network in re.findall(
            r'href="(/timeline/(\w+)/[\w:.-]+)">Marlhaven Town Council', index
        )
    }
    assert set(found) == set(MAY_REPLY)
    return found


def text_of(address: str) -> str:
    return requests.get(address, timeout=30).text


def own_post(address: str) -> str:
    """Our post as the public reads it; empty until it is there. Other tests post there too."""
    return next((part for part in text_of(address).split("<article") if WORDS in part), "")


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.2)


def at_both_widths(page: Page, name: str) -> None:
    for width in (360, 1280):
        # As high as the whole screen: Wagtail scrolls inside, so a picture shows no more.
        page.set_viewport_size({"width": width, "height": 5200 if SHOTS else 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shot(page, f"{name}-{width}")


def approve(moderator: Page, title: str) -> str:
    """Read, tick and approve, as the moderator does; gives the picture's description."""
    moderator.get_by_role("link", name=f"Review “{title}” and its posts").click()
    expect(moderator.get_by_role("heading", name="The posts")).to_be_visible()
    posts = moderator.locator("section.post")
    expect(posts).to_have_count(len(MAY_REPLY) + 1)
    for post in posts.all():
        expect(post.locator(".post-words")).to_contain_text(WORDS)
        expect(post.locator(".post-words")).to_contain_text("01632 960 123")
        expect(post.get_by_text("Replies should be closed.")).to_be_visible()
    frame = moderator.frame_locator(".review-frame")
    expect(frame.get_by_role("heading", name=title)).to_be_visible()
    described = str(posts.first.locator("img").get_attribute("alt"))
    assert described
    at_both_widths(moderator, "review")
    for tick in moderator.locator('input[name="channels"]').all():
        tick.check()
    moderator.check("#page-read")
    moderator.get_by_role("button", name="Approve and publish").click()
    expect(moderator.get_by_text("posts are on the way")).to_be_visible()
    return described


def read_as_a_resident(resident: Page, running: Running, network: str, described: str) -> None:
    """Words, picture, alt text and reply state on one network's timeline."""
    article = resident.locator("article", has_text=WORDS)
    expect(article).to_contain_text(WORDS)
    expect(article).to_contain_text("01632 960 123")
    link = re.compile(rf"{re.escape(running.url)}/n/\w{{10}}")
    if network in LINKS_ARE_DEAD:
        bare = running.url.removeprefix("http://")
        expect(article).to_contain_text(re.compile(rf"{re.escape(bare)}/n/\w{{10}}"))
        expect(article.get_by_role("link")).to_have_count(0)
    else:
        expect(article.get_by_role("link")).to_have_attribute("href", link)
    picture = article.locator("img")
    assert picture.evaluate("img => img.complete && img.naturalWidth > 400")
    assert picture.get_attribute("alt") == ("" if network in TAKES_NO_ALT_TEXT else described)
    expect(article.locator(".note")).to_have_text(MAY_REPLY[network])


def reply_as_a_stranger(resident: Page, network: str) -> None:
    said, shown = resident.get_by_role("status"), resident.locator("article", has_text=WORDS)
    shown.get_by_text("Reply as a stranger").click()
    shown.get_by_label("Words").fill("I have an opinion")
    shown.get_by_role("button", name="Reply").click()
    if network in LETS_STRANGERS_REPLY:
        expect(said).to_contain_text("Your reply is there")
    else:
        expect(said).to_contain_text("You cannot reply")
        expect(shown).not_to_contain_text("I have an opinion")


def open_post(page: Page, running: Running, channel: str) -> None:
    """Open what the dashboard asks about this page's post, once it asks."""
    asked = page.locator("#posts-that-need-you-content, #posts-that-need-you").get_by_role(
        "link", name=re.compile(f"{TITLE}: .*{channel}")
    )
    until(lambda: bool(page.goto(f"{running.url}/admin/") and asked.count()))
    asked.first.click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()


def post_by_hand(moderator: Page, running: Running) -> None:
    open_post(moderator, running, "Nextdoor")
    expect(moderator.get_by_label("The words, as they were approved")).to_contain_text(WORDS)
    at_both_widths(moderator, "by-hand")
    moderator.get_by_role("link", name="I posted it by hand").click()
    moderator.get_by_label("Address of the post").fill("https://nextdoor.example/p/1")
    moderator.get_by_label("Can people reply").select_option("No, I turned replies off")
    moderator.get_by_role("button", name="It stands there").click()
    expect(moderator.get_by_text("Recorded as posted.")).to_be_visible()


def tick_off_by_hand(moderator: Page, running: Running, channel: str) -> None:
    """A removal that no machine can do stands on the dashboard until someone says what they saw."""
    open_post(moderator, running, channel)
    moderator.get_by_role("link", name="I saw that it is gone").click()
    moderator.get_by_role("button", name="I saw that it is gone").click()
    expect(moderator.get_by_text("Write what you saw")).to_be_visible()
    moderator.get_by_label("What did you do").fill("Deleted it; the profile shows it no more.")
    moderator.get_by_role("button", name="I saw that it is gone").click()
    expect(moderator.get_by_text("Recorded.")).to_be_visible()


def test_written_approved_posted_and_taken_down(
    browser: Browser, running: Running, sign_in: Callable[..., Page]
) -> None:
    write_and_submit(sign_in("editor"), running, TITLE, WORDS)
    moderator = sign_in("moderator")
    shot(moderator, "dashboard")
    described = approve(moderator, TITLE)

    places, resident = timelines(running), browser.new_context().new_page()
    for network, place in places.items():
        # Some let their replies be closed only once the post is out.
        until(lambda place=place, network=network: MAY_REPLY[network] in own_post(place))
        resident.goto(place)
        shot(resident, f"timeline-{network}")
        read_as_a_resident(resident, running, network, described)
        reply_as_a_stranger(resident, network)
    until(lambda: "1 comment is hidden" in own_post(places["facebook"]))
    assert "I have an opinion" in own_post(places["mastodon"])
    post_by_hand(moderator, running)

    moderator.set_viewport_size({"width": 360, "height": 800})
    moderator.goto(f"{running.url}/admin/social_publish/delivery/")
    shot(moderator, "posts-360")
    moderator.goto(f"{running.url}/admin/pages/")
    page_id = moderator.request.get(
        f"{running.url}/admin/api/main/pages/?type=news.NewsPage&slug=harbour-lights&fields=id"
    ).json()["items"][0]["id"]
    moderator.goto(f"{running.url}/admin/social/take-down/{page_id}/")
    shot(moderator, "take-down-360")
    moderator.get_by_label("Why?").select_option("It is a mistake of ours")
    moderator.get_by_role("button", name="Take down now").click()
    expect(moderator.get_by_text("Its posts are being removed")).to_be_visible()
    assert requests.get(f"{running.url}/news/harbour-lights/", timeout=30).status_code == 410
    for network in set(places) - {"tiktok"}:
        until(lambda network=network: WORDS not in text_of(places[network]))

    moderator.set_viewport_size({"width": 1280, "height": 900})
    until(lambda: moderator.goto(f"{running.url}/admin/") and all_asked(moderator))
    shot(moderator, "dashboard-by-hand")
    resident.goto(places["tiktok"])
    post = resident.locator("article", has_text=WORDS)
    post.get_by_text("Act as the council").click()
    post.get_by_role("button", name="Delete the post").click()
    until(lambda: WORDS not in text_of(places["tiktok"]))
    for channel in REMOVED_BY_PEOPLE:
        tick_off_by_hand(moderator, running, channel)
    moderator.goto(f"{running.url}/admin/")
    expect(moderator.get_by_text("it may still be on the network")).to_have_count(0)
    resident.context.close()


def all_asked(dashboard: Page) -> bool:
    """Does the dashboard ask people for each removal that no machine can do?"""
    asked = dashboard.get_by_text("it may still be on the network").all_inner_texts()
    return all(any(channel in words for words in asked) for channel in REMOVED_BY_PEOPLE)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "path", ["/", "/news/", "/news/new-play-area-opens-in-jubilee-park/", "/contact/", "/none/"]
)
def test_residents_pages_pass_axe_and_stay_in_their_width(
    browser: Browser, running: Running, path: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=True
    )
    page = context.new_page()
    elsewhere = []
    page.on(
        "request", lambda r: elsewhere.append(r.url) if not r.url.startswith(running.url) else None
    )
    page.goto(running.url + path)
    shot(page, f"site{path.replace('/', '-')}{width}")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert elsewhere == []
    assert context.cookies() == []
    context.close()
