"""One number for all that residents see: whoever keeps a copy keeps it under this number.

It changes in the transaction that changes the content, so nothing changes with one that is
rolled back. Each number is drawn anew and never comes back: not after a rollback, and not with a
backup that is put in.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import Error, connection, transaction

logger = logging.getLogger(__name__)

ASK_AFTER = 1.0  # seconds
# A database server that is away may take seconds to say so; residents must not wait for it each time.
ASK_AFTER_TROUBLE = 10.0
_ONE = 1


class _Known:
    """What was last heard, and when (seconds, as time.time() counts)."""

    number: int = 0
    asked_at: float = float("-inf")
    good_for: float = 0.0


class _OfThread(_Known, threading.local):
    """What one thread hears inside a transaction: what nobody else may see yet.

    mark: waits for the commit, so the database layer drops it with a rollback.
    """

    mark: Callable[[], None] | None = None


_known, _inside = _Known(), _OfThread()
_asking = threading.Lock()


def bump(**_: Any) -> None:
    """Say that residents see something new. Call it in the transaction, after the change."""
    rows = _rows()
    row = rows.model(pk=_ONE, number=1 + secrets.randbits(62))
    rows.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["number"])
    # Who changed something looks at it next; other processes may take a second to hear of it.
    _inside.good_for = 0.0
    transaction.on_commit(_ask_anew)


def current() -> int:
    """The number, read at most once a second; the last one known while the database is away.

    Inside a transaction it is that transaction's own: were it told to other threads before the
    commit, they would keep what they still see under the number of what is to come.
    """
    known = _heard()
    # A clock that was set back must not keep it forever.
    is_good = 0 <= time.time() - known.asked_at < known.good_for
    if not is_good and known is _inside:
        _ask(known)
        _inside.mark = lambda: None
        transaction.on_commit(_inside.mark)
    elif not is_good and _asking.acquire(blocking=False):
        try:
            _ask(known)
        finally:
            _asking.release()
    return known.number


def is_out_of_reach() -> bool:
    """Did the database not answer when it was last asked?"""
    return _heard().good_for == ASK_AFTER_TROUBLE


def _heard() -> _Known:
    if not connection.in_atomic_block:
        return _known
    # The number that was heard in a transaction, or in a part of one, goes with its rollback.
    if not any(_inside.mark in hook for hook in connection.run_on_commit):
        _inside.good_for = 0.0
    return _inside


def _ask(known: _Known) -> None:
    known.asked_at, known.good_for = time.time(), ASK_AFTER
    try:
        row = _rows().filter(pk=_ONE).values_list("number", flat=True)
        known.number = next(iter(row), 0)
    except Error:
        known.asked_at, known.good_for = time.time(), ASK_AFTER_TROUBLE
        logger.warning("The content version cannot be read", extra={"event": "content.unreadable"})


def _rows() -> Any:
    # Looked up by name: the models themselves keep things under the version.
    return apps.get_model("home", "ContentVersion")._default_manager


def _ask_anew() -> None:
    _known.good_for = 0.0
