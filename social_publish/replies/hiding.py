"""Where a network has no switch for replies, each one is hidden as it comes."""

from collections.abc import Callable
from dataclasses import dataclass

from social_publish.networks.answers import Accepted, NotSent, Refused, Replies, Trouble
from social_publish.networks.base import Account, Network
from social_publish.networks.capabilities import ReplyControl
from social_publish.replies.checked import Checked
from social_publish.replies.wanted import Wish

# One check must end well within its lease, and must not spend a Page's calls all at once.
MOST_HIDES = 20
SECONDS_TO_HIDE = 40.0


def sweep(
    network: Network, account: Account, remote_id: str, wish: Wish, in_time: Callable[[], bool]
) -> Checked:
    """Hide what anyone can read and should not, and read again what is left."""
    found = network.replies(account, remote_id)
    if not found.readable:
        reason, trouble = found.reason, found.trouble
        return Checked(None, confirmed=False, reason=reason, trouble=trouble, used=found.used)
    shown = _shown(found, wish)
    if not shown:
        return Checked(ReplyControl.SWEPT, confirmed=True, used=found.used)
    tried, works, stop = _hide(network, account, shown, in_time)
    after = network.replies(account, remote_id) if in_time() else Replies(readable=False)
    if not after.readable:
        return Checked(
            None,
            confirmed=False,
            more=works and not tried.issuperset(shown),
            reason=after.reason or "There was no time to see whether every comment is hidden.",
            trouble=stop.trouble or after.trouble,
            used=max(found.used, after.used),
        )
    still = _shown(after, wish)
    more = works and not tried.issuperset(still)
    return Checked(
        ReplyControl.SWEPT,
        confirmed=not still,
        hidden=len([reply for reply in after.items if reply.hidden and reply.remote_id in tried]),
        open_=len(tried.intersection(still) if more else still),
        more=more,
        reason=stop.reason,
        trouble=stop.trouble,
        used=after.used,
    )


@dataclass(frozen=True)
class _Stop:
    """Why hiding stopped before its end: trouble of the whole channel, or nothing."""

    trouble: Trouble | None = None
    reason: str = ""


def _hide(
    network: Network, account: Account, shown: list[str], in_time: Callable[[], bool]
) -> tuple[set[str], bool, _Stop]:
    """Hide the oldest first. Which were tried, whether going on is of use, what stopped us."""
    tried: set[str] = set()
    works = False
    for reply_id in shown[:MOST_HIDES]:
        if not in_time():
            break
        tried.add(reply_id)
        answer = network.hide_reply(account, reply_id)
        if (
            isinstance(answer, NotSent | Refused)
            and answer.trouble
            and answer.trouble is not Trouble.RIGHTS
        ):
            return tried, False, _Stop(answer.trouble, answer.reason)
        works = works or isinstance(answer, Accepted)
    return tried, works, _Stop()


def _shown(found: Replies, wish: Wish) -> list[str]:
    """What anyone can read and should not; what was written while replies were open stays."""
    since = wish.since or 0.0
    return [
        reply.remote_id
        for reply in found.items
        if not reply.hidden and (reply.written is None or reply.written >= since)
    ]
