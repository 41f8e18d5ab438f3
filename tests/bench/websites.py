"""Websites beside each other: ours at several sizes, and the one that `wagtail start` makes."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.bench import processes
from tests.bench.stack import FOLDER

REPOSITORY = Path(__file__).parents[2]
# The same treatment of the database as ours gets, so that only the pages are compared.
PEER_SETTINGS = """
from bare.settings.base import *

SECRET_KEY = "of-a-measure"
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
DATABASES["default"] |= {{"CONN_MAX_AGE": 600, "OPTIONS": {options!r}}}
"""


class Website:
    """A website in a process of its own, which tells what each of its pages costs."""

    def __init__(self, name: str, environment: Mapping[str, str], path: Path = REPOSITORY) -> None:
        self.name = name
        with (FOLDER / f"{name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                # Without -P the peer's own packages could not be told from ours.
                processes.python("-P", str(REPOSITORY / "tests" / "bench" / "caller.py")),
                env=os.environ
                | {"PYTHONPATH": str(path), "BENCH_HOST": "council.example"}
                | environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=processes.die_with_parent,
            )
        self._answer()

    def seconds(self, address: str, times: int) -> float:
        """Processor seconds of one answer: the median of so many."""
        return statistics.median(self._ask(times, address)["seconds"])

    def queries(self, address: str) -> int:
        return int(self._ask(0, address)["queries"])

    def size(self, address: str) -> int:
        """Bytes of the page itself."""
        return int(self._ask(0, address)["bytes"])

    def _ask(self, times: int, address: str) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(f"{times} {address}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise processes.Failure(f"The website “{self.name}” ended by itself.")
        answer: dict[str, Any] = json.loads(line)
        return answer


def ours(name: str, *, database: Path | None = None, kept: bool = False) -> Website:
    """Our site, on this database or on the measure's own; each page is made anew unless kept."""
    environment = {"DJANGO_SETTINGS_MODULE": "tests.bench.peer_settings"}
    if not kept:
        environment["PAGE_CACHE_SECONDS"] = "0"
    if database:
        environment["DATABASE_URL"] = f"sqlite:///{database}"
    return Website(name, environment)


def started_by_wagtail() -> Website:
    """The site that `wagtail start` makes, with its one page."""
    folder = FOLDER / "bare"
    folder.mkdir()
    wagtail = str(Path(sys.executable).with_name("wagtail"))
    _run(wagtail, "start", "bare", str(folder), environment={})
    options = settings.DATABASES["default"]["OPTIONS"]
    (folder / "bare" / "settings" / "bench.py").write_text(PEER_SETTINGS.format(options=options))
    environment = {"DJANGO_SETTINGS_MODULE": "bare.settings.bench", "PYTHONPATH": str(folder)}
    _run(*processes.python(str(folder / "manage.py"), "migrate"), environment=environment)
    return Website("bare", environment, folder)


def _run(*command: str, environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True)
    if done.returncode:
        raise processes.Failure(f"{' '.join(command)}: {done.stderr[-1000:]}")


def keep_copy(name: str) -> Path:
    """The database as it is now, in a file of its own."""
    path = FOLDER / f"{name}.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    return path
