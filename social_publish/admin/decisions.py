"""What a person may decide about a post now, and what that will mean."""

from django.contrib.auth.models import User

from social_publish import take_down
from social_publish.admin.reply_words import reply_actions
from social_publish.models import Delivery, EmergencyStop, HoldReason, State, Wanted
from social_publish.networks import NETWORKS
from social_publish.networks.capabilities import Capabilities

# What a person may let go, and in which words.
RELEASES = {
    HoldReason.RESTORED: "It was never posted: post it",
    HoldReason.STOPPED: "Post it now",
    HoldReason.APPROVER: "Post it now",
    HoldReason.ACCOUNT: "Post it to the account that is connected now",
}
POSTED_BY_HAND = ("social_publish_there", "I posted it by hand")


def may_decide(user: User, delivery: Delivery) -> bool:
    """May this person decide about this post: an officer of its section with the right?"""
    officer = take_down.is_officer_of(user, take_down.group_of(delivery))
    return officer and user.has_perm("social_publish.decide_delivery")


def actions_for(user: User, delivery: Delivery) -> list[tuple[str, str]]:
    """[(url name, label)] of what this person may do with this post now."""
    if not may_decide(user, delivery):
        return []
    words = RELEASES.get(HoldReason(delivery.hold_reason), "")
    released = [("social_publish_retry", words)] if words and _is_wanted(delivery) else []
    copies = [("social_publish_copies_gone", "I removed the other copies")]
    choices = {
        State.REFUSED: [
            ("social_publish_retry", "Try again"),
            POSTED_BY_HAND,
            ("social_publish_leave", "Leave it"),
        ],
        State.POSTED: [
            *reply_actions(delivery),
            ("social_publish_take_down_post", "Take this post down"),
        ],
        State.QUEUED: [("social_publish_take_down_post", "Do not post it")],
        State.SENDING: [("social_publish_take_down_post", "Take this post down")],
        State.UNKNOWN: [("social_publish_take_down_post", "Take this post down")],
        State.HELD: [
            *released,
            ("social_publish_take_down_post", "Do not post it"),
        ],
        State.NEEDS_PERSON: _to_be_settled(delivery),
    }
    here = choices.get(State(delivery.state), [])
    return [*copies, *here] if delivery.other_copies else here


def _to_be_settled(delivery: Delivery) -> list[tuple[str, str]]:
    """What a person may say about a post of which the machine is not sure."""
    if is_removal(delivery):
        again = [("social_publish_remove_again", "Try to remove it again")]
        able = capabilities_of(delivery).can_remove
        return [*(again if able else []), ("social_publish_leave", "I saw that it is gone")]
    if delivery.wanted == Wanted.ABSENT:
        return [
            ("social_publish_there", "It is there: remove it"),
            ("social_publish_leave", "It is not there"),
        ]
    if to_post_by_hand(delivery):
        return [POSTED_BY_HAND, ("social_publish_leave", "Leave it unposted")]
    return [
        ("social_publish_there", "It is there"),
        ("social_publish_retry", "It is not there: post it"),
        ("social_publish_leave", "Leave it unposted"),
    ]


def _is_wanted(delivery: Delivery) -> bool:
    return delivery.wanted == Wanted.PRESENT


def why_not_retried(delivery: Delivery) -> str:
    """What stands in the way of posting it again, as a sentence; "" for nothing."""
    if delivery.wanted == Wanted.ABSENT:
        return "This post was taken down or withdrawn, so it is not posted."
    if EmergencyStop.is_on():
        return "The emergency stop is on. Lift it first."
    if delivery.state == State.HELD and delivery.hold_reason not in RELEASES:
        return f"{delivery.get_hold_reason_display()}."
    return ""


def capabilities_of(delivery: Delivery) -> Capabilities:
    """What the post's network lets us do."""
    return NETWORKS[delivery.channel.network].capabilities


def is_removal(delivery: Delivery) -> bool:
    """Was it posted, and is to go?"""
    return delivery.wanted == Wanted.ABSENT and bool(delivery.remote_id)


def to_post_by_hand(delivery: Delivery) -> bool:
    """Is it certain that no machine posted it, so that a person may?"""
    asked = delivery.state == State.NEEDS_PERSON and capabilities_of(delivery).by_hand
    return delivery.wanted == Wanted.PRESENT and (asked or delivery.state == State.REFUSED)


def removal_sentence(delivery: Delivery) -> str:
    """What taking a post down will mean, before anyone presses."""
    if capabilities_of(delivery).can_remove:
        return f"The post on {delivery.channel.name} is removed."
    return (
        f"No machine can remove the post on {delivery.channel.name}: remove it there yourself."
        " You are reminded until you write down that it is gone."
    )
