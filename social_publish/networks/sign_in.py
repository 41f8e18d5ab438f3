"""Signing in at a network: where the person is sent, and what the network sends back.

Each network is described by one row of `OAUTH`; `sign_in_accounts` turns its answer into the
accounts that were opened. X speaks OAuth 1.0a and has a file of its own, `x_sign_in`. Bluesky
and by hand need no sign-in of this kind. Facts: `docs/sources.md`.
"""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from social_publish.networks import sign_in_accounts, x_sign_in
from social_publish.networks.graph import OWN_URL as GRAPH
from social_publish.networks.sign_in_calls import App, Leaving, Opened, Place, SignInFailed, call
from social_publish.networks.threads import OWN_URL as THREADS

__all__ = [
    "OAUTH",
    "PRACTICE_APP",
    "App",
    "Leaving",
    "Opened",
    "Place",
    "SignInFailed",
    "begin",
    "finish",
    "has_sign_in",
]

# Known to every rehearsal and of no worth anywhere else.
PRACTICE_APP = App("practice-app", "practice-app-secret")
DENIED = "You did not allow it at {}. Nothing was changed: start again when you want to."

Accounts = Callable[[Place, App, Mapping[str, str]], list[Opened]]


@dataclass(frozen=True)
class OAuth:
    """One network's sign-in (OAuth 2, code flow).

    page: the address of the page where the person allows it, with {server} and {version}.
    own_url and token: host and path at which the code is exchanged; method: GET at Graph.
    id_name: what it calls the app's number. proves: it has PKCE, S256. registers: the app is
    registered on the council's own server by a call, so that nobody types keys.
    accounts: what its answer opens.
    """

    name: str
    page: str
    own_url: str
    token: str
    scopes: tuple[str, ...]
    accounts: Accounts
    separator: str = ","
    id_name: str = "client_id"
    method: str = "POST"
    proves: bool = False
    registers: bool = False


GRAPH_PAGE = "https://www.facebook.com/{version}/dialog/oauth"
FEDIVERSE_SCOPES = ("read:accounts", "read:statuses", "write:statuses", "write:media")

OAUTH: dict[str, OAuth] = {
    "facebook": OAuth(
        name="Facebook",
        page=GRAPH_PAGE,
        own_url=GRAPH,
        token="/{version}/oauth/access_token",
        method="GET",
        scopes=(
            "pages_show_list",
            "pages_manage_posts",
            "pages_read_engagement",
            "pages_manage_engagement",
            "pages_read_user_content",
        ),
        accounts=sign_in_accounts.facebook_pages,
    ),
    "instagram": OAuth(
        name="Instagram",
        page=GRAPH_PAGE,
        own_url=GRAPH,
        token="/{version}/oauth/access_token",
        method="GET",
        scopes=(
            "instagram_basic",
            "instagram_content_publish",
            "instagram_manage_comments",
            "instagram_manage_contents",
            "pages_show_list",
            "pages_read_engagement",
        ),
        accounts=sign_in_accounts.instagram_accounts,
    ),
    "threads": OAuth(
        name="Threads",
        page="https://threads.net/oauth/authorize",
        own_url=THREADS,
        token="/oauth/access_token",
        scopes=(
            "threads_basic",
            "threads_content_publish",
            "threads_manage_replies",
            "threads_read_replies",
            "threads_delete",
        ),
        accounts=sign_in_accounts.threads_profile,
    ),
    "linkedin": OAuth(
        name="LinkedIn",
        page="https://www.linkedin.com/oauth/v2/authorization",
        own_url="https://www.linkedin.com",
        token="/oauth/v2/accessToken",
        separator=" ",
        scopes=(
            "w_organization_social",
            "r_organization_social",
            "w_organization_social_feed",
            "r_organization_social_feed",
            "rw_organization_admin",
        ),
        accounts=sign_in_accounts.linkedin_pages,
    ),
    "tiktok": OAuth(
        name="TikTok",
        page="https://www.tiktok.com/v2/auth/authorize/",
        own_url="https://open.tiktokapis.com",
        token="/v2/oauth/token/",
        id_name="client_key",
        scopes=("user.info.basic", "video.publish"),
        accounts=sign_in_accounts.tiktok_account,
    ),
    "mastodon": OAuth(
        name="The Mastodon server",
        page="{server}/oauth/authorize",
        own_url="{server}",
        token="/oauth/token",
        separator=" ",
        scopes=FEDIVERSE_SCOPES,
        accounts=sign_in_accounts.fediverse_account,
        proves=True,
        registers=True,
    ),
    "gotosocial": OAuth(
        name="The GoToSocial server",
        page="{server}/oauth/authorize",
        own_url="{server}",
        token="/oauth/token",
        separator=" ",
        scopes=FEDIVERSE_SCOPES,
        accounts=sign_in_accounts.fediverse_account,
        registers=True,
    ),
}


