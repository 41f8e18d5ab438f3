"""What a check of one post's replies found, and the words in which a clerk reads it."""

from dataclasses import dataclass

from social_publish.networks.answers import Trouble
from social_publish.networks.capabilities import ReplyControl


@dataclass(frozen=True)
class Checked:
    """What a check of one post's replies found and did.

    given: the reply control in force, None when that could not be learnt; confirmed: a read
    showed it; hidden: how many replies we hid now and read back as hidden; open_: how many we
    could not hide; more: others wait, and hiding works; gone: the post itself is not there;
    last: no later check would learn more;
    used: percent of the network's budget of calls that is spent;
    trouble: what stood in the way concerns the whole channel.
    """

    given: ReplyControl | None
    confirmed: bool
    hidden: int = 0
    open_: int = 0
    more: bool = False
    gone: bool = False
    last: bool = False
    reason: str = ""
    trouble: Trouble | None = None
    used: float = 0.0


def words_of(checked: Checked, *, wish_closed: bool) -> str:
    """What a clerk must know; nothing when all is as it should be."""
    if checked.reason and (checked.given is ReplyControl.OPEN or not wish_closed):
        return checked.reason
    said = []
    if checked.open_:
        them = "it" if checked.open_ == 1 else "them"
        said.append(
            f"{_count(checked.open_)} could not be hidden. Hide {them} on the network by hand."
        )
    if checked.hidden:
        was = "was" if checked.hidden == 1 else "were"
        said.append(f"{_count(checked.hidden)} {was} hidden, and read back as hidden.")
    if not said and not checked.confirmed and (wish_closed or checked.reason):
        said.append(f"Replies could not be checked. {checked.reason}".strip())
    if checked.more:
        said.append("More comments wait to be hidden; that goes on at once.")
    return " ".join(said)


def _count(number: int) -> str:
    return "1 comment" if number == 1 else f"{number} comments"
