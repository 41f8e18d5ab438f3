"""Signing in at the pretend Facebook, Instagram and Threads: a person's token, then the lasting one."""

import hashlib
import hmac
from typing import Any

from social_publish.rehearsal import sign_in_x
from social_publish.rehearsal.practice import APP_ID, APP_SECRET
from social_publish.rehearsal.sealed import opened, seal
from social_publish.rehearsal.sign_in_codes import account_of, allow, chosen, code_fault
from social_publish.rehearsal.sign_in_forms import FACEBOOK, INSTAGRAM, THREADS
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request


def threads_token(store: Store, request: Request) -> Answer:
    if request.headers.get("authorization", "").startswith("OAuth "):
        return sign_in_x.finish(store, request)
    given = request.form
    if fault := code_fault(store, THREADS, given):
        return _graph_error(100, f"This authorization code cannot be used: {fault}.")
    account = chosen(store, THREADS, given["code"])
    token = seal("threads", account=account.account_id, until=store.now() + 3600)
    return Answer(200, {"access_token": token, "user_id": int(account.account_id)})


def threads_long(store: Store, request: Request) -> Answer:
    given = request.arguments
    short = opened(given.get("access_token", ""), "threads")
    if given.get("grant_type") != "th_exchange_token" or not short:
        return _graph_error(190, "Invalid OAuth access token.")
    if given.get("client_secret") != APP_SECRET:
        return _graph_error(101, "Error validating client secret.")
    account = next(a for a in store.accounts("threads") if a.account_id == short["account"])
    token = account.credentials["access_token"]
    return Answer(200, {"access_token": token, "token_type": "bearer", "expires_in": 5_183_944})


def _graph_error(code: int, words: str) -> Answer:
    error = {"message": words, "type": "OAuthException", "code": code, "fbtrace_id": "Rehearsal"}
    return Answer(400, {"error": error})


def facebook_token(store: Store, request: Request) -> Answer:
    given = request.arguments
    if given.get("grant_type") == "fb_exchange_token":
        return _facebook_long(given)
    # Graph tells nobody for which network a code is: the pages it opens do.
    if fault := code_fault(store, FACEBOOK, given):
        return _graph_error(100, f"This authorization code cannot be used: {fault}.")
    code = opened(given["code"], "code")
    form = INSTAGRAM if any("instagram" in s for s in code["asked"]) else FACEBOOK
    for number in code["accounts"]:
        allow(store, account_of(store, form.networks, number), form, code["scopes"])
    token = seal("person", accounts=code["accounts"], long=False)
    return Answer(200, {"access_token": token, "token_type": "bearer", "expires_in": 5400})


def _facebook_long(given: dict[str, str]) -> Answer:
    person = opened(given.get("fb_exchange_token", ""), "person")
    if not person or given.get("client_id") != APP_ID:
        return _graph_error(190, "Invalid OAuth access token.")
    if given.get("client_secret") != APP_SECRET:
        return _graph_error(1, "Error validating client secret.")
    token = seal("person", accounts=person["accounts"], long=True)
    return Answer(200, {"access_token": token, "token_type": "bearer", "expires_in": 5_184_000})


def _person(request: Request) -> dict[str, Any]:
    """Whose token it is, proved by the app's secret; {} where it is not."""
    token = request.arguments.get("access_token", "")
    proof = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    proved = hmac.compare_digest(proof, request.arguments.get("appsecret_proof", ""))
    return opened(token, "person") if proved else {}


def pages_of_person(store: Store, request: Request) -> Answer:
    person = _person(request)
    if not person:
        return _graph_error(190, "Invalid OAuth access token.")
    asked = set(request.arguments.get("fields", "id,name").replace("{", ",").split(","))
    rows = []
    for account in (*store.accounts("facebook"), *store.accounts("instagram")):
        if account.account_id in person["accounts"]:
            rows.append({k: v for k, v in _page_row(account).items() if k in asked or k == "id"})
    return Answer(200, {"data": rows, "paging": {"cursors": {"before": "", "after": ""}}})


def _page_row(account: Account) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": account.account_id,
        "name": account.name,
        "access_token": account.credentials["page_token"],
        "tasks": ["CREATE_CONTENT", "MANAGE", "MODERATE"],
    }
    if account.network == "instagram":
        owner = {"id": account.account_id, "username": account.handle, "name": account.name}
        row |= {"id": f"9{account.account_id}", "instagram_business_account": owner}
    return row
