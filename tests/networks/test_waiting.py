"""A network that asks us to wait is believed, within reason (F12)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import time

import pytest

from social_publish.networks.answers import NotSent, Trouble
from social_publish.networks.base import Account
from tests.networks.posting import PUBLISH, plain, publish
from tests.rehearsal_server import RehearsalServer

QUARTER, DAY = 900, 24 * 3600


def in_seconds(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def asked(
    slug: str, account: Account, rehearsal: RehearsalServer, headers: dict[str, str]
) -> float:
    rehearsal.misbehave("rate_limit", match=PUBLISH[slug], headers=headers)
    answer = publish(slug, account, plain(slug))
    assert isinstance(answer, NotSent)
    assert answer.trouble == Trouble.RATE_LIMIT
    assert answer.retry_after is not None
    return answer.retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, QUARTER),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "315360000"}, DAY),
        ({"Retry-After": "9" * 400}, DAY),
        ({"Retry-After": "-5"}, QUARTER),
        ({"Retry-After": "soon"}, QUARTER),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, QUARTER),
        ({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}, DAY),
        ({"Retry-After": "Fri, 99 Jan 20000 00:00:00 GMT"}, QUARTER),
    ],
)
def test_what_is_asked_for_is_kept_within_reason(
    slug: str,
    account: Account,
    rehearsal: RehearsalServer,
    headers: dict[str, str],
    seconds: float,
) -> None:
    assert asked(slug, account, rehearsal, headers) == seconds


def test_a_date_is_waited_for(slug: str, account: Account, rehearsal: RehearsalServer) -> None:
    seconds = asked(slug, account, rehearsal, {"Retry-After": in_seconds(3600)})
    assert 3500 < seconds <= 3600


@pytest.mark.parametrize("slug", ["x"])
def test_the_time_of_reset_is_waited_for(account: Account, rehearsal: RehearsalServer) -> None:
    seconds = asked("x", account, rehearsal, {"x-rate-limit-reset": str(int(time()) + 600)})
    assert 500 < seconds <= 600
    for reset, expected in (
        (str(int(time()) + 10 * 365 * DAY), DAY),
        ("1", QUARTER),
        ("-1", QUARTER),
        ("later", QUARTER),
        ("9" * 5000, DAY),
    ):
        assert asked("x", account, rehearsal, {"x-rate-limit-reset": reset}) == expected


def iso(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def unix(seconds: int) -> str:
    return str(int(time()) + seconds)


# The time is worked out by the test: the list is made when the run begins, which may be long ago.
@pytest.mark.parametrize(
    ("slug", "name", "written"),
    [
        ("bluesky", "ratelimit-reset", unix),
        ("gotosocial", "X-RateLimit-Reset", unix),
        ("mastodon", "X-RateLimit-Reset", iso),
    ],
)
def test_each_way_of_telling_the_time_of_reset_is_read(
    slug: str,
    account: Account,
    rehearsal: RehearsalServer,
    name: str,
    written: Callable[[int], str],
) -> None:
    assert 2400 < asked(slug, account, rehearsal, {name: written(3600)}) <= 3600


@pytest.mark.parametrize("slug", ["mastodon"])
@pytest.mark.parametrize("reset", ["soon", "2015-10-21T07:28:00Z", "99999-01-01", ""])
def test_a_time_of_reset_that_makes_no_sense_is_not(
    account: Account, rehearsal: RehearsalServer, reset: str
) -> None:
    assert asked("mastodon", account, rehearsal, {"X-RateLimit-Reset": reset}) == QUARTER


@pytest.mark.parametrize("slug", ["facebook"])
@pytest.mark.parametrize(
    ("usage", "seconds"),
    [
        ('{"1": [{"type": "pages", "estimated_time_to_regain_access": 19}]}', 19 * 60),
        ('{"1": [{"estimated_time_to_regain_access": 0}]}', QUARTER),
        ('{"1": [{"estimated_time_to_regain_access": -7}]}', QUARTER),
        ('{"1": [{"estimated_time_to_regain_access": 99999999}]}', DAY),
        ('{"1": [{"estimated_time_to_regain_access": "soon"}]}', QUARTER),
        ("[1]", QUARTER),
        ("no json", QUARTER),
    ],
)
def test_graphs_minutes_to_regain_access_are_waited_for(
    account: Account, rehearsal: RehearsalServer, usage: str, seconds: float
) -> None:
    headers = {"x-business-use-case-usage": usage}
    assert asked("facebook", account, rehearsal, headers) == seconds
