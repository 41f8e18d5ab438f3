"""A council of its own for measuring, on the database that DATABASE_URL names."""

import secrets
from dataclasses import dataclass
from io import StringIO

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, Site

from home.models import CouncilImage, HomePage
from news.models import NewsIndexPage, NewsPage
from social_publish import council
from social_publish.models import (
    Announcement,
    Channel,
    ChannelGroup,
    Delivery,
    OfficeContact,
    State,
)
from social_publish.publication import content_digest

KEYS = {
    "consumer_key": "k",
    "consumer_secret": "s",
    "access_token": "t",
    "access_token_secret": "ts",
}
WORDS = "The library is open late on Thursday, with tea and stories for everyone."


@dataclass
class World:
    section: NewsIndexPage
    group: ChannelGroup
    channels: list[Channel]
    editor: User
    moderator: User


def build(channels: int) -> World:
    """An empty council with so many channels on X in one section."""
    call_command("migrate", verbosity=0)
    call_command("setup_council", stdout=StringIO())
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Home", intro="Home", slug="home"))
    place = {"hostname": "council.example", "port": 443, "root_page": home}
    Site.objects.update_or_create(is_default_site=True, defaults=place)
    section = home.add_child(instance=NewsIndexPage(title="News", slug="news"))
    contact = OfficeContact.objects.create(name="Council office", phone="01632 960 123")
    group = council.make_group(name="Bench", section=section, office_contact=contact)
    made = [_channel(group, number) for number in range(channels)]
    return World(section, group, made, _person("editor"), _person("moderator"))


def _channel(group: ChannelGroup, number: int) -> Channel:
    channel = Channel.objects.create(
        group=group,
        network="x",
        name=f"Channel {number}",
        account_id=str(1000 + number),
        daily_budget=30_000,
        policy_answer="named",
    )
    seal(channel, KEYS)
    return channel


def seal(channel: Channel, keys: dict[str, str]) -> None:
    channel.seal(keys)
    channel.save()


def _person(role: str) -> User:
    user = User.objects.create_user(role, f"{role}@council.example", "x")
    user.groups.add(Group.objects.get(name=f"Bench {role}s"))
    return user


# --- pages that wait for approval --------------------------------------------------------


def submit(world: World, channels: list[Channel], image: CouncilImage | None = None) -> NewsPage:
    """A page in moderation that would be announced on these channels; none: on no channel."""
    page = NewsPage(
        title="Late opening",
        slug=f"page-{secrets.token_hex(6)}",
        intro="Open until eight.",
        image=image,
        announce=bool(channels),
        summary=WORDS,
        channel_words={str(channel.pk): {"ticked": True, "words": ""} for channel in channels},
        live=False,
    )
    world.section.refresh_from_db()
    world.section.add_child(instance=page)
    page.save_revision(user=world.editor)
    page.get_workflow().start(page, world.editor)
    return page


# --- posts that are approved already -----------------------------------------------------


def pages(world: World, number: int) -> list[NewsPage]:
    made = []
    for index in range(number):
        page = NewsPage(title=f"Page {index}", slug=f"page-{secrets.token_hex(6)}", intro="Words")
        made.append(world.section.add_child(instance=page))
    return made


def queue_posts(world: World, number: int) -> None:
    """`number` approved deliveries that are due, spread evenly over the channels."""
    now = timezone.now()
    for page in pages(world, -(-number // len(world.channels))):
        announcement = Announcement.objects.create(
            page=page,
            page_title=page.title,
            number=1,
            status="approved",
            content_digest=content_digest(NewsPage.objects.get(pk=page.pk)),
        )
        Delivery.objects.bulk_create(
            Delivery(
                announcement=announcement,
                channel=channel,
                account_id=channel.account_id,
                text=f"Words {secrets.token_hex(8)}",
                length=10,
                state=State.QUEUED,
                released_at=now,
            )
            for channel in world.channels
        )
