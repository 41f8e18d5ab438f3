"""Posts a second, against bare posting with as many calls in flight, in one run."""

import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

from django.db import connection, connections

from social_publish.models import Delivery, State
from tests.bench import processes, stack, world
from tests.bench.figures import Figure

PROCESSES, THREADS, CHANNELS, PAUSE = 2, 8, 100, 0.1
ROUNDS = 6  # bare posting would need about so many windows for all posts
SHORTEST = 4.0  # seconds of a window: its two ends must not weigh much
BOUND = 0.8


@dataclass(frozen=True)
class Window:
    """Pieces of work done, seconds until all were settled, processor time of the senders."""

    done: int
    seconds: float
    cpu: float


class Senders:
    """The sending processes; all of them send at the same time, in one way or the other."""

    def __init__(self, url: str) -> None:
        self.processes = [
            subprocess.Popen(
                processes.python("-m", "tests.bench.sender"),
                env=os.environ | {"REHEARSAL_URL": url},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                preexec_fn=processes.die_with_parent,
            )
            for _ in range(PROCESSES)
        ]
        self._answers()

    def send(self, mode: str, seconds: float) -> "Window":
        began, used = time.monotonic(), self._used()
        for process in self.processes:
            assert process.stdin
            process.stdin.write(f"{mode} {seconds}\n")
            process.stdin.flush()
        done = sum(int(answer) for answer in self._answers())
        return Window(done, time.monotonic() - began, self._used() - used)

    def _used(self) -> float:
        return sum(processes.cpu_seconds(process.pid) for process in self.processes)

    def _answers(self) -> list[str]:
        answers = []
        for process in self.processes:
            assert process.stdout
            answers.append(process.stdout.readline().strip())
        if not all(answers):
            raise processes.Failure("A sending process ended by itself.")
        return answers

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def measure(quick: bool) -> Iterator[Figure]:
    number = 2_000 if quick else 10_000
    here = world.build(CHANNELS)
    world.queue_posts(here, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()
    network = stack.start_network(pause=PAUSE)
    with ExitStack() as end:
        senders = Senders(network.url)
        end.callback(senders.end)
        pairs = list(_pairs(senders, number))
    ratios = [ours.done / ours.seconds / (bare.done / bare.seconds) for bare, ours in pairs]
    middle = statistics.median(ratios)
    yield Figure("posts a second / bare posting, median", middle, "", BOUND, at_least=True)
    yield Figure("posts a second / bare posting, lowest", min(ratios))
    for name, windows in zip(("bare", "ours"), zip(*pairs, strict=True), strict=True):
        cpu = sum(window.cpu for window in windows) / sum(window.done for window in windows)
        yield Figure(f"processor time of the senders for each post, {name}", cpu * 1000, "ms")
    posts = Counter(
        request["text"]
        for request in network.requests()
        if request["text"] and not request["text"].startswith("Bare")
    )
    sent = Delivery.objects.all()
    yield Figure("due posts that did not arrive", number - len(posts), "", 0)
    yield Figure(
        "due posts not recorded as posted", sent.exclude(state=State.POSTED).count(), "", 0
    )
    yield Figure("claimed twice", sent.filter(attempts__gt=1).count(), "", 0)
    yield Figure("arrived twice", sum(1 for times in posts.values() if times > 1), "", 0)


def _pairs(senders: Senders, number: int) -> Iterator[tuple[Window, Window]]:
    """Bare and our posting in one window of time after the other.

    The window in which the work runs out counts only where it is the only one. What is left
    after twice the rounds is sent without being measured.
    """
    length = max(number * PAUSE / (PROCESSES * THREADS) / ROUNDS, SHORTEST)
    senders.send("bare", 2.0)  # warm
    left, counted = number, 0
    while left:
        measured = counted < ROUNDS * 2
        bare = senders.send("bare", length) if measured else None
        ours = senders.send("ours", length)
        before, left = left, _left()
        if left == before:
            raise processes.Failure("Nothing was posted in a whole window.")
        ours = replace(ours, done=before - left)
        _tell(bare, ours, left)
        if bare and (left or not counted):
            counted += 1
            yield bare, ours


def _left() -> int:
    return Delivery.objects.filter(state__in=(State.QUEUED, State.SENDING)).count()


def _tell(bare: Window | None, ours: Window, left: int) -> None:
    beside = f"bare {bare.done / bare.seconds:.1f} posts/s, " if bare else ""
    rate = f"ours {ours.done / ours.seconds:.1f} posts/s"
    sys.stdout.write(f"    {beside}{rate}, still due {left}\n")
    sys.stdout.flush()
