"""Containers: posts that are made and not out yet, as Instagram and Threads have them."""

import json
from typing import Any

from social_publish.rehearsal.store import Account, Store

LIFE = 24 * 3600


def make(
    store: Store, account: Account, text: str, facts: dict[str, Any], *, status: str = "FINISHED"
) -> str:
    """A new container; facts: of the post it becomes."""
    container = str(store.next_number())
    store.write(
        "INSERT INTO containers VALUES (?, ?, ?, ?, ?, ?, ?)",
        container,
        account.network,
        account.account_id,
        text,
        json.dumps(facts),
        store.now(),
        status,
    )
    return container


def find(store: Store, account: Account, container: str) -> dict[str, Any] | None:
    """A container of this account, with its state as it is now."""
    rows = store.rows(
        "SELECT * FROM containers WHERE id = ? AND network = ? AND account_id = ?",
        container,
        account.network,
        account.account_id,
    )
    for row in rows:
        row["facts"] = json.loads(row["facts"])
        age = store.now() - row["created"]
        if row["status"] == "FINISHED" and age < store.processing:
            row["status"] = "IN_PROGRESS"
        elif row["status"] != "PUBLISHED" and age > LIFE:
            row["status"] = "EXPIRED"
        return row
    return None


def publish(store: Store, account: Account, row: dict[str, Any]) -> str:
    """Let a ready container out; returns the post's id."""
    post_id = str(store.next_number())
    store.add_post(account, post_id, row["text"], row["facts"])
    store.write("UPDATE containers SET status = 'PUBLISHED' WHERE id = ?", row["id"])
    return post_id
