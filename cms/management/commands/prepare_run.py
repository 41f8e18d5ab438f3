"""`manage.py prepare_run`: the database and demonstration that `make run` shows."""

import json
import time
import urllib.error
import urllib.request
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Site

from cms.demo.content import LOGINS, TOWN
from home.models import HomePage

PATIENCE = 120.0  # seconds until a part that starts must answer


class Command(BaseCommand):
    help = "For `make run`: makes the database ready, waits for the site, tells its addresses."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self._prepare()
        for address in (settings.SITE_URL, settings.REHEARSAL_URL):
            _wait_until_up(f"{address}/")
        self._tell()
        if _is_demonstration():
            call_command("hear_comments", stdout=StringIO())

    def _prepare(self) -> None:
        try:
            changed = _migrate()
            empty = not HomePage.objects.exists()
            if empty:
                self.stdout.write("Building the demonstration council (first time only)…")
                self.stdout.flush()
            if empty or (_is_demonstration() and (changed or not _is_ready())):
                call_command("setup_demo", stdout=StringIO())
        except (OSError, OperationalError) as error:
            words = str(error).lower()
            if "no space" in words or "full" in words:
                raise CommandError("The disk is full. Free some space and start again.") from error
            raise CommandError(
                "The database cannot be opened or written. Is another program using it?"
            ) from error

    def _tell(self) -> None:
        lines = [
            "",
            f"  The council's site    {settings.SITE_URL}/",
            f"  For staff             {settings.SITE_URL}/admin/",
            f"  Rehearsal networks    {settings.REHEARSAL_URL}/",
            "",
        ]
        if _logins().exists():
            lines.append("  Log-ins of the demonstration (made for this install):")
            for login in json.loads(_logins().read_text())["logins"]:
                lines.append(f"    {login['role']:<18}{login['username']:<13}{login['password']}")
        lines += ["", "  Ctrl-C stops everything; your data stays.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _migrate() -> bool:
    """Bring the database up to date; whether there was anything to do, which costs time to try."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def _logins() -> Path:
    return settings.DATA_DIR / LOGINS


def _is_demonstration() -> bool:
    return HomePage.objects.filter(title__contains=TOWN).exists()


def _is_ready() -> bool:
    """Whether the demonstration's addresses and log-ins still hold."""
    address = urlsplit(settings.SITE_URL)
    sites = Site.objects.filter(is_default_site=True, port=address.port, hostname=address.hostname)
    return _logins().exists() and sites.exists()


def _wait_until_up(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise CommandError(f"Nothing answers at {address}; the lines above may say why.")
