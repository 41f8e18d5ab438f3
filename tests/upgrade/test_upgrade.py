"""A database that an earlier release left is brought up to date, and nothing of it is lost."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from social_publish.models import State

RELEASES = Path(__file__).parent / "releases"
SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
LEFT = sorted(RELEASES.glob("*.sqlite3.gz" if SQLITE else "*.postgresql.sql.gz"))


@pytest.fixture(params=LEFT, ids=lambda path: path.name.removesuffix(".gz"))
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a database that holds what that release left."""
    content = gzip.decompress(request.param.read_bytes())
    environment = os.environ | {"DATA_DIR": str(tmp_path)}
    if SQLITE:
        path = tmp_path / "db.sqlite3"
        path.write_bytes(content)
        yield environment | {"DATABASE_URL": f"sqlite:///{path}"}
        return
    facts = connection.settings_dict
    server = f"postgres://{facts['USER']}@{facts['HOST']}:{facts['PORT']}"
    name = f"upgrade_{os.getpid()}"
    administer = ["psql", "-q", "-v", "ON_ERROR_STOP=1", f"{server}/postgres", "-c"]
    subprocess.run([*administer, f"CREATE DATABASE {name}"], check=True)
    try:
        load = ["psql", "-q", "-v", "ON_ERROR_STOP=1", f"{server}/{name}"]
        subprocess.run(load, input=content, check=True, stdout=subprocess.DEVNULL)
        yield environment | {"DATABASE_URL": f"{server}/{name}"}
    finally:
        subprocess.run([*administer, f"DROP DATABASE {name} WITH (FORCE)"], check=True)


def python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_is_a_release_to_upgrade_from() -> None:
    assert LEFT


def test_nothing_is_lost_in_an_upgrade(left: dict[str, str]) -> None:
    before = json.loads(python(left, "-m", "tests.upgrade.facts"))
    assert {state for _, state, _ in before["states"]} == {state.value for state in State}
    python(left, "manage.py", "migrate", "--verbosity", "0")
    after = json.loads(python(left, "-m", "tests.upgrade.facts", "--check"))
    assert after["faults"] == []
    assert after["states"] == before["states"]
    lost = {t: n for t, n in before["counts"].items() if after["counts"].get(t, 0) < n}
    assert not lost
