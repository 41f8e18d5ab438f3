"""/health: strangers hear ok or not ok, staff and the token's holder hear why, nobody a stack trace."""

import json
import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from social_publish import outbox, pulse, tasks
from social_publish.models import Delivery, State
from tests.council import Council

pytestmark = pytest.mark.django_db

TOKEN = "a-word-for-the-watcher"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def alive() -> None:
    """A site whose worker has just done everything."""
    for name in (pulse.HEARTBEAT, pulse.SWEEP, pulse.SCHEDULED, pulse.STARTED):
        pulse.sign(name, timezone.now())


@pytest.fixture
def token(settings: Settings) -> None:
    settings.HEALTH_TOKEN = TOKEN


def answer(client: Client) -> tuple[int, str]:
    response = client.get("/health")
    return response.status_code, response.content.decode()


OK, NOT_OK = (200, "ok\n"), (503, "not ok\n")


def test_a_stranger_hears_ok_and_nothing_else(alive: None, client: Client) -> None:
    assert answer(client) == OK
    response = client.get("/health")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert not response.cookies
    assert not client.session.keys()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/health").status_code == 405


@pytest.mark.parametrize("sign", [pulse.HEARTBEAT, pulse.SWEEP])
def test_a_silent_worker_is_not_ok(alive: None, client: Client, sign: str) -> None:
    now = timezone.now()
    pulse.sign(sign, now - timedelta(seconds=170))
    assert answer(client) == OK
    pulse.sign(sign, now - timedelta(seconds=190))
    assert answer(client) == NOT_OK


def test_a_worker_that_never_ran_is_not_ok(client: Client) -> None:
    assert answer(client) == NOT_OK


def test_the_workers_own_signs_are_what_counts(client: Client) -> None:
    tasks.sweep()
    assert answer(client) == NOT_OK
    tasks.beat()
    assert answer(client) == OK


def test_a_post_that_waits_too_long_is_not_ok(council: Council, alive: None) -> None:
    council.approve(council.write())
    stranger = Client()
    assert answer(stranger) == OK
    Delivery.objects.update(released_at=timezone.now() - timedelta(minutes=16))
    assert answer(stranger) == NOT_OK
    council.deliver()
    assert answer(stranger) == OK


def test_what_must_wait_is_not_late(council: Council, alive: None) -> None:
    """Posts of a paused channel, of one that the network slowed down, and of one without budget."""
    council.approve(council.write())
    now = timezone.now()
    Delivery.objects.update(released_at=now - timedelta(hours=1))
    council.facebook.not_before = now + timedelta(minutes=1)
    council.facebook.save()
    council.x.daily_budget, council.x.budget_used = 1, 1
    council.x.budget_day = timezone.localdate()
    council.x.save()
    assert answer(Client()) == OK
    council.x.budget_used = 0
    council.x.save()
    assert answer(Client()) == NOT_OK
    outbox.pause_channel(council.x, now=now)
    assert answer(Client()) == OK
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.HELD, State.QUEUED}


def test_a_look_that_nobody_makes_is_not_ok(council: Council, alive: None) -> None:
    council.approve(council.write())
    council.rehearsal.misbehave("drop_after", match="POST", times=9)
    council.rehearsal.misbehave("error_before", match="GET", times=9)
    council.deliver()
    assert answer(Client()) == OK
    assert Delivery.objects.filter(state=State.UNKNOWN).exists()
    Delivery.objects.update(not_before=timezone.now() - timedelta(minutes=16))
    assert answer(Client()) == NOT_OK


def test_a_removal_that_nobody_makes_is_not_ok(council: Council, alive: None) -> None:
    council.approve(council.write())
    council.deliver()
    long_ago = timezone.now() - timedelta(minutes=16)
    for delivery in Delivery.objects.all():
        outbox.withdraw(delivery, now=long_ago, why="A mistake of ours.")
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.REMOVING}
    assert answer(Client()) == NOT_OK
    council.deliver()
    assert answer(Client()) == OK


def test_the_token_hears_the_facts(council: Council, alive: None, token: None) -> None:
    council.approve(council.write())
    response = Client().get("/health", headers=BEARER)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    facts = response.json()
    assert facts["live"] is facts["ready"] is True
    assert 0 <= facts["worker"] < 60
    assert 0 <= facts["oldest_due"] < 60
    assert facts["last_sweep"].startswith(str(timezone.now().year))
    assert facts["last_scheduled_publishing"]
    assert facts["troubles"] == 0


def test_the_count_of_troubles(council: Council, alive: None, token: None) -> None:
    council.approve(council.write())
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets$")
    tasks.sweep()
    assert Client().get("/health", headers=BEARER).json()["troubles"] == 1


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", TOKEN, f"Basic {TOKEN}", "Bearer é"]
)
def test_a_wrong_token_hears_what_strangers_hear(
    alive: None, token: None, client: Client, given: str
) -> None:
    response = client.get("/health", headers={"Authorization": given})
    assert response.content == b"ok\n"


def test_without_a_token_in_the_settings_no_word_opens_it(
    alive: None, client: Client, settings: Settings
) -> None:
    settings.HEALTH_TOKEN = ""
    for given in ("Bearer ", "Bearer None"):
        response = client.get("/health", headers={"Authorization": given})
        assert response.content == b"ok\n"


def test_staff_hear_the_facts(council: Council, alive: None) -> None:
    assert council.client("clerk").get("/health").json()["ready"] is True
    nobody = council.people["clerk"]
    nobody.groups.clear()
    assert answer(council.client("clerk")) == OK


def test_a_database_that_is_not_migrated_is_not_ready(
    alive: None, token: None, client: Client
) -> None:
    (last,) = MigrationExecutor(connection).loader.graph.leaf_nodes("social_publish")
    MigrationRecorder(connection).record_unapplied(*last)
    response = client.get("/health", headers=BEARER)
    assert response.status_code == 503
    assert response.json()["ready"] is False


# --- without a database ----------------------------------------------------------------

ASK = """
import json, sys, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "0123456789abcdefghijklmnopqrstuv"
for headers in ({}, {"Authorization": "Bearer a-word-for-the-watcher"}):
    response = client.get("/health", headers=headers)
    print(json.dumps([response.status_code, response.content.decode(), len(response.cookies)]))
"""


def asked_with(database: str, folder: Path) -> list[list[object]]:
    """What a process of its own with that database answers to a stranger and to the token."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=configured.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "HEALTH_TOKEN": TOKEN,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_not_ok(answers: list[list[object]]) -> None:
    stranger, watcher = answers
    assert stranger == [503, "not ok\n", 0]
    assert watcher[0] == 503
    facts = json.loads(str(watcher[1]))
    assert facts["live"] is True
    assert facts["ready"] is False


def test_a_database_file_that_is_gone(tmp_path: Path) -> None:
    assert_not_ok(asked_with(f"sqlite:///{tmp_path / 'gone' / 'db.sqlite3'}", tmp_path))


def test_a_database_file_that_is_empty_or_broken(tmp_path: Path) -> None:
    assert_not_ok(asked_with(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path))
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database at all" * 1000)
    assert_not_ok(asked_with(f"sqlite:///{broken}", tmp_path))


def test_a_database_server_that_is_away(tmp_path: Path) -> None:
    assert_not_ok(asked_with("postgres://someone:word@127.0.0.1:9/council", tmp_path))


def test_a_database_server_that_never_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        assert_not_ok(asked_with(f"postgres://someone:word@127.0.0.1:{port}/council", tmp_path))
