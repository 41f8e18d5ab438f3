"""What posts cost, where a network charges for them (`docs/sources.md`)."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from social_publish.models import Channel, Delivery
from social_publish.networks import NETWORKS


def of_post(delivery: Delivery) -> Decimal:
    """US dollars for posting it once; 0 where the network takes nothing."""
    price = NETWORKS[delivery.channel.network].capabilities.price
    return price.of(delivery.text, described=bool(delivery.picture)) if price else Decimal(0)


def post_sentence(delivery: Delivery) -> str:
    """What one post will cost and what makes it so, for its moderator; "" where it is free."""
    network = NETWORKS[delivery.channel.network]
    price = network.capabilities.price
    if price is None:
        return ""
    described = bool(delivery.picture)
    bare = price.of("", described=described)
    here = dollars(of_post(delivery))
    words = f"{network.name} charges about {here} for it"
    if of_post(delivery) != bare:
        words += f", because it carries a link; without one it would be {dollars(bare)}"
    return (
        f"In rehearsal nothing. Once live, {words}." if delivery.channel.rehearsal else f"{words}."
    )


def month_sentence(channel: Channel, now: datetime) -> str:
    """What a channel's posts of this month came to so far; "" where posting is free."""
    if NETWORKS[channel.network].capabilities.price is None:
        return ""
    start = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    posts = channel.deliveries.filter(posted_at__gte=start).order_by("pk")
    amounts = [of_post(post) for post in posts.select_related("channel")]
    number = "1 post" if len(amounts) == 1 else f"{len(amounts)} posts"
    would = "would have cost" if channel.rehearsal else "cost"
    return f"{start:%B}: {number} {would} about {dollars(sum(amounts, Decimal(0)))}"


def channel_sentence(channel: Channel, now: datetime) -> str:
    """This month's posts and the price of one; "" where posting is free."""
    month = month_sentence(channel, now)
    price = NETWORKS[channel.network].capabilities.cost_sentence
    return f"{month}. {price}" if month else ""


def dollars(amount: Decimal) -> str:
    """For people: cents, and parts of a cent only where there are some."""
    exact = amount.quantize(Decimal("0.001")).normalize()
    digits = 3 if exact != exact.quantize(Decimal("0.01")) else 2
    return f"${exact:.{digits}f}"
