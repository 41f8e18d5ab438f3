"""What a job is, and what each needs of its channel and its delivery."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from social_publish import pictures
from social_publish.models import Channel, Delivery
from social_publish.networks.base import Account, Network, Picture, Post

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
NO_TIME = timedelta(0)


@dataclass
class Job:
    """A claimed piece of work. settle(answer, now, more): more says there is time to go on.

    publishes: its call may put the post on the network, so `begin` must have let it.
    """

    delivery: Delivery
    operation: str
    call: Callable[[], object]
    settle: Callable[[object, datetime, bool], "Job | None"]
    publishes: bool = False


@dataclass(frozen=True)
class Work:
    """Everything a job needs, read before the network is called."""

    delivery: Delivery
    operation: str
    network: Network
    account: Account
    post: Post | None = None


def account_of(channel: Channel) -> Account:
    """Where and as whom a channel talks. Raises CredentialsLost."""
    gateway = settings.NETWORK_URLS.get(channel.network, "")
    return Account(
        account_id=channel.account_id,
        credentials=channel.unseal(),
        base_url=settings.REHEARSAL_URL if channel.rehearsal else gateway,
        handle=channel.handle,
        server=channel.server,
        rehearsal=channel.rehearsal,
    )


def post_of(delivery: Delivery) -> Post:
    """The approved post, byte for byte. Raises PictureUnusable."""
    picture = None
    if delivery.picture:
        content = pictures.load(delivery.picture)
        picture = Picture(content, delivery.alt_text, f"{delivery.link}/picture.jpg")
    closed = delivery.replies_wanted == "closed"
    title = delivery.announcement.page_title
    return Post(delivery.text, delivery.link, picture, closed, delivery.token, title)
