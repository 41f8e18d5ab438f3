"""A test post is posted, read back, removed, and read as gone; whatever breaks off is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from social_publish import alarms, outbox
from social_publish.models import Channel, TrialPost, Trouble
from social_publish.networks import NETWORKS
from tests.council import Council, open_channel
from tests.social_publish.connecting import said

TESTED = tuple(
    slug
    for slug, network in NETWORKS.items()
    if network.capabilities.can_remove and not network.capabilities.by_hand
)


def channel_on(council: Council, network: str, **facts: Any) -> Channel:
    if network in ("x", "facebook"):
        return getattr(council, network)
    facts = {"server": "https://social.example"} | facts
    return open_channel(council.rehearsal, council.group, network, **facts)


def press(council: Council, channel: Channel, do: str, role: str = "clerk") -> str:
    address = reverse("social_publish_test_post", args=[channel.pk])
    return said(council.client(role).post(address, {"do": do}, follow=True))


def trial_of(channel: Channel) -> TrialPost:
    return TrialPost.objects.get(channel=channel)


def out_there(council: Council, channel: Channel) -> list[dict[str, Any]]:
    return council.rehearsal.posts(channel.network, channel.account_id)


@pytest.mark.parametrize("network", TESTED)
def test_it_is_posted_and_gone_again(council: Council, network: str) -> None:
    channel = channel_on(council, network)

    shown = press(council, channel, "send")

    trial = trial_of(channel)
    assert "The test post was posted, and is gone again." in shown, trial.lines
    assert trial.state == TrialPost.State.GONE
    assert out_there(council, channel) == []
    (stored,) = council.rehearsal.posts(network, channel.account_id, deleted=True)
    assert f"/n/{trial.key}" in stored["text"]
    assert "01632 960 123" in stored["text"]
    done = [line["words"] for line in trial.lines if line["good"]]
    assert [line for line in trial.lines if not line["good"]] == []
    assert done[0] == "It is posted."
    assert done[-2:] == ["It is removed.", "Read back once more: it is gone."]
    entry = ModelLogEntry.objects.get(action="social_publish.test_post")
    assert (entry.user, entry.object_id) == (council.people["clerk"], str(channel.pk))


def test_what_cannot_be_removed_is_not_tested(council: Council) -> None:
    channel = channel_on(council, "tiktok")
    assert "lets no program remove a post" in press(council, channel, "send")
    assert not TrialPost.objects.exists()
    assert council.rehearsal.requests("POST") == []


@pytest.mark.parametrize("lack", [{"policy_answer": ""}, {"paused": True}])
def test_a_channel_that_may_not_post_sends_no_test(council: Council, lack: dict[str, Any]) -> None:
    channel = channel_on(council, "gotosocial", **lack)
    assert "may not post yet, or it is paused" in press(council, channel, "send")
    assert council.rehearsal.requests("POST") == []


def test_the_emergency_stop_stops_tests_too(council: Council) -> None:
    outbox.stop_everything(now=timezone.now(), actor=council.people["clerk"])
    assert "emergency stop is on" in press(council, council.x, "send")
    assert council.rehearsal.requests("POST") == []


def test_a_refusal_is_said_and_leaves_nothing(council: Council) -> None:
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets", detail="Not for you")
    assert "Nothing was posted." in press(council, council.x, "send")
    assert trial_of(council.x).state == TrialPost.State.FAILED
    assert alarms.found(timezone.now() + timedelta(hours=1)) == []


def test_a_lost_answer_is_looked_into_and_the_post_removed(council: Council) -> None:
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets")
    assert "is gone again" in press(council, council.x, "send")
    assert out_there(council, council.x) == []
    assert len(council.rehearsal.requests("POST /2/tweets")) == 1


def in_ten_minutes() -> list[Trouble]:
    now = timezone.now() + timedelta(minutes=10)
    return [t for t in alarms.found(now) if t.kind == Trouble.Kind.STILL_THERE]


def test_what_could_not_be_removed_is_told_until_it_is_gone(council: Council) -> None:
    council.rehearsal.misbehave("error_before", match="DELETE /2/tweets", times=1)
    shown = press(council, council.x, "send")
    assert "It could not be removed, and is still there." in shown
    assert len(out_there(council, council.x)) == 1
    (trouble,) = in_ten_minutes()
    assert trouble.channel == council.x
    assert trial_of(council.x).remote_url in trouble.words
    assert "A test post is under way already." in press(council, council.x, "send")

    assert "is gone again" in press(council, council.x, "go-on")

    assert out_there(council, council.x) == []
    assert in_ten_minutes() == []


def test_a_person_may_say_that_it_is_gone(council: Council) -> None:
    council.rehearsal.misbehave("error_before", match="DELETE /2/tweets", times=9)
    press(council, council.x, "send")
    press(council, council.x, "gone")
    trial = trial_of(council.x)
    assert trial.state == TrialPost.State.GONE
    assert trial.lines[-1]["words"] == "Clerk looked there: it is not there."
    assert in_ten_minutes() == []
    entry = ModelLogEntry.objects.get(action="social_publish.test_post_gone")
    assert entry.user == council.people["clerk"]


def test_a_test_that_was_cut_off_is_looked_for_and_never_sent_again(council: Council) -> None:
    channel = council.x
    council.rehearsal.misbehave("drop_after", match="POST /2/tweets")
    council.rehearsal.misbehave("no_list", times=9)
    press(council, channel, "send")
    # As a request leaves it that died while its call was under way.
    TrialPost.objects.update(state="sending", asking=True, busy_until=None)
    assert len(in_ten_minutes()) == 1
    council.rehearsal.server.faults.waiting.clear()

    assert "is gone again" in press(council, channel, "go-on")

    assert len(council.rehearsal.requests("POST /2/tweets")) == 1
    assert out_there(council, channel) == []


def test_two_presses_at_once_do_it_once(council: Council) -> None:
    council.rehearsal.misbehave("error_before", match="DELETE /2/tweets", times=1)
    press(council, council.x, "send")
    TrialPost.objects.update(busy_until=timezone.now() + timedelta(minutes=1))
    before = len(council.rehearsal.requests())
    press(council, council.x, "go-on")
    press(council, council.x, "gone")
    assert len(council.rehearsal.requests()) == before
    assert trial_of(council.x).is_open


def test_another_account_is_left_alone(council: Council) -> None:
    council.rehearsal.misbehave("error_before", match="DELETE /2/tweets", times=1)
    press(council, council.x, "send")
    Channel.objects.filter(pk=council.x.pk).update(account_id="77")
    before = len(council.rehearsal.requests())
    assert "The channel has another account by now." in press(council, council.x, "go-on")
    assert len(council.rehearsal.requests()) == before


def test_its_link_leads_to_the_website(council: Council) -> None:
    press(council, council.x, "send")
    answer = Client().get(f"/n/{trial_of(council.x).key}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_its_picture_is_there_only_while_it_is_needed(council: Council) -> None:
    channel = channel_on(council, "instagram")
    council.rehearsal.misbehave("error_before", match="DELETE", times=1)
    press(council, channel, "send")
    address = f"/n/{trial_of(channel).key}/picture.jpg"
    assert Client().get(address).headers["Content-Type"] == "image/jpeg"
    press(council, channel, "go-on")
    assert Client().get(address).status_code == 404


def test_only_who_may_connect_sends_tests(council: Council) -> None:
    press(council, council.x, "send", role="editor")
    assert not TrialPost.objects.exists()
