"""What is wrong with a whole channel, and shows only while posting, is said once on the channel."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from social_publish import outbox
from social_publish.models import Channel, Delivery, State, Trouble
from social_publish.networks import NETWORKS
from tests.council import Council, picture, small_jpeg
from tests.networks.posting import PUBLISH
from tests.networks.test_refusals import HTML, graph, linkedin, said, tiktok, x
from tests.social_publish.tended import DAY, MINUTE, connected, read, sweep

pytestmark = pytest.mark.django_db
MODERATORS = ["moderator2@council.example", "moderator@council.example"]

# {network: its refusal where a right is missing}
NO_RIGHT = {
    "x": (403, x("You are not permitted to perform this action.")),
    "facebook": (403, graph(200)),
    "instagram": (403, graph(10)),
    "threads": (403, graph(10)),
    "linkedin": (403, linkedin("ACCESS_DENIED")),
    "tiktok": (401, tiktok("scope_not_authorized")),
    "bluesky": (403, said("InsufficientScope")),
    "mastodon": (403, said("This action is outside the authorized scopes")),
    "gotosocial": (403, said("token has insufficient scope permission")),
}


@pytest.fixture(autouse=True)
def address(settings: Settings) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://council.example"


def two_posts(council: Council, slug: str) -> Channel:
    """Two pages are approved for one channel; nothing is sent yet."""
    known = {"x": council.x, "facebook": council.facebook}
    channel = known.get(slug) or connected(council, slug, keys_end=90 * DAY)
    council.rehearsal.store.elsewhere = small_jpeg()
    for number in (1, 2):
        page = council.write(
            title=f"Late opening {number}",
            slug=f"late-{number}",
            image=str(picture().pk) if NETWORKS[slug].capabilities.needs_picture else "",
            **{"channel_words-ticked": [str(channel.pk)]},
        )
        council.approve(page)
    mail.outbox.clear()  # Wagtail's own notices
    return channel


def refuse(council: Council, slug: str, status: int, body: Any) -> None:
    council.rehearsal.misbehave("say", match=PUBLISH[slug], times=99, status=status, body=body)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def asked(council: Council, slug: str) -> int:
    """How often the call was made that posts."""
    path = PUBLISH[slug].rpartition("/")[2].rstrip("$")
    return len([r for r in council.rehearsal.requests("POST") if r.path.endswith(path)])


def told() -> list[str]:
    rows = Trouble.objects.filter(over_at=None).exclude(kind="waiting")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("slug", sorted(NO_RIGHT))
def test_a_missing_right_stops_the_channel_once_and_refuses_no_post(
    council: Council, slug: str
) -> None:
    channel = two_posts(council, slug)
    refuse(council, slug, *NO_RIGHT[slug])
    for minutes in range(4):
        sweep(council, minutes * MINUTE)
    assert states() == [State.HELD, State.HELD]
    now = read(channel)
    assert (now.paused, now.trouble_kind) == (True, "rights")
    assert now.trouble.endswith(".")
    assert told() == ["channel"]
    assert sorted(to for m in mail.outbox for to in m.to) == MODERATORS
    assert now.trouble in mail.outbox[0].body
    tries = council.rehearsal.requests("POST")
    sweep(council, 5 * MINUTE)
    assert council.rehearsal.requests("POST") == tries


def test_what_no_look_at_the_account_shows_is_lifted_by_a_person_only(council: Council) -> None:
    channel = two_posts(council, "x")
    refuse(council, "x", *NO_RIGHT["x"])
    sweep(council)
    sweep(council, DAY)
    assert read(channel).checked_at
    assert read(channel).paused
    council.rehearsal.server.faults.waiting.clear()
    outbox.resume_channel(read(channel), now=timezone.now(), actor=council.people["moderator"])
    sweep(council)
    sweep(council, MINUTE)
    assert states() == [State.POSTED, State.POSTED]


@pytest.mark.parametrize(
    ("slug", "status", "body", "kind"),
    [
        ("x", 401, x("Unauthorized"), "sign in"),
        ("x", 403, x("Your account is suspended."), "suspended"),
        ("facebook", 400, graph(101), "suspended"),
        ("facebook", 400, graph(100, 33), "rights"),
        ("facebook", 400, graph(2635), "outdated"),
        ("linkedin", 426, linkedin("NONEXISTENT_VERSION"), "outdated"),
        ("mastodon", 410, said("Gone"), "outdated"),
    ],
)
def test_so_does_every_other_trouble_of_the_whole_account(
    council: Council, slug: str, status: int, body: Any, kind: str
) -> None:
    channel = two_posts(council, slug)
    refuse(council, slug, status, body)
    sweep(council)
    sweep(council, MINUTE)
    assert (states(), read(channel).trouble_kind) == ([State.HELD, State.HELD], kind)
    assert (told(), asked(council, slug)) == (["channel"], 1)


@pytest.mark.parametrize("slug", ["x", "mastodon", "bluesky"])
def test_web_pages_instead_of_answers_put_one_post_in_doubt_and_no_other(
    council: Council, slug: str
) -> None:
    """It mends itself: the account is asked a quarter of an hour later, and the posts go on."""
    channel = two_posts(council, slug)
    refuse(council, slug, 200, HTML)
    sweep(council)
    first, second = states()
    assert first in (State.UNKNOWN, State.NEEDS_PERSON)
    assert second == State.HELD
    assert "web page" in read(channel).trouble
    council.rehearsal.server.faults.waiting.clear()
    sweep(council, 16 * MINUTE)
    assert not read(channel).paused
    sweep(council, 17 * MINUTE)
    assert states()[1] == State.POSTED


def test_an_app_that_tiktok_has_not_checked_leaves_the_posts_to_people(council: Council) -> None:
    """The channel goes on, because each page's post is still to be made by hand."""
    channel = two_posts(council, "tiktok")
    council.rehearsal.store.change_account(
        council.rehearsal.account("tiktok", channel.account_id), unaudited=True
    )
    sweep(council)
    sweep(council, MINUTE)
    assert states() == [State.REFUSED, State.REFUSED]
    now = read(channel)
    assert not now.paused
    assert "by hand" in now.check_says
    assert told().count("check") == 1
    assert sum("A channel needs looking at" in m.subject for m in mail.outbox) == 2
