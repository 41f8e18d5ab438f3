"""Eight channels, one of which takes requests and never answers: it must delay no other."""

import statistics
import sys
import time
from collections.abc import Iterator

from django.utils import timezone

from social_publish.models import Delivery, State
from tests.bench import processes, stack, world
from tests.bench.figures import Figure, spread
from tests.bench.moderator import Moderator
from tests.bench.quick_network import DEAD

CHANNELS, PAUSE, REST = 8, 0.3, 4.0
BOUND = 2.0


def measure(quick: bool) -> Iterator[Figure]:
    """The rounds follow each other while the dead channel's calls still hang."""
    rounds = 3 if quick else 20
    here = world.build(CHANNELS)
    dead = here.channels[0]
    world.seal(dead, world.KEYS | {"access_token": DEAD})
    pages = [world.submit(here, here.channels) for _ in range(rounds)]
    warm_up = world.submit(here, here.channels[1:])
    network = stack.start_network(pause=PAUSE)
    moderator = Moderator(stack.start_web(), here.moderator)
    stack.start_worker(network)
    moderator.approve(warm_up, moderator.open(warm_up))
    stack.wait_until_idle()
    took = []
    for page in pages:
        form = moderator.open(page)
        time.sleep(REST)
        pressed = timezone.now()
        moderator.approve(page, form)
        others = Delivery.objects.filter(announcement__page=page).exclude(channel=dead)
        open_ = others.exclude(state=State.POSTED)
        processes.wait_for(lambda open_=open_: not open_.exists(), "the living channels")
        last = max(others.values_list("posted_at", flat=True))
        took.append((last - pressed).total_seconds())
        sys.stdout.write(f"    {took[-1]:.2f} s\n")
        sys.stdout.flush()
    hung = Delivery.objects.filter(channel=dead).exclude(state=State.POSTED).count()
    if hung != rounds:
        raise processes.Failure("The dead channel has posts.")
    sys.stdout.write(f"  7 living channels beside a dead one: {spread(took)}\n")
    yield Figure("7 of 8 channels done after approval, first round", took[0], "s", BOUND)
    yield Figure("7 of 8 channels done after approval, median", statistics.median(took), "s", BOUND)
    yield Figure("7 of 8 channels done after approval, worst", max(took), "s", BOUND)
