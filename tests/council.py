"""A small council for tests, and the things its people do through the admin's own doors."""

import io
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Page, Site

from home.models import CouncilImage, HomePage
from news.models import NewsIndexPage, NewsPage
from social_publish import council, worker
from social_publish.models import Announcement, Channel, ChannelGroup, Delivery, OfficeContact
from tests.rehearsal_server import RehearsalServer

# What every channel is asked before its first post.
ANSWERED = {"policy_answer": "named", "replies_accepted_by": "The Clerk"}
WORDS = "The library is open late on Thursday, with tea and stories for everyone."


def picture(
    description: str = "Shelves of books", size: tuple[int, int] = (1200, 800)
) -> CouncilImage:
    content = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(content, "JPEG")
    return CouncilImage.objects.create(
        title="Picture",
        description=description,
        file=ImageFile(io.BytesIO(content.getvalue()), "picture.jpg"),
    )


@dataclass
class Council:
    rehearsal: RehearsalServer
    home: HomePage
    section: NewsIndexPage
    group: ChannelGroup
    x: Channel
    facebook: Channel
    people: dict[str, User]

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.people[role])
        return client

    # --- what an editor does ---

    def form(self, **changes: Any) -> dict[str, Any]:
        """The editor's form, filled in to be announced on both channels."""
        return {
            "title": "Late opening",
            "slug": "late-opening",
            "date": "2026-11-21",
            "intro": "Open until eight.",
            "purpose": "announcement",
            "image": "",
            "body-count": "0",
            "announce": "on",
            "summary": WORDS,
            "channel_words-ticked": [str(self.x.pk), str(self.facebook.pk)],
            "dates-TOTAL_FORMS": "0",
            "dates-INITIAL_FORMS": "0",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
            "search_description": "",
            "seo_title": "",
            "go_live_at": "",
            "expire_at": "",
        } | changes

    def write(self, *, by: str = "editor", **changes: Any) -> NewsPage:
        """Create a page through the admin and submit it."""
        response = self.post_new(by=by, **changes)
        assert response.status_code == 302, response.content.decode()[:3000]
        return NewsPage.objects.latest("pk")

    def post_new(self, *, by: str = "editor", action: str = "action-submit", **changes: Any) -> Any:
        address = reverse("wagtailadmin_pages:add", args=["news", "newspage", self.section.pk])
        return self.client(by).post(address, self.form(**changes) | {action: "1"})

    def edit(self, page: Page, *, by: str = "editor", action: str = "", **changes: Any) -> Any:
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        form = self.form(slug=page.slug, **changes)
        return self.client(by).post(address, form | ({action: "1"} if action else {}))

    # --- what a moderator does ---

    def review(self, page: Page, *, by: str = "moderator") -> Any:
        return self.client(by).get(reverse("social_publish_review", args=[page.pk]))

    def approve(
        self,
        page: Page,
        *,
        by: str = "moderator",
        leave_out: tuple[Channel, ...] = (),
        seen: Any = None,
    ) -> Any:
        """Open the review screen, tick what it shows, and approve."""
        seen = seen or self.review(page, by=by)
        context = seen.context_data
        ticked = [
            str(post["delivery"].channel_id)
            for post in context["posts"]
            if post["delivery"].channel not in leave_out
        ]
        form = {
            "digest": context["digest"],
            "shown": context["shown"],
            "page_read": "on",
            "channels": ticked,
        }
        if context["posts"] and not ticked:
            form["no_posts"] = "on"
        return self.client(by).post(reverse("social_publish_review", args=[page.pk]), form)

    # --- what came of it ---

    def deliver(self) -> int:
        return worker.drain()

    def posts(self, channel: Channel, *, deleted: bool = False) -> list[dict[str, Any]]:
        return self.rehearsal.posts(channel.network, channel.account_id, deleted=deleted)

    def deliveries(self, page: Page) -> dict[str, Delivery]:
        """{network: delivery} of the page's newest announcement."""
        newest = Announcement.objects.filter(page_id=page.pk).latest("pk")
        return {d.channel.network: d for d in newest.deliveries.select_related("channel")}

    def nothing_posted(self) -> None:
        """Whatever was done: carry out all due work, and see that the networks hold nothing."""
        from_sweep = worker.drain()
        assert self.rehearsal.all_posts() == []
        assert from_sweep == 0
        assert not self.rehearsal.requests("POST")


def build_council(rehearsal: RehearsalServer) -> Council:
    Page.objects.filter(depth=2).delete()
    home = Page.objects.get(depth=1).add_child(
        instance=HomePage(title="The Council", slug="home", intro="Welcome.")
    )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "council.example", "port": 443, "root_page": home},
    )
    section = home.add_child(instance=NewsIndexPage(title="News", slug="news", show_in_menus=True))
    contact = OfficeContact.objects.create(
        name="Council office", phone="01632 960 123", email="office@council.example"
    )
    group = council.make_group(name="Town Council", section=section, office_contact=contact)
    channels = {network: open_channel(rehearsal, group, network) for network in ("x", "facebook")}
    people = {
        "superuser": User.objects.create_superuser("admin", "admin@council.example", "x"),
        "webmaster": _person("webmaster", "Webmasters"),
        "clerk": _person("clerk", "Clerk"),
        "moderator": _person("moderator", "Town Council moderators"),
        "moderator2": _person("moderator2", "Town Council moderators"),
        "editor": _person("editor", "Town Council editors"),
        "editor2": _person("editor2", "Town Council editors"),
        "councillor": _person("councillor", "Councillors"),
    }
    return Council(rehearsal, home, section, group, channels["x"], channels["facebook"], people)


def open_channel(
    rehearsal: RehearsalServer, group: ChannelGroup, network: str, **facts: Any
) -> Channel:
    """A channel of the group with an account of its own on a network."""
    account = rehearsal.open_account(network)
    channel = Channel.objects.create(
        group=group,
        network=network,
        name=f"Council on {network}",
        handle="council",
        account_id=account["account_id"],
        **ANSWERED | facts,
    )
    channel.seal(account["credentials"])
    channel.save()
    return channel


def _person(name: str, group: str) -> User:
    user = User.objects.create_user(name, f"{name}@council.example", "x", first_name=name.title())
    user.groups.add(Group.objects.get(name=group))
    return user


def small_jpeg() -> bytes:
    """The same small picture each time."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (30, 80, 100)).save(content, "JPEG")
    return content.getvalue()
