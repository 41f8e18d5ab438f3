"""Every trouble is told once, with its cause and a link, to the people who can act."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from news.models import NewsPage
from social_publish import outbox, pulse, tasks, troubles
from social_publish.models import Channel, Delivery, HoldReason, State, Trouble
from tests.council import WORDS, Council

pytestmark = pytest.mark.django_db

Kind = Trouble.Kind
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def address(settings: Settings) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://council.example"


def approved(council: Council, **changes: Any) -> NewsPage:
    page = council.write(**{"channel_words-ticked": [str(council.x.pk)]} | changes)
    council.approve(page)
    mail.outbox.clear()  # Wagtail's own notices
    return page


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").get()


def sweep(after: timedelta = timedelta(0)) -> None:
    """A sweep of the present, or of a later time."""
    tasks.sweep(lambda: timezone.now() + after)


def open_kinds() -> list[str]:
    return sorted(Trouble.objects.filter(over_at=None).values_list("kind", flat=True))


def told(kind: str) -> list[str]:
    """Whom the mails of one kind of trouble went to."""
    label = Kind(kind).label
    return sorted(to for m in mail.outbox if m.subject.startswith(label) for to in m.to)


def undecided(council: Council) -> None:
    """A post of which nobody knows whether it is there."""
    approved(council)
    lose_sight(council)


def lose_sight(council: Council) -> None:
    council.rehearsal.misbehave("drop_before", match="POST /2/tweets$")
    sweep()
    sweep(after=60 * MINUTE)
    assert delivery().state == State.NEEDS_PERSON
    pulse.sign(pulse.SWEEP, timezone.now())


MODERATORS = ["moderator2@council.example", "moderator@council.example"]
WHOLE_SITE = ["clerk@council.example", "webmaster@council.example"]


# --- e-mail ----------------------------------------------------------------------------


def test_a_trouble_is_told_once_with_its_cause_and_a_link(council: Council) -> None:
    undecided(council)
    for _ in range(3):
        sweep()
    assert told(Kind.DECISION) == MODERATORS
    for message in mail.outbox:
        assert len(message.recipients()) == 1
        assert delivery().why in message.body
        link = f"https://council.example/admin/social_publish/delivery/inspect/{delivery().pk}/"
        assert link in message.body
        assert WORDS not in message.body
        path = link.removeprefix("https://council.example")
        assert council.client("moderator").get(path).status_code == 200


def test_a_trouble_that_is_over_is_closed_and_a_new_one_is_told_anew(council: Council) -> None:
    undecided(council)
    council.rehearsal.misbehave("drop_before", match="POST /2/tweets$")
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/retry/")
    sweep()
    assert open_kinds() == []
    sweep(after=60 * MINUTE)
    assert delivery().state == State.NEEDS_PERSON
    assert told(Kind.DECISION) == sorted(MODERATORS * 2)
    assert Trouble.objects.count() == 2


def test_a_trouble_is_told_again_when_it_changes(council: Council) -> None:
    undecided(council)
    before = len(mail.outbox)
    Delivery.objects.update(why="The account has been closed.")
    sweep()
    sweep()
    again = mail.outbox[before:]
    assert len(again) == len(MODERATORS)
    assert all("The account has been closed." in m.body for m in again)
    assert Trouble.objects.count() == 1


def test_a_mail_that_fails_is_sent_by_the_next_sweep(council: Council, settings: Settings) -> None:
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    undecided(council)
    assert Trouble.objects.get().told_at is None
    settings.EMAIL_BACKEND = works
    sweep()
    assert told(Kind.DECISION) == MODERATORS
    assert Trouble.objects.get().told_at is not None


class Swallows(EmailBackend):
    """Says, as our forgiving back end does, that nothing was sent."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        return 0


