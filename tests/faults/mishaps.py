"""What may befall a worker at a named place, besides its death. Run in the worker's own process."""

import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection

from social_publish import kill_points

# By this name the server knows the connections of workers.
WORKER = "fault-worker"


def _cut(order: dict[str, Any]) -> None:
    """PostgreSQL ends every worker's connection, as it does when it is restarted."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()"
            " AND pid <> pg_backend_pid()",
            [WORKER],
        )
    other.close()


def _halt(order: dict[str, Any]) -> None:
    """The worker stands still until someone lets it go on."""
    os.kill(os.getpid(), signal.SIGSTOP)


def _fill(order: dict[str, Any]) -> None:
    """The disk is full: no file takes another byte."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))


def _copy(order: dict[str, Any]) -> None:
    """The disk as a power cut would leave it at this moment, kept in the folder order["to"]."""
    database = Path(connection.settings_dict["NAME"])
    for suffix in ("", "-wal"):
        shutil.copy(f"{database}{suffix}", f"{order['to']}/db.sqlite3{suffix}")


def _forbid_waiting(order: dict[str, Any]) -> None:
    """A locked SQLite is an error after a moment, where it would be one after 20 seconds."""
    assert isinstance(connection.connection, sqlite3.Connection)
    connection.connection.execute("PRAGMA busy_timeout = 100")


def _refuse(order: dict[str, Any]) -> None:
    """The database takes nothing more until the first answer of a network is there."""
    if connection.vendor == "postgresql":
        _cut(order)
        return
    _forbid_waiting(order)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def listen(place: str) -> None:
        if place.endswith(": answered") and other.in_transaction:
            other.execute("ROLLBACK")

    kill_points.listeners.append(listen)


def _lose_commit(order: dict[str, Any]) -> None:
    """The database carries out the next commit, and its answer never comes."""
    commit = connection._commit

    def lost() -> None:
        connection._commit = commit
        commit()
        raise OperationalError("server closed the connection unexpectedly")

    connection._commit = lost


MISHAPS: dict[str, Callable[[dict[str, Any]], None]] = {
    "cut": _cut,
    "halt": _halt,
    "fill": _fill,
    "copy": _copy,
    "forbid waiting": _forbid_waiting,
    "refuse": _refuse,
    "lose commit": _lose_commit,
}


def arrange(order: dict[str, Any]) -> None:
    """Let order["befalls"] happen when the worker is at order["at"], for the first time or for
    the order["time"]-th."""
    passes = count(1)

    def listen(place: str) -> None:
        if place == order["at"] and next(passes) == order.get("time", 1):
            MISHAPS[order["befalls"]](order)

    kill_points.listeners.append(listen)
