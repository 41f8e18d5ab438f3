"""What the pretend networks remember: one small database file, safe between threads and processes."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS accounts (
    network TEXT, account_id TEXT, handle TEXT, name TEXT, credentials TEXT, reads INTEGER DEFAULT 1,
    facts TEXT DEFAULT '{}', PRIMARY KEY (network, account_id));
CREATE TABLE IF NOT EXISTS posts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, network TEXT, account_id TEXT,
    text TEXT, created REAL, deleted INTEGER DEFAULT 0, facts TEXT);
CREATE TABLE IF NOT EXISTS media (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, network TEXT, account_id TEXT,
    content BLOB, alt_text TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS comments (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, post_id TEXT, author TEXT,
    text TEXT, created REAL, hidden INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS containers (
    id TEXT PRIMARY KEY, network TEXT, account_id TEXT, text TEXT, facts TEXT, created REAL,
    status TEXT);
CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, at REAL);
CREATE TABLE IF NOT EXISTS webhooks (app_id TEXT PRIMARY KEY, callback TEXT);
CREATE TABLE IF NOT EXISTS subscribed (account_id TEXT PRIMARY KEY);
"""


@dataclass(frozen=True)
class Account:
    """A pretend account; credentials are what its owner must prove to hold.

    reads: may it read posts? X sells accounts that may not. facts: what else only its network
    knows of it, see `accounts`.
    """

    network: str
    account_id: str
    handle: str
    name: str
    credentials: dict[str, str]
    reads: bool = True
    facts: dict[str, Any] = field(default_factory=dict)


