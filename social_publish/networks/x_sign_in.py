"""Signing in at X by OAuth 1.0a, whose keys have no stated end (`docs/sources.md`)."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

import requests
from requests_oauthlib import OAuth1

from social_publish.networks.sign_in_calls import QUICK, App, Leaving, Opened, Place, SignInFailed
from social_publish.transport import NothingSent, open_session

OWN_URL = "https://api.x.com"
AWAY = "X could not be reached. Nothing is lost: try again in a few minutes."
UNCLEAR = "X gave no clear answer. Nothing is lost: sign in once more in a few minutes."
BACK = (
    "X did not begin the sign-in. Check that the app's settings at X name the address to come back"
    " to, that they allow reading and writing, and that the keys are right."
)


def begin(app: App, place: Place) -> Leaving:
    """Asks for a request token, which is also the word by which the answer is known."""
    signer = OAuth1(app.client_id, app.client_secret, callback_uri=place.back)
    given = _post(place, "/oauth/request_token", signer, refused=BACK, app_refused=True)
    if given.get("oauth_callback_confirmed") != "true" or not given.get("oauth_token"):
        raise SignInFailed(UNCLEAR)
    token = given["oauth_token"]
    page = place.there(f"{OWN_URL}/oauth/authorize")
    return Leaving(
        address=f"{page}?{urlencode({'oauth_token': token})}",
        state=token,
        app=app,
        secret=given.get("oauth_token_secret", ""),
    )


def finish(leaving: Leaving, place: Place, query: Mapping[str, str]) -> list[Opened]:
    """The account that the person opened, with keys of its own. Raises SignInFailed."""
    verifier = query.get("oauth_verifier")
    if not verifier:
        raise SignInFailed(
            "You did not allow it at X. Nothing was changed: start again when you want to."
        )
    app = leaving.app
    signer = OAuth1(
        app.client_id,
        app.client_secret,
        resource_owner_key=leaving.state,
        resource_owner_secret=leaving.secret,
        verifier=verifier,
    )
    refused = "X says that this sign-in is over or was used before. Sign in once more."
    given = _post(place, "/oauth/access_token", signer, refused=refused)
    if not (given.get("oauth_token") and given.get("oauth_token_secret") and given.get("user_id")):
        raise SignInFailed(UNCLEAR)
    keys = {
        "consumer_key": app.client_id,
        "consumer_secret": app.client_secret,
        "access_token": given["oauth_token"],
        "access_token_secret": given["oauth_token_secret"],
    }
    handle = given.get("screen_name", "")
    return [Opened(given["user_id"], f"@{handle}", keys, handle=handle)]


def _post(
    place: Place, path: str, signer: OAuth1, *, refused: str, app_refused: bool = False
) -> dict[str, str]:
    """X's answer, which is a form and no JSON. Raises SignInFailed."""
    session = open_session(base_url=place.base_url, own_url=OWN_URL, limits=QUICK)
    try:
        answer = session.post(OWN_URL + path, auth=signer, allow_redirects=False)
    except NothingSent:
        raise SignInFailed(AWAY) from None
    except requests.RequestException:
        raise SignInFailed(UNCLEAR) from None
    if answer.status_code in (400, 401, 403):
        raise SignInFailed(refused, app_refused=app_refused)
    if not answer.ok:
        raise SignInFailed(UNCLEAR)
    return dict(parse_qsl(answer.text))
