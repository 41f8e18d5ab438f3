"""Finding the post that a person says is there: by the address they pasted, or by its link."""

from social_publish import worker
from social_publish.credentials import CredentialsLost
from social_publish.models import Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted
from social_publish.networks.base import Account, Post


class NotThisPost(Exception):
    """The pasted address does not lead to this post; the text is for the clerk."""


def find(delivery: Delivery, address: str) -> Accepted:
    """The post at the address, with its number on the network. Raises NotThisPost.

    Not every public address holds that number (Facebook's mostly do not): then the network is
    searched for the post that carries this delivery's own link.
    """
    network = NETWORKS[delivery.channel.network]
    able = network.capabilities
    if not (able.by_hand or network.owns_address(address)):
        raise NotThisPost(f"This is not the address of a post on {network.name}.")
    remote_id = network.id_from_address(address)
    if not able.can_read:
        # No machine can look, so the person's word stands.
        return Accepted(remote_id or address[:200], address)
    try:
        account = worker.account_of(delivery.channel)
    except CredentialsLost as error:
        if remote_id:
            return Accepted(remote_id, address)
        raise NotThisPost(str(error)) from error
    if remote_id and _is_this_post(delivery, account, remote_id):
        return Accepted(remote_id, address)
    if found := _searched(delivery, account):
        return found
    fault = (
        f"{network.name} says there is no such post"
        if remote_id
        else f"This is not the address of a post on {network.name}"
    )
    raise NotThisPost(
        f"{fault}, and searching there did not show this post either. Press on the date above"
        " the post, and copy the address of what opens."
    )


def _is_this_post(delivery: Delivery, account: Account, remote_id: str) -> bool:
    """A person is believed where the network cannot be read, and never against it."""
    reading = NETWORKS[delivery.channel.network].read(account, remote_id)
    if reading.found and not reading.ours:
        raise NotThisPost(
            "That post is another account's. Open the council's own profile, and find the post there."
        )
    if reading.found and delivery.link not in reading.links:
        raise NotThisPost("That post is not this one: it does not carry this post's link.")
    return reading.found is not False


def _searched(delivery: Delivery, account: Account) -> Accepted | None:
    network = NETWORKS[delivery.channel.network]
    since = (delivery.first_sent_at or delivery.announcement.proposed_at).timestamp()
    post = Post(delivery.text, delivery.link)
    look = network.look(account, post, since, delivery.handles)
    return look.found[0] if look.found else None
