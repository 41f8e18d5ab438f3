"""A folder and a database of its own for each measure, both removed at the end."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from cryptography.fernet import Fernet

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
SERVER = os.environ.get("BENCH_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
# What a developer's shell may hold must not reach the measure.
_OURS = ("DATABASE_URL", "REDIS_URL", "REHEARSAL_URL", "X_API_URL", "FACEBOOK_API_URL", "DEBUG")


@contextmanager
def place(database: str) -> Iterator[dict[str, str]]:
    """The environment of a measure on this kind of database."""
    folder = Path(tempfile.mkdtemp(prefix="council-bench-"))
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "DATA_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CHANNEL_KEYS": Fernet.generate_key().decode(),
        "SITE_URL": "https://council.example",
    }
    try:
        if database == SQLITE:
            yield environment
        else:
            with _own_database() as url:
                yield environment | {"DATABASE_URL": url}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _own_database() -> Iterator[str]:
    name = f"bench_{secrets.token_hex(6)}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(sql: str) -> None:
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=5) as connection:
        connection.execute(sql)
