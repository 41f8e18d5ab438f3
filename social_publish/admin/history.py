"""The history of a post in a clerk's words."""

from datetime import datetime

from social_publish import outbox
from social_publish.models import Delivery, DeliveryEvent

WORDS = {
    "propose": "Written down for approval",
    "release": "Released to be posted",
    "hold": "Put on hold",
    "cancel": "Cancelled before it was posted",
    "claim": "Posting began",
    "step": "One step of posting is done",
    "accept": "Posted",
    "put back": "Not posted yet; it is tried again",
    "refuse": "Refused by the network",
    "lose sight": "No clear answer came: it may have been posted or not",
    "find": "Found on the network, so it was posted",
    "late yes": "The network's answer came late: it was posted",
    "look again": "Looked for on the network, and not found yet",
    "send again": "It was not on the network, so it is posted once more",
    "ask": "Left for a person to decide",
    "retry": "Posted again at a person's word",
    "confirm": "A person found it on the network, or posted it there",
    "remove": "Removal began",
    "remove again": "Not removed yet; it is tried again",
    "prove removed": "Removed",
    "miss": "Gone from the network, removed by someone else",
    "replies": "Replies were seen to",
    "second copy": "A second copy on the network was noted or settled",
    "forget": "The kept text was deleted",
}


# The moves that write down what the network answered to a try.
ANSWERS = ("put back", "refuse", "lose sight")


def last_try(delivery: Delivery) -> tuple[datetime, str] | None:
    """When posting was last tried, and what came of it in words; None where it never was."""
    claim = delivery.events.filter(move="claim").last()
    if claim is None:
        return None
    answer = delivery.events.filter(pk__gt=claim.pk, move__in=ANSWERS).exclude(why="").first()
    return claim.at, answer.why if answer else ""


def history_words(event: DeliveryEvent) -> str:
    """What happened, as a clerk would say it."""
    return WORDS.get(event.move) or outbox.MOVES[event.move].meaning
