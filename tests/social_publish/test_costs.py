"""What a post costs, where the network charges: before it is approved, and for the month."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from social_publish import costs
from social_publish.models import Channel, Delivery
from social_publish.networks import NETWORKS
from tests.council import ANSWERED, Council, picture

pytestmark = pytest.mark.django_db


def channels_screen(council: Council) -> str:
    return council.client("webmaster").get("/admin/social_publish/channel/").content.decode()


def post_on_x(council: Council, **changes: str) -> None:
    page = council.write(**{"channel_words-ticked": [str(council.x.pk)]} | changes)
    council.approve(page)
    council.deliver()


def test_the_price_is_shown_before_approval(council: Council) -> None:
    Channel.objects.update(rehearsal=False)
    for network in ("x", "facebook"):
        channel = getattr(council, network)
        channel.refresh_from_db()
        channel.seal({"access_token": "t"})
        channel.save()
    page = council.write(image=str(picture().pk))
    screen = council.review(page).content.decode()
    assert (
        "Cost: X charges about $0.205 for it, because it carries a link; without one it would be"
        " $0.02."
    ) in screen
    assert screen.count("Cost:") == 1


def test_in_rehearsal_nothing_is_charged(council: Council) -> None:
    screen = council.review(council.write()).content.decode()
    assert "In rehearsal nothing. Once live, X charges about $0.20 for it" in screen
    assert "without one it would be $0.015." in screen


def test_the_channels_list_adds_the_month_up(council: Council) -> None:
    assert "0 posts would have cost about $0.00" in channels_screen(council)
    post_on_x(council, title="One", slug="one")
    post_on_x(council, title="Two", slug="two", image=str(picture().pk))
    screen = channels_screen(council)
    assert f"{timezone.localdate():%B}: 2 posts would have cost about $0.405." in screen
    assert "X charges about $0.20 for a post with a link" in screen
    assert screen.count("Posting is free") == 1
    address = f"/admin/social_publish/channel/inspect/{council.x.pk}/"
    own = council.client("clerk").get(address).content.decode()
    assert "2 posts would have cost about $0.405. X charges about $0.20" in own
    Channel.objects.filter(pk=council.x.pk).update(rehearsal=False)
    assert ": 2 posts cost about $0.405." in channels_screen(council)
    Delivery.objects.update(posted_at=timezone.now() - timedelta(days=32))
    assert ": 0 posts cost about $0.00." in channels_screen(council)


def test_a_link_makes_the_price(council: Council) -> None:
    price = NETWORKS["x"].capabilities.price
    assert price is not None
    assert price.of("Call 01632 960 123", described=False) == Decimal("0.015")
    assert price.of("https://council.example/n/abc", described=False) == Decimal("0.20")
    assert costs.dollars(Decimal("12.3")) == "$12.30"


def test_dead_links_are_said_before_approval(council: Council) -> None:
    account = council.rehearsal.open_account("instagram")
    channel = Channel.objects.create(
        group=council.group,
        network="instagram",
        name="Council on Instagram",
        account_id=account["account_id"],
        **ANSWERED,
    )
    channel.seal(account["credentials"])
    channel.save()
    page = council.write(
        **{"channel_words-ticked": [str(channel.pk), str(council.x.pk)], "image": str(picture().pk)}
    )
    screen = council.review(page).content.decode()
    assert "Instagram lets nobody follow it" in screen
    assert "X lets nobody follow it" not in screen
    assert screen.count('id="post-') == 2
    for post in Delivery.objects.filter(state="proposed"):
        assert f'href="#post-{post.pk}"' in screen
