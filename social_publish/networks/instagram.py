"""An Instagram professional account by python-facebook-api (`docs/sources.md`).

Through the access token of the Facebook Page it belongs to: only so may posts be removed.
Instagram fetches the picture itself; comments can be closed only once the post is out.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from social_publish.networks import containers
from social_publish.networks.answers import (
    Identity,
    Look,
    NotSent,
    Outcome,
    PublishAnswer,
    Reading,
    Refused,
    Replies,
    Reply,
    Trouble,
    Unknown,
)
from social_publish.networks.base import Account, Post
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    Proof,
    ReplyControl,
)
from social_publish.networks.containers import TryAnew
from social_publish.networks.graph import Graph, answer_of, open_graph
from social_publish.networks.graph_posts import done, done_or_gone, gathered, listed, shown
from social_publish.networks.graph_tokens import page_token
from social_publish.networks.identities import not_learnt, right, with_rights
from social_publish.networks.text import (
    instagram_objections,
    links_in_words,
    no_mentions,
    utf16_length,
)

NAME = "Instagram"
KIND = containers.Kind(
    slug="instagram",
    hosts=frozenset({"instagram.com", "instagr.am"}),
    make="media",
    publish="media_publish",
    own="media",
    text="caption",
    status="status_code",
)
_PICTURE = Refused(
    "Instagram does not take this picture: its kind, size or shape does not fit. Choose another."
)
_RESTRICTED = Refused(
    "Instagram has restricted the account. Sign in at Instagram to see why. Once that is settled,"
    " let the channel go on.",
    Trouble.SUSPENDED,
)
RIGHTS = (
    right("see its own account", "instagram_basic"),
    right("publish posts", "instagram_content_publish"),
    right("close, read and hide comments", "instagram_manage_comments"),
    right("remove posts", "instagram_manage_contents"),
)
NO_ACCOUNT = (
    "No Instagram professional account belongs to this Page. In the Instagram app make the account"
    " a business account and link it to the Page, then connect the channel again."
)
_LOST = TryAnew("Instagram could not fetch the picture.")
_FAULT = Unknown("Instagram had a fault of its own.")
# Error subcodes (developers.facebook.com, Instagram Platform, "Error codes").
MEANINGS: Mapping[int, Outcome] = {
    2207001: _FAULT,
    2207003: _LOST,
    2207004: _PICTURE,
    2207005: _PICTURE,
    2207006: _FAULT,
    2207008: _FAULT,
    2207009: _PICTURE,
    2207010: Refused("The post is too long for Instagram. Shorten its words."),
    2207020: _LOST,
    2207027: NotSent("Instagram is not ready with the picture yet.", 30),
    2207032: _LOST,
    2207042: NotSent("Instagram takes no more posts today.", 3600, Trouble.RATE_LIMIT),
    2207050: _RESTRICTED,
    2207051: _RESTRICTED,
    2207052: _LOST,
    2207053: _LOST,
}


class Instagram:
    """An Instagram professional account."""

    slug = "instagram"
    name = NAME
    credential_fields: ClassVar[Mapping[str, str]] = {
        "app_id": "App ID",
        "app_secret": "App secret",
        "page_token": "Access token of the Facebook Page",
    }
    limits = Limits(
        maximum=2200,
        # Instagram does not say what it counts; of the likely counts this gives most.
        count=utf16_length,
        mentions=no_mentions,
        picture=PictureLimits(
            max_bytes=8 * 1000 * 1000,
            max_side=1440,
            max_alt_text=1000,
            narrowest=4 / 5,
            widest=1.91,
        ),
        links_work=False,
        objections=instagram_objections,
    )
    bio = Bio(150, utf16_length)
    capabilities = Capabilities(
        reply_control=ReplyControl.CLOSED,
        reply_sentence=(
            "Nobody can comment once comments are closed. Instagram allows that only after posting;"
            " we do so at once, and check it."
        ),
        gap_sentence=(
            "Mostly a few seconds after posting. Should closing fail, it is tried again every"
            " minute at first, and you are told."
        ),
        open_sentence=(
            "Anyone can comment. When the time is over, this website closes comments and checks it."
        ),
        can_hide_replies=True,
        proof=Proof.STRONG,
        needs_picture=True,
        closes_after_posting=True,
        closes_later=True,
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        if post.picture is None:
            return Refused("Instagram takes no post without a picture. Choose one.")
        form = {
            "image_url": post.picture.url,
            "caption": post.text,
            "alt_text": post.picture.alt_text,
        }
        return containers.next_step(_open(account), KIND, account, form, handles)

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        return containers.look(_open(account), KIND, account, post, since, handles)

    def remove(self, account: Account, remote_id: str) -> Outcome:
        return containers.remove(_open(account), remote_id)

    def read(self, account: Account, remote_id: str) -> Reading:
        fields = "id,caption,is_comment_enabled"
        post = shown(lambda: _open(account).get_object(remote_id, fields=fields), remote_id, NAME)
        if isinstance(post, Reading):
            return post
        controls = {True: ReplyControl.OPEN, False: ReplyControl.CLOSED}
        enabled = post.get("is_comment_enabled")
        return Reading(
            True,
            links=links_in_words(str(post.get("caption", ""))),
            reply_control=controls[enabled] if isinstance(enabled, bool) else None,
        )

    def owns_address(self, address: str) -> bool:
        return containers.owns_address(KIND, address)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        api = _open(account)
        form = {"comment_enabled": "false"}
        return done(api, answer_of(lambda: api.post_object(remote_id, data=form), NAME), remote_id)

    def id_from_address(self, address: str) -> str:
        return containers.id_from_address(KIND, address)

    def replies(self, account: Account, remote_id: str) -> Replies:
        rows = listed(
            _open(account),
            f"{remote_id}/comments",
            fields="id,text,username,hidden",
            limit="50",
        )
        return gathered(map(_reply, rows), newest_first=True)

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        api = _open(account)
        answer = answer_of(lambda: api.post_object(reply_id, data={"hide": "true"}), NAME)
        return done_or_gone(api, answer, reply_id)

    def verify(self, account: Account) -> Identity:
        """The account that belongs to the Page whose token this is."""
        api = _open(account)
        token = page_token(api, account)
        if isinstance(token, Identity):
            return token
        fields = "instagram_business_account{id,username,name}"
        answer = answer_of(lambda: api.get_object("me", fields=fields), NAME)
        owner = answer.get("instagram_business_account") if isinstance(answer, dict) else None
        if isinstance(owner, dict) and containers.is_id(owner.get("id")):
            name = str(owner.get("username", ""))
            known = Identity(
                owner["id"],
                str(owner.get("name") or name),
                f"https://www.instagram.com/{name}/",
                expires=token.first_end,
            )
            return with_rights(known, RIGHTS, token.scopes, NAME)
        if isinstance(answer, dict):
            return Identity(reason=NO_ACCOUNT, trouble=Trouble.SIGN_IN)
        return not_learnt(answer, NAME)


def _reply(row: dict[str, Any]) -> Reply:
    words, author = str(row.get("text", "")), str(row.get("username", ""))
    return Reply(row["id"], words, author, hidden=row.get("hidden") is True)


def _open(account: Account) -> Graph:
    api = open_graph(account)
    api.network, api.meanings = NAME, MEANINGS
    return api
