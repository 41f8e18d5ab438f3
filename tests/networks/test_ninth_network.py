"""Adding a network is one file, one rehearsal file, one line in each list: shown by adding one."""

import re
import subprocess
import sys
from pathlib import Path

from social_publish.admin.network_facts import FACTS
from social_publish.networks import NETWORKS
from social_publish.rehearsal import accounts, pages
from tests.networks.posting import CALLS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "adding-a-network.md"


def test_a_ninth_network_passes_the_contract_with_its_two_files_and_its_lines() -> None:
    command = [sys.executable, "-m", "tests.networks.ninth"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert passed is not None, ran.stdout
    assert int(passed[1]) >= 30, ran.stdout
    assert "skipped" not in ran.stdout


def test_each_network_stands_in_each_list_of_the_guide() -> None:
    by_program = {slug for slug, n in NETWORKS.items() if not n.capabilities.by_hand}
    assert by_program == set(accounts.CREDENTIALS) == set(pages.PLACES) == set(CALLS)
    assert set(NETWORKS) == set(FACTS)
    for slug in NETWORKS:
        assert (ROOT / "docs" / "channels" / f"{slug.replace('_', '-')}.md").exists()


def test_the_guide_names_only_files_that_there_are() -> None:
    named = re.findall(r"`((?:social_publish|tests|docs|cms)/[\w/.-]+)`", GUIDE.read_text())
    assert len(named) > 5
    for path in named:
        assert (ROOT / path).exists(), path
