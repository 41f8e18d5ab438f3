"""A post that came out with replies open: closed in a hurry, and an alarm until a read shows it."""

from datetime import timedelta

import pytest
from django.core import mail

from social_publish import replies
from social_publish.models import Channel, Trouble
from social_publish.networks.capabilities import ReplyControl
from tests.council import Council, picture
from tests.social_publish.test_open_replies import connected, delivery, open_troubles, sweep

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
CLOSING = {"instagram": r"POST /v25.0/\d+$", "linkedin": r"POST /rest/socialMetadata/"}


def out(council: Council, channel: Channel) -> None:
    form = {"channel_words-ticked": [str(channel.pk)], "image": str(picture().pk)}
    council.approve(council.write(**form))
    mail.outbox.clear()
    sweep()


@pytest.mark.parametrize("network", ["instagram", "linkedin"])
def test_an_open_post_alarms_until_a_read_shows_it_closed(council: Council, network: str) -> None:
    channel = connected(council, network)
    council.rehearsal.misbehave("error_before", match=CLOSING[network], times=999)
    out(council, channel)
    assert delivery().replies_given == "open"
    sweep(MINUTE)
    assert open_troubles() == ["replies"]
    assert (
        "People can reply to a post" in council.client("moderator").get("/admin/").content.decode()
    )
    told = [m for m in mail.outbox if "People can reply" in m.subject]
    assert len(told) == 2, "each of two moderators once"
    council.rehearsal.server.faults.waiting.clear()
    sweep(3 * MINUTE)
    assert (delivery().replies_given, open_troubles()) == ("closed", [])


@pytest.mark.parametrize("network", ["instagram", "linkedin"])
def test_closing_is_tried_in_a_hurry_within_the_calls_that_a_network_gives(
    council: Council, network: str
) -> None:
    channel = connected(council, network)
    council.rehearsal.misbehave("error_before", match=CLOSING[network], times=999)
    out(council, channel)
    row, still_open = delivery(), replies.Checked(ReplyControl.OPEN, confirmed=False, reason="No.")
    start, tries = row.posted_at, 0
    assert start
    while row.replies_due_at and row.replies_due_at < start + timedelta(days=1):
        age, tries = row.replies_due_at - start, tries + 1
        replies.settle(row, still_open, now=row.replies_due_at)
        row.refresh_from_db()
        if age < 4 * MINUTE:
            assert row.replies_due_at - start - age == MINUTE
    # Each try is five calls at most, and LinkedIn gives a person about 150 a day.
    assert 20 < tries < 30


def test_what_cannot_be_read_is_not_taken_for_closed(council: Council) -> None:
    channel = connected(council, "linkedin")
    for match in (r"POST /rest/socialMetadata/", r"GET /rest/(posts|socialMetadata)/"):
        council.rehearsal.misbehave("error_before", match=match, times=999)
    out(council, channel)
    assert (delivery().state, delivery().replies_given) == ("posted", "")
    assert open_troubles() == []
    sweep(3 * MINUTE)
    assert open_troubles() == ["replies"]
    assert "came out with replies open" in Trouble.objects.get(over_at=None).words
    council.rehearsal.server.faults.waiting.clear()
    sweep(10 * MINUTE)
    assert (delivery().replies_given, open_troubles()) == ("closed", [])
