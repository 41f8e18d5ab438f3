"""A cached page through the real web server, and behind nginx, beside the least that each can do."""

import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from shutil import which

import requests

from tests.bench import nginx, processes, stack
from tests.bench.figures import Figure
from tests.bench.residents_site import ResidentsSite

CACHED, BEHIND = 0.85, 0.8
CONNECTIONS = 8
# Only for hosts of ours is anything kept; every browser takes it packed.
HEADERS = {"Host": "council.example", "Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Window:
    """Answers a second, and processor seconds of the server for each."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Target:
    """An address, and the process whose tree answers it."""

    url: str
    server: int

    def load(self, seconds: int) -> Window:
        """As many requests as it answers. Raises Failure where one is not answered with 200."""
        before = processes.cpu_seconds(self.server)
        command = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--timeout=20s",
            *(part for header in HEADERS.items() for part in ("-H", ": ".join(header))),
            self.url,
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        used = processes.cpu_seconds(self.server) - before
        if trouble := re.search(r"Non-2xx.*|Socket errors.*", told):
            raise processes.Failure(f"{self.url}: {trouble[0]}")
        number = re.search(r"(\d+) requests in", told)
        rate = re.search(r"Requests/sec: +([\d.]+)", told)
        assert number, told
        assert rate, told
        if number[1] == "0":
            raise processes.Failure(
                f"{self.url}: no answer in {seconds} s; the machine is too busy."
            )
        return Window(float(rate[1]), used / int(number[1]))


def measure(quick: bool) -> Iterator[Figure]:
    for program in ("wrk", "nginx"):
        if not which(program):
            raise processes.Failure(f"{program} is missing: sudo apt install wrk nginx-light")
    rounds, seconds = (3, 1) if quick else (9, 3)
    here = ResidentsSite()
    here.grow_to(100)
    address = here.addresses["news page"]
    web, site = stack.launch_web("tests.bench.peer_settings")
    page = Target(site + address, web.pid)
    hello = _hello("tests.bench.peer_settings", "hello")
    least = _hello("tests.bench.bare_settings", "bare")
    answer = _warm(page.url)
    yield from _beside("cached page / HttpResponse", page, hello, rounds, seconds, CACHED)
    name = "cached page / HttpResponse, no middleware"
    yield from _beside(name, page, least, rounds, seconds, None)
    front = nginx.start(site, answer.content, answer.headers)
    kept = Target(f"{front.url}{address}", front.process.pid)
    static = Target(f"{front.url}{nginx.STATIC}page.html", front.process.pid)
    before = processes.cpu_seconds(web.pid)
    page_of_nginx = _warm(kept.url)
    kept.load(seconds)
    if processes.cpu_seconds(web.pid) - before > seconds / 10:
        raise processes.Failure("nginx does not keep the page; its headers forbid it.")
    if _weight(_warm(static.url)) != _weight(page_of_nginx):
        raise processes.Failure("The page and the static file are not sent alike.")
    name = "page kept by nginx / static file"
    yield from _beside(name, kept, static, rounds, seconds, BEHIND)


def _hello(settings_module: str, name: str) -> Target:
    """The view of one word on a server of its own, where no page cache stands before it."""
    web, site = stack.launch_web(settings_module, name, PAGE_CACHE_SECONDS="0")
    return Target(f"{site}/bench/hello", web.pid)


def _warm(url: str) -> requests.Response:
    """Until each process of the server has it."""
    for _ in range(40):
        answer = _get(url)
    return answer


def _weight(answer: requests.Response) -> tuple[str, ...]:
    return tuple(answer.headers[name] for name in ("Content-Encoding", "Content-Length"))


def _get(url: str) -> requests.Response:
    answer = requests.get(url, headers=HEADERS, timeout=20)
    answer.raise_for_status()
    return answer


def _beside(
    name: str, one: Target, other: Target, rounds: int, seconds: int, bound: float | None
) -> Iterator[Figure]:
    for target in (one, other):
        target.load(seconds)
    pairs = [(one.load(seconds), other.load(seconds)) for _ in range(rounds)]
    for target, windows in zip((one, other), zip(*pairs, strict=True), strict=True):
        rate = statistics.median(window.rate for window in windows)
        cpu = statistics.median(window.cpu for window in windows)
        sys.stdout.write(f"    {target.url}: {rate:,.0f} a second, {cpu * 1e6:.0f} µs each\n")
    sys.stdout.flush()
    ratio = statistics.median(mine.rate / least.rate for mine, least in pairs)
    yield Figure(f"{name}, requests a second", ratio, "", bound, at_least=True)
    cpu = statistics.median(mine.cpu / least.cpu for mine, least in pairs)
    yield Figure(f"{name}, processor time", cpu)
