"""One check of a post's replies over the network: read, and closed where a call can do that."""

from collections.abc import Callable
from time import monotonic

from social_publish.networks.answers import NotSent, Reading, Refused
from social_publish.networks.base import Account, Network
from social_publish.networks.capabilities import ReplyControl
from social_publish.replies.checked import Checked
from social_publish.replies.hiding import SECONDS_TO_HIDE, sweep
from social_publish.replies.wanted import CLOSED, Wish


def check(
    network: Network,
    account: Account,
    remote_id: str,
    wish: Wish = CLOSED,
    *,
    clock: Callable[[], float] = monotonic,
) -> Checked:
    """Look at one post's replies over the network; close or hide them where that is the way.

    clock: seconds that only ever rise.
    """
    stop = clock() + SECONDS_TO_HIDE
    able = network.capabilities
    if not able.can_read:
        return _unreadable(network, wish)
    reading = network.read(account, remote_id)
    if reading.found is False:
        return Checked(None, confirmed=False, gone=True)
    if not wish.closed:
        return _open(network, reading)
    if able.reply_control is ReplyControl.SWEPT and not reading.trouble:
        return sweep(network, account, remote_id, wish, lambda: clock() < stop)
    known_open = reading.reply_control is ReplyControl.OPEN
    not_closed = able.closes_after_posting and reading.reply_control is not ReplyControl.CLOSED
    if able.closes_later and (known_open or not_closed):
        answer = network.close_replies(account, remote_id)
        if isinstance(answer, NotSent | Refused):
            return _refused(network, reading, answer)
        reading = network.read(account, remote_id)
    return _closed(network, reading, wish)


def _refused(network: Network, reading: Reading, answer: NotSent | Refused) -> Checked:
    """Closing failed for certain."""
    given = ReplyControl.OPEN if reading.found else None
    reason = f"{_by_hand(network)} {answer.reason}" if reading.found else answer.reason
    return Checked(given, confirmed=False, reason=reason, trouble=answer.trouble)


def _closed(network: Network, reading: Reading, wish: Wish) -> Checked:
    """What a read shows of replies that should be closed."""
    able, given = network.capabilities, reading.reply_control
    never = given in (None, ReplyControl.NOT_POSSIBLE)
    left_open = able.closes_after_posting or wish.since is not None
    if reading.found and never and left_open:
        # It was posted with replies open, and nothing shows that this has changed.
        given = ReplyControl.OPEN
    if given is ReplyControl.OPEN:
        return Checked(given, confirmed=False, reason=_by_hand(network), trouble=reading.trouble)
    confirmed = given is able.reply_control
    return Checked(given, confirmed=confirmed, reason=reading.reason, trouble=reading.trouble)


def _by_hand(network: Network) -> str:
    words = "Anyone can reply although replies should be closed."
    if network.capabilities.closes_later:
        words += " Closing them is tried again."
    if network.capabilities.reply_control is ReplyControl.NOT_POSSIBLE:
        return f"{words} Close them there by hand if you can, or take the post down."
    return (
        f"{words} Close them on {network.name} by hand: open the post there and change who can"
        " reply."
    )


def _open(network: Network, reading: Reading) -> Checked:
    """What a read shows of replies that were opened. Nothing is closed, nothing is hidden."""
    given = reading.reply_control
    if given in (None, ReplyControl.NOT_POSSIBLE) and reading.found and not reading.reason:
        given = ReplyControl.OPEN
    reason = reading.reason
    if given in (ReplyControl.CLOSED, ReplyControl.NARROWED):
        reason = f"Replies were opened, but {network.name} lets nobody reply. Open them there."
    confirmed = given is ReplyControl.OPEN
    return Checked(given, confirmed=confirmed, reason=reason, trouble=reading.trouble)


def _unreadable(network: Network, wish: Wish) -> Checked:
    words = f"{network.name} lets no program read posts back. Look there once yourself."
    if not wish.closed:
        return Checked(ReplyControl.OPEN, confirmed=False, last=True)
    if wish.since is not None:
        return Checked(ReplyControl.OPEN, confirmed=False, reason=_by_hand(network))
    control = network.capabilities.reply_control
    return Checked(control, confirmed=False, last=True, reason=words)
