"""A LinkedIn organisation page by plain HTTP (`docs/sources.md`).

The picture is handed over first; only the call that makes the post may not be repeated. Comments
are closed by a call of its own once the post is out, and that is read back.
"""

import re
from collections.abc import Mapping
from time import monotonic
from typing import Any, ClassVar
from urllib.parse import unquote

from social_publish.networks import linkedin_sign_in
from social_publish.networks.addresses import is_on, rehearsed
from social_publish.networks.answers import (
    Accepted,
    HasAlready,
    Identity,
    Look,
    Outcome,
    PublishAnswer,
    Reading,
    Renewed,
    Replies,
    Reply,
    Unknown,
    no_right,
    reason_of,
    trouble_of,
)
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    Proof,
    ReplyControl,
)
from social_publish.networks.linkedin_api import (
    NAME,
    POST_URN,
    Api,
    Listed,
    NotThere,
    carries,
    duplicate_of,
    in_path,
    little,
    not_allowed,
    organisation,
    own_posts,
    plain,
    refusal,
)
from social_publish.networks.linkedin_pictures import hand_over, until_ready
from social_publish.networks.plain import Said
from social_publish.networks.text import no_mentions, utf16_length

HOSTS = {"linkedin.com"}
PAGES = 5
SECONDS_TO_LOOK = 20.0


def linkedin_length(text: str) -> int:
    """As the text is sent: whether LinkedIn counts the backslashes is not known, so we do."""
    return utf16_length(little(text))


