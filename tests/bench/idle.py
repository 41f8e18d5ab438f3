"""What the worker costs while there is nothing to do."""

import time
from collections.abc import Iterator

from social_publish.models import WorkerSign
from social_publish.pulse import SWEEP
from tests.bench import processes, stack, world
from tests.bench.figures import Figure

BOUND = 2.0  # per cent of one core
SETTLE = 10.0


def measure(quick: bool) -> Iterator[Figure]:
    seconds = 15.0 if quick else 60.0
    world.build(8)
    worker = stack.start_worker()
    processes.wait_for(WorkerSign.objects.filter(name=SWEEP).exists, "the first sweep")
    time.sleep(SETTLE)
    before, began = processes.cpu_seconds(worker.pid), time.monotonic()
    time.sleep(seconds)
    used, passed = processes.cpu_seconds(worker.pid) - before, time.monotonic() - began
    number = 1 + len(processes.descendants(worker.pid))
    yield Figure("processes of the idle worker", number)
    yield Figure("idle worker, part of one core", used / passed * 100, "%", BOUND)
