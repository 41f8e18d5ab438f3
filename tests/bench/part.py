"""One measure, in a process and on a database of its own: `python -m tests.bench.part NAME`.

Its figures go to the file that BENCH_FIGURES names, one JSON object a line.
"""

import importlib
import json
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

import django

from tests.bench.processes import Failure, die_with_parent


def main(name: str, quick: bool) -> None:
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    django.setup()
    began = time.monotonic()
    with Path(os.environ["BENCH_FIGURES"]).open("a") as file:
        for figure in importlib.import_module(f"tests.bench.{name}").measure(quick):
            sys.stdout.write(f"  {figure}\n")
            sys.stdout.flush()
            file.write(json.dumps(asdict(figure)) + "\n")
            file.flush()
    sys.stdout.write(f"  ({time.monotonic() - began:.0f} s)\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1], "--quick" in sys.argv)
    except Failure as failure:
        sys.exit(f"  {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
