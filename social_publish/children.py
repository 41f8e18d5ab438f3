"""Processes that die with their parent, each the leader of its own group."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

GRACE = 8.0  # seconds between asking and killing
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def start(*command: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a child that is told to stop when this process dies, however it dies."""
    return subprocess.Popen(  # noqa: S603 - the commands are our own
        command,
        start_new_session=True,
        preexec_fn=_die_with_parent,
        env=environment,
    )


def manage(*arguments: str) -> tuple[str, ...]:
    """The command line of a `manage.py` command."""
    return (sys.executable, "manage.py", *arguments)


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(children: Iterable[subprocess.Popen[bytes]], *, grace: float = GRACE) -> None:
    """Ask the leaders to stop; after `grace` seconds kill what is left of their groups.

    Only the leaders are asked: a signal to everyone at once hangs django-q2.
    """
    children = list(children)
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and any(child.poll() is None for child in children):
        time.sleep(0.05)
    for child in children:
        kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and all that it started, and take its exit status."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
