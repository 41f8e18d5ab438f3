"""The pretend LinkedIn: the versioned REST API of an organisation page, as strict as its pages say."""

import re
from typing import Any
from urllib.parse import unquote

from social_publish.rehearsal import tokens
from social_publish.rehearsal.counting import utf16_units
from social_publish.rehearsal.linkedin_answers import duplicate, error, not_there, urn_of
from social_publish.rehearsal.linkedin_comments import comments, metadata, set_metadata
from social_publish.rehearsal.linkedin_schema import (
    MOST_UNITS,
    OLDEST_VERSION,
    shown,
    wrong_fields,
)
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request, looks_like_picture


def handles(path: str) -> bool:
    return path.startswith(("/rest/", "/dms-uploads/"))


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    """Would LinkedIn let this stranger comment?"""
    return bool(post["facts"].get("comments") != "CLOSED")


def answer(store: Store, request: Request) -> Answer:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    account = next(
        (a for a in store.accounts("linkedin") if a.credentials["access_token"] == token), None
    )
    if account is None:
        return error(401, "INVALID_ACCESS_TOKEN", "Invalid access token", service=65600)
    if word := tokens.dead(account, store.now()):
        return error(401, f"{word.upper()}_ACCESS_TOKEN", f"The token is {word}", service=65601)
    if fault := _fault_in_headers(request):
        return fault
    for method, pattern, restli, view in _ROUTES:
        match = re.fullmatch(pattern, request.path)
        named = request.headers.get("x-restli-method", "")
        if match and method == request.method and restli == named:
            done: Answer = view(store, account, request, *map(unquote, match.groups()))
            return done
    return error(404, "RESOURCE_NOT_FOUND", "No virtual resource found", service=0)


