"""What a sign-in is made of, and its calls, which go through our own door like all others."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import time
from typing import Any
from urllib.parse import urlsplit

from social_publish.networks.answers import NotSent, Trouble
from social_publish.networks.plain import Said, ask
from social_publish.transport import TimeLimits, open_session

# A person waits for these.
QUICK = TimeLimits(connect=5, read=10, total=20)


class SignInFailed(Exception):
    """A sign-in came to nothing; the text is a sentence for the person who tried.

    app_refused: the app's own keys were at fault, so that they have to be typed again.
    """

    def __init__(self, words: str, *, app_refused: bool = False) -> None:
        super().__init__(words)
        self.app_refused = app_refused


@dataclass(frozen=True)
class App:
    """The council's application at a network."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Place:
    """Where the sign-in happens. base_url: of the rehearsal or a gateway, "" for the network.

    server: the council's own server where a network has many. back: our address to which the
    network sends the person back.
    """

    base_url: str
    back: str
    server: str = ""

    def there(self, address: str) -> str:
        """The address, at the rehearsal or gateway where one is set."""
        parts = urlsplit(address)
        return f"{self.base_url}{parts.path}" if self.base_url else address


@dataclass(frozen=True)
class Leaving:
    """What is kept while the person is away. secret: the PKCE verifier, or X's own secret."""

    address: str
    state: str
    app: App
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Opened:
    """One account that a sign-in opens.

    lacks: rights that were asked for and not given, where the sign-in says so.
    sign_in_ends: Unix seconds at which a person must sign in again; keys_end: at which the keys
    end that can be renewed without one. None where the sign-in does not say.
    """

    account_id: str
    name: str
    credentials: Mapping[str, str] = field(repr=False)
    handle: str = ""
    lacks: tuple[str, ...] = ()
    sign_in_ends: float | None = None
    keys_end: float | None = None

    def lacking(self, lacks: tuple[str, ...]) -> "Opened":
        return replace(self, lacks=lacks)


def call(
    place: Place, own_url: str, name: str, method: str, path: str, **arguments: Any
) -> Mapping[str, Any]:
    """A good answer's JSON object. own_url: the network's host. Raises SignInFailed."""
    session = open_session(base_url=place.base_url, own_url=own_url, limits=QUICK)
    answer = ask(session, name, method, own_url + path, **arguments)
    if not isinstance(answer, Said):
        refused = getattr(answer, "trouble", None) == Trouble.SIGN_IN
        raise SignInFailed(_sentence(name, answer), app_refused=refused)
    if not answer.well:
        error = answer.body.get("error")
        raise SignInFailed(_refusal(name, error), app_refused=error != "invalid_grant")
    return answer.body


def end_of(answer: Mapping[str, Any], name: str) -> float | None:
    """Unix seconds at which something ends that lives for the seconds in this field."""
    seconds = answer.get(name)
    return time() + seconds if isinstance(seconds, int) and seconds > 0 else None


def _sentence(name: str, answer: object) -> str:
    trouble = getattr(answer, "trouble", None)
    if trouble == Trouble.SIGN_IN:
        return _refusal(name, "invalid_client")
    if trouble == Trouble.RATE_LIMIT:
        return f"{name} asks us to wait. Nothing is lost: try again in a quarter of an hour."
    if isinstance(answer, NotSent):
        return f"{name} could not be reached. Nothing is lost: try again in a few minutes."
    return f"{name} gave no clear answer. Nothing is lost: try again in a few minutes."


def _refusal(name: str, error: object) -> str:
    if error in ("invalid_client", "unauthorized_client"):
        return f"{name} does not know the app's ID, or its secret does not fit. Check both."
    if error == "invalid_grant":
        return f"{name} says that this sign-in is over or was used before. Sign in once more."
    return (
        f"{name} did not take the sign-in. Sign in once more. If it says so again, check the app's"
        " ID and secret, and the address to come back to, in the app's settings there."
    )
