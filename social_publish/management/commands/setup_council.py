"""`manage.py setup_council`: the roles a real council needs, and one channel group a call."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail.models import Page

from social_publish import council
from social_publish.models import OfficeContact


class Command(BaseCommand):
    help = (
        "Makes the council's roles (webmasters, clerk, councillors) and, with --group, a channel"
        " group with its moderators, editors and approval. It may be run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--group", help="Name of a channel group, for example “Town Council”.")
        parser.add_argument(
            "--section", help="Address of its section on this site, for example /news/."
        )
        parser.add_argument("--office", help="Name of its office, as residents know it.")
        parser.add_argument("--phone", default="", help="The office's phone number.")
        parser.add_argument("--email", default="", help="The office's e-mail address.")
        parser.add_argument("--web", default="", help="The office's contact page.")
        parser.add_argument("--hours", default="", help="The office's opening hours.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        council.make_roles()
        self.stdout.write("The roles are in place: Webmasters, Clerk, Councillors.")
        if options["group"]:
            self._make_group(options)

    def _make_group(self, options: dict[str, Any]) -> None:
        if not (options["section"] and options["office"]):
            raise CommandError("A channel group needs --section and --office.")
        section = self._section(options["section"])
        contact, _ = OfficeContact.objects.update_or_create(
            name=options["office"],
            defaults={
                "phone": options["phone"],
                "email": options["email"],
                "web_address": options["web"],
                "opening_hours": options["hours"],
            },
        )
        try:
            contact.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        council.make_group(name=options["group"], section=section, office_contact=contact)
        self.stdout.write(
            f"{options['group']} is in place. Put people into “{options['group']} moderators”"
            f" and “{options['group']} editors” under Settings, Users."
        )

    def _section(self, address: str) -> Page:
        for page in Page.objects.filter(depth__gt=1):
            if page.url == address or page.get_url_parts()[2] == address:
                return page
        raise CommandError(f"There is no page at {address}. Make it first, then run this again.")
