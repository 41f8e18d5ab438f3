"""Handing X a picture: first its bytes, then its description, before the post names it."""

import base64
from collections.abc import Callable, Mapping

import requests
import tweepy

from social_publish.networks.answers import NotSent, PublishAnswer, Step, Unknown
from social_publish.networks.base import Picture
from social_publish.networks.x_api import answer_of


def hand_over(client: tweepy.Client, picture: Picture, handles: Mapping[str, str]) -> PublishAnswer:
    """The next step until the handles hold `media_id` and `described`."""
    if "media_id" not in handles:
        media = base64.b64encode(picture.content).decode()
        body = {"media": media, "media_category": "tweet_image"}
        return _step(lambda: client.request("POST", "/2/media/upload", json=body, user_auth=True))
    described = {
        "id": handles["media_id"],
        "metadata": {"alt_text": {"text": picture.alt_text}},
    }
    return _step(
        lambda: client.request("POST", "/2/media/metadata", json=described, user_auth=True),
        described=handles["media_id"],
    )


def _step(call: Callable[[], requests.Response], *, described: str = "") -> PublishAnswer:
    """Such a step may be repeated, so no answer of it leaves the post in doubt."""
    answer = answer_of(call)
    if isinstance(answer, Unknown):
        words = "The picture could not be handed to X yet."
        return NotSent(words, answer.retry_after, answer.trouble)
    if not isinstance(answer, requests.Response):
        return answer
    if described:
        return Step({"media_id": described, "described": "yes"})
    try:
        media_id = answer.json()["data"]["id"]
    except (ValueError, KeyError, TypeError):
        return NotSent("X took the picture but did not name it.")
    return Step({"media_id": str(media_id)})
