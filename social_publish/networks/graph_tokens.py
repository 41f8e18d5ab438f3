"""What Meta says of an access token: whose it is, what it may do, when it ends (`debug_token`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from social_publish.networks.answers import Identity, Outcome, Refused, Trouble, Unknown, no_right
from social_publish.networks.base import Account
from social_publish.networks.graph import Graph, answer_of
from social_publish.networks.identities import not_learnt

# Why a token is dead, by Graph's error subcodes (`docs/sources.md`).
DEAD = {
    458: "Whoever connected this channel has taken its rights away at {}. Connect it again.",
    459: "{} wants whoever connected this channel to sign in there and confirm who they are."
    " Then connect it again.",
    460: "{} has ended this channel's sign-in because a password was changed. Connect it again.",
    463: "This channel's sign-in at {} has run out. Connect it again.",
    464: "{} wants whoever connected this channel to sign in there and confirm who they are."
    " Then connect it again.",
}
DEAD_SOMEHOW = "{} has ended this channel's sign-in. Connect it again."
OTHER_APP = (
    "{} says that the access token was made for another app. Look whether App ID, App secret and"
    " access token belong together, and connect the channel again."
)
A_PERSON = (
    "This access token is a person's and not a Page's, and the council posts as a Page only."
    " Connect the channel again and choose the Page."
)


@dataclass(frozen=True)
class Token:
    """scopes: what was granted; ends: Unix seconds, None for never; kind: PAGE, USER…"""

    scopes: frozenset[str]
    ends: float | None
    data_access_ends: float | None
    kind: str

    @property
    def first_end(self) -> float | None:
        ends = [end for end in (self.ends, self.data_access_ends) if end]
        return min(ends) if ends else None


def page_token(api: Graph, account: Account) -> Token | Identity:
    """The token of a Facebook Page, asked about in the name of its app."""
    keys, name = account.credentials, api.network
    app = f"{keys['app_id']}|{keys['app_secret']}"
    token = _asked(api, keys["page_token"], app)
    if isinstance(token, Outcome):
        if no_right(token):
            token = Refused(OTHER_APP.format(name), Trouble.SIGN_IN)
        return not_learnt(token, name)
    if token.kind != "PAGE":
        return Identity(reason=A_PERSON, personal=token.kind == "USER", trouble=Trouble.SIGN_IN)
    return token


def own_token(api: Graph, token: str) -> Token | Outcome:
    """A token that is asked about by itself."""
    return _asked(api, token, token)


def _asked(api: Graph, token: str, asking: str) -> Token | Outcome:
    answer = answer_of(lambda: api.debug_token(token, asking), api.network)
    if isinstance(answer, Outcome):
        return answer
    data = answer.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("is_valid"), bool):
        return Unknown(f"{api.network} gave no clear answer.")
    if not data["is_valid"]:
        fault = data.get("error")
        subcode = fault.get("subcode") if isinstance(fault, dict) else None
        words = DEAD.get(subcode, DEAD_SOMEHOW) if isinstance(subcode, int) else DEAD_SOMEHOW
        return Refused(words.format(api.network), Trouble.SIGN_IN)
    scopes = data.get("scopes")
    return Token(
        frozenset(str(scope) for scope in scopes) if isinstance(scopes, list) else frozenset(),
        _moment(data, "expires_at"),
        _moment(data, "data_access_expires_at"),
        str(data.get("type", "")),
    )


def _moment(data: Mapping[str, Any], name: str) -> float | None:
    """Unix seconds; Meta says 0 for never."""
    value = data.get(name)
    return float(value) if isinstance(value, int) and value > 0 else None
