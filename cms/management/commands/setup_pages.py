"""`setup_pages`: a new council's first pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cms import starter


class Command(BaseCommand):
    help = (
        "Makes the pages that residents expect: front page, news, meetings, councillors, events,"
        " jobs, documents, “Report a problem”, contact, accessibility and privacy. It may be run"
        " again: what is there stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="The council's name, for example “Looe Town Council”.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        name = " ".join(options["name"].split())
        if not name or len(name) > 80:
            raise CommandError("Give the council's name, 80 characters at most.")
        starter.build(name)
        self.stdout.write(
            f"The first pages of {name} are there. Next: `setup_council` for the roles and the"
            " office, then sign in, and fill in Settings, Site details."
        )
