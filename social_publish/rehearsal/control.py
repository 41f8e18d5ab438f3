"""The control door: a harness in another process commands faults, and reads what was asked.

Only there when the server was started with `--control`.
"""

import time
from collections.abc import Iterable
from typing import Any

from social_publish.rehearsal.faults import Fault, Faults
from social_publish.rehearsal.store import Store
from social_publish.rehearsal.wire import Answer, Request

PATH = "/rehearsal/control"
COMMANDS = {"faults", "clear", "lag", "clock"}
SECRETS = {"access_token", "appsecret_proof"}
# A picture, and a password.
UNTOLD = ("/upload", ".createSession")


def answer(store: Store, faults: Faults, log: Iterable[Request], request: Request) -> Answer:
    """POST to PATH: commands. GET PATH/log: every request to a network so far, oldest first."""
    if (request.method, request.path) == ("GET", f"{PATH}/log"):
        return Answer(200, {"requests": [_line(one) for one in list(log)]})
    if (request.method, request.path) != ("POST", PATH):
        return Answer(404, {"reason": f"POST {PATH} and GET {PATH}/log are here."})
    try:
        _carry_out(store, faults, request.json)
    except (TypeError, ValueError) as error:
        return Answer(400, {"reason": str(error)})
    return Answer(200, {"waiting": sum(max(fault.times, 0) for fault in faults.waiting)})


def _carry_out(store: Store, faults: Faults, commands: Any) -> None:
    """clear forgets all faults, the lag and the clock's offset, before anything else is done.

    lag: seconds for which a new post is not in lists; clock: seconds that the networks' clock
    is ahead of ours; faults: the arguments of `Fault` each.
    """
    if not isinstance(commands, dict) or (unknown := set(commands) - COMMANDS):
        known = ", ".join(sorted(COMMANDS))
        raise ValueError(
            f"Send a JSON object of {known}." + f" Unknown: {unknown}." * bool(unknown)
        )
    fresh = [Fault(**fault) for fault in commands.get("faults", [])]
    lag, offset = commands.get("lag"), commands.get("clock")
    if commands.get("clear"):
        faults.waiting.clear()
        lag, offset = lag or 0, offset or 0
    if lag is not None:
        store.lag = float(lag)
    if offset is not None:
        store.now = _ahead(float(offset))
    faults.waiting.extend(fresh)


def _ahead(seconds: float) -> Any:
    return lambda: time.time() + seconds


def _line(request: Request) -> dict[str, Any]:
    """A request as the harness sees it: no secrets, and of files only their size."""
    return {
        "at": request.at,
        "method": request.method,
        "path": request.path,
        "query": {name: value for name, value in request.query if name not in SECRETS},
        "form": {name: value for name, value in request.form.items() if name not in SECRETS},
        "files": {name: len(content) for name, content in request.files.items()},
        "json": None if request.path.endswith(UNTOLD) else request.json,
    }
