"""What the answer to a finished sign-in opens, network by network."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from social_publish.networks.answers import reason_of
from social_publish.networks.base import Account
from social_publish.networks.graph import OWN_URL as GRAPH
from social_publish.networks.linkedin_api import Api
from social_publish.networks.plain import Said
from social_publish.networks.sign_in_calls import App, Opened, Place, SignInFailed, call, end_of
from social_publish.networks.threads import OWN_URL as THREADS

MOST_PAGES = 20


def facebook_pages(place: Place, app: App, answer: Mapping[str, Any]) -> list[Opened]:
    """The Pages of the person who signed in, each with a token of its own."""
    person = _person(place, app, "Facebook", answer)
    rows = _pages(place, app, "Facebook", person, "id,name,access_token,tasks")
    opened = [
        Opened(str(row["id"]), str(row.get("name", "")), _page_keys(app, row)) for row in rows
    ]
    if not opened:
        raise SignInFailed(
            "Facebook opened no Page to us. Sign in once more as a person who manages the"
            " council's Page, and choose that Page when Facebook asks."
        )
    return opened


def instagram_accounts(place: Place, app: App, answer: Mapping[str, Any]) -> list[Opened]:
    """The professional accounts that are joined to the person's Pages."""
    person = _person(place, app, "Instagram", answer)
    fields = "id,name,access_token,instagram_business_account{id,username,name}"
    opened = [
        Opened(
            str(owner["id"]),
            str(owner.get("name") or owner.get("username", "")),
            _page_keys(app, row),
            handle=str(owner.get("username", "")),
        )
        for row in _pages(place, app, "Instagram", person, fields)
        if isinstance(owner := row.get("instagram_business_account"), dict) and owner.get("id")
    ]
    if not opened:
        raise SignInFailed(
            "No Instagram professional account belongs to the Pages that you opened. Join the"
            " council's account to its Facebook Page first; a personal account cannot be used."
        )
    return opened


def _person(place: Place, app: App, name: str, answer: Mapping[str, Any]) -> str:
    """The person's token for about 60 days."""
    asked = {
        "grant_type": "fb_exchange_token",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "fb_exchange_token": _token(name, answer),
    }
    path = f"/{settings.FACEBOOK_API_VERSION}/oauth/access_token"
    return _token(name, call(place, GRAPH, name, "GET", path, params=asked))


def _pages(place: Place, app: App, name: str, token: str, fields: str) -> list[dict[str, Any]]:
    path = f"/{settings.FACEBOOK_API_VERSION}/me/accounts"
    asked = {**_proved(app, token), "fields": fields, "limit": "100"}
    rows = _rows(call(place, GRAPH, name, "GET", path, params=asked))
    return [row for row in rows if row.get("id") and isinstance(row.get("access_token"), str)]


def _page_keys(app: App, row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "app_id": app.client_id,
        "app_secret": app.client_secret,
        "page_token": row["access_token"],
    }


def _proved(app: App, token: str) -> dict[str, str]:
    proof = hmac.new(app.client_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return {"access_token": token, "appsecret_proof": proof}


def threads_profile(place: Place, app: App, answer: Mapping[str, Any]) -> list[Opened]:
    """The one profile, with a token for 60 days in place of the first one's hour."""
    asked = {
        "grant_type": "th_exchange_token",
        "client_secret": app.client_secret,
        "access_token": _token("Threads", answer),
    }
    long = call(place, THREADS, "Threads", "GET", "/access_token", params=asked)
    token = _token("Threads", long)
    keys_end = end_of(long, "expires_in")
    return [Opened(str(answer.get("user_id", "")), "", {"access_token": token}, keys_end=keys_end)]


def linkedin_pages(place: Place, app: App, answer: Mapping[str, Any]) -> list[Opened]:
    """The organisation pages of which the person is administrator."""
    keys = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "access_token": _token("LinkedIn", answer),
        "refresh_token": str(answer.get("refresh_token", "")),
    }
    # Renewing does not make the refresh token live longer: its end is the sign-in's.
    ends = end_of(answer, "refresh_token_expires_in")
    keys_end = end_of(answer, "expires_in")
    pages = linkedin_pages_of(keys, place.base_url)
    return [replace(page, sign_in_ends=ends, keys_end=keys_end) for page in pages]


def linkedin_pages_of(keys: Mapping[str, str], base_url: str) -> list[Opened]:
    """The same for keys that a person copied. Raises SignInFailed."""
    api = Api(Account("", keys, base_url))
    asked = {"q": "roleAssignee", "count": "100"}
    roles = api.read("/rest/organizationAcls", restli="FINDER", params=asked)
    if not isinstance(roles, Said):
        said = reason_of(roles, "LinkedIn")
        raise SignInFailed(f"{said} Nothing is lost: try again in a few minutes.")
    numbers = [
        str(row.get("organization", "")).rpartition(":")[2]
        for row in roles.body.get("elements") or []
        if isinstance(row, dict) and row.get("role") == "ADMINISTRATOR"
    ]
    if not numbers:
        raise SignInFailed(
            "You are no administrator of a LinkedIn page, and only an administrator can close"
            " comments. Sign in as one, or ask an administrator of the council's page to."
        )
    return [_linkedin_page(api, number, keys) for number in dict.fromkeys(numbers[:MOST_PAGES])]


def _linkedin_page(api: Api, number: str, keys: Mapping[str, str]) -> Opened:
    page = api.read(f"/rest/organizations/{number}")
    body = page.body if isinstance(page, Said) else {}
    name, handle = str(body.get("localizedName", "")), str(body.get("vanityName", ""))
    return Opened(number, name or f"Page {number}", keys, handle=handle)


def tiktok_account(place: Place, app: App, answer: Mapping[str, Any]) -> list[Opened]:
    """The one account that TikTok's answer names. Raises SignInFailed."""
    keys = {
        "client_key": app.client_id,
        "client_secret": app.client_secret,
        "access_token": _token("TikTok", answer),
        "refresh_token": str(answer.get("refresh_token", "")),
    }
    return [
        Opened(
            str(answer.get("open_id", "")),
            "",
            keys,
            sign_in_ends=end_of(answer, "refresh_expires_in"),
            keys_end=end_of(answer, "expires_in"),
        )
    ]


def fediverse_account(place: Place, app: App, answer: Mapping[str, Any]) -> list[Opened]:
    """A token; which account it opens is asked with it later. Raises SignInFailed."""
    return [Opened("", "", {"access_token": _token("The server", answer)})]


def _token(name: str, answer: Mapping[str, Any]) -> str:
    token = answer.get("access_token")
    if not (isinstance(token, str) and token):
        raise SignInFailed(f"{name} gave no key for the account. Sign in once more.")
    return token


def _rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = answer.get("data")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
