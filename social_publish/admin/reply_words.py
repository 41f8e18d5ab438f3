"""What is known of a post's replies, in plain words, and what a person may do about them."""

from django.utils import timezone

from social_publish import replies
from social_publish.models import Delivery, State

REPLY_WORDS = {
    "closed": "Nobody can reply.",
    "narrowed": "Only people whom the post mentions can reply, and it mentions nobody.",
    "swept": "Anyone can comment; each comment is hidden when we find it.",
    "not possible": "Anyone can reply: this network cannot close replies.",
    "open": "Anyone can reply.",
}
CLOSE = ("social_publish_close_replies", "Close replies now")
WATCH = ("social_publish_watch_replies", "Name who watches the replies")
SEEN = ("social_publish_replies_seen", "I saw to the replies")


def reply_words(delivery: Delivery) -> str:
    """What is known of replies: wanted, given, and whether a read confirmed it."""
    if delivery.state != State.POSTED:
        return "—"
    wanted = "They should be open. " if delivery.replies_wanted == "open" else ""
    if replies.standing(delivery) is replies.Standing.OPEN:
        wanted = "They should be closed. "
    words = wanted + REPLY_WORDS.get(delivery.replies_given, "Not checked yet.")
    if delivery.replies_confirmed_at:
        read_at = timezone.localtime(delivery.replies_confirmed_at)
        return f"{words} Read back on {read_at:%d %B, %H:%M}."
    return f"{words} Not confirmed by a read yet."


def reply_actions(delivery: Delivery) -> list[tuple[str, str]]:
    """[(url name, label)] of what can be done about the replies of a post that is out."""
    if delivery.replies_wanted == "open":
        return [CLOSE, WATCH]
    is_open = replies.standing(delivery) is replies.Standing.OPEN
    return [SEEN] if is_open and delivery.replies_due_at else []
