"""Worker processes for tests: real ones, really killed, on the tests' database."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.faults.mishaps import WORKER


@dataclass(frozen=True)
class Ended:
    """How a worker process ended."""

    status: int

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL

    @property
    def well(self) -> bool:
        return self.status == 0


def database_url() -> str:
    """The address of the database that the tests use."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    place = f"{at['HOST'] or '127.0.0.1'}:{at['PORT'] or 5432}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{place}/{at['NAME']}"


def environment(rehearsal_url: str, database: str = "") -> dict[str, str]:
    """What a process needs to work on the tests' networks, and on their database or a copy."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "DATABASE_URL": database or database_url(),
        "PGAPPNAME": WORKER,
        "DATA_DIR": str(settings.DATA_DIR),
        "REHEARSAL_URL": rehearsal_url,
        "SITE_URL": settings.SITE_URL,
    }


class Workers:
    """Gives orders to the process that forks workers; `log` holds all that they printed."""

    def __init__(self, rehearsal_url: str, log: Path, *, database: str = "") -> None:
        self.log, self.read = log, 0
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.zygote"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                env=environment(rehearsal_url, database),
                cwd=settings.BASE_DIR,
            )
        assert self._answer() == "ready"

    def _order(self, order: dict[str, Any]) -> int:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self.process.stdout
        answer = self.process.stdout.readline().strip()
        assert answer, self.log.read_text()[-3000:]
        return answer

    def start(self, work: str, **order: Any) -> int:
        """Start a worker; returns its process id, for `wait`."""
        return self._order({"start": work, **order})

    def wait(self, pid: int, *, may_fail: bool = False) -> Ended:
        """Wait for a worker's end. A traceback is a failure of the test unless it may be one."""
        ended = Ended(self._order({"wait": pid}))
        assert ended.well or ended.killed or may_fail, self.log.read_text()[-3000:]
        return ended

    def run(self, work: str, *, may_fail: bool = False, **order: Any) -> Ended:
        return self.wait(self.start(work, **order), may_fail=may_fail)

    def new_lines(self) -> str:
        """What was printed since this was last asked."""
        with self.log.open(errors="replace") as log:
            log.seek(self.read)
            lines = log.read()
            self.read = log.tell()
        return lines

    def stop(self) -> None:
        self.process.communicate()
