"""Requests signed by a library that neither the sender nor the rehearsal uses for it."""

import hashlib
import hmac
from typing import Any

import requests
from requests_oauthlib import OAuth1

from tests.rehearsal_server import RehearsalServer

REAL = "https://api.x.com"


def ask_x(
    rehearsal: RehearsalServer, keys: dict[str, str], method: str, path: str, **body: Any
) -> Any:
    """Sign for the real address, as X's own clients do, and send to the rehearsal."""
    auth = OAuth1(
        keys["consumer_key"],
        keys["consumer_secret"],
        keys["access_token"],
        keys["access_token_secret"],
        **body.pop("oauth", {}),
    )
    request = requests.Request(method, REAL + path, auth=auth, **body).prepare()
    request.url = rehearsal.url + (request.url or "").removeprefix(REAL)
    with requests.Session() as session:
        return session.send(request, timeout=60)


def signed(page: dict[str, Any]) -> dict[str, str]:
    keys = page["credentials"]
    proof = hmac.new(keys["app_secret"].encode(), keys["page_token"].encode(), hashlib.sha256)
    return {"access_token": keys["page_token"], "appsecret_proof": proof.hexdigest()}
