"""What residents come for, found on a phone: by touch, by keyboard alone, and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import Running

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "en-GB"}
WAYS = {
    "touch": {"has_touch": True, "is_mobile": True},
    "keyboard": {},
    "no-script": {"java_script_enabled": False},
}
# (what for, the links from the front page, what is read at the end)
JOURNEYS = [
    ("next meeting", ["Read the agenda"], "Payments for approval"),
    ("councillor’s phone", ["Your councillors", "Councillor Idris Hale"], "01632 960 202"),
    ("minutes", ["Meetings and minutes", "Minutes of Full council"], "Resolved: to show"),
    ("job", ["Jobs and volunteering", "Assistant groundsman"], "£12.85 an hour"),
    ("bins", ["Bins and recycling"], "Put them out by 7am"),
    ("a problem", ["Report a problem"], "Pothole or broken pavement"),
    ("the office", ["Contact the office"], "Monday to Friday, 10am to 3pm"),
    ("the clerk", ["Your councillors", "Colin Trewin"], "01632 960 123"),
]
# (what is typed, what leads there)
SEARCHES = [
    ("Idris Hale", "Councillor Idris Hale"),
    ("clerk", "Colin Trewin"),
    ("groundsman", "Assistant groundsman"),
    ("bins", "Bins and recycling"),
    ("railings", "Have your say on the harbour railings"),
]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def phone(browser: Browser, way: str) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE, **WAYS[way])
    yield context
    context.close()


def follow(page: Page, way: str, link: Locator) -> None:
    if way == "touch":
        link.tap()
    elif way == "keyboard":
        by_keyboard(page, link)
    else:
        link.click()


def by_keyboard(page: Page, wanted: Locator) -> None:
    """Tab until it has the focus, as someone without a mouse must; then Enter."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"The keyboard does not get there: {wanted}")


@pytest.mark.parametrize(
    ("links", "found"), [j[1:] for j in JOURNEYS], ids=[j[0] for j in JOURNEYS]
)
def test_in_two_taps(
    running: Running, phone: BrowserContext, way: str, links: list[str], found: str
) -> None:
    page = phone.new_page()
    page.goto(running.url)
    for name in links:
        follow(page, way, page.get_by_role("main").get_by_role("link", name=name).first)
        page.wait_for_load_state()
    expect(page.get_by_role("main").get_by_text(found).first).to_be_visible()


def test_last_years_minutes(running: Running, phone: BrowserContext, way: str) -> None:
    """The year is one tap from the meetings; those of that year stand alone."""
    page = phone.new_page()
    page.goto(f"{running.url}/meetings/")
    years = page.locator("a.choice")
    last = years.nth(1)
    year = last.inner_text()
    follow(page, way, last)
    expect(page.get_by_role("heading", level=1)).to_contain_text(year)
    for title in page.locator("main h3").all_inner_texts():
        assert year in title


def test_in_one_search(running: Running, phone: BrowserContext, way: str) -> None:
    page = phone.new_page()
    for words, found in SEARCHES:
        page.goto(running.url)
        page.get_by_role("searchbox", name="Search this site").fill(words)
        button = page.get_by_role("banner").get_by_role("button", name="Search")
        follow(page, way, button)
        expect(page.get_by_role("main").get_by_role("link", name=found).first).to_be_visible()


def test_the_menu_and_the_clerk_from_any_page(
    running: Running, phone: BrowserContext, way: str
) -> None:
    page = phone.new_page()
    page.goto(f"{running.url}/events/")
    follow(page, way, page.locator(".menu-fold summary"))
    follow(page, way, page.locator(".menu-fold").get_by_role("link", name="Councillors"))
    expect(page.get_by_role("heading", level=1, name="Councillors")).to_be_visible()
    call = page.get_by_role("contentinfo").get_by_role("link", name="01632 960 123")
    expect(call).to_have_attribute("href", "tel:01632960123")
