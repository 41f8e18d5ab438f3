"""Signing in at the pretend X (OAuth 1.0a, RFC 5849)."""

from urllib.parse import urlencode

from social_publish.rehearsal import consent
from social_publish.rehearsal.oauth import NotSigned, stranger
from social_publish.rehearsal.practice import APP_ID, APP_SECRET
from social_publish.rehearsal.sealed import opened, seal, secret_of
from social_publish.rehearsal.sign_in_codes import account_of
from social_publish.rehearsal.sign_in_forms import is_address
from social_publish.rehearsal.store import Store
from social_publish.rehearsal.wire import Answer, Request

MINUTES_10 = 600


def begin(store: Store, request: Request) -> Answer:
    try:
        given = stranger(store, request, APP_ID, APP_SECRET, "")
    except NotSigned as fault:
        return _x_refused(fault)
    back = given.get("oauth_callback", "")
    if not is_address(back):
        return Answer(
            403, b"Callback URL not approved for this client application.", kind="text/html"
        )
    token = seal("request", back=back, until=store.now() + MINUTES_10)
    return _x_form(
        oauth_token=token, oauth_token_secret=secret_of(token), oauth_callback_confirmed="true"
    )


def authorise(store: Store, request: Request) -> Answer:
    token = dict(request.query).get("oauth_token", "")
    asked = opened(token, "request")
    if not asked or store.now() > asked["until"]:
        return consent.refused("This request token is not known, or it is too old.")
    if request.method != "POST":
        return consent.page(store, ("x",), [], False)
    if request.form.get("decision") != "allow":
        return consent.back_to(asked["back"], denied=token)
    chosen = request.form.get("account", "")
    verifier = seal("verifier", token=token, account=chosen)
    return consent.back_to(asked["back"], oauth_token=token, oauth_verifier=verifier)


def finish(store: Store, request: Request) -> Answer:
    header = request.headers.get("authorization", "")
    token = next((p.split('"')[1] for p in header.split(",") if "oauth_token=" in p), "")
    try:
        given = stranger(store, request, APP_ID, APP_SECRET, secret_of(token))
    except NotSigned as fault:
        return _x_refused(fault)
    verifier = opened(given.get("oauth_verifier", ""), "verifier")
    if verifier.get("token") != given.get("oauth_token") or not store.fresh_nonce(token):
        return _x_refused(NotSigned("The oauth_verifier does not belong to this request token."))
    account = account_of(store, ("x",), verifier["account"])
    store.change_account(account, dead=None)
    keys = account.credentials
    return _x_form(
        oauth_token=keys["access_token"],
        oauth_token_secret=keys["access_token_secret"],
        user_id=account.account_id,
        screen_name=account.handle,
    )


def _x_form(**values: str) -> Answer:
    return Answer(200, urlencode(values).encode(), kind="application/x-www-form-urlencoded")


def _x_refused(fault: NotSigned) -> Answer:
    return Answer(401, {"errors": [{"code": 32, "message": str(fault)}]})
