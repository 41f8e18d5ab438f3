"""The grid: what a server may do, and where a worker may die. A short run takes a sample."""

import os
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# The request that may publish a post, and the one that removes it.
PUBLISH = {
    "x": r"POST /2/tweets$",
    "facebook": r"POST /v\d+\.\d+/\d+/feed",
    "instagram": r"POST /v\d+\.\d+/\d+/media_publish$",
    "threads": r"POST /v\d+\.\d+/\d+/threads_publish$",
    "linkedin": r"POST /rest/posts$",
    "tiktok": r"POST /v2/post/publish/content/init/$",
    "bluesky": r"POST .*/com\.atproto\.repo\.applyWrites$",
    "mastodon": r"POST /api/v1/statuses$",
    "gotosocial": r"POST /api/v1/statuses$",
}
REMOVE = dict.fromkeys(PUBLISH, "DELETE") | {
    "bluesky": r"POST .*/com\.atproto\.repo\.deleteRecord$"
}
# The fault list and the histories take these two; the grid takes all of them.
PLAIN = ("x", "facebook")
SERVER_FAULTS = (
    "none",
    "drop_before",
    "drop_after",
    "error_before",
    "error_after",
    "rate_limit",
    "unauthorised",
    "forbidden",
    "redirect",
    "big_body",
    "html_200",
    "empty_200",
    "truncated",
    "wrong_type",
    "list_error",
    "odd_usage",
)
SENDING_PLACES = (
    "nowhere",
    "before claim",
    "send: claimed",
    "send: sending",
    "half sent",
    "send: answered",
    "send: settled",
)
PLACES = (
    *SENDING_PLACES,
    "send: step stored",
    "look: claimed",
    "look: answered",
    "look: settled",
    "replies: claimed",
    "replies: answered",
    "replies: settled",
)
REMOVAL_PLACES = (
    "nowhere",
    "remove: claimed",
    "half sent",
    "remove: answered",
    "remove: settled",
)
LATE = 480.0  # seconds; shorter than the settle window
ALL = os.environ.get("FAULTS") == "all"
# A slice has a third of the squares that a sample of the grid has.
PART = 3 if os.environ.get("FAULTS") == "slice" else 1


@dataclass(frozen=True)
class Case:
    """One square of the grid. place: where the first worker that gets there is killed.
    resends: whether the council lets the channel send once more by itself. late: the
    network's lists show a post only eight minutes after it was made.
    """

    network: str
    fault: str
    place: str
    resends: bool = True
    late: bool = False

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What a sample tries to have everywhere equally often."""
        about = f"{self.place}, {self.resends}, {self.late}"
        return (
            ("", self.network),
            (self.network, self.fault),
            (self.network, self.place),
            (self.fault, self.place),
            ("", about),
        )

    def __str__(self) -> str:
        leave = "resends" if self.resends else "asks"
        late = ", late list" if self.late else ""
        return f"{self.network}, {self.fault}, {self.place}, {leave}{late}"


def sample(cases: Sequence[Case], *, most: int) -> list[Case]:
    """At most so many of the cases, always the same ones; all of them in a long run.

    The first are chosen so that each network meets each fault and each place as soon as may be.
    """
    if ALL:
        return list(cases)
    waiting = sorted(cases, key=lambda case: zlib.crc32(str(case).encode()))[: most * 10]
    chosen: list[Case] = []
    seen: Counter[tuple[str, str]] = Counter()
    while waiting and len(chosen) < most:
        best = min(waiting, key=lambda case: sum(seen[pair] for pair in case.pairs))
        waiting.remove(best)
        chosen.append(best)
        seen.update(best.pairs)
    return chosen
