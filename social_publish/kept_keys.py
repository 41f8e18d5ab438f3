"""Fresh keys of a channel, sealed and on disk before the database has them.

A network that gives each refresh token for one use has forgotten the old one by the time it
answers: what it answered must outlive a crash, and a database that is away.
"""

import base64
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptKeys:
    """Sealed keys that wait to be recorded; `forget` once they are.

    ends, sign_in_ends: Unix seconds; path: None where the disk did not take them.
    """

    channel_id: int
    sealed: bytes
    ends: float
    sign_in_ends: float | None
    path: Path | None = None

    def forget(self) -> None:
        if self.path:
            self.path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "kept_keys"


def keep(channel_id: int, sealed: bytes, ends: float, sign_in_ends: float | None) -> KeptKeys:
    """Write them to disk, whole or not at all. A full disk is logged, and no reason to lose them."""
    path = _folder() / f"{channel_id}-{uuid4().hex}.json"
    facts = {
        "channel": channel_id,
        "sealed": base64.b64encode(sealed).decode(),
        "ends": ends,
        "sign_in_ends": sign_in_ends,
    }
    try:
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_suffix(".part")
        with unfinished.open("w") as file:
            json.dump(facts, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        logger.exception("Fresh keys could not be kept on disk", extra={"event": "keys.unkept"})
        return KeptKeys(channel_id, sealed, ends, sign_in_ends)
    return KeptKeys(channel_id, sealed, ends, sign_in_ends, path)


def kept() -> Iterator[KeptKeys]:
    """All that wait, oldest first; one that cannot be read is left where it is and logged."""
    paths = [(path.stat().st_mtime, path) for path in _folder().glob("*.json")]
    for _, path in sorted(paths):
        try:
            facts = json.loads(path.read_text())
            sealed = base64.b64decode(facts["sealed"])
            until = facts["sign_in_ends"]
            yield KeptKeys(int(facts["channel"]), sealed, float(facts["ends"]), until, path)
        except (OSError, ValueError, KeyError, TypeError):
            logger.exception("Kept keys cannot be read", extra={"event": "keys.unread"})
