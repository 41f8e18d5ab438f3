"""What a clerk meets after the account is known: going live, changing an account, two windows."""

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from social_publish.models import Channel, ChannelGroup
from tests.council import Council
from tests.social_publish.connecting import SERVER, Wizard, said, wizard
from tests.social_publish.test_connecting import (
    ACCEPTED,
    QUESTIONS,
    again,
    by_hand,
    logged,
    opened,
)


def taken_live(council: Council, settings: Settings, handle: str) -> tuple[Wizard, dict[str, Any]]:
    """A person about to take the council's X channel live, on an account of that name."""
    settings.NETWORK_URLS = {**settings.NETWORK_URLS, "x": council.rehearsal.url}
    settings.NETWORK_APPS = {"x": ("practice-app", "practice-app-secret")}
    account = opened(council, "x", handle)
    browser = wizard(council)
    browser.post("go_live", {}, council.x.pk)
    browser.sign_in("x", account["account_id"])
    return browser, account


# --- going live ------------------------------------------------------------------------


def test_answers_given_for_practice_are_asked_again_in_earnest(
    council: Council, settings: Settings
) -> None:
    wizard(council).post("set_up", QUESTIONS, council.x.pk)
    browser, _ = taken_live(council, settings, "real")
    shown = browser.use()

    council.x.refresh_from_db()
    assert "answer in earnest" in said(shown)
    assert not council.x.is_ready
    assert council.x.policy_answered_by == ""

    # Whoever took it live can also let it go on.
    browser.post("set_up", QUESTIONS, council.x.pk)
    browser.post("resume", {}, council.x.pk)
    council.x.refresh_from_db()
    assert council.x.is_ready


def test_open_replies_accepted_for_practice_are_accepted_again(
    council: Council, settings: Settings
) -> None:
    settings.NETWORK_URLS = {**settings.NETWORK_URLS, "mastodon": council.rehearsal.url}
    account = opened(council, "mastodon")
    browser = wizard(council)
    channel = browser.connect("mastodon", account["account_id"])
    browser.post("set_up", ACCEPTED, channel.pk)
    browser.post("go_live", {}, channel.pk)
    browser.sign_in("mastodon", account["account_id"])
    browser.use()

    channel.refresh_from_db()
    assert not channel.rehearsal
    assert channel.replies_accepted_by == channel.replies_accepted_words == ""


def test_of_two_people_who_take_a_channel_live_the_first_one_wins(
    council: Council, settings: Settings
) -> None:
    one, first = taken_live(council, settings, "first")
    two, _ = taken_live(council, settings, "second")
    one.use()
    assert "Somebody else took" in said(two.use())
    council.x.refresh_from_db()
    assert council.x.account_id == first["account_id"]


def test_keys_for_practice_do_not_reach_a_channel_that_went_live_meanwhile(
    council: Council,
) -> None:
    browser = wizard(council)
    browser.post("again", {}, council.x.pk)
    browser.sign_in("x", opened(council, "x")["account_id"])
    Channel.objects.filter(pk=council.x.pk).update(rehearsal=False)
    assert "live meanwhile" in said(browser.use())
    council.x.refresh_from_db()
    assert not council.x.sealed_aside


# --- another account -------------------------------------------------------------------


def decide(council: Council, decision: str) -> Channel:
    wizard(council).post("other_account", {"decision": decision}, council.x.pk)
    return Channel.objects.get(pk=council.x.pk)


@pytest.mark.parametrize("decision", ["take", "drop"])
def test_a_pause_that_a_person_ordered_outlasts_the_question(
    council: Council, decision: str
) -> None:
    Channel.objects.filter(pk=council.x.pk).update(paused=True)
    again(council, opened(council, "x")["account_id"])
    # Once more changes nothing about who ordered the pause.
    again(council, opened(council, "x", "third")["account_id"])
    channel = decide(council, decision)
    assert (channel.paused, channel.trouble, channel.aside) == (True, "", {})


def test_dropping_an_account_brings_the_trouble_before_it_back(council: Council) -> None:
    Channel.objects.filter(pk=council.x.pk).update(
        paused=True, trouble="Its key is dead.", trouble_kind="sign in"
    )
    again(council, opened(council, "x")["account_id"])
    channel = decide(council, "drop")
    assert (channel.paused, channel.trouble) == (True, "Its key is dead.")
    assert channel.trouble_kind == "sign in"


