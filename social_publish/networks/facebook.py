"""A Facebook Page by python-facebook-api (`docs/sources.md`).

The picture is uploaded unpublished with its alt text, then the post is made with it attached:
only the last call may not be repeated.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from social_publish.networks.addresses import is_on, rehearsed
from social_publish.networks.answers import (
    Accepted,
    Identity,
    Look,
    NotSent,
    Outcome,
    PublishAnswer,
    Reading,
    Replies,
    Reply,
    Step,
    Unknown,
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
from social_publish.networks.graph import (
    Graph,
    NotThere,
    answer_of,
    moment,
    not_allowed,
    open_graph,
)
from social_publish.networks.graph_posts import (
    Unreadable,
    done,
    done_or_gone,
    gathered,
    listed,
    shown,
)
from social_publish.networks.graph_tokens import page_token
from social_publish.networks.identities import not_learnt, right, with_rights
from social_publish.networks.text import no_mentions, plain_length

HOSTS = {"facebook.com", "fb.com"}
RIGHTS = (
    right("publish and remove posts", "pages_manage_posts"),
    right("read the Page's posts", "pages_read_engagement"),
    right("read comments", "pages_read_user_content"),
    right("hide comments", "pages_manage_engagement"),
)


class Facebook:
    """A Facebook Page."""

    slug = "facebook"
    name = "Facebook"
    credential_fields: ClassVar[Mapping[str, str]] = {
        "app_id": "App ID",
        "app_secret": "App secret",
        "page_token": "Page access token",
    }
    limits = Limits(
        maximum=63_206,
        count=plain_length,
        mentions=no_mentions,
        picture=PictureLimits(max_bytes=4 * 1024 * 1024, max_side=2048, max_alt_text=1000),
    )
    bio = Bio(101, place="Intro")
    capabilities = Capabilities(
        reply_control=ReplyControl.SWEPT,
        reply_sentence=(
            "Facebook has no switch that closes comments. Each comment is hidden when we hear of it"
            " or find it. Its writer and their friends still see it."
        ),
        gap_sentence=(
            "Everyone can read a new comment until it is hidden. Where Facebook tells this website"
            " of comments, that takes seconds, or an hour for one that it leaves out; where not, up"
            " to a minute in the first hour after posting, ten minutes on the first day, an hour in"
            " the first month, then a day."
        ),
        open_sentence=(
            "Anyone can comment, and nothing is hidden. When the time is over, new comments are"
            " hidden as we find them; the earlier ones stay."
        ),
        can_hide_replies=True,
        proof=Proof.MEDIUM,
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        api = open_graph(account)
        if post.picture and "photo" not in handles:
            return self._upload(api, account, post)
        data = {"message": post.text}
        if post.picture:
            data["attached_media"] = json.dumps([{"media_fbid": handles["photo"]}])
        answer = answer_of(lambda: api.post_object(account.account_id, "feed", data=data))
        if isinstance(answer, NotThere):
            return not_allowed(self.name)
        if not isinstance(answer, dict):
            return answer
        remote_id = answer.get("id")
        if not _is_post_of(account, remote_id):
            return Unknown("Facebook answered, but not with the number of the new post.")
        return Accepted(str(remote_id), _address(account, str(remote_id)))

    def _upload(self, api: Graph, account: Account, post: Post) -> PublishAnswer:
        assert post.picture
        picture = post.picture
        data = {"alt_text_custom": picture.alt_text, "published": "false"}
        files = {"source": ("picture.jpg", picture.content, picture.media_type)}
        answer = answer_of(
            lambda: api.post_object(account.account_id, "photos", data=data, files=files)
        )
        if isinstance(answer, NotThere):
            return not_allowed(self.name)
        if isinstance(answer, Unknown):
            return NotSent(
                "The picture could not be handed to Facebook yet.", trouble=answer.trouble
            )
        if not isinstance(answer, dict):
            return answer
        if not str(answer.get("id", "")).isdecimal():
            return NotSent("Facebook took the picture but did not name it.")
        return Step({"photo": str(answer["id"])})

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        found: list[Accepted] = []
        try:
            for item in listed(
                open_graph(account),
                f"{account.account_id}/published_posts",
                fields="id,message,created_time,permalink_url",
                since=str(max(int(since) - 60, 0)),
            ):
                remote_id = item["id"]
                if not _is_post_of(account, remote_id):
                    raise Unreadable(Unknown("Facebook showed the posts of another Page."))
                if post.link in str(item.get("message", "")).split():
                    found.insert(0, Accepted(remote_id, _address(account, remote_id)))
        except Unreadable as fault:
            return fault.look(found)
        return Look(tuple(found), complete=True)

    def remove(self, account: Account, remote_id: str) -> Outcome:
        answer = answer_of(lambda: open_graph(account).delete_object(remote_id))
        if isinstance(answer, NotThere):
            return Accepted(remote_id)
        if isinstance(answer, dict):
            if answer.get("success") is True:
                return Accepted(remote_id)
            return Unknown("Facebook did not say that the post was removed.")
        return answer

    def read(self, account: Account, remote_id: str) -> Reading:
        fields = "id,message,created_time,permalink_url"
        post = shown(lambda: open_graph(account).get_object(remote_id, fields=fields), remote_id)
        if isinstance(post, Reading):
            return post
        links = tuple(re.findall(r"https?://\S+", str(post.get("message", ""))))
        return Reading(True, links=links, ours=_is_post_of(account, remote_id))

    def owns_address(self, address: str) -> bool:
        return is_on(address, HOSTS, self.slug)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def id_from_address(self, address: str) -> str:
        # The numbers in permalink.php and story.php may be those of the Page's profile.
        match = re.search(r"#post-([0-9]+_[0-9]+)|/([0-9]+)/posts/([0-9]+)(?!\w)", address)
        if not match or not self.owns_address(address):
            return ""
        return match[1] or f"{match[2]}_{match[3]}"

    def replies(self, account: Account, remote_id: str) -> Replies:
        api = open_graph(account)
        rows = listed(
            api,
            f"{remote_id}/comments",
            fields="id,message,from,is_hidden,created_time",
            filter="stream",
            order="chronological",
        )
        return replace(gathered(map(_reply, rows)), used=api.used)

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        api, form = open_graph(account), {"is_hidden": "true"}
        answer = answer_of(lambda: api.post_object(reply_id, data=form))
        return done_or_gone(api, answer, reply_id)

    def verify(self, account: Account) -> Identity:
        api = open_graph(account)
        token = page_token(api, account)
        if isinstance(token, Identity):
            return token
        answer = answer_of(lambda: api.get_object("me", fields="id,name,link"))
        if not (isinstance(answer, dict) and isinstance(answer.get("id"), str)):
            return not_learnt(answer, self.name)
        name, url = str(answer.get("name", "")), str(answer.get("link", ""))
        known = Identity(answer["id"], name, url, expires=token.first_end)
        return with_rights(known, RIGHTS, token.scopes, self.name)


def hear_comments(account: Account, callback: str, verify_token: str) -> Outcome:
    """Ask Facebook to send a message to `callback` for each new comment. May be repeated.

    Facebook first asks the callback for `verify_token` (Meta's "Webhooks" pages); the Page's
    token needs the right pages_manage_metadata.
    """
    keys = account.credentials
    app = replace(
        account, credentials={**keys, "page_token": f"{keys['app_id']}|{keys['app_secret']}"}
    )
    asked = {
        "object": "page",
        "callback_url": callback,
        "fields": "feed",
        "verify_token": verify_token,
    }
    api = open_graph(app)
    answer = answer_of(lambda: api.post_object(keys["app_id"], "subscriptions", data=asked))
    if not isinstance(agreed := done(api, answer, ""), Accepted):
        return agreed
    api, fields = open_graph(account), {"subscribed_fields": "feed"}
    answer = answer_of(lambda: api.post_object(account.account_id, "subscribed_apps", data=fields))
    return done(api, answer, "")


def _reply(row: dict[str, Any]) -> Reply:
    author = row["from"].get("name", "") if isinstance(row.get("from"), dict) else ""
    words, written = str(row.get("message", "")), moment(row.get("created_time"))
    return Reply(row["id"], words, str(author), row.get("is_hidden") is True, written)


def _is_post_of(account: Account, remote_id: object) -> bool:
    return bool(re.fullmatch(rf"{re.escape(account.account_id)}_[0-9]{{1,30}}", str(remote_id)))


def _address(account: Account, remote_id: str) -> str:
    if own := rehearsed(account, "facebook", remote_id):
        return own
    page, _, post = remote_id.partition("_")
    return f"https://www.facebook.com/{page}/posts/{post}"
