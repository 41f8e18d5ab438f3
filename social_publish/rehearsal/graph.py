"""The door of the pretend Graph API: the token says whether a Page or an Instagram account asks."""

import json
import re

from social_publish.rehearsal import facebook, graph_tokens, instagram, telling
from social_publish.rehearsal.graph_answers import error, not_proved, not_there, unknown
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

ROUTES = {"facebook": facebook.ROUTES, "instagram": instagram.ROUTES}


def handles(path: str) -> bool:
    return bool(re.match(r"/v\d+\.\d+/", path))


def answer(store: Store, request: Request) -> Answer:
    if request.method == "GET" and re.fullmatch(r"/v\d+\.\d+/debug_token", request.path):
        return _debug(store, request)
    path = re.sub(r"^/v\d+\.\d+", "", request.path)
    if match := re.fullmatch(r"/([\w-]+)/subscriptions", path):
        return telling.subscribe(store, request, match[1])
    account = _account(store, request)
    if isinstance(account, Answer):
        return account
    for method, pattern, view in ROUTES[account.network]:
        match = re.fullmatch(pattern, path)
        if match and method == request.method:
            reply: Answer = view(store, account, request, *match.groups())
            used = {"call_count": account.facts.get("used", 1), "total_cputime": 1, "total_time": 1}
            reply.headers["x-app-usage"] = json.dumps({**used, "call_count": 1})
            reply.headers["x-business-use-case-usage"] = json.dumps(
                {account.account_id: [{**used, "type": "pages"}]}
            )
            return reply
    return not_there(path.strip("/"))


def _debug(store: Store, request: Request) -> Answer:
    """An app asks about a token that was made for it."""
    if fault := unknown(request, {"input_token"}):
        return fault
    given = request.arguments
    apps = {
        f"{a.credentials['app_id']}|{a.credentials['app_secret']}"
        for network in ROUTES
        for a in store.accounts(network)
    }
    if given.get("access_token") not in apps:
        return error(190, "OAuthException", "Invalid OAuth access token signature.")
    account = _holder(store, given.get("input_token", ""))
    if account is None:
        return Answer(200, {"data": {"is_valid": False, "scopes": [], "error": {"code": 190}}})
    app = account.facts.get("app", account.credentials["app_id"])
    if not given["access_token"].startswith(f"{app}|"):
        words = "(#100) The App_id in the input_token did not match the Viewing App"
        return error(100, "OAuthException", words)
    return graph_tokens.shown(account, store.now(), page=account.account_id)


def _holder(store: Store, token: str) -> Account | None:
    accounts = (a for network in ROUTES for a in store.accounts(network))
    return next((a for a in accounts if a.credentials["page_token"] == token), None)


def _account(store: Store, request: Request) -> Account | Answer:
    """Whose token it is, proved by the app's secret."""
    given = request.arguments
    token = given.get("access_token", "")
    account = _holder(store, token)
    if account is None:
        return error(190, "OAuthException", "Invalid OAuth access token.", status=401)
    if fault := graph_tokens.fault_in(account, store.now()):
        return fault
    return not_proved(account, request) or account
