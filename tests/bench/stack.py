"""The site in real processes, as `make run` starts it, before a network that only waits."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from social_publish.models import Delivery, State, WorkerSign
from social_publish.pulse import HEARTBEAT
from tests.bench import processes

FOLDER = Path(settings.DATA_DIR)


@dataclass(frozen=True)
class Network:
    """The waiting network; `requests` tells what has come in so far."""

    url: str
    log: Path

    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def arrivals(self) -> dict[str, float]:
        """{link token: when the post's request had come in, by the monotonic clock}."""
        posts = [request for request in self.requests() if request["text"]]
        found = [(re.search(r"/n/(\w{10})", post["text"]), post["at"]) for post in posts]
        return {match[1]: at for match, at in reversed(found) if match}


def start_network(*, pause: float) -> Network:
    port, log = processes.free_port(), FOLDER / "requests.jsonl"
    log.touch()
    module = ("-m", "tests.bench.quick_network", str(port), str(pause), str(log))
    processes.start("network", *processes.python(*module), folder=FOLDER)
    processes.wait_for(lambda: processes.answers(port), "the network")
    return Network(f"http://127.0.0.1:{port}", log)


def start_web() -> str:
    """The web server, as `make run` starts it; its address."""
    return launch_web(os.environ["DJANGO_SETTINGS_MODULE"])[1]


def launch_web(
    settings_module: str, name: str = "web", **environment: str
) -> "tuple[subprocess.Popen[bytes], str]":
    """The same with other settings, beside others of another name: its process and its address."""
    port = processes.free_port()
    granian = str(Path(sys.executable).with_name("granian"))
    web = processes.start(
        name, granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "3", "--backpressure", "16", "--no-ws",
        "--log-level", "warning", "cms.wsgi:application",
        folder=FOLDER, environment={"DJANGO_SETTINGS_MODULE": settings_module} | environment,
    )  # fmt: skip
    processes.wait_for(lambda: processes.answers(port), "the web server")
    return web, f"http://127.0.0.1:{port}"


def start_worker(network: Network | None = None) -> "subprocess.Popen[bytes]":
    """`manage.py worker` with its default settings, once its queue has carried out a task."""
    environment = {"REHEARSAL_URL": network.url} if network else {}
    command = processes.python("manage.py", "worker")
    worker = processes.start("worker", *command, folder=FOLDER, environment=environment)
    beats = WorkerSign.objects.filter(name=HEARTBEAT)
    processes.wait_for(beats.exists, "the worker's first heartbeat")
    return worker


def wait_until_idle() -> None:
    """Until nothing is under way or due, the check of the replies included."""
    busy = Delivery.objects.filter(state__in=(State.QUEUED, State.SENDING))
    checking = Delivery.objects.filter(state=State.POSTED, replies_confirmed_at=None)
    processes.wait_for(lambda: not busy.exists() and not checking.exists(), "an idle system")