def test_signing_in_to_the_channels_own_account_answers_the_question(council: Council) -> None:
    again(council, opened(council, "x")["account_id"])
    again(council, council.x.account_id)
    council.x.refresh_from_db()
    assert council.x.is_ready
    assert not council.x.sealed_aside


def test_the_address_of_a_channel_by_hand_can_be_corrected(council: Council) -> None:
    browser = wizard(council)
    browser.choose("by_hand", "live")
    browser.post("sign_in", by_hand("Looe", "https://nextdoor.example/wrong"))
    browser.use("Council on Nextdoor")
    channel = Channel.objects.get(network="by_hand")
    browser.post("again", {}, channel.pk)
    browser.post("sign_in", by_hand("Looe", "https://nextdoor.example/right"))
    browser.use()
    browser.post("other_account", {"decision": "take"}, channel.pk)
    channel.refresh_from_db()
    assert channel.profile_url == "https://nextdoor.example/right"


# --- two windows, and two presses ------------------------------------------------------


def test_a_form_decides_about_no_other_sign_in_than_its_own(council: Council) -> None:
    account = opened(council, "x")
    browser = wizard(council)
    browser.choose("x")
    browser.sign_in("x", account["account_id"])
    old = browser.hidden("whose")
    # In another window.
    browser.choose("facebook")
    browser.sign_in("facebook", opened(council, "facebook")["account_id"])
    before = Channel.objects.count()

    shown = browser.client.post(reverse("social_publish_whose"), {**old, "name": "X"}, follow=True)

    assert "Nothing was changed. You began to connect another channel" in said(shown)
    assert Channel.objects.count() == before


def test_a_button_pressed_twice_leads_to_the_channel(council: Council) -> None:
    browser = wizard(council)
    browser.choose("x")
    browser.sign_in("x", opened(council, "x")["account_id"])
    session = browser.client.session
    kept = dict(session)
    browser.use("Tourism on X")
    # The second press was on its way with the session as it was before the first one.
    session = browser.client.session
    session.update(kept)
    session.save()
    shown = browser.use("Tourism on X again")
    assert "Set up the channel Tourism on X" in said(shown)
    assert Channel.objects.filter(name__startswith="Tourism on X").count() == 1


# --- words and settings ----------------------------------------------------------------


def test_no_two_channels_have_the_same_name(council: Council) -> None:
    Channel.objects.filter(pk=council.x.pk).update(name=f"{council.group} on X")
    browser = wizard(council)
    browser.choose("x")
    shown = browser.sign_in("x", opened(council, "x")["account_id"]).content.decode()
    assert f'value="{council.group} on X (tourism)"' in shown
    assert "Another channel has this name." in said(browser.use(f"{council.group} on x"))
    assert not Channel.objects.filter(handle="tourism").exists()


def test_wrong_keys_are_told_to_somebody_who_is_connecting(council: Council) -> None:
    browser = wizard(council)
    browser.choose("bluesky")
    form = {"way": "paste", "server": SERVER, "handle": "tourism.test", "app_password": "no"}
    told = said(browser.post("sign_in", form))
    assert "does not accept this account name with this app password" in told
    assert "Connect it again" not in told


def test_the_clerk_changes_what_is_the_staffs_own_matter(council: Council) -> None:
    browser = wizard(council)
    form = {"form": "settings", "settings-name": "Harbour on X", "settings-daily_budget": "40"}
    browser.post("set_up", {**form, "settings-resend_when_absent": "on"}, council.x.pk)
    council.x.refresh_from_db()
    assert (council.x.name, council.x.daily_budget) == ("Harbour on X", 40)
    assert council.x.resend_when_absent
    assert logged("change_settings").data["changed"]["daily_budget"] == 40

    shown = browser.post("set_up", {**form, "settings-daily_budget": "0"}, council.x.pk)
    assert "greater than or equal to 1" in said(shown)


def test_a_new_channel_group_comes_with_the_people_of_its_section(council: Council) -> None:
    browser = council.client("superuser")
    form = {"name": "Harbour", "office_contact": council.group.office_contact_id}
    assert "This field is required" in said(browser.post(reverse("channelgroup:add"), form))
    browser.post(reverse("channelgroup:add"), {**form, "section": council.home.pk})
    group = ChannelGroup.objects.get(name="Harbour")
    assert [one.name for one in group.officers.order_by("name")] == [
        "Harbour moderators",
        "Webmasters",
    ]
