"""`make run`: the whole site on this machine, to be tried.

It loads nothing of the site itself, so that the parts below load side by side: a person waits
for the slowest of them and not for their sum.
"""

import argparse
import os
import signal
import socket
import sys
import time
from pathlib import Path
from subprocess import Popen

from social_publish import children

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[1]
WORKER_GRACE = "6"  # seconds; below children.GRACE, so that the worker can end its own children


class CannotRun(Exception):
    """Why it stops, in one plain sentence."""


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C, a SIGTERM, or until a part stops by itself; the exit status."""
    parser = argparse.ArgumentParser(
        description="Starts the website, its worker and the rehearsal networks. Ctrl-C stops everything."
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="The site's port; the rehearsal takes the next."
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started: dict[str, Popen[bytes]] = {}
    try:
        port = parser.parse_args(arguments).port
        for number in (port, port + 1):
            _demand_free(number, port)
        _start(started, port)
        while True:
            _demand_all_run(started)
            time.sleep(0.3)
    except KeyboardInterrupt:
        sys.stdout.write("\nStopping…\n")
        return 0
    except CannotRun as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        children.stop(started.values())


def _start(started: dict[str, Popen[bytes]], port: int) -> None:
    """Start the parts; the worker last, as people wait for the first page.

    Raises CannotRun where the database could not be made ready: that part has said why.
    """
    # The parts, and the links and channels made by them, use these addresses.
    os.environ["SITE_URL"] = f"http://{HOST}:{port}"
    os.environ["REHEARSAL_URL"] = f"http://{HOST}:{port + 1}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    started["preparation"] = children.start(*children.manage("prepare_run"))
    started["website"] = children.start(*web(port))
    data = os.environ.get("DATA_DIR", ROOT / "var")
    started["rehearsal networks"] = children.start(
        sys.executable, "-m", "social_publish.rehearsal", str(port + 1), f"{data}/rehearsal"
    )
    while started["preparation"].poll() is None:
        _demand_all_run(started)
        time.sleep(0.05)
    if started.pop("preparation").returncode:
        raise CannotRun("So the site was not started.")
    started["worker"] = children.start(*children.manage("worker", "--grace", WORKER_GRACE))


def web(port: int) -> tuple[str, ...]:
    """The command line of the web server of this environment."""
    return (
        str(Path(sys.executable).with_name("granian")),
        "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--backpressure", "16",
        "--no-ws", "--log-level", "warning", "cms.wsgi:application",
    )  # fmt: skip


def _demand_free(number: int, port: int) -> None:
    if not 1024 <= number <= 65535:
        raise CannotRun("The port must be a number from 1024 to 65534: make run PORT=8010")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError as error:
            other = port + 10 if port < 65000 else 8010
            raise CannotRun(
                f"Port {number} is in use. Stop what uses it, or choose another: make run PORT={other}"
            ) from error


def _demand_all_run(started: dict[str, Popen[bytes]]) -> None:
    for name, child in started.items():
        if name != "preparation" and child.poll() is not None:
            raise CannotRun(f"The {name} stopped by itself; the lines above say why.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
