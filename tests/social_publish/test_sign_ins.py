"""Keys are renewed before they end, once, and what the network answered is never lost."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import requests
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from social_publish import kept_keys, kill_points, outbox, sign_ins
from social_publish.models import Channel, Delivery, State
from social_publish.networks.answers import Renewed
from social_publish.networks.token_answers import renewed
from tests.council import Council, picture
from tests.networks.test_transport import hostile
from tests.social_publish.tended import (
    DAY,
    HOUR,
    MINUTE,
    asked,
    change,
    connected,
    read,
    sweep,
    theirs,
)

pytestmark = pytest.mark.django_db
DUE = {"tiktok": 50 * MINUTE, "linkedin": 13 * DAY, "threads": 39 * DAY}
NOT_DUE = {"tiktok": 70 * MINUTE, "linkedin": 15 * DAY, "threads": 41 * DAY}


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    settings.WAGTAILADMIN_BASE_URL = "https://council.example"


AtPlace = Callable[[str, Callable[[], None]], None]


@pytest.fixture
def at_place() -> Iterator[AtPlace]:
    """Lets something happen once, as the program passes a place."""
    waiting: dict[str, Callable[[], None]] = {}

    def listen(place: str) -> None:
        if happens := waiting.pop(place, None):
            happens()

    kill_points.listeners.append(listen)
    yield waiting.__setitem__
    kill_points.listeners.remove(listen)


def announce(council: Council, channel: Channel, title: str = "Late opening") -> None:
    ticked = {"channel_words-ticked": [str(channel.pk)], "image": str(picture().pk)}
    words = f"{title}: the library is open late, with tea and stories."
    page = council.write(title=title, slug=title.lower().replace(" ", "-"), summary=words, **ticked)
    council.approve(page)
    mail.outbox.clear()  # Wagtail's own notices


# --- when ---


@pytest.mark.parametrize("slug", sorted(DUE))
def test_keys_are_renewed_before_they_end(council: Council, slug: str) -> None:
    channel = connected(council, slug, keys_end=DUE[slug])
    before = channel.unseal()
    sweep(council)
    sweep(council)
    now = read(channel)
    assert asked(council, channel) == 1
    # Our keys are the ones that the network knows now.
    ours = now.unseal()
    assert ours["access_token"] != before["access_token"]
    known = theirs(council, channel).credentials
    assert {name: known[name] for name in ours} == ours
    assert now.keys_end
    assert now.keys_end > timezone.now() + DUE[slug]
    assert (now.trouble, now.paused, now.tended_by, now.tended_until) == ("", False, "", None)
    assert list(kept_keys.kept()) == []


@pytest.mark.parametrize("slug", sorted(NOT_DUE))
def test_keys_that_last_are_left_alone(council: Council, slug: str) -> None:
    channel = connected(council, slug, keys_end=NOT_DUE[slug])
    sweep(council)
    assert asked(council, channel) == 0
    assert read(channel).unseal() == channel.unseal()


@pytest.mark.parametrize(("slug", "days"), [("tiktok", 180), ("threads", 60), ("linkedin", 100)])
def test_what_a_person_must_do_next_is_known(council: Council, slug: str, days: int) -> None:
    channel = connected(council, slug, keys_end=DUE[slug])
    change(council, channel, refresh_ends=(timezone.now() + 100 * DAY).timestamp())
    sweep(council)
    ends = read(channel).sign_in_ends
    assert ends
    assert abs(ends - timezone.now() - days * DAY) < HOUR


def test_a_channel_that_a_person_paused_keeps_its_keys_alive(council: Council) -> None:
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    outbox.pause_channel(channel, now=timezone.now())
    sweep(council)
    now = read(channel)
    assert asked(council, channel) == 1
    assert (now.paused, now.trouble) == (True, "")


def test_only_a_few_are_renewed_by_one_sweep(council: Council) -> None:
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    for number in range(6):
        other = Channel.objects.get(pk=channel.pk)
        other.pk, other.account_id = None, f"another-{number}"
        other.save()
        other.seal(channel.unseal())
        other.save()
    taken = sign_ins.renewals(timezone.now())
    assert len(taken) == sign_ins.AT_ONCE
    # They are ours now, and others find the rest.
    assert len(sign_ins.renewals(timezone.now())) == 7 - sign_ins.AT_ONCE
    assert sign_ins.renewals(timezone.now()) == []


# --- trouble ---


def test_an_answer_that_was_lost_costs_one_more_try_and_then_a_person(council: Council) -> None:
    """F24: TikTok has forgotten the old refresh token, and we never heard the new one."""
    channel = connected(council, "tiktok", keys_end=50 * MINUTE)
    council.rehearsal.misbehave("drop_after", match="POST /v2/oauth/token/")
    sweep(council)
    assert read(channel).trouble == ""
    sweep(council, 5 * MINUTE)
    assert asked(council, channel) == 1
    for minutes in (11, 12, 30, 90):
        sweep(council, minutes * MINUTE)
    assert asked(council, channel) == 2
    now = read(channel)
    assert now.paused
    assert "Connect the channel again" in now.trouble
    told = [m for m in mail.outbox if "A channel is in trouble" in m.subject]
    assert sorted(to for m in told for to in m.to) == [
        "moderator2@council.example",
        "moderator@council.example",
    ]


@pytest.mark.parametrize("mode", ["drop_before", "error_before", "html_200", "rate_limit"])
def test_a_network_in_trouble_is_asked_again(council: Council, mode: str) -> None:
    channel = connected(council, "linkedin", keys_end=10 * DAY)
    council.rehearsal.misbehave(mode, match="POST /oauth/v2/accessToken")
    sweep(council)
    assert read(channel).unseal() == channel.unseal()
    sweep(council, HOUR)
    assert asked(council, channel) == 2
    assert read(channel).unseal() != channel.unseal()
    assert mail.outbox == []


def test_a_sign_in_that_was_taken_back_stops_the_channel_once(council: Council) -> None:
    """F23."""
    channel = connected(council, "linkedin", keys_end=10 * DAY)
    announce(council, channel)
    change(council, channel, dead="revoked")
    for minutes in (0, 1, 20, 60):
        sweep(council, minutes * MINUTE)
    now = read(channel)
    assert asked(council, channel) == 1
    assert (now.paused, now.trouble_kind) == (True, "sign in")
    assert Delivery.objects.get().state == State.HELD
    assert council.posts(channel) == []
    assert len([m for m in mail.outbox if "A channel is in trouble" in m.subject]) == 2


def test_posts_wait_while_keys_that_have_ended_cannot_be_renewed(council: Council) -> None:
    channel = connected(council, "linkedin", keys_end=-MINUTE)
    announce(council, channel)
    council.rehearsal.misbehave("drop_before", times=1, match="POST /oauth/v2/accessToken")
    sweep(council)
    assert not council.rehearsal.requests("POST /rest/posts")
    now = read(channel)
    assert now.paused
    assert "could not be renewed before it ended" in now.trouble
    sweep(council, 11 * MINUTE)
    now = read(channel)
    assert (now.paused, now.trouble, now.trouble_kind) == (False, "", "")
    sweep(council, 12 * MINUTE)
    assert len(council.posts(channel)) == 1


def test_keys_refused_while_five_posts_wait_are_renewed_once(council: Council) -> None:
    """F22: nobody knew that these keys had ended."""
    channel = connected(council, "linkedin")
    change(council, channel, ends=(timezone.now() - MINUTE).timestamp())
    for number in range(5):
        announce(council, channel, f"News number {number}")
    for minutes in (0, 1, 2, 3, 4):
        sweep(council, minutes * MINUTE)
    assert asked(council, channel) == 1
    assert {d.state for d in Delivery.objects.all()} == {State.POSTED}
    assert len(council.posts(channel)) == 5
    assert not read(channel).paused
    assert mail.outbox == []


def test_fresh_keys_that_are_refused_too_need_a_person(council: Council) -> None:
    channel = connected(council, "linkedin", keys_end=10 * DAY)
    sweep(council)
    council.rehearsal.misbehave("unauthorised", times=99, match="/rest/")
    announce(council, channel)
    for minutes in (1, 2, 3):
        sweep(council, minutes * MINUTE)
    assert asked(council, channel) == 1
    assert read(channel).trouble_kind == "sign in"


def test_a_post_under_way_as_its_keys_are_renewed_waits_for_the_fresh_ones(
    council: Council, at_place: AtPlace
) -> None:
    channel = connected(council, "linkedin")
    announce(council, channel)

    def renew_meanwhile() -> None:
        soon = timezone.now() + DAY
        Channel.objects.filter(pk=channel.pk).update(keys_end=soon)
        for call in sign_ins.renewals(timezone.now()):
            call.settle(call.ask(), timezone.now())

    at_place("send: sending", renew_meanwhile)
    sweep(council)
    # The first try was refused; the same sweep made another one, with the fresh keys.
    assert len(council.rehearsal.requests("POST /rest/images")) == 2
    assert Delivery.objects.get().state == State.POSTED
    assert not read(channel).paused
    assert (asked(council, channel), len(council.posts(channel))) == (1, 1)


# --- nothing is lost, nothing is overwritten ---


def test_a_person_who_connects_meanwhile_is_not_overwritten(council: Council) -> None:
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    (call,) = sign_ins.renewals(timezone.now())
    answer = call.ask()
    assert isinstance(answer, Renewed)
    again = Channel.objects.get(pk=channel.pk)
    again.seal({**again.unseal(), "access_token": "new", "refresh_token": "newer"})
    again.save()
    call.settle(answer, timezone.now())
    assert read(channel).unseal()["refresh_token"] == "newer"
    assert list(kept_keys.kept()) == []


class Died(Exception):
    """As far as the rows and the disk are concerned, the process ended here."""


def die() -> None:
    raise Died


def test_what_only_the_disk_has_is_recorded_by_the_next_sweep(
    council: Council, settings: Settings, at_place: AtPlace
) -> None:
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    (call,) = sign_ins.renewals(timezone.now())
    answer = call.ask()
    assert isinstance(answer, Renewed)
    at_place("renew: kept", die)
    with pytest.raises(Died):
        call.settle(answer, timezone.now())
    (path,) = (settings.DATA_DIR / "kept_keys").glob("*.json")
    for secret in (*channel.unseal().values(), *answer.credentials.values()):
        assert secret not in path.read_text()
    assert read(channel).unseal() == channel.unseal()
    sweep(council)
    assert read(channel).unseal() == answer.credentials
    assert asked(council, channel) == 1
    assert list(kept_keys.kept()) == []


def test_kept_keys_do_not_undo_what_a_person_connected_since(
    council: Council, at_place: AtPlace
) -> None:
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    (call,) = sign_ins.renewals(timezone.now())
    answer = call.ask()
    at_place("renew: kept", die)
    with pytest.raises(Died):
        call.settle(answer, timezone.now())
    again = read(channel)
    again.seal({**again.unseal(), "refresh_token": "newer"})
    again.save()
    assert sign_ins.record_kept(timezone.now()) == 0
    assert read(channel).unseal()["refresh_token"] == "newer"
    assert list(kept_keys.kept()) == []


def test_a_full_disk_loses_no_keys(council: Council, settings: Settings) -> None:
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    # A file stands where the folder is to be made.
    (settings.DATA_DIR / "kept_keys").write_text("")
    sweep(council)
    known = theirs(council, channel).credentials
    assert read(channel).unseal()["refresh_token"] == known["refresh_token"]


def test_a_file_that_cannot_be_opened_is_left_and_hurts_nothing(
    council: Council, settings: Settings
) -> None:
    channel = connected(council, "tiktok", keys_end=70 * MINUTE)
    kept_keys.keep(channel.pk, b"not sealed by us", timezone.now().timestamp(), None)
    folder = settings.DATA_DIR / "kept_keys"
    (folder / "broken.json").write_text("{")
    sweep(council)
    assert read(channel).unseal() == channel.unseal()
    assert len(list(folder.glob("*.json"))) == 2


def test_an_answer_without_a_refresh_token_keeps_the_one_we_have() -> None:
    """A network may leave it out where it stays the same; nothing never replaces a key."""

    def reply(connection: socket.socket) -> None:
        body = b'{"access_token": "fresh", "expires_in": 60}'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        connection.sendall(head.encode() + b"\r\n\r\n" + body)

    keys = {"access_token": "old", "refresh_token": "kept"}
    with hostile(reply) as (address, _), requests.Session() as session:
        answer = renewed(session, "LinkedIn", address, {}, keys, "refresh_token_expires_in")
    assert answer == Renewed({"access_token": "fresh", "refresh_token": "kept"}, 60.0, None)


def test_a_lease_runs_out_by_itself(council: Council) -> None:
    """The worker that held it died before it asked."""
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    assert len(sign_ins.renewals(timezone.now())) == 1
    sweep(council, timedelta(seconds=30))
    assert asked(council, channel) == 0
    sweep(council, timedelta(seconds=100))
    assert asked(council, channel) == 1
    assert read(channel).unseal() != channel.unseal()
