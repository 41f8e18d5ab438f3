"""Replies: hidden where that is the way, and nothing claimed that was not read back."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from social_publish import replies, worker
from social_publish.models import Channel, Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Trouble
from social_publish.networks.capabilities import ReplyControl
from tests.council import Council

pytestmark = pytest.mark.django_db

COMMENTS = r"GET .*/comments"
HIDE = r"POST /v25.0/\d+$"


def posted(council: Council, channel: Channel) -> str:
    """The network's id of a post on one channel, whose replies were checked once."""
    page = council.write(**{"channel_words-ticked": [str(channel.pk)]})
    council.approve(page)
    council.deliver()
    return str(council.posts(channel)[0]["id"])


def comment(council: Council, post_id: str, times: int = 1) -> None:
    for number in range(times):
        council.rehearsal.stranger_replies(
            "facebook", council.facebook.account_id, post_id, f"Well, {number}!"
        )


def check_again(council: Council) -> Delivery:
    Delivery.objects.update(replies_due_at=timezone.now())
    council.deliver()
    return Delivery.objects.get()


def hidden(council: Council, post_id: str) -> list[bool]:
    return [bool(row["hidden"]) for row in council.rehearsal.comments(post_id)]


def check(channel: Channel, post_id: str, seconds_a_call: int = 0) -> replies.Checked:
    clock = count(0, seconds_a_call).__next__
    network, account = NETWORKS[channel.network], worker.account_of(channel)
    return replies.check(network, account, post_id, clock=clock)


def test_a_comment_is_hidden_and_read_back(council: Council) -> None:
    post_id = posted(council, council.facebook)
    comment(council, post_id)
    delivery = check_again(council)
    assert hidden(council, post_id) == [True]
    assert delivery.replies_hidden == 1
    assert delivery.why == "1 comment was hidden, and read back as hidden."
    assert check_again(council).replies_hidden == 1


def test_nothing_is_claimed_when_the_read_back_fails(council: Council) -> None:
    post_id = posted(council, council.facebook)
    confirmed_at = Delivery.objects.get().replies_confirmed_at
    comment(council, post_id)
    council.rehearsal.misbehave("slow", match=COMMENTS, seconds=0)
    council.rehearsal.misbehave("error_before", match=COMMENTS)
    delivery = check_again(council)
    assert hidden(council, post_id) == [True]
    assert delivery.replies_hidden == 0
    assert delivery.replies_confirmed_at == confirmed_at
    assert delivery.why.startswith("Replies could not be checked.")


def test_a_comment_that_cannot_be_hidden_is_told(council: Council) -> None:
    post_id = posted(council, council.facebook)
    confirmed_at = Delivery.objects.get().replies_confirmed_at
    comment(council, post_id, times=2)
    council.rehearsal.misbehave("forbidden", match=HIDE)
    delivery = check_again(council)
    assert hidden(council, post_id) == [False, True]
    assert delivery.replies_hidden == 1
    assert delivery.replies_confirmed_at == confirmed_at
    assert delivery.why == (
        "1 comment could not be hidden. Hide it on the network by hand."
        " 1 comment was hidden, and read back as hidden."
    )


def test_a_yes_that_hid_nothing_is_not_believed(council: Council) -> None:
    post_id = posted(council, council.facebook)
    comment(council, post_id)
    council.rehearsal.store.write(
        "CREATE TRIGGER stubborn AFTER UPDATE ON comments BEGIN"
        " UPDATE comments SET hidden = 0 WHERE number = NEW.number; END"
    )
    try:
        checked = check(council.facebook, post_id)
    finally:
        council.rehearsal.store.write("DROP TRIGGER stubborn")
    assert (checked.hidden, checked.open_, checked.confirmed) == (0, 1, False)


def test_one_check_hides_twenty_and_the_next_comes_at_once(council: Council) -> None:
    post_id = posted(council, council.facebook)
    comment(council, post_id, times=25)
    checked = check(council.facebook, post_id)
    assert (checked.hidden, checked.open_, checked.more) == (20, 0, True)
    assert not checked.confirmed
    assert hidden(council, post_id) == [True] * 20 + [False] * 5
    delivery, now = Delivery.objects.get(), timezone.now()
    replies.settle(delivery, checked, now=now)
    assert delivery.replies_due_at == now
    assert "More comments wait to be hidden" in delivery.why
    council.deliver()
    assert all(hidden(council, post_id))
    delivery.refresh_from_db()
    assert delivery.replies_hidden == 25
    assert delivery.replies_due_at > now


def test_a_check_that_takes_too_long_stops_and_goes_on_at_once(council: Council) -> None:
    post_id = posted(council, council.facebook)
    comment(council, post_id, times=5)
    checked = check(council.facebook, post_id, seconds_a_call=15)
    assert hidden(council, post_id) == [True, True, False, False, False]
    assert checked.more
    assert (checked.hidden, checked.confirmed) == (0, False)
    assert "no time" in checked.reason


def test_hiding_that_never_works_is_not_repeated_at_once(council: Council) -> None:
    post_id = posted(council, council.facebook)
    comment(council, post_id, times=25)
    council.rehearsal.misbehave("forbidden", match=HIDE, times=99)
    checked = check(council.facebook, post_id)
    assert (checked.hidden, checked.open_, checked.more) == (0, 25, False)
    delivery, now = Delivery.objects.get(), timezone.now()
    replies.settle(delivery, checked, now=now)
    assert delivery.replies_due_at > now


@pytest.mark.parametrize("network", ["x", "facebook"])
@pytest.mark.parametrize(
    ("mode", "trouble"), [("unauthorised", Trouble.SIGN_IN), ("rate_limit", Trouble.RATE_LIMIT)]
)
def test_trouble_of_the_channel_travels_with_the_check(
    council: Council, network: str, mode: str, trouble: Trouble
) -> None:
    channel = council.x if network == "x" else council.facebook
    post_id = posted(council, channel)
    council.rehearsal.misbehave(mode, match="GET")
    checked = check(channel, post_id)
    assert checked.trouble == trouble
    assert checked.reason
    assert not checked.confirmed


@pytest.mark.parametrize("match", [COMMENTS, HIDE])
def test_trouble_while_sweeping_stops_it(council: Council, match: str) -> None:
    post_id = posted(council, council.facebook)
    comment(council, post_id, times=3)
    council.rehearsal.misbehave("unauthorised", match=match, times=99)
    already = len(council.rehearsal.requests("POST"))
    checked = check(council.facebook, post_id)
    assert checked.trouble == Trouble.SIGN_IN
    assert checked.reason
    assert not checked.more
    assert len(council.rehearsal.requests("POST")) - already <= 1


def test_open_replies_on_x_are_an_alarm_until_they_are_closed(council: Council) -> None:
    posted(council, council.x)
    store = council.rehearsal.store
    store.write("""UPDATE posts SET facts = '{"reply_settings": null, "media": []}'""")
    Delivery.objects.update(replies_given="", replies_confirmed_at=None)
    delivery = check_again(council)
    assert delivery.replies_given == ReplyControl.OPEN
    assert delivery.replies_confirmed_at is None
    assert delivery.why.startswith("Anyone can reply although replies should be closed.")
    assert "Close them on X by hand" in delivery.why
    assert delivery.replies_due_at > timezone.now() + timedelta(minutes=5)
    store.write("""UPDATE posts SET facts = '{"reply_settings": "mentionedUsers", "media": []}'""")
    delivery = check_again(council)
    assert delivery.replies_given == ReplyControl.NARROWED
    assert delivery.replies_confirmed_at is not None
    assert delivery.replies_due_at is None
    assert delivery.why == ""
