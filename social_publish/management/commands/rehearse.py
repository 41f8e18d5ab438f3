"""`manage.py rehearse`: the pretend networks, on this machine only."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from social_publish.rehearsal.server import RehearsalHTTPServer


class Command(BaseCommand):
    help = "Serves the rehearsal networks on 127.0.0.1. Nothing posted to them is public."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument(
            "--control",
            action="store_true",
            help="For tests: faults can be commanded at /rehearsal/control.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            server = RehearsalHTTPServer(
                options["port"], settings.DATA_DIR / "rehearsal", controlled=options["control"]
            )
        except OSError as error:
            raise CommandError(
                f"Port {options['port']} is taken. Choose another with --port."
            ) from error
        server.serve_forever()
