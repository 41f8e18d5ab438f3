"""How long a network asks us to wait, whatever it writes into its headers."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import time

DEFAULT = 15 * 60.0
SHARES = ("call_count", "total_time", "total_cputime")
LONGEST = 24 * 3600.0
RESETS = ("x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset")


class AskedToWait(Exception):
    """The network took nothing and asked for a pause of so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__("The network asked us to wait.")
        self.seconds = seconds


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer's headers ask for, 1 second to 24 hours; None for none.

    Retry-After (seconds or a date), the time of reset as X and Bluesky (Unix seconds) or
    Mastodon (a date) give it, Graph's minutes to regain access.
    """
    asked = (
        _number(headers.get("retry-after", "")),
        _until(_date(headers.get("retry-after", ""))),
        *(_until(_number(headers.get(name, ""))) for name in RESETS),
        _until(_iso_date(headers.get("x-ratelimit-reset", ""))),
        _regained(headers.get("x-business-use-case-usage", "")),
    )
    sensible = [seconds for seconds in asked if seconds is not None and seconds >= 0]
    return min(max(sensible[0], 1.0), LONGEST) if sensible else None


def pause(headers: Mapping[str, str]) -> AskedToWait:
    """For an answer that does ask us to wait: so long, or our own default."""
    return AskedToWait(asked_pause(headers) or DEFAULT)


def budget_used(headers: Mapping[str, str]) -> float:
    """Percent of Graph's budget of calls that is spent, by whichever of its headers says most."""
    most = 0.0
    for name in ("x-app-usage", "x-page-usage", "x-business-use-case-usage"):
        try:
            said = json.loads(headers.get(name, "{}"))
            uses = [
                said,
                *(use for kinds in said.values() if isinstance(kinds, list) for use in kinds),
            ]
            shares = [float(use.get(key, 0)) for use in uses for key in SHARES]
        except (ValueError, TypeError, AttributeError):
            continue
        most = max(most, *shares)
    return most


def _number(text: str) -> float | None:
    return float(text) if text.strip().isdecimal() else None


def _date(text: str) -> float | None:
    try:
        when = parsedate_to_datetime(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _iso_date(text: str) -> float | None:
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _until(moment: float | None) -> float | None:
    return None if moment is None else moment - time()


def _regained(text: str) -> float | None:
    """Graph's answer: {id: [{"estimated_time_to_regain_access": minutes}]}, 0 for no limit."""
    try:
        uses = [use for kinds in json.loads(text).values() for use in kinds]
        minutes = max(float(use.get("estimated_time_to_regain_access", 0)) for use in uses)
    except (ValueError, TypeError, AttributeError):
        return None
    return minutes * 60 if minutes > 0 else None