def has_sign_in(network: str) -> bool:
    """Can a person sign in there, so that nobody has to copy keys?"""
    return network == "x" or network in OAUTH


def begin(network: str, app: App | None, place: Place) -> Leaving:
    """Where to send the person. app: None where it is registered by a call.

    Raises SignInFailed.
    """
    if network == "x":
        return x_sign_in.begin(_known(app), place)
    flow = OAUTH[network]
    app = _register(flow, place) if flow.registers else _known(app)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    asked = {
        flow.id_name: app.client_id,
        "redirect_uri": place.back,
        "response_type": "code",
        "scope": flow.separator.join(flow.scopes),
        "state": state,
    }
    if flow.proves:
        asked |= {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
    return Leaving(
        address=f"{place.there(_filled(flow.page, place))}?{urlencode(asked)}",
        state=state,
        app=app,
        secret=verifier if flow.proves else "",
    )


def state_of(network: str, query: Mapping[str, str]) -> str:
    """By which word an answer says to which sign-in it belongs."""
    if network == "x":
        return query.get("oauth_token") or query.get("denied", "")
    return query.get("state", "")


def finish(network: str, leaving: Leaving, place: Place, query: Mapping[str, str]) -> list[Opened]:
    """The accounts that the person opened to us, at least one. Raises SignInFailed."""
    if network == "x":
        return x_sign_in.finish(leaving, place, query)
    flow = OAUTH[network]
    if "code" not in query:
        raise SignInFailed(DENIED.format(flow.name.replace("The ", "the ", 1)))
    given = {
        flow.id_name: leaving.app.client_id,
        "client_secret": leaving.app.client_secret,
        "redirect_uri": place.back,
        "code": query["code"],
    }
    if flow.method == "POST":
        given["grant_type"] = "authorization_code"
    if leaving.secret:
        given["code_verifier"] = leaving.secret
    where = "params" if flow.method == "GET" else "data"
    own_url, path = _filled(flow.own_url, place), _filled(flow.token, place)
    answer = call(place, own_url, flow.name, flow.method, path, **{where: given})
    opened = flow.accounts(place, leaving.app, answer)
    lacks = _not_given(flow, answer)
    return [account.lacking(lacks) for account in opened] if lacks else opened


def _not_given(flow: OAuth, answer: Mapping[str, object]) -> tuple[str, ...]:
    """The rights that were asked for and not given, where the network says which were."""
    scope = answer.get("scope")
    if not isinstance(scope, str):
        return ()
    given = set(scope.replace(",", " ").split())
    return tuple(right for right in flow.scopes if right not in given)


def _register(flow: OAuth, place: Place) -> App:
    form = {
        "client_name": "Council website",
        "redirect_uris": place.back,
        "scopes": " ".join(flow.scopes),
    }
    answer = call(place, place.server, flow.name, "POST", "/api/v1/apps", data=form)
    client_id, client_secret = answer.get("client_id"), answer.get("client_secret")
    if not (isinstance(client_id, str) and isinstance(client_secret, str)):
        raise SignInFailed(f"{flow.name} did not register this website. Check its address.")
    return App(client_id, client_secret)


def _known(app: App | None) -> App:
    if app is None:
        raise SignInFailed("The app's ID and secret are missing.")
    return app


def _filled(pattern: str, place: Place) -> str:
    return pattern.format(server=place.server, version=settings.FACEBOOK_API_VERSION)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
