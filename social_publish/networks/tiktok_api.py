"""TikTok's API by plain HTTP: its way to answer, and what its words for a refusal mean
(`docs/sources.md`)."""

from typing import Any

from social_publish.networks.answers import NotSent, Outcome, Refused, Trouble, Unknown
from social_publish.networks.base import Account
from social_publish.networks.identities import OUTDATED, missing_sentence
from social_publish.networks.plain import Said, ask
from social_publish.transport import open_session

NAME = "TikTok"
OWN_URL = "https://open.tiktokapis.com"
CREATOR_INFO = "/v2/post/publish/creator_info/query/"
EVERYONE = "PUBLIC_TO_EVERYONE"
# All that TikTok lets an app do that it has not checked.
ONLY_SELF = ["SELF_ONLY"]
POSTS = "publish posts"
UNAUDITED = (
    "TikTok refuses public posts from the council's app until it has checked the app. Until then"
    " post it in the TikTok app by hand: the words and the picture are ready to copy on the"
    " page of each post."
)
PRIVATE = (
    "The TikTok account does not allow public posts. Make the account public in the TikTok app."
)
KEYS = Refused("TikTok does not accept this channel's keys. Connect it again.", Trouble.SIGN_IN)
LATER_TODAY = 4 * 3600.0
# What TikTok's own words for a refusal mean: what no post at all gets past, and what one does not.
TROUBLES = {
    "access_token_invalid": KEYS,
    "auth_removed": KEYS,
    "scope_not_authorized": Refused(missing_sentence([POSTS], NAME), Trouble.RIGHTS),
    "spam_risk_user_banned_from_posting": Refused(
        "TikTok does not let the account post. Open the TikTok app to see why. Once that is"
        " settled, let the channel go on.",
        Trouble.SUSPENDED,
    ),
    "unaudited_client_can_only_post_to_private_accounts": Refused(UNAUDITED, Trouble.BY_HAND),
    "url_ownership_unverified": Refused(
        "TikTok does not know yet that this website is the council's, so it does not fetch the"
        " picture. Verify the website's address in the app's settings at TikTok, then let the"
        " channel go on.",
        Trouble.RIGHTS,
    ),
    "privacy_level_option_mismatch": Refused(
        f"{PRIVATE} Then let the channel go on.", Trouble.RIGHTS
    ),
}
REFUSALS = {
    "picture_pull_failed": "TikTok could not fetch the picture from this website.",
    "file_format_check_failed": "TikTok could not make use of the picture. Choose another one.",
    "picture_size_check_failed": "TikTok could not make use of the picture. Choose another one.",
    "spam_risk_text": "TikTok took the words for spam. Change them.",
}
TOO_MANY = {"spam_risk_too_many_posts", "reached_active_user_cap"}


class Api:
    """The calls of one step, all within the time limits of one session."""

    def __init__(self, account: Account) -> None:
        self.session = open_session(base_url=account.base_url, own_url=OWN_URL)
        self.session.headers["Authorization"] = f"Bearer {account.credentials['access_token']}"

    def ask(self, method: str, path: str, **arguments: Any) -> dict[str, Any] | Outcome:
        """The `data` of a good answer, else the outcome that stands for it."""
        answer = ask(self.session, NAME, method, OWN_URL + path, explains=True, **arguments)
        if not isinstance(answer, Said):
            return answer
        if answer.status == 410:
            return Refused(OUTDATED.format(NAME), Trouble.OUTDATED)
        data, error = answer.body.get("data"), answer.body.get("error")
        code = str(error.get("code", "")) if isinstance(error, dict) else ""
        if answer.well and code == "ok" and isinstance(data, dict):
            return data
        if answer.status == 401 and code not in TROUBLES:
            return KEYS
        if not code or code == "ok":
            return Unknown("TikTok gave no clear answer.")
        return refusal(code)


def refusal(code: str) -> Outcome:
    """What TikTok's word for a refusal, or for a failure later on, means."""
    if code in TROUBLES:
        return TROUBLES[code]
    if code in TOO_MANY:
        words = "TikTok takes no more posts from this account for today."
        return NotSent(words, LATER_TODAY, Trouble.RATE_LIMIT)
    return Refused(
        REFUSALS.get(code)
        or "TikTok did not accept the post as it is. Change its words or picture."
    )
