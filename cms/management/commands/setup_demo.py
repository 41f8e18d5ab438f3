"""`manage.py setup_demo`: an invented council, ready to be tried. It may be run again."""

import json
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page, Site

from cms.demo import content
from cms.demo.site import build
from home.models import ContentPage, CouncilImage, HomePage, SiteDetails
from news.models import NewsIndexPage, NewsPage
from social_publish import council
from social_publish.models import OPEN_NETWORKS, Channel, ChannelGroup, OfficeContact
from social_publish.networks import NETWORKS
from social_publish.rehearsal.accounts import open_account

FOLDER = Path(content.__file__).parent / "pictures"


class Command(BaseCommand):
    help = "Builds the demonstration council of Marlhaven. Never on a real council's site."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production"):
            raise CommandError("The demonstration council does not belong on a real site.")
        home = HomePage.objects.filter(title__contains=content.TOWN).first()
        if (
            home is None
            and Page.objects.filter(depth__gt=1)
            .exclude(title="Welcome to your new Wagtail site!")
            .exists()
        ):
            raise CommandError(
                "There is another site in this database already, so nothing was done."
            )
        call_command("setup_council", stdout=self.stdout)
        pictures = {picture.file: self._picture(picture) for picture in content.PICTURES}
        home = home or self._home(pictures)
        self._site(home)
        self._pages(home)
        for name, contact, title, slug, articles in content.SECTIONS:
            self._section(home, name, contact, title, slug, articles, pictures)
        build(home)
        self._people()
        self.stdout.write("The demonstration council of Marlhaven is ready.")

    def _picture(self, picture: content.Picture) -> CouncilImage:
        known = CouncilImage.objects.filter(title=picture.title).first()
        if known:
            return known
        with (FOLDER / f"{picture.file}.jpg").open("rb") as file:
            return CouncilImage.objects.create(
                title=picture.title,
                description=picture.alt,
                file=ImageFile(file, name=f"{picture.file}.jpg"),
            )

    def _home(self, pictures: dict[str, CouncilImage]) -> HomePage:
        Page.objects.filter(depth=2).delete()
        root = Page.objects.get(depth=1)
        home: HomePage = root.add_child(
            instance=HomePage(
                title=f"Welcome to {content.TOWN}",
                slug="home",
                intro="A harbour town of 6,400 people. Find the next meeting, report a problem, or hear what is on.",
                image=pictures["harbour"],
                search_description="The website of Marlhaven Town Council.",
            )
        )
        home.save_revision().publish()
        return home

    def _site(self, home: HomePage) -> None:
        address = urlsplit(settings.SITE_URL)
        site, _ = Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": address.hostname or "localhost",
                "port": address.port or 80,
                "root_page": home,
                "site_name": f"{content.TOWN} Town Council",
            },
        )
        SiteDetails.objects.get_or_create(
            site=site,
            defaults={
                "council_name": f"{content.TOWN} Town Council",
                "tagline": "Working for the harbour town",
                "address": "The Guildhall\nMarket Square\nMarlhaven",
            },
        )

    def _pages(self, home: HomePage) -> None:
        for slug, title, intro, in_menu, parts in content.PAGES:
            if home.get_children().filter(slug=slug).exists():
                continue
            body = [
                block for heading, text in parts for block in (("heading", heading), ("text", text))
            ]
            page = home.add_child(
                instance=ContentPage(
                    title=title,
                    slug=slug,
                    intro=intro,
                    show_in_menus=in_menu,
                    body=json.dumps([{"type": kind, "value": value} for kind, value in body]),
                    search_description=intro,
                )
            )
            page.save_revision().publish()

    def _section(
        self,
        home: HomePage,
        name: str,
        contact: dict[str, str],
        title: str,
        slug: str,
        articles: list[content.Article],
        pictures: dict[str, CouncilImage],
    ) -> None:
        index = NewsIndexPage.objects.filter(slug=slug).first()
        if index is None:
            index = home.add_child(
                instance=NewsIndexPage(title=title, slug=slug, show_in_menus=True)
            )
            index.save_revision().publish()
            for article in articles:
                self._article(index, article, pictures)
        office, _ = OfficeContact.objects.get_or_create(name=contact["name"], defaults=contact)
        group = council.make_group(
            name=name, section=home if slug == "news" else index, office_contact=office
        )
        for network, (label, handle) in content.CHANNELS[name].items():
            self._channel(group, network, label, handle)

    def _article(
        self, index: NewsIndexPage, article: content.Article, pictures: dict[str, CouncilImage]
    ) -> None:
        page = index.add_child(
            instance=NewsPage(
                title=article.title,
                date=timezone.localdate() - timedelta(days=article.days),
                intro=article.intro,
                image=pictures.get(article.picture) if article.picture else None,
                body=json.dumps([{"type": "text", "value": f"<p>{article.text}</p>"}]),
                search_description=article.intro,
            )
        )
        page.save_revision().publish()

    def _channel(self, group: ChannelGroup, network: str, label: str, handle: str) -> None:
        name, profile = f"{group.name} on {label}", ""
        account: dict[str, Any] = {"account_id": slugify(handle), "credentials": {}}
        if NETWORKS[network].credential_fields:
            account = open_account(
                settings.DATA_DIR / "rehearsal",
                network,
                handle=handle,
                name=f"{content.TOWN} {group.name}",
            )
            profile = f"{settings.REHEARSAL_URL}/timeline/{network}/{account['account_id']}"
        channel, made = Channel.objects.update_or_create(
            group=group,
            network=network,
            handle=handle,
            account_id=account["account_id"],
            defaults={"profile_url": profile},
            create_defaults={"profile_url": profile, "name": name},
        )
        if made and account["credentials"]:
            channel.seal(account["credentials"])
            channel.save()
        answers = content.CHANNEL_ANSWERS
        if network in OPEN_NETWORKS:
            answers = answers | content.REPLIES_ACCEPTED
        Channel.objects.filter(pk=channel.pk, policy_answer="").update(**answers)

    def _people(self) -> None:
        path = settings.DATA_DIR / content.LOGINS
        known = json.loads(path.read_text())["logins"] if path.exists() else []
        passwords = {login["username"]: login["password"] for login in known}
        logins = []
        for role, username, first, last, groups in content.PEOPLE:
            password = passwords.get(username) or secrets.token_urlsafe(9)
            user, made = User.objects.get_or_create(
                username=username,
                defaults={
                    "first_name": first,
                    "last_name": last,
                    "email": f"{username}@marlhaven.example",
                },
            )
            if made or username not in passwords:
                user.set_password(password)
                user.save()
            user.groups.set(Group.objects.filter(name__in=groups))
            logins.append(
                {
                    "role": role,
                    "username": username,
                    "password": password,
                    "name": f"{first} {last}",
                }
            )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"logins": logins}, file, indent=1)