def test_a_mail_that_was_swallowed_is_not_told(council: Council, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Swallows"
    undecided(council)
    assert Trouble.objects.get().told_at is None


class SecondSweep(EmailBackend):
    """A mail server so slow that the next sweep comes while it works."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        troubles.tell(timezone.now())
        return super().send_messages(messages)


def test_two_sweeps_at_once_tell_once(council: Council, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.SecondSweep"
    undecided(council)
    assert told(Kind.DECISION) == MODERATORS


def test_a_sweep_that_was_cut_off_while_telling_is_followed_by_another(council: Council) -> None:
    undecided(council)
    mail.outbox.clear()
    now = timezone.now()
    Trouble.objects.update(told_words="", told_at=None, telling_until=now + MINUTE)
    troubles.tell(now)
    assert mail.outbox == []
    troubles.tell(now + 2 * MINUTE)
    assert told(Kind.DECISION) == MODERATORS


def test_troubles_that_cannot_be_told_fail_no_sweep(
    council: Council, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    approved(council)
    settings.EMAIL_BACKEND = "no.such.backend"
    lose_sight(council)
    assert "Troubles could not be told" in caplog.text
    assert open_kinds() == [Kind.DECISION]


def test_a_sweep_that_fails_still_tells(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets$")
    council.deliver()
    assert delivery().state == State.REFUSED
    asked = []

    def clock() -> datetime:
        """Fails once, in the midst of the sweep."""
        asked.append(1)
        if len(asked) == 2:
            raise OSError("The clock is lost.")
        return timezone.now()

    with pytest.raises(OSError, match="clock is lost"):
        tasks.sweep(clock)
    assert told(Kind.REFUSED) == MODERATORS
    assert pulse.take(timezone.now()).sweep is None


def test_a_title_with_a_line_break_makes_no_second_header(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets$")
    announcement = delivery().announcement
    announcement.page_title = "Late\nBcc: everyone@council.example"
    announcement.save()
    sweep()
    assert told(Kind.REFUSED) == MODERATORS
    assert {m.message()["Bcc"] for m in mail.outbox} == {None}


# --- who hears it ----------------------------------------------------------------------


def test_without_anyone_who_may_decide_the_clerk_hears_it(council: Council) -> None:
    Permission.objects.get(codename="decide_delivery").group_set.clear()
    undecided(council)
    assert told(Kind.DECISION) == ["clerk@council.example"]


def test_who_left_or_has_no_address_is_not_written_to(council: Council) -> None:
    approved(council)
    User.objects.filter(username="moderator").update(is_active=False)
    User.objects.filter(username="moderator2").update(email="")
    lose_sight(council)
    assert told(Kind.DECISION) == ["clerk@council.example"]


def test_where_no_officer_has_an_address_a_superuser_hears_it(council: Council) -> None:
    approved(council)
    User.objects.filter(is_superuser=False).update(email="")
    lose_sight(council)
    assert told(Kind.DECISION) == ["admin@council.example"]


# --- what counts as trouble ------------------------------------------------------------


def test_nothing_is_wrong_with_posts_that_went(council: Council) -> None:
    approved(council, **{"channel_words-ticked": [str(council.x.pk), str(council.facebook.pk)]})
    for _ in range(2):
        sweep()
    assert len(council.rehearsal.all_posts()) == 2
    assert open_kinds() == []
    assert mail.outbox == []


def test_a_refused_post(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets$")
    sweep()
    assert told(Kind.REFUSED) == MODERATORS
    assert "was not posted" in mail.outbox[0].body


def test_a_post_that_must_go_and_is_still_there(council: Council) -> None:
    page = approved(council)
    council.deliver()
    council.rehearsal.misbehave("error_before", match="DELETE", times=99)
    council.client("moderator").post(
        f"/admin/social/take-down/{page.pk}/", {"ground": "It is a mistake of ours"}
    )
    sweep()
    assert open_kinds() == []
    for after in (2, 4):
        sweep(after=after * MINUTE)
    assert delivery().state == State.NEEDS_PERSON
    assert open_kinds() == [Kind.STILL_THERE]
    assert told(Kind.STILL_THERE) == MODERATORS
    council.rehearsal.server.faults.waiting.clear()
    council.client("moderator").post(f"/admin/social/post/{delivery().pk}/remove/")
    sweep(after=5 * MINUTE)
    assert council.posts(council.x) == []
    assert open_kinds() == []


def test_a_removal_that_takes_longer_than_ten_minutes(council: Council) -> None:
    approved(council)
    council.deliver()
    outbox.withdraw(delivery(), now=timezone.now(), why="A mistake.")
    taken = outbox.claim_next(timezone.now(), busy_channels=set())
    assert taken is not None
    troubles.notice(timezone.now() + 9 * MINUTE)
    assert Kind.STILL_THERE not in open_kinds()
    troubles.notice(timezone.now() + 11 * MINUTE)
    assert Kind.STILL_THERE in open_kinds()


def test_a_post_that_someone_else_removed(council: Council) -> None:
    approved(council)
    council.deliver()
    council.rehearsal.store.write("UPDATE posts SET deleted = 1")
    Delivery.objects.update(replies_due_at=timezone.now())
    sweep()
    assert told(Kind.GONE) == MODERATORS
    sweep(after=timedelta(days=8))
    assert Kind.GONE not in open_kinds()


def test_a_post_that_stands_there_twice(council: Council) -> None:
    approved(council)
    council.deliver()
    second = "https://x.com/council/status/77"
    outbox.accept(delivery(), "77", second, now=timezone.now())
    sweep()
    assert told(Kind.COPIES) == MODERATORS
    assert second in mail.outbox[0].body


def test_comments_that_cannot_be_hidden(council: Council) -> None:
    approved(council, **{"channel_words-ticked": [str(council.facebook.pk)]})
    council.deliver()
    post = council.posts(council.facebook)[0]
    council.rehearsal.stranger_replies("facebook", council.facebook.account_id, post["id"], "Boo")
    comment = council.rehearsal.comments(post["id"])[0]["id"]
    council.rehearsal.misbehave("error_before", match=f"POST .*{comment}", times=1)
    sweep(after=2 * MINUTE)
    assert told(Kind.REPLIES) == MODERATORS
    assert "by hand" in mail.outbox[0].body
    sweep(after=4 * MINUTE)
    assert council.rehearsal.comments(post["id"])[0]["hidden"]
    assert open_kinds() == []


def test_replies_that_the_network_left_open(council: Council) -> None:
    approved(council)
    council.deliver()
    now = timezone.now()
    outbox.settle_replies(
        delivery(), now=now, given="open", confirmed=False, hidden=0, why="", again=now + MINUTE
    )
    sweep()
    assert told(Kind.REPLIES) == MODERATORS


def test_a_channel_in_trouble(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("unauthorised", match="POST /2/tweets$", times=9)
    sweep()
    first = Trouble.objects.get()
    sweep(after=30 * MINUTE)
    assert told(Kind.CHANNEL) == MODERATORS
    assert "Connect it again" in mail.outbox[0].body
    link = mail.outbox[0].body.split("https://council.example")[1].split()[0]
    for page in (link, "/admin/"):
        assert "Connect it again" in council.client("moderator").get(page).content.decode()
    assert Trouble.objects.get().since == first.since
    council.x.refresh_from_db()
    outbox.resume_channel(council.x, now=timezone.now())
    council.rehearsal.server.faults.waiting.clear()
    sweep()
    assert open_kinds() == []


def test_posts_that_wait_longer_than_a_quarter_of_an_hour(
    council: Council, settings: Settings
) -> None:
    works, settings.REHEARSAL_URL = settings.REHEARSAL_URL, "http://127.0.0.1:9"
    approved(council)
    sweep()
    sweep(after=10 * MINUTE)
    assert open_kinds() == []
    sweep(after=20 * MINUTE)
    sweep(after=22 * MINUTE)
    assert told(Kind.WAITING) == MODERATORS
    assert delivery().why in mail.outbox[0].body
    link = mail.outbox[0].body.split("https://council.example")[1].split()[0]
    assert "Late opening" in council.client("moderator").get(link).content.decode()
    settings.REHEARSAL_URL = works
    sweep(after=60 * MINUTE)
    assert len(council.posts(council.x)) == 1
    assert open_kinds() == []


def test_a_post_in_doubt_that_nobody_can_look_for(council: Council) -> None:
    """Its channel's keys have ended, and without keys no question is asked."""
    approved(council)
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets$")
    council.rehearsal.misbehave("no_list", match="GET ")
    sweep()
    assert delivery().state == State.UNKNOWN
    Channel.objects.update(keys_end=timezone.now() - MINUTE)
    sweep(after=29 * MINUTE)
    assert Kind.WAITING not in open_kinds()
    sweep(after=31 * MINUTE)
    assert delivery().state == State.UNKNOWN
    assert told(Kind.WAITING) == MODERATORS
    link = f"/admin/social_publish/delivery/inspect/{delivery().pk}/"
    assert any(link in message.body for message in mail.outbox)


def test_posts_over_the_days_budget_say_so(council: Council) -> None:
    council.x.daily_budget, council.x.budget_used = 1, 1
    council.x.budget_day = timezone.localdate()
    council.x.save()
    approved(council)
    now = timezone.now()
    troubles.notice(now + 20 * MINUTE)
    words = Trouble.objects.get(kind=Kind.WAITING).words
    same_day = timezone.localdate(now + 20 * MINUTE) == timezone.localdate(now)
    assert ("in one day" in words) == same_day


def test_an_approved_page_that_does_not_come_out(council: Council) -> None:
    live_at = datetime(2030, 7, 1, 9, 0, tzinfo=UTC)
    approved(council, go_live_at="2030-07-01 10:00")
    wait = live_at - timezone.now()
    sweep(after=wait + 10 * MINUTE)
    assert open_kinds() == []
    sweep(after=wait + 20 * MINUTE)
    assert told(Kind.NOT_OUT) == MODERATORS
    assert Trouble.objects.get().since == live_at


def test_posts_loaded_from_a_copy_wait_for_a_person(council: Council) -> None:
    approved(council)
    held = delivery()
    outbox.hold(held, HoldReason.RESTORED, now=timezone.now())
    sweep()
    assert told(Kind.DECISION) == MODERATORS


def test_posts_that_the_emergency_stop_held_ask_once_it_is_lifted(council: Council) -> None:
    approved(council)
    now = timezone.now()
    outbox.stop_everything(now=now, actor=council.people["moderator"])
    sweep()
    assert open_kinds() == []
    outbox.lift_stop(now=now, actor=council.people["moderator"])
    sweep()
    assert told(Kind.DECISION) == MODERATORS


@pytest.mark.parametrize(
    ("sign", "kind"), [(pulse.HEARTBEAT, Kind.WORKER), (pulse.SCHEDULED, Kind.SCHEDULE)]
)
def test_a_worker_that_fell_silent(council: Council, sign: str, kind: str) -> None:
    now = timezone.now()
    for name in (pulse.STARTED, pulse.HEARTBEAT, pulse.SCHEDULED):
        pulse.sign(name, now - 4 * MINUTE)
    sweep()
    assert open_kinds() == []
    pulse.sign(pulse.STARTED, now - 10 * MINUTE)
    pulse.sign(sign, now - 10 * MINUTE)
    sweep()
    assert open_kinds() == [kind]
    assert told(kind) == WHOLE_SITE
    pulse.sign(sign, now)
    sweep()
    assert open_kinds() == []


def test_a_queue_that_never_beat_is_noticed(council: Council) -> None:
    pulse.sign(pulse.STARTED, timezone.now() - 10 * MINUTE)
    sweep()
    assert open_kinds() == [Kind.SCHEDULE, Kind.WORKER]


def test_a_worker_that_was_just_started_is_not_called_silent(council: Council) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    for name in (pulse.HEARTBEAT, pulse.SCHEDULED, pulse.SWEEP):
        pulse.sign(name, yesterday)
    pulse.sign(pulse.STARTED, timezone.now())
    sweep()
    assert open_kinds() == []


def test_a_site_without_the_queue_is_not_called_silent(council: Council) -> None:
    """`manage.py deliver` by a timer: nothing beats, and nothing should."""
    sweep()
    assert open_kinds() == []


def test_a_sweep_that_keeps_failing_is_noticed(council: Council) -> None:
    now = timezone.now()
    pulse.sign(pulse.SWEEP, now - 10 * MINUTE)
    troubles.notice(now)
    assert "fails" in Trouble.objects.get(kind=Kind.WORKER).words


# --- the dashboard ---------------------------------------------------------------------


def dashboard(client: Client) -> str:
    return " ".join(client.get("/admin/").content.decode().split())


def test_the_dashboard_says_what_will_stand_there(council: Council) -> None:
    sweep()
    page = dashboard(council.client("clerk"))
    assert "will stand here" in page
    assert "no post waits" in page
    assert "Posting is running" in page


def test_the_dashboard_is_right_even_when_nothing_sweeps(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets$")
    council.deliver()
    assert not Trouble.objects.exists()
    page = dashboard(council.client("clerk"))
    assert "Posting is not running at the moment" in page
    assert f"/admin/social_publish/delivery/inspect/{delivery().pk}/" in page
    assert Kind.REFUSED.label in page
    assert "(rehearsal)" in page
    assert "Since " in page


def test_the_dashboard_tells_of_a_slow_queue_and_of_what_waits(council: Council) -> None:
    approved(council)
    pulse.sign(pulse.SWEEP, timezone.now())
    pulse.sign(pulse.HEARTBEAT, timezone.now() - 4 * MINUTE)
    page = dashboard(council.client("moderator"))
    assert "running, but slowly" in page
    assert "1 waiting to be posted" in page


def test_many_troubles_are_counted(council: Council) -> None:
    approved(council)
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets$")
    council.deliver()
    row = delivery()
    for number in range(24):
        announcement = row.announcement
        announcement.pk, announcement.number = None, number + 2
        announcement.save()
        row.pk, row.token, row.announcement = None, f"token{number}", announcement
        row.save(force_insert=True)
    page = dashboard(council.client("clerk"))
    assert page.count("/admin/social_publish/delivery/inspect/") == 20
    assert "And 5 more" in page
