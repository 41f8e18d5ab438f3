"""Signing in at the pretend networks: the page where a person allows it, and what follows.

Codes and short-lived tokens are sealed words that say what they stand for, so nothing has to be
remembered but which of them were used. The accounts' lasting keys are the ones they always have.
"""

import re
from collections.abc import Callable

from social_publish.rehearsal import (
    consent,
    keys,
    sign_in_codes,
    sign_in_meta,
    sign_in_x,
)
from social_publish.rehearsal.sealed import seal
from social_publish.rehearsal.sign_in_forms import fault_in_asking, form_of
from social_publish.rehearsal.store import Store
from social_publish.rehearsal.wire import Answer, Request

MINUTES_10 = 600


def handles(path: str) -> bool:
    return _bare(path) in _VIEWS


def answer(store: Store, request: Request) -> Answer:
    method, view = _VIEWS[_bare(request.path)]
    if request.method not in method:
        return Answer(405, {"error": "method_not_allowed"})
    return view(store, request)


def _bare(path: str) -> str:
    """Graph's addresses begin with a version, which is left out here."""
    return re.sub(r"^/v\d+\.\d+/", "/graph/", path)


def _authorise(store: Store, request: Request) -> Answer:
    asked = dict(request.query)
    form = form_of(request.path, asked)
    if fault := fault_in_asking(form, asked):
        return consent.refused(fault)
    if request.method != "POST":
        return consent.page(
            store, form.networks, asked["scope"].split(form.separator), form.several
        )
    back, state = asked["redirect_uri"], {"state": asked["state"]}
    if request.form.get("decision") != "allow":
        return consent.back_to(back, error="access_denied", error_description="Denied", **state)
    chosen = [value for name, value in request.form.items() if name.startswith("account")]
    if not chosen:
        return consent.refused("Choose an account first.")
    given = [value for name, value in request.form.items() if name.startswith("scope")]
    code = seal(
        "code",
        accounts=chosen,
        scopes=given,
        asked=asked["scope"].split(form.separator),
        back=back,
        app=asked[form.id_name],
        challenge=asked.get("code_challenge", ""),
        until=store.now() + MINUTES_10,
    )
    return consent.back_to(back, code=code, **state)


def _x_or_authorise(store: Store, request: Request) -> Answer:
    x = "oauth_token" in dict(request.query)
    return sign_in_x.authorise(store, request) if x else _authorise(store, request)


_VIEWS: dict[str, tuple[tuple[str, ...], Callable[[Store, Request], Answer]]] = {
    "/oauth/authorize": (("GET", "POST"), _x_or_authorise),
    "/oauth/request_token": (("POST",), sign_in_x.begin),
    "/oauth/access_token": (("POST",), sign_in_meta.threads_token),
    "/access_token": (("GET",), sign_in_meta.threads_long),
    "/oauth/token": (("POST",), sign_in_codes.fediverse_token),
    "/api/v1/apps": (("POST",), sign_in_codes.register),
    "/oauth/v2/authorization": (("GET", "POST"), _authorise),
    "/oauth/v2/accessToken": (("POST",), sign_in_codes.linkedin_token),
    "/v2/auth/authorize/": (("GET", "POST"), _authorise),
    "/v2/oauth/token/": (("POST",), sign_in_codes.tiktok_token),
    "/keys/": (("GET", "POST"), keys.answer),
    "/graph/dialog/oauth": (("GET", "POST"), _authorise),
    "/graph/oauth/access_token": (("GET",), sign_in_meta.facebook_token),
    "/graph/me/accounts": (("GET",), sign_in_meta.pages_of_person),
}
