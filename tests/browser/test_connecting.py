"""The clerk connects a Mastodon channel, from the list of channels to a test post and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Running
from tests.browser.test_screens import look_at, send_empty

pytestmark = pytest.mark.browser


def open_practice_account(page: Page, running: Running) -> None:
    page.goto(f"{running.rehearsal}/keys/")
    page.select_option("#network", "mastodon")
    page.fill("#name", "Marlhaven Harbour")
    page.fill("#handle", "harbour")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("status")).to_contain_text("is open")


def test_a_clerk_connects_mastodon(running: Running, sign_in: Callable[..., Page]) -> None:
    page = sign_in("clerk")
    open_practice_account(page, running)

    page.goto(f"{running.url}/admin/social_publish/channel/")
    page.get_by_role("link", name=re.compile("Add channel")).first.click()
    look_at(page, "connect-1-network")
    send_empty_choice(page)
    page.get_by_label("Mastodon", exact=True).check()
    page.get_by_label("Which part of the council").select_option(index=1)
    page.get_by_label("For practice").check()
    page.get_by_role("button", name="Go on").click()

    send_empty(page, "Sign in at Mastodon", "Type the server's address")
    page.fill("#id_server", "https://10.0.0.1")
    page.get_by_role("button", name="Sign in at Mastodon").click()
    expect(page.get_by_text("That is no server on the internet")).to_be_visible()
    look_at(page, "connect-2-sign-in")
    page.fill("#id_server", "https://social.example")
    page.get_by_role("button", name="Sign in at Mastodon").click()
    look_at(page, "connect-2-leave")
    page.get_by_role("link", name="Go to Mastodon").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Sign in at Mastodon")
    page.set_viewport_size({"width": 360, "height": 1200})
    page.get_by_label(re.compile("Marlhaven Harbour on Mastodon")).check()
    page.get_by_role("button", name="Allow", exact=True).click()

    expect(page.get_by_role("heading", name="Is this the council's account?")).to_be_visible()
    look_at(page, "connect-3-whose")
    page.get_by_role("button", name="Yes, use this account").click()

    expect(page.get_by_text("posts nothing yet: the questions")).to_be_visible()
    look_at(page, "connect-4-questions")
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_text("Answer this. Until then nothing is posted here.")).to_be_visible()
    look_at(page, "connect-4-questions-errors")
    page.get_by_label("Yes, the policy names this channel").check()
    page.get_by_label("Minute reference of that decision").fill("Full Council, minute 142/26")
    page.get_by_label("Date of that decision").fill("2026-11-10")
    page.get_by_label("Recovery e-mail address").fill("clerk@marlhaven.example")
    page.get_by_label("Who opened the account?").fill("Ana Clerk, Town Clerk")
    page.get_by_role("button", name="Keep the answers").click()

    page.get_by_label("Name and post of who answers").fill("Ana Clerk, Town Clerk")
    page.get_by_label(re.compile("I know that this website cannot close replies")).check()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("may post.").first).to_be_visible()
    look_at(page, "connect-5-ready")
    page.get_by_role("button", name="Send the test post").click()
    expect(page.get_by_text("Read back once more: it is gone.")).to_be_visible()
    look_at(page, "connect-5-tested")

    page.goto(f"{running.url}/admin/social_publish/channel/")
    expect(page.get_by_text("Connected as harbour")).to_be_visible()
    look_at(page, "connect-list")


def send_empty_choice(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Choose a network.")).to_be_visible()
    expect(page.get_by_text("Choose a channel group.")).to_be_visible()
