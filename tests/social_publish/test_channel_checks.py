"""Each channel is checked once a day; what is wrong is told once, and lifted when it is mended."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from social_publish import outbox, tending
from social_publish.models import Channel, Delivery, State, Trouble
from tests.council import Council
from tests.social_publish.tended import DAY, HOUR, MINUTE, change, connected, read, sweep

pytestmark = pytest.mark.django_db
MODERATORS = ["moderator2@council.example", "moderator@council.example"]
ME = "GET /2/users/me"


@pytest.fixture(autouse=True)
def address(settings: Settings) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://council.example"


def told(kind: str) -> list[str]:
    label = Trouble.Kind(kind).label
    return sorted(to for m in mail.outbox if m.subject.startswith(label) for to in m.to)


def open_words(kind: str) -> list[str]:
    rows = Trouble.objects.filter(kind=kind, over_at=None).order_by("pk")
    return list(rows.values_list("words", flat=True))


def announce(council: Council, channel: Channel) -> None:
    page = council.write(**{"channel_words-ticked": [str(channel.pk)]})
    council.approve(page)
    mail.outbox.clear()  # Wagtail's own notices


def inspect(council: Council, channel: Channel, role: str = "moderator") -> str:
    page = council.client(role).get(f"/admin/social_publish/channel/inspect/{channel.pk}/")
    assert page.status_code == 200
    return page.content.decode()


# --- once a day ---


def test_each_channel_is_checked_once_a_day(council: Council) -> None:
    sweep(council)
    assert council.rehearsal.requests() == []
    for day in (1, 2, 3):
        for hours in (0, 1, 12):
            sweep(council, day * DAY + hours * HOUR)
        assert len(council.rehearsal.requests(ME)) == day
        assert len(council.rehearsal.requests("GET /v25.0/me")) == day
    now = read(council.facebook)
    assert now.checked_at
    assert now.rights == [
        "publish and remove posts",
        "read the Page's posts",
        "read comments",
        "hide comments",
    ]
    assert (now.lacks, now.check_says, now.trouble) == ([], "", "")
    assert mail.outbox == []


def test_channels_connected_together_are_not_all_asked_at_once(council: Council) -> None:
    Channel.objects.update(check_due_at=timezone.now())
    for number in range(8):
        other = read(council.x)
        other.pk, other.account_id, other.check_due_at = None, f"more-{number}", timezone.now()
        other.save()
        other.seal(council.x.unseal())
        other.save()
    sweep(council)
    assert len(council.rehearsal.requests(ME)) < 5
    sweep(council, MINUTE)
    sweep(council, 2 * MINUTE)
    assert len(council.rehearsal.requests(ME)) == 9


def test_a_channel_of_people_is_not_asked(council: Council) -> None:
    by_hand = Channel.objects.create(
        group=council.group, network="by_hand", name="Nextdoor", account_id="council"
    )
    sweep(council)
    sweep(council, DAY)
    assert read(by_hand).checked_at is None
    assert "A person posts there" in inspect(council, by_hand)
    assert "Check now" not in inspect(council, by_hand)


def test_when_the_sign_in_ends_is_learnt(council: Council) -> None:
    ends = timezone.now() + 50 * DAY
    change(council, council.facebook, ends=ends.timestamp())
    sweep(council)
    sweep(council, DAY)
    found = read(council.facebook).sign_in_ends
    assert found
    assert abs(found - ends) < timedelta(seconds=2)


# --- trouble ---


def test_a_withdrawn_right_stops_the_channel_once_and_is_lifted_when_it_is_back(
    council: Council,
) -> None:
    sweep(council)
    change(council, council.facebook, without=["pages_manage_engagement"])
    sweep(council, DAY)
    sweep(council, 2 * DAY)
    now = read(council.facebook)
    assert now.paused
    assert "does not let this website hide comments" in now.trouble
    assert now.lacks == ["hide comments"]
    assert told("channel") == MODERATORS
    (message, _) = mail.outbox
    assert now.trouble in message.body
    link = f"https://council.example/admin/social_publish/channel/inspect/{now.pk}/"
    assert link in message.body
    assert now.trouble.replace("'", "&#x27;") in inspect(council, now)
    # Nothing but this channel is touched.
    assert not read(council.x).paused
    change(council, council.facebook, without=[])
    sweep(council, 3 * DAY)
    now = read(council.facebook)
    assert (now.paused, now.trouble, now.check_says) == (False, "", "")
    sweep(council, 3 * DAY + MINUTE)
    assert open_words("channel") == []
    assert told("channel") == MODERATORS


def test_what_waited_goes_out_when_the_trouble_is_over(council: Council) -> None:
    announce(council, council.x)
    change(council, council.x, access="read")
    assert tending.check_now(read(council.x), timezone.now())
    sweep(council)
    assert Delivery.objects.get().state == State.HELD
    change(council, council.x, access=None)
    assert tending.check_now(read(council.x), timezone.now())
    sweep(council, MINUTE)
    assert Delivery.objects.get().state == State.POSTED


def test_keys_of_another_account_hold_everything(council: Council) -> None:
    announce(council, council.x)
    other = council.rehearsal.open_account("x", "someone", "Someone Else")
    council.x.seal(other["credentials"])
    council.x.save()
    assert tending.check_now(read(council.x), timezone.now())
    now = read(council.x)
    assert now.paused
    assert "now open another account, Someone Else" in now.trouble
    sweep(council)
    assert Delivery.objects.get().state == State.HELD
    assert council.rehearsal.all_posts() == []


def test_a_person_who_paused_the_channel_is_not_overruled(council: Council) -> None:
    sweep(council)
    outbox.pause_channel(council.x, now=timezone.now(), actor=council.people["moderator"])
    change(council, council.x, suspended=True)
    sweep(council, DAY)
    now = read(council.x)
    assert (now.paused, now.trouble) == (True, "")
    assert "suspended" in now.check_says
    assert told("check") == MODERATORS
    change(council, council.x, suspended=None)
    sweep(council, 2 * DAY)
    now = read(council.x)
    assert (now.paused, now.check_says) == (True, "")


def test_an_account_blocked_from_posting_is_not_freed_by_looking_at_it(council: Council) -> None:
    """The network answers who it is all the same: a person must see why."""
    sweep(council)
    announce(council, council.facebook)
    council.rehearsal.misbehave("forbidden", match=r"POST /v25.0/\d+/feed", code=368)
    sweep(council, MINUTE)
    blocked = read(council.facebook)
    assert (blocked.paused, blocked.trouble_kind) == (True, "suspended")
    sweep(council, DAY)
    assert read(council.facebook).paused
    assert read(council.facebook).checked_at


def test_dead_keys_found_by_sending_are_lifted_by_a_check(council: Council) -> None:
    announce(council, council.x)
    council.rehearsal.misbehave("unauthorised", match="POST /2/tweets")
    sweep(council)
    assert read(council.x).trouble_kind == "sign in"
    assert tending.check_now(read(council.x), timezone.now())
    assert not read(council.x).paused


def test_what_stops_nothing_is_told_all_the_same(council: Council) -> None:
    tiktok = connected(council, "tiktok", keys_end=30 * DAY)
    change(council, tiktok, unaudited=True)
    sweep(council)
    sweep(council, DAY)
    now = read(tiktok)
    assert (now.paused, now.trouble) == (False, "")
    assert now.lacks == ["publish posts that everyone sees"]
    assert told("check") == MODERATORS
    sweep(council, 2 * DAY)
    assert told("check") == MODERATORS


@pytest.mark.parametrize("mode", ["html_200", "drop_before", "error_before", "rate_limit"])
def test_a_network_that_is_away_changes_nothing(council: Council, mode: str) -> None:
    sweep(council)
    sweep(council, DAY)
    before = read(council.x)
    council.rehearsal.misbehave(mode, times=99)
    sweep(council, 2 * DAY)
    after = read(council.x)
    assert (after.checked_at, after.paused, after.rights) == (
        before.checked_at,
        False,
        before.rights,
    )
    council.rehearsal.server.faults.waiting.clear()
    sweep(council, 2 * DAY + 2 * HOUR)
    assert read(council.x).checked_at != before.checked_at
    assert mail.outbox == []


def test_days_without_any_answer_are_told(council: Council) -> None:
    sweep(council)
    sweep(council, DAY)
    council.rehearsal.misbehave("drop_before", times=999)
    for day in (2, 3, 4, 5):
        sweep(council, day * DAY)
        sweep(council, day * DAY + 2 * HOUR)
    words = open_words("check")
    assert len(words) == 2
    assert all("could not ask" in one for one in words)
    assert told("check") == sorted(MODERATORS * 2)


def test_keys_that_cannot_be_opened_are_told(council: Council) -> None:
    sweep(council)
    Channel.objects.filter(pk=council.x.pk).update(
        sealed_credentials=bytes(council.facebook.sealed_credentials),
        checked_at=timezone.now(),
    )
    sweep(council, DAY)
    assert "another channel's" in read(council.x).check_says
    assert told("check") == MODERATORS


def test_a_check_that_another_worker_began_is_left_to_it(council: Council) -> None:
    later = timezone.now() + timedelta(seconds=30)
    Channel.objects.filter(pk=council.x.pk).update(tended_by="another", tended_until=later)
    assert not tending.check_now(read(council.x), timezone.now())
    assert council.rehearsal.requests() == []


# --- before a sign-in ends ---


def test_people_are_warned_at_30_14_3_and_1_days_and_at_the_end(council: Council) -> None:
    ends = timezone.now() + 40 * DAY
    Channel.objects.filter(pk=council.x.pk).update(sign_in_ends=ends)
    told_on = []
    for day in (0, 9, 11, 12, 25, 26.5, 27, 36, 38, 38.5, 39.5, 39.6, 41, 42):
        before = len(mail.outbox)
        Channel.objects.update(check_due_at=timezone.now() + 999 * DAY)
        sweep(council, day * DAY)
        if new := mail.outbox[before:]:
            assert sorted(to for m in new for to in m.to) == MODERATORS
            told_on.append(day)
    assert told_on == [11, 26.5, 38, 39.5, 41]
    assert told("sign in") == sorted(MODERATORS * 5)
    words = open_words("sign in")
    assert len(words) == 1
    assert "Nothing can be posted there until someone connects the channel again" in words[0]
    bodies = [m.body for m in mail.outbox[::2]]
    for body, span in zip(bodies, ("30 days", "14 days", "3 days", "one day"), strict=False):
        assert f"in less than {span}" in body
        assert f"/admin/social_publish/channel/inspect/{council.x.pk}/" in body


def test_a_new_sign_in_ends_the_warning(council: Council) -> None:
    soon = timezone.now() + 2 * DAY
    Channel.objects.filter(pk=council.x.pk).update(sign_in_ends=soon)
    sweep(council)
    (words,) = open_words("sign in")
    assert "in less than 3 days" in words
    page = council.client("moderator").get("/admin/").content.decode()
    assert "A channel&#x27;s sign-in ends" in page
    assert "Connect the channel again before then" in inspect(council, council.x)
    Channel.objects.filter(pk=council.x.pk).update(sign_in_ends=soon + 365 * DAY)
    sweep(council)
    assert open_words("sign in") == []
    assert "before then" not in inspect(council, council.x).replace("again before then.", "")


# --- the channel's own page ---


def test_the_page_of_a_channel_says_what_is_known(council: Council) -> None:
    fresh = inspect(council, council.facebook)
    assert "Not yet: each channel is checked once a day." in fresh
    sweep(council)
    change(council, council.facebook, ends=(timezone.now() + 90 * DAY).timestamp())
    sweep(council, DAY)
    page = inspect(council, council.facebook)
    assert "publish and remove posts, read the Page&#x27;s posts" in page
    assert "someone has to connect the channel again before then" in page
    assert "Check now" in page
    for secret in council.facebook.unseal().values():
        assert secret not in page
    listing = council.client("moderator").get("/admin/social_publish/channel/").content.decode()
    assert "Sign-in ends" in listing


def check_now(council: Council, channel: Channel, role: str = "moderator") -> str:
    address = f"/admin/social/channel/{channel.pk}/check/"
    answer = council.client(role).post(address, follow=True)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_check_now_says_what_it_found(council: Council) -> None:
    assert "All is well: X knows the channel" in check_now(council, council.x)
    assert read(council.x).checked_at
    change(council, council.x, suspended=True)
    assert "X has suspended or locked the account" in check_now(council, council.x)
    assert read(council.x).paused
    change(council, council.x, suspended=None)
    assert "All is well" in check_now(council, council.x)
    assert not read(council.x).paused
    council.rehearsal.misbehave("html_200")
    assert "X could not be asked just now" in check_now(council, council.x)


@pytest.mark.parametrize("role", ["editor", "councillor"])
def test_only_officers_of_the_channel_may_have_it_checked(council: Council, role: str) -> None:
    answer = check_now(council, council.x, role)
    assert "All is well" not in answer
    assert council.rehearsal.requests() == []


def test_checking_is_never_done_by_a_link(council: Council) -> None:
    answer = council.client("moderator").get(f"/admin/social/channel/{council.x.pk}/check/")
    assert answer.status_code == 405
    assert council.rehearsal.requests() == []