def _fault_in_headers(request: Request) -> Answer | None:
    if request.path.startswith("/dms-uploads/"):
        return None
    version = request.headers.get("linkedin-version", "")
    if not version:
        return error(400, "VERSION_MISSING", "A version must be present. Please specify one.")
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", version) or int(version) < OLDEST_VERSION:
        return error(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        return error(400, "ILLEGAL_ARGUMENT", "X-Restli-Protocol-Version must be 2.0.0")
    return None


# --- pictures --------------------------------------------------------------------------


def _initialise(store: Store, account: Account, request: Request) -> Answer:
    if dict(request.query) != {"action": "initializeUpload"}:
        return error(400, "ILLEGAL_ARGUMENT", "The action must be initializeUpload")
    if request.json != {"initializeUploadRequest": {"owner": urn_of(account)}}:
        return error(400, "ILLEGAL_ARGUMENT", "initializeUploadRequest needs the owner alone")
    number = str(store.next_number())
    store.add_media(account, number, b"")
    address = f"https://www.linkedin.com/dms-uploads/{number}/uploaded-image/0?ca=rehearsal"
    value = {
        "uploadUrlExpiresAt": int((store.now() + 86400) * 1000),
        "uploadUrl": address,
        "image": f"urn:li:image:{number}",
    }
    return Answer(200, {"value": value})


def _take_picture(store: Store, account: Account, request: Request, number: str) -> Answer:
    if not looks_like_picture(request.body):
        return error(400, "ILLEGAL_ARGUMENT", "The upload is no picture")
    done = store.write(
        "UPDATE media SET content = ? WHERE id = ? AND account_id = ? AND network = 'linkedin'",
        request.body,
        number,
        account.account_id,
    )
    return Answer(201, b"", kind="") if done else not_there(number)


def _image(store: Store, account: Account, request: Request, urn: str) -> Answer:
    media = _own_media(store, account, urn)
    if media is None:
        return not_there(urn)
    status = "AVAILABLE" if media["content"] else "WAITING_UPLOAD"
    return Answer(200, {"id": urn, "owner": urn_of(account), "status": status})


def _own_media(store: Store, account: Account, urn: str) -> dict[str, Any] | None:
    media = store.media(urn.removeprefix("urn:li:image:"))
    return media if media and media["account_id"] == account.account_id else None


# --- posts -----------------------------------------------------------------------------


def _create(store: Store, account: Account, request: Request) -> Answer:
    body = request.json
    if fault := _fault_in_post(store, account, body):
        return fault
    commentary = body["commentary"]
    for post in store.posts(account, deleted=True)[:50]:
        if post["facts"].get("commentary") == commentary:
            return duplicate(post["id"])
    media = body.get("content", {}).get("media", {})
    number = media.get("id", "").removeprefix("urn:li:image:")
    if number:
        store.write("UPDATE media SET alt_text = ? WHERE id = ?", media.get("altText", ""), number)
    urn = f"urn:li:share:{store.next_number()}"
    facts = {"commentary": commentary, "comments": "OPEN", "media": [number] if number else []}
    store.add_post(account, urn, shown(commentary), facts)
    return Answer(201, b"", {"x-restli-id": urn}, kind="")


def _fault_in_post(store: Store, account: Account, body: Any) -> Answer | None:
    if not isinstance(body, dict):
        return error(400, "ILLEGAL_ARGUMENT", "The body is not a JSON object")
    wrong = wrong_fields(body)
    if wrong:
        return error(422, "UNPROCESSABLE_ENTITY", wrong)
    if body["author"] != urn_of(account):
        return error(403, "ACCESS_DENIED", "The token is for another organization", service=100)
    if utf16_units(body["commentary"]) > MOST_UNITS:
        return error(422, "UNPROCESSABLE_ENTITY", f"/commentary is longer than {MOST_UNITS}")
    return _fault_in_content(store, account, body["content"]) if "content" in body else None


def _fault_in_content(store: Store, account: Account, content: dict[str, Any]) -> Answer | None:
    media = content.get("media")
    if set(content) != {"media"} or not isinstance(media, dict):
        return error(422, "UNPROCESSABLE_ENTITY", "/content :: holds one media here")
    if set(media) - {"id", "altText", "title"}:
        return error(422, "UNPROCESSABLE_ENTITY", "/content/media :: unrecognized field found")
    found = _own_media(store, account, str(media.get("id")))
    if found is None or not found["content"]:
        return error(400, "ILLEGAL_ARGUMENT", "/content/media/id :: is no picture of this page")
    return None


def _read(store: Store, account: Account, request: Request, urn: str) -> Answer:
    post = store.public_post(account.network, urn)
    return Answer(200, _row(post)) if post else not_there(urn)


def _listed(store: Store, account: Account, request: Request) -> Answer:
    query = dict(request.query)
    if set(query) - {"q", "author", "count", "start", "sortBy"} or query.get("q") != "author":
        return error(400, "ILLEGAL_ARGUMENT", "The finder author takes author, count and sortBy")
    if query.get("author") != urn_of(account):
        return error(403, "ACCESS_DENIED", "The token is for another organization", service=100)
    count, start = query.get("count", "10"), query.get("start", "0")
    if not (count.isdecimal() and start.isdecimal() and 1 <= int(count) <= 100):
        return error(400, "ILLEGAL_ARGUMENT", "count must be 1 to 100, start 0 or more")
    if query.get("sortBy", "LAST_MODIFIED") not in ("LAST_MODIFIED", "CREATED"):
        return error(400, "ILLEGAL_ARGUMENT", "sortBy must be LAST_MODIFIED or CREATED")
    posts, end = store.listed(account), int(start) + int(count)
    page = [_row(post) for post in posts[int(start) : end]]
    links = [{"rel": "next", "type": "application/json", "href": f"/rest/posts?start={end}"}]
    paging = {"start": int(start), "count": int(count), "links": links if end < len(posts) else []}
    return Answer(200, {"paging": paging, "elements": page})


def _delete(store: Store, account: Account, request: Request, urn: str) -> Answer:
    store.write(
        "UPDATE posts SET deleted = 1 WHERE id = ? AND account_id = ? AND network = 'linkedin'",
        urn,
        account.account_id,
    )
    return Answer(204, b"", kind="")


def _row(post: dict[str, Any]) -> dict[str, Any]:
    made = int(post["created"] * 1000)
    return {
        "id": post["id"],
        "author": f"urn:li:organization:{post['account_id']}",
        "commentary": post["facts"].get("commentary", post["text"]),
        "visibility": "PUBLIC",
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
        "createdAt": made,
        "publishedAt": made,
        "lastModifiedAt": made,
    }


# --- whose page ------------------------------------------------------------------------


def _roles(store: Store, account: Account, request: Request) -> Answer:
    if dict(request.query).get("q") != "roleAssignee":
        return error(400, "ILLEGAL_ARGUMENT", "The finder is roleAssignee")
    name = account.facts.get("role", "ADMINISTRATOR")
    role = {"role": name, "state": "APPROVED", "organization": urn_of(account)}
    return Answer(200, {"elements": [role], "paging": {"start": 0, "count": 10, "links": []}})


def _organisation(store: Store, account: Account, request: Request, number: str) -> Answer:
    if number != account.account_id:
        return error(403, "ACCESS_DENIED", "The token is for another organization", service=100)
    if account.facts.get("suspended"):
        return not_there(number)
    name = account.handle.lstrip("@")
    return Answer(200, {"id": int(number), "localizedName": account.name, "vanityName": name})


_URN = r"(urn%3Ali%3A(?:share|ugcPost)%3A\d+)"
_ROUTES: tuple[tuple[str, str, str, Any], ...] = (
    ("POST", r"/rest/images", "", _initialise),
    ("GET", r"/rest/images/(urn%3Ali%3Aimage%3A\d+)", "", _image),
    ("PUT", r"/dms-uploads/(\d+)/uploaded-image/0", "", _take_picture),
    ("POST", r"/rest/posts", "", _create),
    ("GET", r"/rest/posts", "FINDER", _listed),
    ("GET", rf"/rest/posts/{_URN}", "", _read),
    ("DELETE", rf"/rest/posts/{_URN}", "", _delete),
    ("GET", rf"/rest/socialMetadata/{_URN}", "", metadata),
    ("POST", rf"/rest/socialMetadata/{_URN}", "PARTIAL_UPDATE", set_metadata),
    ("GET", rf"/rest/socialActions/{_URN}/comments", "", comments),
    ("GET", r"/rest/organizationAcls", "FINDER", _roles),
    ("GET", r"/rest/organizations/(\d+)", "", _organisation),
)