class Store:
    """Rows come back as dictionaries; `facts` of a post holds what only its network knows.

    now: the networks' clock, Unix seconds; lag: seconds for which a new post is in no list;
    processing: seconds until a container is ready; elsewhere: the picture at every address that
    is not on this machine (tests), b"" for none.
    """

    def __init__(self, folder: Path) -> None:
        self.now: Callable[[], float] = time.time
        self.lag = 0.0
        self.processing = 0.0
        self.elsewhere = b""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "networks.sqlite3"
        with self._open() as db:
            db.executescript(_TABLES)
            columns = [column[1] for column in db.execute("PRAGMA table_info(accounts)")]
            for name, kind in (("reads", "INTEGER DEFAULT 1"), ("facts", "TEXT DEFAULT '{}'")):
                if name not in columns:
                    db.execute(f"ALTER TABLE accounts ADD COLUMN {name} {kind}")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.path, timeout=20)
        db.row_factory = sqlite3.Row
        try:
            with db:
                yield db
        finally:
            db.close()

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with self._open() as db:
            return [dict(row) for row in db.execute(sql, values)]

    def write(self, sql: str, *values: Any) -> int:
        """Run a change; returns the number of the new row, or of rows changed."""
        with self._open() as db:
            cursor = db.execute(sql, values)
            return int(cursor.lastrowid or 0) if sql.startswith("INSERT") else cursor.rowcount

    def accounts(self, network: str | None = None) -> list[Account]:
        rows = self.rows("SELECT * FROM accounts ORDER BY network, name")
        return [
            Account(
                **{
                    **row,
                    "credentials": json.loads(row["credentials"]),
                    "reads": bool(row["reads"]),
                    "facts": json.loads(row["facts"]),
                }
            )
            for row in rows
            if network in (None, row["network"])
        ]

    def add_account(self, account: Account) -> None:
        self.write(
            "INSERT OR IGNORE INTO accounts"
            " (network, account_id, handle, name, credentials, reads, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            account.network,
            account.account_id,
            account.handle,
            account.name,
            json.dumps(account.credentials),
            account.reads,
            json.dumps(account.facts),
        )

    def change_account(self, account: Account, **facts: Any) -> None:
        """Change what its network knows of an account; None takes a fact away."""
        kept = {name: value for name, value in (account.facts | facts).items() if value is not None}
        self.write(
            "UPDATE accounts SET facts = ? WHERE network = ? AND account_id = ?",
            json.dumps(kept),
            account.network,
            account.account_id,
        )

    def change_keys(self, account: Account, ends: float, **fresh: str) -> bool:
        """Put fresh keys in place of those that the account was read with; False where another
        call was first."""
        return bool(
            self.write(
                "UPDATE accounts SET credentials = ?, facts = ?"
                " WHERE network = ? AND account_id = ? AND credentials = ?",
                json.dumps(account.credentials | fresh),
                json.dumps(account.facts | {"ends": ends}),
                account.network,
                account.account_id,
                json.dumps(account.credentials),
            )
        )

    def add_post(self, account: Account, post_id: str, text: str, facts: dict[str, Any]) -> None:
        self.write(
            "INSERT INTO posts (id, network, account_id, text, created, facts) VALUES (?, ?, ?, ?, ?, ?)",
            post_id,
            account.network,
            account.account_id,
            text,
            self.now(),
            json.dumps(facts),
        )

    def posts(self, account: Account, *, deleted: bool = False) -> list[dict[str, Any]]:
        """An account's posts, newest first."""
        rows = self.rows(
            "SELECT * FROM posts WHERE network = ? AND account_id = ? ORDER BY number DESC",
            account.network,
            account.account_id,
        )
        return [
            {**row, "facts": json.loads(row["facts"])}
            for row in rows
            if deleted or not row["deleted"]
        ]

    def listed(self, account: Account) -> list[dict[str, Any]]:
        """The posts that a list shows, newest first."""
        return [post for post in self.posts(account) if post["created"] <= self.now() - self.lag]

    def post(self, account: Account, post_id: str) -> dict[str, Any] | None:
        return next((post for post in self.posts(account) if post["id"] == post_id), None)

    def public_post(self, network: str, post_id: str) -> dict[str, Any] | None:
        """A post that anyone may read there, whoever made it."""
        found = (self.post(account, post_id) for account in self.accounts(network))
        return next((post for post in found if post), None)

    def change_facts(self, post_id: str, **facts: Any) -> None:
        """Change what only its network knows of a post."""
        for row in self.rows("SELECT facts FROM posts WHERE id = ?", post_id):
            changed = json.dumps({**json.loads(row["facts"]), **facts})
            self.write("UPDATE posts SET facts = ? WHERE id = ?", changed, post_id)

    def media(self, media_id: str) -> dict[str, Any] | None:
        return next(iter(self.rows("SELECT * FROM media WHERE id = ?", media_id)), None)

    def add_media(
        self, account: Account, media_id: str, content: bytes, alt_text: str = ""
    ) -> None:
        self.write(
            "INSERT INTO media (id, network, account_id, content, alt_text) VALUES (?, ?, ?, ?, ?)",
            media_id,
            account.network,
            account.account_id,
            content,
            alt_text,
        )

    def comments(self, post_id: str) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM comments WHERE post_id = ? ORDER BY number", post_id)

    def comment(self, account: Account, comment_id: str) -> dict[str, Any] | None:
        """A comment under one of this account's posts."""
        rows = self.rows("SELECT * FROM comments WHERE id = ?", comment_id)
        return next((row for row in rows if self.post(account, row["post_id"])), None)

    def add_comment(self, comment_id: str, post_id: str, author: str, text: str) -> None:
        self.write(
            "INSERT INTO comments (id, post_id, author, text, created) VALUES (?, ?, ?, ?, ?)",
            comment_id,
            post_id,
            author,
            text,
            self.now(),
        )

    def next_number(self) -> int:
        """A number that rises for ever, for ids."""
        return time.time_ns() // 1000

    def fresh_nonce(self, nonce: str) -> bool:
        """Is this one-time word really new?"""
        try:
            self.write("INSERT INTO nonces VALUES (?, ?)", nonce, time.time())
        except sqlite3.IntegrityError:
            return False
        return True

    def clear(self) -> None:
        """Forget everything but the accounts and their keys."""
        self.write("UPDATE accounts SET facts = '{}'")
        for table in (
            "posts",
            "media",
            "comments",
            "containers",
            "nonces",
            "webhooks",
            "subscribed",
        ):
            self.write(f"DELETE FROM {table}")  # noqa: S608 - the names are those above
