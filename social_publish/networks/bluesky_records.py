"""Records of a Bluesky account: written, read, deleted; and what a post's record holds."""

from collections.abc import Mapping
from typing import Any

from atproto_client import models

from social_publish.networks.answers import NotSent, Outcome, PublishAnswer, Step, Unknown
from social_publish.networks.atp import Repo
from social_publish.networks.base import Picture
from social_publish.networks.bluesky_post import uri_of


def hand_over(repo: Repo, picture: Picture, handles: Mapping[str, str]) -> PublishAnswer:
    """Upload the picture; the handle `picture` is what the post's record names."""
    kind = {"Content-Type": picture.media_type}
    answer = repo.ask(
        lambda client: client.com.atproto.repo.upload_blob(picture.content, headers=kind)
    )
    if isinstance(answer, Unknown):
        words = "The picture could not be handed to Bluesky yet."
        return NotSent(words, answer.retry_after, answer.trouble)
    if isinstance(answer, Outcome):
        return answer
    return Step({**handles, "picture": answer.blob.model_dump_json(by_alias=True)})


def get_record(repo: Repo, collection: str, key: str) -> Any:
    """One record of the account's own; an Outcome where it was not to be had."""
    wanted = models.ComAtprotoRepoGetRecord.Params(
        repo=repo.account.account_id, collection=collection, rkey=key
    )
    answer = repo.ask(lambda client: client.com.atproto.repo.get_record(wanted))
    if isinstance(answer, Outcome):
        return answer
    if answer.uri != uri_of(repo.account, collection, key):
        return Unknown("Bluesky showed another record.")
    kinds = (models.AppBskyFeedPost.Record, models.AppBskyFeedThreadgate.Record)
    if not isinstance(answer.value, kinds):
        return Unknown("Bluesky gave no clear answer.")
    return answer.value


def put_record(repo: Repo, record: Any, key: str) -> Any:
    """Write one record, in place of what stood there; an Outcome where that failed."""
    data = models.ComAtprotoRepoPutRecord.Data(
        repo=repo.account.account_id, collection=record.py_type, rkey=key, record=record
    )
    return repo.ask(lambda client: client.com.atproto.repo.put_record(data))


def delete_record(repo: Repo, collection: str, key: str) -> Any:
    """Delete one record, whether it is there or not; an Outcome where that failed."""
    data = models.ComAtprotoRepoDeleteRecord.Data(
        repo=repo.account.account_id, collection=collection, rkey=key
    )
    return repo.ask(lambda client: client.com.atproto.repo.delete_record(data))


def links_of(record: Any) -> list[str]:
    """The full addresses that a post carries."""
    features = [feature for facet in record.facets or [] for feature in facet.features]
    return [str(feature.uri) for feature in features if hasattr(feature, "uri")]


def replies_below(thread: Any) -> list[Any]:
    """The posts below one post, at any depth; what is blocked or gone is left out."""
    found = []
    for reply in thread.replies or []:
        if isinstance(reply, models.AppBskyFeedDefs.ThreadViewPost):
            found += [reply.post, *replies_below(reply)]
    return found
