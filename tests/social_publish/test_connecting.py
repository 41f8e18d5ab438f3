"""A clerk connects a channel at every network, by signing in at its rehearsal."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import ModelLogEntry

from social_publish import connecting
from social_publish.admin.errands import KEY
from social_publish.connecting import CannotConnect
from social_publish.models import Channel, Delivery, HoldReason, State
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Identity, Trouble
from tests.council import Council
from tests.social_publish.connecting import SERVER, SIGN_INS, WITH_SERVER, Wizard, said, wizard

PASTED = tuple(slug for slug, network in NETWORKS.items() if network.credential_fields)
QUESTIONS = {
    "form": "questions",
    "policy": "named",
    "minute": "Full Council, minute 142/26",
    "minuted_on": "2026-11-10",
    "recovery_email": "clerk@council.example",
    "opened_by": "Ana Clerk, Town Clerk",
}
ACCEPTED = {"form": "acceptance", "owner": "Ana Clerk, Town Clerk", "accepted": "on"}


def logged(action: str) -> ModelLogEntry:
    return ModelLogEntry.objects.get(action=f"social_publish.{action}")


def by_hand(name: str, address: str) -> dict[str, str]:
    return {"way": "by_hand", "site": "Nextdoor", "name": name, "address": address}


def opened(council: Council, network: str, handle: str = "tourism") -> dict[str, Any]:
    return council.rehearsal.open_account(network, handle, "Looe Tourism")


# --- every network ---------------------------------------------------------------------


@pytest.mark.parametrize("network", SIGN_INS)
def test_a_clerk_connects_a_channel_by_signing_in(council: Council, network: str) -> None:
    account = opened(council, network)
    before = timezone.now()

    channel = wizard(council).connect(network, account["account_id"])

    assert channel.unseal() == account["credentials"]
    assert (channel.rehearsal, channel.group) == (True, council.group)
    assert channel.connected_by == council.people["clerk"]
    assert channel.connected_at
    assert channel.connected_at >= before
    assert channel.server == (SERVER if network in WITH_SERVER else "")
    assert channel.profile_url.startswith(f"{council.rehearsal.url}/timeline/{network}/")
    assert not channel.is_ready
    entry = logged("connect")
    assert entry.user == council.people["clerk"]
    assert entry.data["account_id"] == account["account_id"]


@pytest.mark.parametrize("network", PASTED)
def test_a_clerk_pastes_the_keys_of_an_account(council: Council, network: str) -> None:
    account = opened(council, network)
    browser = wizard(council)
    browser.choose(network)
    form = {"way": "paste", **account["credentials"]}
    if network in WITH_SERVER:
        form["server"] = SERVER
    if network == "bluesky":
        form["handle"] = "tourism.test"
    assert "Is this the council's account?" in said(browser.post("sign_in", form))
    browser.use()

    channel = Channel.objects.get(network=network, account_id=account["account_id"])

    assert channel.unseal() == account["credentials"]


def test_a_channel_by_hand_needs_a_name_and_an_address(council: Council) -> None:
    browser = wizard(council)
    browser.choose("by_hand", "live")
    missing = browser.post("sign_in", {"way": "by_hand"})
    assert "Type the address of the council's profile." in said(missing)
    address = "https://nextdoor.co.uk/agency/looe/"
    browser.post("sign_in", by_hand("Looe", address))
    shown = browser.get("whose").content.decode()
    assert f'value="{council.group} on Nextdoor"' in shown
    browser.use("Council on Nextdoor")

    channel = Channel.objects.get(network="by_hand")

    assert (channel.name, channel.handle) == ("Council on Nextdoor", "Looe")
    assert (channel.profile_url, channel.rehearsal) == (address, False)
    assert council.rehearsal.requests() == []


def test_several_pages_are_offered_and_one_is_chosen(council: Council) -> None:
    one, two = opened(council, "facebook"), opened(council, "facebook", "library")
    browser = wizard(council)
    browser.choose("facebook")
    address = browser.leave("facebook")
    back = browser.allow(address, one["account_id"], account9=two["account_id"])

    assert "Which account is it?" in said(browser.come_back(back))
    browser.post("whose", {"account": two["account_id"]})
    browser.use()

    assert Channel.objects.get(group=council.group, account_id=two["account_id"])
    assert not Channel.objects.filter(account_id=one["account_id"]).exists()


def test_an_x_account_without_reading_is_known_by_its_sign_in(council: Council) -> None:
    account = council.rehearsal.open_account("x", "writer", "Looe Tourism", reads=False)

    channel = wizard(council).connect("x", account["account_id"])

    assert channel.handle == "writer"


# --- what a sign-in is protected by ----------------------------------------------------


@pytest.fixture
def browser(council: Council) -> Wizard:
    opened(council, "mastodon")
    browser = wizard(council)
    browser.choose("mastodon")
    return browser


@pytest.fixture
def number(council: Council, browser: Wizard) -> str:
    return str(opened(council, "mastodon")["account_id"])


def nothing_connected() -> None:
    assert Channel.objects.filter(network="mastodon").count() == 0


def test_an_answer_with_another_state_is_refused(browser: Wizard, number: str) -> None:
    back = browser.allow(browser.leave("mastodon"), number)
    wrong = back.split("state=")[0] + "state=" + "x" * 43
    assert "belongs to no sign-in" in said(browser.come_back(wrong))
    # It was used up by that: even the right answer comes too late.
    assert "belongs to no sign-in" in said(browser.come_back(back))
    nothing_connected()


def test_an_answer_is_good_once(council: Council, browser: Wizard, number: str) -> None:
    back = browser.allow(browser.leave("mastodon"), number)
    browser.come_back(back)
    assert "belongs to no sign-in" in said(browser.come_back(back))
    assert len(council.rehearsal.requests("POST /oauth/token")) == 1


def test_the_network_refuses_a_code_that_was_used(council: Council) -> None:
    number = opened(council, "linkedin")["account_id"]
    browser = wizard(council)
    browser.choose("linkedin")
    back = browser.allow(browser.leave("linkedin"), number)
    browser.come_back(back)
    second = browser.leave("linkedin")
    state = second.split("state=")[1].split("&")[0]
    replayed = back.split("state=")[0] + f"state={state}"
    assert "over or was used before" in said(browser.come_back(replayed))
    assert not Channel.objects.filter(network="linkedin").exists()


def test_an_answer_belongs_to_the_person_who_left(
    council: Council, browser: Wizard, number: str
) -> None:
    back = browser.allow(browser.leave("mastodon"), number)
    other = wizard(council, "webmaster")
    assert "Nothing is under way" in said(other.come_back(back))
    other.choose("mastodon")
    other.leave("mastodon")
    assert "belongs to no sign-in" in said(other.come_back(back))
    nothing_connected()


def test_a_sign_in_that_took_too_long_is_over(browser: Wizard, number: str) -> None:
    back = browser.allow(browser.leave("mastodon"), number)
    session = browser.client.session
    session[KEY] |= {"away": (timezone.now() - timedelta(minutes=16)).isoformat()}
    session.save()
    assert "took too long" in said(browser.come_back(back))
    nothing_connected()


def test_an_errand_ends_after_an_hour(browser: Wizard) -> None:
    session = browser.client.session
    session[KEY] |= {"begun": (timezone.now() - timedelta(minutes=61)).isoformat()}
    session.save()
    assert "longer than an hour" in said(browser.get("sign_in"))


@pytest.mark.parametrize("network", SIGN_INS)
def test_consent_that_is_denied_changes_nothing(council: Council, network: str) -> None:
    account = opened(council, network)
    browser = wizard(council)
    browser.choose(network)
    back = browser.allow(browser.leave(network), account["account_id"], decision="deny")
    assert "You did not allow it at" in said(browser.come_back(back))
    assert not Channel.objects.filter(account_id=account["account_id"]).exists()


# --- a network that misbehaves ---------------------------------------------------------

EXCHANGES = {
    "x": "/oauth/access_token",
    "facebook": "/oauth/access_token",
    "instagram": "/oauth/access_token",
    "threads": "/oauth/access_token",
    "linkedin": "/oauth/v2/accessToken",
    "tiktok": "/v2/oauth/token/",
    "mastodon": "/oauth/token",
    "gotosocial": "/oauth/token",
}


@pytest.mark.parametrize("mode", ["html_200", "drop_after"])
@pytest.mark.parametrize("network", SIGN_INS)
def test_an_exchange_that_fails_loses_nothing(council: Council, network: str, mode: str) -> None:
    account = opened(council, network)
    browser = wizard(council)
    browser.choose(network)
    back = browser.allow(browser.leave(network), account["account_id"])
    council.rehearsal.misbehave(mode, match=f".*{EXCHANGES[network]}")
    told = said(browser.come_back(back))
    assert "Nothing is lost" in told
    assert "Sign in at" in told

    browser.sign_in(network, account["account_id"])
    browser.use()
    assert Channel.objects.get(network=network, account_id=account["account_id"])


@pytest.mark.parametrize(
    "mode", ["error_before", "redirect", "empty_object", "wrong_type", "nul_body", "rate_limit"]
)
def test_an_exchange_that_makes_no_sense(
    council: Council, browser: Wizard, number: str, mode: str
) -> None:
    back = browser.allow(browser.leave("mastodon"), number)
    council.rehearsal.misbehave(mode, match=".*/oauth/token")
    told = said(browser.come_back(back))
    assert any(w in told for w in ("Nothing is lost", "Sign in once more", "could not be learnt"))
    nothing_connected()


def test_a_network_that_is_away_at_the_start(
    council: Council, browser: Wizard, settings: Settings
) -> None:
    settings.REHEARSAL_URL = "http://127.0.0.1:9"
    form = {"way": "sign_in", "server": SERVER}
    assert "could not be reached. Nothing is lost" in said(browser.post("sign_in", form))
    settings.REHEARSAL_URL = council.rehearsal.url
    assert "You now go to Mastodon" in said(browser.post("sign_in", form))


def test_an_account_that_cannot_be_asked_yet_is_asked_again(
    council: Council, browser: Wizard, number: str
) -> None:
    back = browser.allow(browser.leave("mastodon"), number)
    council.rehearsal.misbehave("error_before", match=".*/api/v2/instance")
    told = said(browser.come_back(back))
    assert "Your sign-in is kept for an hour" in told
    assert "Is this the council's account?" in said(browser.post("whose", {"account": ""}))


def test_a_wrong_app_is_said_in_words(council: Council, settings: Settings) -> None:
    settings.NETWORK_URLS = {**settings.NETWORK_URLS, "x": council.rehearsal.url}
    browser = wizard(council)
    browser.choose("x", "live")
    form = {"way": "sign_in", "app_id": "mine", "app_secret": "my-secret"}
    shown = browser.post("sign_in", form)
    assert "X did not begin the sign-in. Check" in said(shown)
    assert "my-secret" not in shown.content.decode()


def test_an_app_that_was_typed_is_kept_while_the_network_is_away(
    council: Council, settings: Settings
) -> None:
    settings.NETWORK_URLS = {**settings.NETWORK_URLS, "x": "http://127.0.0.1:9"}
    browser = wizard(council)
    browser.choose("x", "live")
    form = {"way": "sign_in", "app_id": "practice-app", "app_secret": "practice-app-secret"}
    assert "could not be reached. Nothing is lost" in said(browser.post("sign_in", form))
    settings.NETWORK_URLS = {**settings.NETWORK_URLS, "x": council.rehearsal.url}
    assert "You now go to X" in said(browser.post("sign_in", {"way": "sign_in"}))
    # A wrong one is asked for again.
    other = wizard(council)
    other.choose("x", "live")
    other.post("sign_in", form | {"app_secret": "wrong"})
    assert 'name="app_secret"' in other.get("sign_in").content.decode()


def test_pasted_keys_are_kept_while_the_network_is_away(council: Council) -> None:
    account = opened(council, "threads")
    browser = wizard(council)
    browser.choose("threads")
    council.rehearsal.misbehave("error_before", times=9)
    told = said(browser.post("sign_in", {"way": "paste", **account["credentials"]}))
    assert "Your sign-in is kept for an hour" in told
    council.rehearsal.server.faults.waiting.clear()
    assert "Is this the council's account?" in said(browser.post("whose", {"account": ""}))


@pytest.mark.parametrize("network", ["x", "facebook", "bluesky", "mastodon", "tiktok"])
def test_wrong_keys_are_said_beside_the_form(council: Council, network: str) -> None:
    opened(council, network)
    browser = wizard(council)
    browser.choose(network)
    keys = dict.fromkeys(NETWORKS[network].credential_fields, "wrong-key")
    form = {"way": "paste", "server": SERVER, "handle": "tourism.test", **keys}
    shown = browser.post("sign_in", form)
    assert 'class="channel-findings" role="alert"' in shown.content.decode()
    assert "wrong-key" not in shown.content.decode()
    assert not Channel.objects.filter(network=network, connected_by__isnull=False).exists()


# --- servers that are none -------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "https://10.0.0.1",
        "https://127.0.0.1",
        "https://localhost",
        "https://[::1]",
        "https://[::ffff:192.168.0.1]",
        "https://169.254.169.254",
        "https://server.local",
        "http://mastodon.example",
        "https://user@mastodon.example",
        "https://mastodon.example/path",
        "ftp://mastodon.example",
        "https://",
        "nonsense",
    ],
)
@pytest.mark.parametrize("network", WITH_SERVER)
def test_a_server_that_is_not_public(council: Council, network: str, typed: str) -> None:
    browser = wizard(council)
    browser.choose(network, "live")
    way = "paste" if network == "bluesky" else "sign_in"
    form = {"way": way, "server": typed, "handle": "a.test", "app_password": "secret"}
    told = said(browser.post("sign_in", form))
    assert "no server on the internet" in told or "Type the address as" in told
    assert council.rehearsal.requests() == []


def test_a_name_that_leads_to_a_private_address_is_found_at_the_door(council: Council) -> None:
    browser = wizard(council)
    browser.choose("mastodon", "live")
    # This machine's own name for itself, under a public-looking one.
    shown = browser.post("sign_in", {"way": "sign_in", "server": "https://localhost.localdomain"})
    assert "could not be reached" in said(shown)


# --- whose account ---------------------------------------------------------------------


def test_a_personal_account_is_refused() -> None:
    with pytest.raises(CannotConnect, match="a person's own account"):
        connecting.demand_council_account(Identity("7", "Ana", personal=True))


@pytest.mark.parametrize("trouble", [Trouble.SIGN_IN, Trouble.SUSPENDED])
def test_an_account_that_does_not_work_is_refused(trouble: Trouble) -> None:
    with pytest.raises(CannotConnect, match="Sign in at X to see why"):
        connecting.demand_council_account(
            Identity("7", "Looe", reason="Sign in at X to see why.", trouble=trouble)
        )


@pytest.mark.parametrize(
    ("network", "left_out"),
    [
        ("facebook", "pages_manage_posts"),
        ("instagram", "instagram_content_publish"),
        ("threads", "threads_content_publish"),
        ("linkedin", "w_organization_social"),
        ("tiktok", "video.publish"),
        ("mastodon", "write:statuses"),
        ("gotosocial", "write:statuses"),
    ],
)
def test_a_right_that_was_not_given_is_said(council: Council, network: str, left_out: str) -> None:
    account = opened(council, network, "half")
    browser = wizard(council)
    browser.choose(network)
    back = browser.allow(browser.leave(network), account["account_id"], left_out=left_out)
    told = said(browser.come_back(back))
    lacks = told.split("It lacks")[1].split("The sign-in ends")[0]
    assert "Nothing that we know of" not in lacks
    if network != "gotosocial":
        # Without it no promise to residents could be kept; GoToSocial does not tell for certain.
        assert "It cannot be used like this." in told
        browser.use()
        assert not Channel.objects.filter(account_id=account["account_id"]).exists()


def test_a_server_of_the_other_kind_is_named(council: Council) -> None:
    account = opened(council, "gotosocial")
    browser = wizard(council)
    browser.choose("mastodon")
    page = browser.leave("mastodon")
    told = said(browser.come_back(browser.allow(page, account["account_id"])))
    assert "GoToSocial" in told
    nothing_connected()


def test_an_account_is_connected_once(council: Council) -> None:
    browser = wizard(council)
    browser.choose("x")
    browser.sign_in("x", council.x.account_id)
    assert f"connected already, as {council.x.name}" in said(browser.use())
    assert Channel.objects.filter(network="x").count() == 1


# --- connecting again ------------------------------------------------------------------


def again(council: Council, account: str, channel: Channel | None = None) -> Any:
    browser = wizard(council)
    channel = channel or council.x
    browser.post("again", {}, channel.pk)
    browser.sign_in(channel.network, account)
    return browser.use()


def test_a_channel_with_a_dead_key_goes_on_after_signing_in_again(council: Council) -> None:
    page = council.write()
    Channel.objects.filter(pk=council.x.pk).update(paused=True, trouble="Its key is dead.")
    council.approve(page)
    council.x.refresh_from_db()
    council.x.seal({"access_token": "dead"})
    council.x.save()

    assert "is connected again" in said(again(council, council.x.account_id))

    council.x.refresh_from_db()
    assert (council.x.paused, council.x.trouble) == (False, "")
    assert logged("reconnect").user == council.people["clerk"]


def test_a_pause_that_a_person_ordered_outlasts_a_new_sign_in(council: Council) -> None:
    Channel.objects.filter(pk=council.x.pk).update(paused=True)
    again(council, council.x.account_id)
    council.x.refresh_from_db()
    assert council.x.paused


def test_another_account_waits_for_a_person_and_nothing_is_posted(council: Council) -> None:
    other = opened(council, "x")
    page = council.write()
    council.approve(page)
    mine, before = council.x.account_id, bytes(council.x.sealed_credentials)

    assert "another account" in said(again(council, other["account_id"]))

    council.x.refresh_from_db()
    assert council.x.account_id == mine
    assert bytes(council.x.sealed_credentials) == before
    assert not council.x.is_ready
    council.deliver()
    assert council.posts(council.x) == []
    assert council.rehearsal.posts("x", other["account_id"]) == []
    assert len(council.posts(council.facebook)) == 1
    # Nor does letting it go on get past the question.
    council.client("moderator").post(reverse("social_publish_resume", args=[council.x.pk]))
    council.x.refresh_from_db()
    assert not council.x.is_ready
    assert logged("other_account").data["other_account"] == "tourism"


def test_another_account_is_taken_by_a_person(council: Council) -> None:
    other = opened(council, "x")
    page = council.write()
    council.approve(page)
    again(council, other["account_id"])

    wizard(council).post("other_account", {"decision": "take"}, council.x.pk)

    council.x.refresh_from_db()
    assert council.x.account_id == other["account_id"]
    assert council.x.unseal() == other["credentials"]
    assert council.x.is_ready
    assert not council.x.sealed_aside
    council.deliver()
    # What was approved for the account before is nobody else's.
    assert council.rehearsal.posts("x", other["account_id"]) == []
    held = Delivery.objects.get(channel=council.x)
    assert (held.state, held.hold_reason) == (State.HELD, HoldReason.ACCOUNT)


def test_another_account_is_dropped_by_a_person(council: Council) -> None:
    other = opened(council, "x")
    page = council.write()
    council.approve(page)
    again(council, other["account_id"])

    wizard(council).post("other_account", {"decision": "drop"}, council.x.pk)

    council.x.refresh_from_db()
    assert council.x.is_ready
    council.deliver()
    assert len(council.posts(council.x)) == 1


def test_going_live_asks_for_keys_of_its_own_and_is_logged(
    council: Council, settings: Settings
) -> None:
    account = opened(council, "x", "real")
    settings.NETWORK_URLS = {**settings.NETWORK_URLS, "x": council.rehearsal.url}
    settings.NETWORK_APPS = {"x": ("practice-app", "practice-app-secret")}
    page = council.write()
    council.approve(page)
    browser = wizard(council)
    browser.post("go_live", {}, council.x.pk)
    browser.sign_in("x", account["account_id"])
    browser.use()

    council.x.refresh_from_db()
    assert (council.x.rehearsal, council.x.paused) == (False, True)
    assert council.x.unseal() == account["credentials"]
    assert logged("go_live").data["rehearsal"] is False
    wizard(council, "moderator").client.post(reverse("social_publish_resume", args=[council.x.pk]))
    council.deliver()
    assert council.rehearsal.posts("x", account["account_id"]) == []


# --- the questions ---------------------------------------------------------------------


def unanswered(council: Council, network: str) -> Channel:
    return wizard(council).connect(network, opened(council, network)["account_id"])


def test_a_channel_posts_nothing_before_the_policy_is_answered_for(council: Council) -> None:
    channel = unanswered(council, "gotosocial")
    page = council.write(**{"channel_words-ticked": [str(council.x.pk), str(channel.pk)]})
    shown = said(council.review(page))
    council.approve(page)
    council.deliver()
    assert len(council.posts(council.x)) == 1
    assert council.posts(channel) == []
    assert "gotosocial" not in council.deliveries(page)
    assert shown


def test_the_answers_are_kept_with_who_gave_them(council: Council) -> None:
    channel = unanswered(council, "gotosocial")

    shown = wizard(council).post("set_up", QUESTIONS, channel.pk)

    assert f"{channel.name} may post." in said(shown)
    channel.refresh_from_db()
    assert channel.is_ready
    assert channel.policy_minute == "Full Council, minute 142/26"
    assert channel.policy_date == date(2026, 11, 10)
    assert channel.policy_answered_by == "Clerk"
    assert channel.recovery_email == "clerk@council.example"
    assert channel.opened_by == "Ana Clerk, Town Clerk"
    assert (
        logged("answer_questions").data["minute"] == "Full Council, minute 142/26, 10 November 2026"
    )


@pytest.mark.parametrize("field", [name for name in QUESTIONS if name != "form"])
def test_every_question_is_asked(council: Council, field: str) -> None:
    channel = unanswered(council, "gotosocial")
    shown = wizard(council).post("set_up", QUESTIONS | {field: ""}, channel.pk)
    assert f'id="id_{field}_error"' in shown.content.decode()
    assert QUESTIONS["minute"] in shown.content.decode() or field == "minute"
    channel.refresh_from_db()
    assert not channel.is_ready


def test_a_recovery_address_is_the_councils_own(council: Council) -> None:
    channel = unanswered(council, "gotosocial")
    private = QUESTIONS | {"recovery_email": "ana@mail.example"}
    assert "not an address of the council (…@council.example)" in said(
        wizard(council).post("set_up", private, channel.pk)
    )
    wizard(council).post("set_up", private | {"own_domain": "on"}, channel.pk)
    channel.refresh_from_db()
    assert channel.recovery_email == "ana@mail.example"


def test_open_replies_are_accepted_in_writing_before_the_first_post(council: Council) -> None:
    channel = unanswered(council, "mastodon")
    browser = wizard(council)
    assert "nobody has accepted yet" in said(browser.post("set_up", QUESTIONS, channel.pk))
    empty = browser.post("set_up", {"form": "acceptance"}, channel.pk)
    assert "Type the name of the person who accepts it." in said(empty)
    channel.refresh_from_db()
    assert not channel.is_ready

    browser.post("set_up", ACCEPTED, channel.pk)

    channel.refresh_from_db()
    assert channel.is_ready
    assert channel.replies_accepted_by == "Ana Clerk, Town Clerk"
    assert "cannot close replies on Mastodon" in channel.replies_accepted_words
    assert logged("accept_replies").data["owner"] == "Ana Clerk, Town Clerk"


def test_one_rule_says_which_channels_may_post(council: Council) -> None:
    """The query and the property agree, whatever a channel lacks."""
    cases = product(NETWORKS, ("", "The Clerk"), ("", "covered"), (False, True), (False, True))
    for number, (network, accepted, answer, paused, aside) in enumerate(cases):
        channel = Channel.objects.create(
            group=council.group,
            network=network,
            name="One",
            account_id=f"case {number}",
            replies_accepted_by=accepted,
            policy_answer=answer,
            paused=paused,
            aside_at=timezone.now() if aside else None,
        )
        settled = answer and not aside and (accepted or network not in ("mastodon", "by_hand"))
        assert channel.is_ready == bool(settled and not paused)
    ready = set(Channel.objects.filter(Channel.ready()))
    assert ready == {channel for channel in Channel.objects.all() if channel.is_ready}


# --- who may ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["editor", "moderator", "councillor"])
def test_others_may_not_connect(council: Council, role: str) -> None:
    client = council.client(role)
    for name, args in (("connect", []), ("sign_in", []), ("set_up", [council.x.pk])):
        answer = client.get(reverse(f"social_publish_{name}", args=args))
        assert answer.status_code in (302, 403)
        assert answer.headers.get("Location", "/admin/") == "/admin/"


# --- secrets ---------------------------------------------------------------------------


def test_no_key_is_shown_stored_or_logged_in_the_open(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    account = opened(council, "facebook")
    secrets = set(account["credentials"].values()) - {"practice-app"}
    browser = wizard(council)
    browser.choose("facebook")
    pages = [browser.sign_in("facebook", account["account_id"])]
    kept = str(dict(browser.client.session))
    pages += [browser.get("whose"), browser.use()]
    channel = Channel.objects.get(account_id=account["account_id"])
    pages.append(browser.get("set_up", channel.pk))
    entries = str(list(ModelLogEntry.objects.values()))
    for secret in secrets:
        assert secret not in kept
        assert secret not in entries
        assert secret not in caplog.text
        assert all(secret not in page.content.decode() for page in pages)
        assert secret.encode() not in bytes(channel.sealed_credentials)


def test_real_keys_never_reach_the_rehearsal(council: Council, settings: Settings) -> None:
    settings.NETWORK_APPS = {"x": ("real-app", "real-secret")}
    browser = wizard(council)
    browser.choose("x")
    browser.leave("x")
    assert all(b"real" not in r.body for r in council.rehearsal.requests())
    assert all("real-app" not in str(r.headers) for r in council.rehearsal.requests())
