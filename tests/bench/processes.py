"""The processes of a measure: started with a log of their own, gone when the measure is over."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

PATIENCE = 180.0  # seconds; a bound for a busy machine, no verdict
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None)


class Failure(Exception):
    """A measure that could not be made; the text says why."""


def start(
    name: str, *command: str, folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a process that writes to `folder`/`name`.log and is told to stop when we die."""
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            env=os.environ | (environment or {}),
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )


def python(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, *arguments)


def die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def adopt_orphans() -> None:
    """From now on whatever our children leave behind becomes our child, and can be found."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_children() -> None:
    """Kill everything that was started below this process, however deep."""
    while below := descendants(os.getpid()):
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        _collect()
        time.sleep(0.05)


def _collect() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def descendants(root: int) -> set[int]:
    """The processes below `root`, without itself."""
    parents = {pid: int(fields[1]) for pid, fields in _stats().items()}
    found: set[int] = set()
    edge = {root}
    while edge:
        edge = {pid for pid, parent in parents.items() if parent in edge} - found
        found |= edge
    return found


def cpu_seconds(root: int) -> float:
    """Processor time of `root` and all below it, so far; children that ended are in it too."""
    stats = _stats()
    tree = {root} | descendants(root)
    ticks = sum(sum(map(int, stats[pid][11:15])) for pid in tree if pid in stats)
    return ticks / os.sysconf("SC_CLK_TCK")


def _stats() -> dict[int, list[str]]:
    """{process: the fields of its stat after the name: state, parent, …}."""
    stats = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            stats[int(folder.name)] = text.rpartition(")")[2].split()
    return stats


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(
    condition: Callable[[], object], what: str, *, every: float = 0.1, patience: float = PATIENCE
) -> None:
    """Wait until `condition` holds. Raises Failure when it does not come about."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise Failure(f"Waited {patience:.0f} s in vain for {what}.")
        time.sleep(every)
