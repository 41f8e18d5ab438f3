"""`manage.py run`: the whole site on this machine, to be tried. `make run` calls it."""

import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from subprocess import Popen
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Site

from cms.demo.content import TOWN
from home.models import HomePage
from social_publish import children

HOST = "127.0.0.1"
WORKER_GRACE = "6"  # seconds; below children.GRACE, so that the worker can end its own children
PATIENCE = 120.0  # seconds until a part that starts must answer

Started = dict[str, Popen[bytes]]


class Command(BaseCommand):
    help = "Starts the website, its worker and the rehearsal networks. Ctrl-C stops everything."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="The site's port; the rehearsal takes the next."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        for number in (port, port + 1):
            _demand_free(number, port)
        # The parts that start below, and the links and channels made here, use these addresses.
        os.environ["SITE_URL"] = settings.SITE_URL = f"http://{HOST}:{port}"
        os.environ["REHEARSAL_URL"] = settings.REHEARSAL_URL = f"http://{HOST}:{port + 1}"
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        started: Started = {}
        try:
            _start_serving(started, port)
            self._prepare(port)
            _start_posting(started, port)
            self._tell(port)
            if _is_demonstration():
                call_command("hear_comments", stdout=StringIO())
            while True:
                _demand_all_run(started)
                time.sleep(0.3)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping…")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            children.stop(started.values())

    def _prepare(self, port: int) -> None:
        try:
            changed = _migrate()
            empty = not HomePage.objects.exists()
            if empty:
                self.stdout.write("Building the demonstration council (first time only)…")
            if empty or (_is_demonstration() and (changed or not _is_ready(port))):
                call_command("setup_demo", stdout=StringIO())
        except (OSError, OperationalError) as error:
            words = str(error).lower()
            if "no space" in words or "full" in words:
                raise CommandError("The disk is full. Free some space and start again.") from error
            raise CommandError(
                "The database cannot be opened or written. Is another program using it?"
            ) from error

    def _tell(self, port: int) -> None:
        lines = [
            "",
            f"  The council's site    http://{HOST}:{port}/",
            f"  For staff             http://{HOST}:{port}/admin/",
            f"  Rehearsal networks    http://{HOST}:{port + 1}/",
            "",
        ]
        if _logins().exists():
            lines.append("  Log-ins of the demonstration (made for this install):")
            for login in json.loads(_logins().read_text())["logins"]:
                lines.append(f"    {login['role']:<18}{login['username']:<13}{login['password']}")
        lines += ["", "  Ctrl-C stops everything; your data stays.", ""]
        self.stdout.write("\n".join(lines))


def _demand_free(number: int, port: int) -> None:
    if not 1024 <= number <= 65535:
        raise CommandError("The port must be a number from 1024 to 65534: make run PORT=8010")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError as error:
            other = port + 10 if port < 65000 else 8010
            raise CommandError(
                f"Port {number} is in use. Stop what uses it, or choose another: make run PORT={other}"
            ) from error


def _migrate() -> bool:
    """Bring the database up to date; whether there was anything to do, which costs time to try."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def _logins() -> Path:
    return Path(settings.DATA_DIR) / "demo-logins.json"


def _is_demonstration() -> bool:
    return HomePage.objects.filter(title__contains=TOWN).exists()


def _is_ready(port: int) -> bool:
    """Whether the demonstration's addresses and log-ins still hold."""
    return (
        _logins().exists()
        and Site.objects.filter(is_default_site=True, port=port, hostname=HOST).exists()
    )


def _web(port: int) -> tuple[str, ...]:
    return (
        str(Path(sys.executable).with_name("granian")),
        "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--backpressure", "16",
        "--no-ws", "--log-level", "warning", "cms.wsgi:application",
    )  # fmt: skip


def _start_serving(started: Started, port: int) -> None:
    """Start what people look at: it loads while the database is made ready.

    Nobody knows the addresses yet, so nothing is asked of it before that is done.
    """
    started["website"] = children.start(*_web(port))
    started["rehearsal networks"] = children.start(
        sys.executable, "-m", "social_publish.rehearsal",
        str(port + 1), str(Path(settings.DATA_DIR) / "rehearsal"),
    )  # fmt: skip


def _start_posting(started: Started, port: int) -> None:
    """Wait until both addresses answer, and start the worker.

    It comes last: it takes seconds of a processor to load, and people wait for the first page.
    """
    _wait_until_up(f"http://{HOST}:{port}/", started)
    _wait_until_up(f"http://{HOST}:{port + 1}/", started)
    started["worker"] = children.start(*children.manage("worker", "--grace", WORKER_GRACE))


def _wait_until_up(address: str, started: Started) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        _demand_all_run(started)
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"Nothing answers at {address}; the lines above may say why.")


def _demand_all_run(started: Started) -> None:
    for name, child in started.items():
        if child.poll() is not None:
            raise CommandError(f"The {name} stopped by itself; the lines above say why.")
