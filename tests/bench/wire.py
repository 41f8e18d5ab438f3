"""From the press of “Approve” to the post's request at the network, in an idle system."""

import random
import statistics
import sys
import time
from collections.abc import Iterator

from social_publish.models import Delivery
from tests.bench import processes, stack, world
from tests.bench.figures import Figure, percentile, spread
from tests.bench.moderator import Moderator

CHANNELS, WARM_UP, PAUSE = 2, 3, 0.1
MEDIAN, P99 = 1.0, 3.0


def measure(quick: bool) -> Iterator[Figure]:
    rounds = 5 if quick else 100
    here = world.build(CHANNELS)
    pages = [world.submit(here, here.channels) for _ in range(WARM_UP + rounds)]
    network = stack.start_network(pause=PAUSE)
    moderator = Moderator(stack.start_web(), here.moderator)
    stack.start_worker(network)
    delays: list[float] = []
    for number, page in enumerate(pages):
        form = moderator.open(page)
        stack.wait_until_idle()
        # The worker polls: meet it at any point of its pause.
        time.sleep(random.uniform(0.3, 1.3))
        pressed = time.monotonic()
        moderator.approve(page, form)
        found = Delivery.objects.filter(announcement__page=page)
        tokens = list(found.values_list("token", flat=True))
        processes.wait_for(
            lambda tokens=tokens: set(tokens) <= network.arrivals().keys(), "the requests"
        )
        if number >= WARM_UP:
            delays += [network.arrivals()[token] - pressed for token in tokens]
    sys.stdout.write(f"  {rounds} approvals, {CHANNELS} posts each: {spread(delays)}\n")
    yield Figure("approval to request on the wire, median", statistics.median(delays), "s", MEDIAN)
    yield Figure("approval to request on the wire, p99", percentile(delays, 99), "s", P99)
