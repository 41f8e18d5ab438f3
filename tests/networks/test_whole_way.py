"""From an approved page to a post whose replies were read back, on the networks that need a server."""

import pytest

from social_publish.models import Channel, Delivery
from tests.council import ANSWERED, Council


@pytest.fixture
def channel(council: Council, request: pytest.FixtureRequest) -> Channel:
    account = council.rehearsal.open_account(request.param)
    made = Channel.objects.create(
        group=council.group,
        network=request.param,
        name=f"Council on {request.param}",
        account_id=account["account_id"],
        **ANSWERED,
    )
    made.seal(account["credentials"])
    made.save()
    return made


@pytest.mark.parametrize(
    ("channel", "given"),
    [("bluesky", "closed"), ("gotosocial", "closed"), ("mastodon", "not possible")],
    indirect=["channel"],
)
def test_a_page_is_posted_and_its_reply_control_is_read_back(
    council: Council, channel: Channel, given: str
) -> None:
    page = council.write(**{"channel_words-ticked": [str(channel.pk)]})
    seen = council.review(page)
    assert ("a card with the page" in seen.content.decode()) is (channel.network == "bluesky")
    council.approve(page, seen=seen)
    council.deliver()
    (post,) = council.posts(channel)
    delivery = Delivery.objects.get(channel=channel)
    assert (delivery.state, delivery.remote_id) == ("posted", post["id"])
    assert (delivery.replies_given, post["text"]) == (given, delivery.text)
    assert delivery.replies_confirmed_at is not None
    card = (post["facts"].get("record") or {}).get("embed", {}).get("external", {})
    assert card.get("title", "") == ("Late opening" if channel.network == "bluesky" else "")
    closed = given == "closed"
    said = council.rehearsal.stranger_replies(
        channel.network, channel.account_id, post["id"], "Well!"
    )
    assert said is not closed