class LinkedIn:
    """A LinkedIn organisation page."""

    slug = "linkedin"
    name = NAME
    credential_fields: ClassVar[Mapping[str, str]] = {
        "client_id": "Client ID",
        "client_secret": "Client secret",
        "access_token": "Access token",
        "refresh_token": "Refresh token",
    }
    renew_before = 14 * 24 * 3600.0  # of 60 days
    limits = Limits(
        maximum=3000,
        count=linkedin_length,
        mentions=no_mentions,
        picture=PictureLimits(max_bytes=5 * 1024 * 1024, max_side=4096, max_alt_text=1000),
    )
    bio = Bio(2000, utf16_length, place="About")
    capabilities = Capabilities(
        reply_control=ReplyControl.CLOSED,
        reply_sentence=(
            "Nobody can comment once comments are closed. LinkedIn allows that only after posting;"
            " we do so at once, and check it. Closing deletes what was written until then."
        ),
        gap_sentence=(
            "Mostly a few seconds after posting, up to a minute when much goes out at once. Should"
            " closing fail, it is tried again every minute at first, and you are told."
        ),
        open_sentence=(
            "Anyone can comment. When the time is over, this website closes comments and checks"
            " it, and LinkedIn then deletes every comment that is there. Copy them before."
        ),
        closes_after_posting=True,
        closes_later=True,
        proof=Proof.MEDIUM,
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        if post.picture and "image" not in handles:
            return hand_over(account, post.picture)
        api = Api(account)
        if post.picture and (waiting := until_ready(api, handles)):
            return waiting
        body = _body(account, post, handles.get("image", ""))
        answer = api.ask("POST", "/rest/posts", json=body)
        if not isinstance(answer, Said):
            return answer
        if urn := duplicate_of(answer):
            return _already_there(api, post, urn)
        if not answer.well:
            said = refusal(answer)
            return not_allowed() if isinstance(said, NotThere) else said
        remote_id = answer.headers.get("x-restli-id", "")
        if not re.fullmatch(POST_URN, remote_id):
            return Unknown("LinkedIn answered, but not with the number of the new post.")
        return Accepted(remote_id, _address(account, remote_id))

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        api, began = Api(account), monotonic()
        found: tuple[Accepted, ...] = ()
        for page in range(PAGES):
            listed = own_posts(api, page)
            if not isinstance(listed, Listed):
                reason, trouble = reason_of(listed, NAME), trouble_of(listed)
                return Look(found, impossible=no_right(listed), reason=reason, trouble=trouble)
            ids = [row["id"] for row in listed.rows if carries(row, post.link)]
            # Pages and posts come newest first.
            found = (*(Accepted(i, _address(account, i)) for i in reversed(ids)), *found)
            if listed.is_last or listed.rows[-1]["lastModifiedAt"] < (since - 60) * 1000:
                return Look(found, complete=True)
            if monotonic() - began > SECONDS_TO_LOOK:
                return Look(found, reason="LinkedIn was too slow to look through the newer posts.")
        reason = "LinkedIn shows too many newer posts to look through."
        return Look(found, impossible=True, reason=reason)

    def remove(self, account: Account, remote_id: str) -> Outcome:
        answer = Api(account).ask("DELETE", f"/rest/posts/{in_path(remote_id)}")
        if not isinstance(answer, Said):
            return answer
        if answer.status in (204, 404):
            return Accepted(remote_id)
        if answer.well:
            return Unknown("LinkedIn did not say that the post was removed.")
        return refusal(answer)

    def read(self, account: Account, remote_id: str) -> Reading:
        api = Api(account)
        post = api.read(f"/rest/posts/{in_path(remote_id)}")
        if isinstance(post, NotThere):
            return Reading(False)
        if not isinstance(post, Said):
            return Reading(None, reason=reason_of(post, NAME), trouble=trouble_of(post))
        if post.body.get("id") != remote_id:
            return Reading(None, reason="LinkedIn did not show the post.")
        links = tuple(re.findall(r"https?://\S+", plain(post.body.get("commentary"))))
        ours = post.body.get("author", organisation(account)) == organisation(account)
        comments = api.read(f"/rest/socialMetadata/{in_path(remote_id)}")
        if not isinstance(comments, Said):
            reason, trouble = reason_of(comments, NAME), trouble_of(comments)
            return Reading(True, links, reason=reason, trouble=trouble, ours=ours)
        states = {"CLOSED": ReplyControl.CLOSED, "OPEN": ReplyControl.OPEN}
        state = str(comments.body.get("commentsState"))
        return Reading(True, links, reply_control=states.get(state), ours=ours)

    def owns_address(self, address: str) -> bool:
        return is_on(address, HOSTS, self.slug)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        answer = Api(account).ask(
            "POST",
            f"/rest/socialMetadata/{in_path(remote_id)}",
            restli="PARTIAL_UPDATE",
            params={"actor": organisation(account)},
            json={"patch": {"$set": {"commentsState": "CLOSED"}}},
        )
        if not isinstance(answer, Said):
            return answer
        return Accepted(remote_id) if answer.well else refusal(answer)

    def id_from_address(self, address: str) -> str:
        # An activity's number, which most addresses hold, is not the number of the post.
        match = re.search(POST_URN + r"(?![0-9])", unquote(address))
        return match[0] if match and self.owns_address(address) else ""

    def replies(self, account: Account, remote_id: str) -> Replies:
        answer = Api(account).read(f"/rest/socialActions/{in_path(remote_id)}/comments")
        rows = answer.body.get("elements") if isinstance(answer, Said) else None
        if not isinstance(rows, list):
            reason, trouble = reason_of(answer, NAME), trouble_of(answer)
            return Replies(readable=False, reason=reason, trouble=trouble)
        return Replies(tuple(_reply(row) for row in rows if isinstance(row, dict)))

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        raise NotSupported

    def verify(self, account: Account) -> Identity:
        return linkedin_sign_in.identity(account)

    def renew(self, account: Account) -> Renewed | Outcome:
        """The new keys run on to the same yearly end, at which a person signs in again."""
        return linkedin_sign_in.renew(account)


def _body(account: Account, post: Post, image: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "author": organisation(account),
        "commentary": little(post.text),
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    if post.picture:
        body["content"] = {"media": {"id": image, "altText": post.picture.alt_text}}
    return body


def _already_there(api: Api, post: Post, urn: str) -> Outcome:
    """LinkedIn names the earlier post; it is ours when it carries our link, and still there."""
    earlier = api.read(f"/rest/posts/{in_path(urn)}")
    there = isinstance(earlier, Said) and earlier.body.get("id") == urn
    if isinstance(earlier, Said) and there and carries(earlier.body, post.link):
        return Accepted(urn, _address(api.account, urn))
    return HasAlready(f"LinkedIn says that it already has a post with these words, as {urn}.")


def _reply(row: Mapping[str, Any]) -> Reply:
    message = row.get("message")
    words = message.get("text", "") if isinstance(message, dict) else ""
    return Reply(str(row.get("id", "")), str(words), str(row.get("actor", "")), False)


def _address(account: Account, remote_id: str) -> str:
    if own := rehearsed(account, "linkedin", remote_id):
        return own
    return f"https://www.linkedin.com/feed/update/{remote_id}/"
