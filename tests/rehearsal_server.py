"""The rehearsal networks for tests: in a thread, on a free port, with an empty store."""

import threading
import time
from pathlib import Path
from typing import Any

from social_publish.rehearsal import pages
from social_publish.rehearsal.accounts import open_account
from social_publish.rehearsal.faults import Fault
from social_publish.rehearsal.server import RehearsalHTTPServer
from social_publish.rehearsal.store import Account
from social_publish.rehearsal.wire import Request


class RehearsalServer:
    """What the networks hold is read here from their own store, never from what we believe."""

    def __init__(self, folder: Path, *, controlled: bool = True) -> None:
        self.folder = folder
        self.server = RehearsalHTTPServer(0, folder, controlled=controlled)
        self.store = self.server.store
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def reset(self) -> None:
        self.store.clear()
        self.server.faults.waiting.clear()
        self.server.log.clear()
        self.store.now, self.store.lag = time.time, 0.0
        self.store.processing, self.store.elsewhere = 0.0, b""

    def open_account(
        self,
        network: str,
        handle: str = "council",
        name: str = "The Council",
        *,
        reads: bool = True,
    ) -> dict[str, Any]:
        return open_account(self.folder, network, handle=handle, name=name, reads=reads)

    def account(self, network: str, account_id: str) -> Account:
        return next(a for a in self.store.accounts(network) if a.account_id == account_id)

    def posts(
        self, network: str, account_id: str, *, deleted: bool = False
    ) -> list[dict[str, Any]]:
        """Newest first; each with its pictures as [{content, alt_text}] under "pictures"."""
        posts = self.store.posts(self.account(network, account_id), deleted=deleted)
        for post in posts:
            post["pictures"] = [self.store.media(i) for i in post["facts"]["media"]]
        return posts

    def all_posts(self) -> list[dict[str, Any]]:
        return [p for a in self.store.accounts() for p in self.store.posts(a, deleted=True)]

    def requests(self, match: str = "") -> list[Request]:
        return [r for r in self.server.log if match in f"{r.method} {r.path}"]

    def misbehave(self, mode: str, *, times: int = 1, match: str = ".*", **options: Any) -> None:
        self.server.faults.waiting.append(Fault(mode, times, match, options))

    def stranger_replies(self, network: str, account_id: str, post_id: str, words: str) -> bool:
        return pages.stranger_replies(
            self.store, self.account(network, account_id), post_id, "stranger", words
        )

    def comments(self, post_id: str) -> list[dict[str, Any]]:
        return self.store.comments(post_id)
