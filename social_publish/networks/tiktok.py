"""TikTok photo posts by plain HTTP (`docs/sources.md`).

TikTok fetches the picture itself and publishes some time after it took the post: from then on
only its publish status tells what became of it. Nothing there can be listed, read or removed.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from social_publish.networks import tiktok_account
from social_publish.networks.addresses import is_on, rehearsed
from social_publish.networks.answers import (
    Accepted,
    Identity,
    Look,
    NotSent,
    Outcome,
    PublishAnswer,
    Reading,
    Refused,
    Renewed,
    Replies,
    Step,
    Trouble,
    Unknown,
    reason_of,
    trouble_of,
)
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import (
    Bio,
    Capabilities,
    Limits,
    PictureLimits,
    ReplyControl,
)
from social_publish.networks.text import no_mentions, utf16_length
from social_publish.networks.tiktok_api import (
    CREATOR_INFO,
    EVERYONE,
    NAME,
    ONLY_SELF,
    OWN_URL,
    UNAUDITED,
    Api,
    refusal,
)
from social_publish.networks.token_answers import renewed
from social_publish.transport import open_session

HOSTS = {"tiktok.com"}
AT_WORK = (
    "TikTok took the post and is still working on it, which may take hours. Do not post it again"
    " meanwhile."
)


class TikTok:
    """TikTok, for photo posts."""

    slug = "tiktok"
    name = NAME
    credential_fields: ClassVar[Mapping[str, str]] = {
        "client_key": "Client key",
        "client_secret": "Client secret",
        "access_token": "Access token",
        "refresh_token": "Refresh token",
    }
    # They live for two hours (TikTok's page of November 2026; before, for a day).
    renew_before = 3600.0
    limits = Limits(
        maximum=4000,
        count=utf16_length,
        mentions=no_mentions,
        picture=PictureLimits(max_bytes=10 * 1024 * 1024, max_side=1080, max_alt_text=0),
        links_work=False,
    )
    bio = Bio(80, utf16_length)
    capabilities = Capabilities(
        reply_control=ReplyControl.CLOSED,
        reply_sentence=(
            "Nobody can comment: comments are turned off as the post is made. TikTok lets no"
            " program check that, or remove the post: both are done by hand in the TikTok app."
        ),
        gap_sentence="There is none: it is so from the moment the post appears.",
        open_sentence=(
            "Anyone can comment. TikTok lets no program close comments afterwards: when the time"
            " is over you are asked to turn them off in the TikTok app, or to remove the post."
        ),
        can_look=False,
        can_read=False,
        can_remove=False,
        needs_picture=True,
    )

    def publish(self, account: Account, post: Post, handles: Mapping[str, str]) -> PublishAnswer:
        if "publish_id" in handles:
            return _outcome(account, handles["publish_id"])
        if post.picture is None:
            return Refused("TikTok takes no post without a picture.")
        if "allowed" not in handles:
            return _may_post(account)
        answer = Api(account).ask("POST", "/v2/post/publish/content/init/", json=_body(post))
        if not isinstance(answer, dict):
            return answer
        publish_id = answer.get("publish_id")
        if not (isinstance(publish_id, str) and re.fullmatch(r"[\w.~\-]{1,64}", publish_id)):
            return Unknown("TikTok answered, but not with the number of the new post.")
        return Step({"publish_id": publish_id}, awaiting=AT_WORK)

    def look(self, account: Account, post: Post, since: float, handles: Mapping[str, str]) -> Look:
        """Only a post whose publish id we know can be looked for, and only by its status."""
        if "publish_id" not in handles:
            reason = "TikTok shows no program what was posted. Look in the TikTok app."
            return Look(impossible=True, reason=reason)
        answer = _outcome(account, handles["publish_id"])
        if isinstance(answer, Accepted):
            return Look((answer,), complete=True)
        failed = isinstance(answer, Refused) and answer.trouble is None
        return Look(impossible=failed, reason=reason_of(answer, NAME), trouble=trouble_of(answer))

    def remove(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def read(self, account: Account, remote_id: str) -> Reading:
        return Reading(None, reason="TikTok lets no program read a post back.")

    def owns_address(self, address: str) -> bool:
        return is_on(address, HOSTS, self.slug)

    def close_replies(self, account: Account, remote_id: str) -> Outcome:
        raise NotSupported

    def id_from_address(self, address: str) -> str:
        match = re.search(r"/(?:photo|video)/([0-9]+)(?![0-9])|#post-([0-9]+)", address)
        return (match[1] or match[2]) if match and self.owns_address(address) else ""

    def replies(self, account: Account, remote_id: str) -> Replies:
        return Replies(readable=False, reason="TikTok shows no program the comments on a post.")

    def hide_reply(self, account: Account, reply_id: str) -> Outcome:
        raise NotSupported

    def verify(self, account: Account) -> Identity:
        return tiktok_account.identity(account)

    def renew(self, account: Account) -> Renewed | Outcome:
        """The old refresh token is dead once TikTok has answered, whether we hear it or not."""
        keys = account.credentials
        session = open_session(base_url=account.base_url, own_url=OWN_URL)
        app = {"client_key": keys["client_key"], "client_secret": keys["client_secret"]}
        url = f"{OWN_URL}/v2/oauth/token/"
        return renewed(session, NAME, url, app, keys, "refresh_expires_in")


def _may_post(account: Account) -> PublishAnswer:
    """TikTok wants to be asked first what the account allows; asking may be repeated."""
    answer = Api(account).ask("POST", CREATOR_INFO, json={})
    if isinstance(answer, Unknown):
        words = "TikTok did not say whether the account can post."
        return NotSent(words, answer.retry_after, answer.trouble)
    if not isinstance(answer, dict):
        return answer
    options = answer.get("privacy_level_options")
    if not isinstance(options, list):
        return NotSent("TikTok did not say whether the account can post.")
    if options == ONLY_SELF:
        return Refused(UNAUDITED, Trouble.BY_HAND)
    if EVERYONE not in options:
        return refusal("privacy_level_option_mismatch")
    return Step({"allowed": "yes"})


def _body(post: Post) -> dict[str, Any]:
    assert post.picture
    return {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {
            "description": post.text,
            "privacy_level": EVERYONE,
            "disable_comment": post.replies_closed,
            "auto_add_music": False,
        },
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": [post.picture.url],
            "photo_cover_index": 0,
        },
    }


def _outcome(account: Account, publish_id: str) -> Outcome:
    """What became of a post that TikTok took. Whatever is not plain leaves it in doubt."""
    asked = {"publish_id": publish_id}
    answer = Api(account).ask("POST", "/v2/post/publish/status/fetch/", json=asked)
    if isinstance(answer, Refused) and answer.trouble:
        return answer
    if not isinstance(answer, dict):
        return Unknown(reason_of(answer, NAME))
    if answer.get("status") == "FAILED":
        said = refusal(str(answer.get("fail_reason", "")))
        return Refused(f"TikTok did not post it. {reason_of(said, NAME)}")
    ids = answer.get("publicaly_available_post_id")  # TikTok's own spelling
    if answer.get("status") == "PUBLISH_COMPLETE" and isinstance(ids, list) and ids:
        remote_id = str(ids[0])
        if re.fullmatch(r"[0-9]{1,30}", remote_id):
            return Accepted(remote_id, _address(account, remote_id))
    return Unknown(AT_WORK)


def _address(account: Account, remote_id: str) -> str:
    if own := rehearsed(account, "tiktok", remote_id):
        return own
    return f"https://www.tiktok.com/@{account.handle.lstrip('@')}/photo/{remote_id}"
