"""Answers that could not be written down: kept as files until the database is back (F55).

A yes of a network is never thrown away. A file holds {delivery, remote_id, remote_url}.
"""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from social_publish.networks.answers import Accepted

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptAnswer:
    """A yes that waits to be recorded; `forget` once it is."""

    path: Path
    delivery_id: int
    answer: Accepted

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "kept_answers"


def keep(delivery_id: int, answer: Accepted) -> None:
    """Write the answer to disk, whole or not at all. Raises OSError when the disk is full."""
    _folder().mkdir(parents=True, exist_ok=True)
    path = _folder() / f"{delivery_id}-{answer.remote_id}.json"
    facts = {
        "delivery": delivery_id,
        "remote_id": answer.remote_id,
        "remote_url": answer.remote_url,
    }
    unfinished = path.with_suffix(".part")
    with unfinished.open("w") as file:
        json.dump(facts, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def kept() -> Iterator[KeptAnswer]:
    """Every kept answer; one that cannot be read is left where it is and logged."""
    for path in sorted(_folder().glob("*.json")):
        try:
            facts = json.loads(path.read_text())
            answer = Accepted(str(facts["remote_id"]), str(facts["remote_url"]))
            yield KeptAnswer(path, int(facts["delivery"]), answer)
        except (OSError, ValueError, KeyError, TypeError):
            logger.exception("A kept answer cannot be read", extra={"event": "answer.unread"})
