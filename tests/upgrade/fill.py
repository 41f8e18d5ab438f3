"""Fills an empty database as a release leaves it: the demonstration, and posts in every state.

`python -m tests.upgrade.fill` on the database that DATABASE_URL names; `make release-database`
keeps the result of this release for the releases to come.
"""

from collections import deque

import django

django.setup()

from django.core.management import call_command
from django.utils import timezone

from news.models import NewsPage
from social_publish import outbox
from social_publish.models import Announcement, Channel, Delivery, State


def path_to(wanted: State) -> list[str]:
    """The shortest way of legal moves from a proposal to a state."""
    ways = deque([(State.PROPOSED, [])])
    while ways:
        state, moves = ways.popleft()
        if state == wanted:
            return moves
        ways.extend(
            (rule.after, [*moves, name])
            for name, rule in outbox.MOVES.items()
            if state in rule.before and rule.after != state and len(moves) < 6
        )
    raise ValueError(f"No way leads to {wanted}.")


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("setup_demo", verbosity=0)
    page, now = NewsPage.objects.first(), timezone.now()
    # The proposal comes last: a page has one at most, and a newer one would set it aside.
    for number, state in enumerate(sorted(State, key=lambda state: state == State.PROPOSED)):
        announcement = Announcement(
            page=page, page_title=page.title, number=100 + number, content_digest="d" * 64
        )
        channel = Channel.objects.order_by("pk")[number % Channel.objects.count()]
        delivery = Delivery(channel=channel, text=f"Words {number}", length=7)
        outbox.propose(announcement, [delivery], now=now, actor=None)
        for name in path_to(state):
            assert outbox.move(delivery, name, now=now, why="To fill the database.")
        assert delivery.state == state
        if state != State.PROPOSED:
            Announcement.objects.filter(pk=announcement.pk).update(status="approved")


if __name__ == "__main__":
    main()
