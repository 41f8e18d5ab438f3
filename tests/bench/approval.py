"""How long a moderator waits for the answer to an approval, with posts and without any."""

import statistics
import sys
from collections.abc import Iterator

from tests.bench import stack, world
from tests.bench.figures import Figure, percentile, spread
from tests.bench.moderator import Moderator
from tests.council import picture

CHANNELS, WARM_UP, PAUSE = 8, 5, 0.1
BOUND = 1.5


def measure(quick: bool) -> Iterator[Figure]:
    rounds = 5 if quick else 60
    here = world.build(CHANNELS)
    image = picture(size=(400, 300))
    pairs = [
        {
            "none": world.submit(here, [], image),
            "posts": world.submit(here, here.channels, image),
        }
        for _ in range(WARM_UP + rounds)
    ]
    network = stack.start_network(pause=PAUSE)
    moderator = Moderator(stack.start_web(), here.moderator)
    stack.start_worker(network)
    seconds: dict[str, list[float]] = {"none": [], "posts": []}
    for number, pair in enumerate(pairs):
        # Which of the two comes first alternates as well.
        for kind in sorted(pair, reverse=bool(number % 2)):
            stack.wait_until_idle()
            took = moderator.approve(pair[kind], moderator.open(pair[kind]))
            if number >= WARM_UP:
                seconds[kind].append(took)
    sys.stdout.write(f"  no channels: {spread(seconds['none'])}\n")
    sys.stdout.write(f"  {CHANNELS} channels: {spread(seconds['posts'])}\n")
    p95 = {kind: percentile(values, 95) for kind, values in seconds.items()}
    median = {kind: statistics.median(values) for kind, values in seconds.items()}
    yield Figure("approval with 8 channels / none, p95", p95["posts"] / p95["none"], "", BOUND)
    yield Figure("approval with 8 channels / none, median", median["posts"] / median["none"])
