"""The control: what a plain queue does. Whatever is not a clear yes is tried again."""

from typing import Any

from social_publish.kill_points import passing
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, Step
from social_publish.networks.base import Account, Post

TRIES = 6


def send(job: dict[str, Any]) -> None:
    """Publish until the network says yes. job: network, account, text and link."""
    account = Account(**job["account"])
    post = Post(job["text"], job["link"])
    passing("before claim")
    for _ in range(TRIES):
        passing("send: claimed")
        passing("send: sending")
        answer = NETWORKS[job["network"]].publish(account, post, {})
        assert not isinstance(answer, Step)
        passing("send: answered")
        if isinstance(answer, Accepted):
            break
    passing("send: settled")
