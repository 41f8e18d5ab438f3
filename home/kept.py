"""What many pages share and few edits change, kept in this process under the content version."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from home import content_version

Thing = TypeVar("Thing")

MOST = 2_000  # things; hosts and sections come from outside, memory does not
_things: dict[Hashable, tuple[int, Any]] = {}


def kept(name: Hashable, make: Callable[[], Thing]) -> Thing:
    """What `make` gave under the present content version. Treat it as read-only: requests share it.

    Nothing that depends on the clock may be kept, only the rows by which the clock decides.
    """
    # The version first: what is read after it can only be newer, and is then made once more.
    version = content_version.current()
    known = _things.get(name)
    if known is None or known[0] != version:
        if len(_things) >= MOST:
            _things.clear()
        known = _things[name] = version, make()
    thing: Thing = known[1]
    return thing
