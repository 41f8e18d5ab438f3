"""One sending process of the throughput measure. Each line it is given, “MODE SECONDS”, makes it
send that way for so long, and is answered with the number of posts."""

import itertools
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.conf import settings

from social_publish import worker
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted
from social_publish.networks.base import Account, Post
from tests.bench.world import KEYS

numbers = itertools.count()


def bare(seconds: float) -> int:
    """What a bare sender does: the same library calls, nothing remembered."""
    account, ends = Account("1000", KEYS, settings.REHEARSAL_URL), time.monotonic() + seconds

    def post(_: int) -> int:
        sent = 0
        while time.monotonic() < ends:
            words = Post(f"Bare {next(numbers)}", "https://x")
            answer = NETWORKS["x"].publish(account, words, {})
            assert isinstance(answer, Accepted)
            sent += 1
        return sent

    with ThreadPoolExecutor(worker.THREADS) as pool:
        return sum(pool.map(post, range(worker.THREADS)))


def ours(seconds: float) -> int:
    """What the worker does, with the pieces of work it claimed."""
    return worker.Drain(seconds=seconds).run()


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        mode, seconds = line.split()
        done = {"bare": bare, "ours": ours}[mode](float(seconds))
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()
