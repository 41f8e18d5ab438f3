"""Starts worker processes in no time: Django is loaded once, each worker is a fork of it.

Reads one JSON command a line and answers with one, after a first line that says it is ready.
`start` forks a worker that does one piece of work and ends; `wait` gives its exit status. This
process opens the database once, for a sweep that loads what each worker would load, and never
holds it open when it forks.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

# Models may be imported only after the line above.
from django.contrib.auth.models import User  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.signals import page_published  # noqa: E402

from news.models import NewsPage  # noqa: E402
from social_publish import approval, tasks, worker  # noqa: E402
from tests.faults import mishaps, plain_sender  # noqa: E402

LONGEST = 600  # seconds; a worker that hangs must not hang the tests
REFUSED = 3  # the exit status of an approval that was refused in words


def _sweep(order: dict[str, Any]) -> None:
    ahead = timedelta(seconds=order.get("offset", 0))
    tasks.sweep(clock=lambda: timezone.now() + ahead)


def _drain(order: dict[str, Any]) -> None:
    worker.drain()


def _approve(order: dict[str, Any]) -> None:
    """What the web process does when a moderator presses Approve."""
    if order.get("dies_publishing"):
        page_published.connect(_die)
    page = NewsPage.objects.get(pk=order["page"])
    user = User.objects.get(username=order["by"])
    approval.approve(page, digest=order["digest"], ticked=set(order["ticked"]), user=user)


def _die(**_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _send_plainly(order: dict[str, Any]) -> None:
    plain_sender.send(order["job"])


WORK: dict[str, Callable[[dict[str, Any]], None]] = {
    "sweep": _sweep,
    "drain": _drain,
    "approve": _approve,
    "plain": _send_plainly,
}


def start(order: dict[str, Any]) -> int:
    """Fork a worker; returns its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.alarm(LONGEST)
        os.dup2(2, 1)
        os.environ["CRASH_AT"] = order.get("crash_at", "")
        if "befalls" in order:
            mishaps.arrange(order)
        WORK[order["start"]](order)
        status = 0
    except approval.Refusal:
        status = REFUSED
    except BaseException:  # noqa: BLE001 - a fork must never run on into its parent's code
        traceback.print_exc()
    finally:
        os._exit(status)


def main() -> None:
    tasks.sweep()
    connections.close_all()
    print("ready", flush=True)  # noqa: T201 - until then its own sweep may take what a test made
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = start(order)
        print(answer, flush=True)  # noqa: T201 - this is the answer to the test


if __name__ == "__main__":
    main()
