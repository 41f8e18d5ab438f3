"""The site as a council serves it: production settings, and nginx as deploy/nginx.conf sets it up."""

import getpass
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
import requests

from cms.run import ROOT, web
from tests.browser.conftest import Running

AROUND = """
daemon off;
user {user};
pid {folder}/pid;
error_log {folder}/errors.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    {council}
}}
"""
PATIENCE = 120  # seconds; a bound for a busy machine, no verdict


@dataclass(frozen=True)
class Served:
    """A site behind nginx; the certificate is its own."""

    url: str
    certificate: Path

    def get(self, url: str) -> requests.Response:
        return requests.get(url, verify=str(self.certificate), timeout=60)


@contextmanager
def served(running: Running, ports: tuple[int, int], folder: Path) -> Iterator[Served]:
    """The data of the running site on two more ports: of the web server, and of nginx."""
    if not which("nginx"):
        pytest.fail("nginx is missing, and councils run behind it: sudo apt install nginx-light")
    behind, front = ports
    url = f"https://127.0.0.1:{front}"
    environment = os.environ | _secrets(running.data / "dev.env")
    environment |= {
        "DATA_DIR": str(running.data),
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "SITE_URL": url,
    }
    collect = (sys.executable, "manage.py", "collectstatic", "--no-input", "-v0")
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    started = []
    try:
        with (folder / "web.log").open("w") as log:
            command = web(behind)
            started.append(
                subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            )
        started.append(subprocess.Popen(("nginx", "-c", _configure(folder, behind, front))))
        site = Served(url, folder / "certificate.pem")
        _wait_for(site, folder)
        yield site
    finally:
        for process in started:
            process.terminate()
            process.wait(30)


def _secrets(file: Path) -> dict[str, str]:
    lines = [line.partition("=") for line in file.read_text().splitlines()]
    return {name: value for name, _, value in lines}


def _configure(folder: Path, behind: int, front: int) -> Path:
    """nginx's settings for councils with nothing changed but names, ports and places."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-out", certificate, "-keyout", key),
        ],
        check=True,
        capture_output=True,
    )
    council = (ROOT / "deploy" / "nginx.conf").read_text()
    here = {
        "/var/cache/nginx/council": f"{folder}/kept",
        "listen 443": f"listen 127.0.0.1:{front}",
        "your-council.example;": "127.0.0.1;",
        "/etc/ssl/your-council.example/fullchain.pem": str(certificate),
        "/etc/ssl/your-council.example/privkey.pem": str(key),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{behind}",
    }
    for theirs, ours in here.items():
        assert theirs in council, f"deploy/nginx.conf no longer says {theirs}"
        council = council.replace(theirs, ours)
    settings = folder / "nginx.conf"
    settings.write_text(AROUND.format(user=getpass.getuser(), folder=folder, council=council))
    return settings


def _wait_for(site: Served, folder: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            if site.get(site.url).ok:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    logs = ("web.log", "errors.log")
    raise RuntimeError("\n".join((folder / log).read_text() for log in logs))
