"""One website in a process of its own, asked without a server between.

Each line it is given, “TIMES PATH”, makes it answer the path so often, and is answered with one
JSON line: processor seconds of each answer, the number of queries, the size in bytes. It imports
nothing of ours, so that another website can be asked in the same way.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

Application = Callable[..., Any]


def ask(application: Application, address: str) -> bytes:
    """The page, as a stranger's browser gets it. Raises RuntimeError for anything but 200."""
    path, _, query = address.partition("?")
    environment: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": os.environ["BENCH_HOST"],
    }
    setup_testing_defaults(environment)
    heads: list[str] = []
    answer: Iterable[bytes] = application(environment, lambda status, *_: heads.append(status))
    body = b"".join(answer)
    answer.close()
    if not heads[0].startswith("200"):
        raise RuntimeError(f"{address} was answered with {heads[0]}")
    return body


def costs(application: Application, address: str, times: int) -> dict[str, Any]:
    seconds = []
    for _ in range(times):
        began = time.process_time()
        ask(application, address)
        seconds.append(time.process_time() - began)
    return {"seconds": seconds}


def tells(application: Application, address: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as captured:
        body = ask(application, address)
        queries = len(captured)
    return {"queries": queries, "bytes": len(body)}


if __name__ == "__main__":
    application = get_wsgi_application()
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        times, address = line.split()
        told = (
            costs(application, address, int(times)) if int(times) else tells(application, address)
        )
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
