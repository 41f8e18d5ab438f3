"""The commands that start things, and what they say when they cannot."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from cms import run
from social_publish import children


def test_a_busy_port_is_one_plain_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "cms.run", "--port", str(port)],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use. Stop what uses it, or choose another:")
    assert done.stderr.count("\n") == 1


def test_an_old_python_is_one_plain_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = prepare(tmp_path, str(old))
    assert done.stderr.startswith("This Python is too old: version 3.11 or newer is needed.")
    assert done.stderr.count("\n") == 1


def test_a_missing_venv_module_is_named(tmp_path: Path) -> None:
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    bare.chmod(0o755)
    done = prepare(tmp_path, str(bare))
    assert "sudo apt install python3-venv" in done.stderr


def test_a_full_disk_is_one_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "df").write_text("#!/bin/sh\necho Available\necho disk 9 9 0 100% /\n")
    (tmp_path / "df").chmod(0o755)
    done = prepare(tmp_path, sys.executable, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.stderr == "The disk is full. Free some space and run this again.\n"


def test_an_install_without_a_network_is_one_plain_sentence(tmp_path: Path) -> None:
    """With a real environment and a real pip, whose index is a port on which nobody listens."""
    wanted = f"leftpad==1.0 --hash=sha256:{'0' * 64}\n"
    done = prepare(
        tmp_path,
        sys.executable,
        wanted,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_RETRIES="0",
        PIP_CONFIG_FILE=os.devnull,
    )
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("The requirements could not be fetched. Check the internet")
    assert done.stderr.count("\n") == 1


def prepare(
    folder: Path, python: str, wanted: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    (folder / "requirements.txt").write_text(wanted)
    (folder / "requirements-dev.txt").write_text("# more\n")
    script = settings.BASE_DIR / ".ci" / "prepare"
    return subprocess.run(
        ["sh", str(script), python, "requirements.txt"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_children_that_ignore_us_are_killed_with_all_they_started() -> None:
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    read, write = os.pipe()
    saved = os.dup(1)
    os.dup2(write, 1)
    try:
        child = children.start(sys.executable, "-c", stubborn)
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(write)
    with os.fdopen(read) as pipe:
        grandchild = int(pipe.readline())
    children.stop([child], grace=0.2)
    assert child.returncode == -signal.SIGKILL
    for _ in range(100):
        if not _runs(grandchild):
            return
        time.sleep(0.05)
    raise AssertionError("A grandchild is left behind.")


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_web_server_is_the_one_of_this_environment() -> None:
    assert Path(run.web(8000)[0]).exists()
