"""What may befall a worker at a named place, besides its death. Run in the worker's own process."""

import resource
import shutil
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from django.db import connection

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


MISHAPS: dict[str, Callable[[dict[str, Any]], None]] = {
    "cut": _cut,
    "fill": _fill,
    "copy": _copy,
    "forbid waiting": _forbid_waiting,
    "refuse": _refuse,
}


def arrange(order: dict[str, Any]) -> None:
    """Let order["befalls"] happen when the worker is at order["at"], for the first time or for
    the order["time"]-th."""
    passes = count(1)

    def listen(place: str) -> None:
        if place == order["at"] and next(passes) == order.get("time", 1):
            MISHAPS[order["befalls"]](order)

    kill_points.listeners.append(listen)
