"""The calendar of security checks, the words for profiles, and channels that fell silent."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import ModelLogEntry

from social_publish import idle, security, tasks
from social_publish.models import Channel, Delivery, SecurityTick, Trouble
from tests.council import Council

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BY_HAND = ["two-step", "admins", "recovery", "apps", "profile", "policy"]


@pytest.fixture(autouse=True)
def address(settings: Settings) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://council.example"


@pytest.fixture
def live(council: Council) -> Channel:
    """A channel that went live yesterday, and whose rights are asked for each day."""
    now = timezone.now()
    Channel.objects.filter(pk=council.x.pk).update(
        rehearsal=False, connected_at=now - DAY, checked_at=now
    )
    council.x.refresh_from_db()
    return council.x


def tick(council: Council, channel: Channel, check: str, by: str = "clerk", **form: str) -> Any:
    form = {"in_order": "yes", "note": "I looked."} | form
    return council.client(by).post(f"/admin/social/security/{channel.pk}/{check}/", form)


def page(council: Council, channel: Channel, by: str = "clerk") -> str:
    answer = council.client(by).get(f"/admin/social/security/{channel.pk}/")
    return str(answer.content.decode())


def sweep(after: timedelta = timedelta(0)) -> None:
    tasks.sweep(lambda: timezone.now() + after)


def late(channel: Channel, after: timedelta = timedelta(0)) -> list[str]:
    items = security.calendar(channel, timezone.now() + after)
    return [item.check.value for item in items if item.overdue]


def troubles() -> list[Trouble]:
    return list(Trouble.objects.filter(over_at=None, kind="checks"))


# --- the calendar ----------------------------------------------------------------------


def test_a_new_channel_has_a_month_for_its_first_checks(council: Council, live: Channel) -> None:
    assert late(live) == []
    assert "Not checked yet: a new channel has 30 days for it." in page(council, live)
    Channel.objects.update(checked_at=timezone.now() + 29 * DAY)
    live.refresh_from_db()
    assert late(live, 28 * DAY) == []
    assert late(live, 30 * DAY) == BY_HAND


def test_what_the_wizard_has_asked_counts_as_checked(council: Council, live: Channel) -> None:
    now = timezone.now()
    Channel.objects.update(
        checked_at=now + 89 * DAY,
        policy_answered_at=now,
        policy_answered_by="Clerk",
        recovery_email="office@council.example",
    )
    live.refresh_from_db()
    assert late(live, 31 * DAY) == ["two-step", "admins", "apps", "profile"]
    assert "It is office@council.example, said Clerk on" in page(council, live)
    assert late(live, 91 * DAY) == BY_HAND


def test_what_was_ticked_is_due_again_after_its_interval(
    council: Council, live: Channel, settings: Settings
) -> None:
    for check in BY_HAND:
        assert tick(council, live, check).status_code == 302
    Channel.objects.update(checked_at=timezone.now() + 89 * DAY)
    live.refresh_from_db()
    assert late(live, 89 * DAY) == []
    assert late(live, 91 * DAY) == BY_HAND
    settings.SECURITY_CHECK_DAYS = {"apps": 30}
    assert late(live, 89 * DAY) == ["apps"]


def test_a_tick_for_practice_says_nothing_of_the_real_account(council: Council) -> None:
    tick(council, council.x, "apps")
    assert "In order on" in page(council, council.x)
    Channel.objects.filter(pk=council.x.pk).update(rehearsal=False, connected_at=timezone.now())
    assert "In order on" not in page(council, council.x)


def test_the_list_says_when_the_next_check_is_due(council: Council, live: Channel) -> None:
    due = timezone.localtime(live.connected_at + security.FIRST_CHECK)
    screen = council.client("clerk").get("/admin/social/security/").content.decode()
    assert f"{due:%B %Y}" in screen
    assert "Not checked yet: two-step login" in screen


def test_what_is_not_in_order_is_open_until_it_is(council: Council, live: Channel) -> None:
    tick(council, live, "apps", in_order="no", note="An app of 2015 may still post.")
    assert late(live) == ["apps"]
    assert "Not in order on" in page(council, live)
    assert "An app of 2015 may still post." in page(council, live)
    tick(council, live, "apps", note="It is gone.")
    assert late(live) == []


def test_the_website_checks_the_sign_in_and_the_rights_itself(
    council: Council, live: Channel
) -> None:
    now = timezone.now()
    assert "The network names no day" in page(council, live)
    Channel.objects.update(sign_in_ends=now + DAY, lacks=["read posts"])
    live.refresh_from_db()
    assert late(live) == ["rights"]
    assert "It lacks: read posts." in page(council, live)
    assert late(live, 2 * DAY) == ["sign-in", "rights"]
    assert tick(council, live, "rights").status_code == 404
    with pytest.raises(ValueError, match="itself"):
        security.tick(
            live,
            SecurityTick.Check.SIGN_IN,
            in_order=True,
            note="",
            now=now,
            actor=council.people["clerk"],
        )


def test_a_channel_in_rehearsal_or_by_hand(council: Council) -> None:
    assert late(council.x, 999 * DAY) == []
    assert "in rehearsal, so there is no account to check" in page(council, council.x)
    by_hand = Channel.objects.create(
        group=council.group, network="by_hand", name="Nextdoor", account_id="n", rehearsal=False
    )
    assert late(by_hand) == BY_HAND


def test_overdue_checks_are_one_trouble_of_the_channel_told_once(
    council: Council, live: Channel
) -> None:
    Channel.objects.update(checked_at=timezone.now() + 31 * DAY)
    sweep(28 * DAY)
    assert troubles() == []
    for days in (30, 31):
        sweep(days * DAY)
    (trouble,) = troubles()
    assert "two-step login, administrators" in trouble.words
    told = [m for m in mail.outbox if "Security checks" in m.subject]
    assert sorted(m.to[0] for m in told) == [
        "moderator2@council.example",
        "moderator@council.example",
    ]
    link = told[0].body.split("https://council.example")[1].split()[0]
    assert link == f"/admin/social/security/{live.pk}/"
    Channel.objects.update(connected_at=timezone.now() - 31 * DAY)
    dashboard = council.client("moderator").get("/admin/").content.decode()
    assert "Security checks of a channel are overdue: Council on x" in dashboard
    for check in BY_HAND:
        tick(council, live, check, by="moderator")
    sweep()
    assert troubles() == []


# --- ticking ---------------------------------------------------------------------------


def test_a_tick_is_kept_with_who_when_and_what_they_saw(council: Council, live: Channel) -> None:
    tick(council, live, "two-step", note="Codes by app for all three of us.")
    row = SecurityTick.objects.get()
    assert (row.by, row.by_name, row.in_order) == (council.people["clerk"], "Clerk", True)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    entry = ModelLogEntry.objects.get(action="social_publish.security_check")
    assert (entry.user, entry.data["check"]) == (council.people["clerk"], "two-step")
    shown = page(council, live)
    assert "In order on" in shown
    assert "Codes by app for all three of us." in shown
    history = council.client("clerk").get("/admin/social/security/history/").content.decode()
    assert "Codes by app for all three of us." in history
    export = council.client("clerk").get("/admin/social/security/history/?export=csv")
    assert b"Codes by app for all three of us." in b"".join(export.streaming_content)


def test_a_tick_without_what_was_seen_is_not_taken(council: Council, live: Channel) -> None:
    answer = tick(council, live, "apps", in_order="", note="")
    assert "Choose whether it is in order." in answer.content.decode()
    assert "Write what you saw" in answer.content.decode()
    answer = tick(council, live, "apps", in_order="", note="Two apps, both ours.")
    assert "Two apps, both ours." in answer.content.decode()
    assert not SecurityTick.objects.exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("clerk", True),
        ("webmaster", True),
        ("moderator", True),
        ("editor", False),
        ("councillor", False),
    ],
)
def test_who_may_tick(council: Council, live: Channel, role: str, may: bool) -> None:
    tick(council, live, "apps", by=role)
    assert SecurityTick.objects.exists() is may
    seen = page(council, live, by=role)
    assert ("Record what you saw" in seen) is may
    assert ("Security checks" in council.client(role).get("/admin/").content.decode()) is (
        role != "councillor"
    )


def test_the_list_of_channels(council: Council, live: Channel) -> None:
    shown = council.client("clerk").get("/admin/social/security/").content.decode()
    assert "Not checked yet: two-step login" in shown
    assert "Rehearsal: there is no account to check" in shown
    Channel.objects.update(connected_at=timezone.now() - 99 * DAY)
    shown = council.client("clerk").get("/admin/social/security/").content.decode()
    assert "To be checked: two-step login" in shown
    assert council.client("councillor").get("/admin/social/security/").status_code == 302


# --- idle channels ---------------------------------------------------------------------


def test_a_channel_without_a_post_for_long_is_named(council: Council, settings: Settings) -> None:
    now = timezone.now()
    council.approve(council.write(**{"channel_words-ticked": [str(council.x.pk)]}))
    council.deliver()
    Channel.objects.update(rehearsal=False, connected_at=now - 100 * DAY)
    assert [row.channel for row in idle.idle_channels(now)] == [council.facebook]
    Delivery.objects.update(posted_at=now - 61 * DAY)
    assert [row.channel for row in idle.idle_channels(now)] == [council.facebook, council.x]
    settings.IDLE_CHANNEL_DAYS = 62
    assert [row.channel for row in idle.idle_channels(now)] == [council.facebook]
    shown = council.client("moderator").get("/admin/").content.decode()
    assert "Council on facebook: nothing was ever posted." in shown
    Channel.objects.update(connected_at=now - DAY)
    assert idle.idle_channels(now) == []
    assert (
        "without a post for long" not in council.client("moderator").get("/admin/").content.decode()
    )
