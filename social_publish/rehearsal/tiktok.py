"""The pretend TikTok: photo posts of its Content Posting API, as strict as its pages say."""

import json
from typing import Any
from urllib.parse import urlsplit

from social_publish.rehearsal import tokens
from social_publish.rehearsal.counting import utf16_units
from social_publish.rehearsal.fetching import NotFetched, fetch, jpeg_shape
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

PRIVACY = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
MOST_TITLE, MOST_DESCRIPTION, MOST_PICTURES = 90, 4000, 35
POST_INFO = {
    "title": str,
    "description": str,
    "privacy_level": str,
    "disable_comment": bool,
    "auto_add_music": bool,
    "brand_content_toggle": bool,
    "brand_organic_toggle": bool,
}
USER_FIELDS = {"open_id", "union_id", "avatar_url", "display_name"}


def handles(path: str) -> bool:
    return path.startswith(("/v2/post/publish/", "/v2/user/"))


def may_reply(post: dict[str, Any], stranger: str) -> bool:
    """Would TikTok let this stranger comment?"""
    return not post["facts"].get("disable_comment")


def answer(store: Store, request: Request) -> Answer:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    account = next(
        (a for a in store.accounts("tiktok") if a.credentials["access_token"] == token), None
    )
    if account is None or tokens.dead(account, store.now()):
        return _error(401, "access_token_invalid", "The access token is invalid or not found.")
    scope = "user.info.basic" if request.path.startswith("/v2/user/") else "video.publish"
    if scope in account.facts.get("without", []):
        return _error(401, "scope_not_authorized", f"The user did not authorize {scope}.")
    view = _ROUTES.get((request.method, request.path))
    if view is None:
        return _error(404, "invalid_params", f"{request.path} is not an operation.")
    if request.method == "POST" and not isinstance(request.json, dict):
        return _error(400, "invalid_params", "The body is not a JSON object.")
    done: Answer = view(store, account, request)
    return done


def _creator(store: Store, account: Account, request: Request) -> Answer:
    if account.facts.get("suspended"):
        return _error(403, "spam_risk_user_banned_from_posting", "The user is banned.")
    options = [PRIVACY[-1]] if account.facts.get("unaudited") else list(PRIVACY)
    if account.facts.get("private"):
        options = ["FOLLOWER_OF_CREATOR", *PRIVACY[1:]]
    return _good(
        {
            "creator_username": account.handle.lstrip("@"),
            "creator_nickname": account.name,
            "creator_avatar_url": "",
            "privacy_level_options": options,
            "comment_disabled": False,
            "duet_disabled": False,
            "stitch_disabled": False,
            "max_video_post_duration_sec": 300,
        }
    )


def _init(store: Store, account: Account, request: Request) -> Answer:
    body = request.json
    wrong = (
        _wrong_names(body, {"media_type", "post_mode", "post_info", "source_info"})
        or _wrong_info(body["post_info"])
        or _wrong_source(body["source_info"])
    )
    if (body.get("media_type"), body.get("post_mode")) != ("PHOTO", "DIRECT_POST"):
        wrong = wrong or "media_type must be PHOTO, and post_mode DIRECT_POST"
    if wrong:
        return _error(400, "invalid_params", wrong)
    if account.facts.get("unaudited") and body["post_info"]["privacy_level"] != PRIVACY[-1]:
        word = "unaudited_client_can_only_post_to_private_accounts"
        return _error(403, word, "The app has not been audited.")
    publish_id = f"p_pub_url~v2.{store.next_number()}"
    status, facts = _published(store, account, body)
    store.write(
        "INSERT INTO containers VALUES (?, ?, ?, ?, ?, ?, ?)",
        publish_id,
        account.network,
        account.account_id,
        body["post_info"].get("description", ""),
        json.dumps(facts),
        store.now(),
        status,
    )
    return _good({"publish_id": publish_id})


def _published(store: Store, account: Account, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Fetch the pictures, and put the post on the timeline; its status, and what goes with it."""
    info, media = body["post_info"], []
    for address in body["source_info"]["photo_images"]:
        try:
            content = fetch(store, address)
        except NotFetched:
            return "FAILED", {"fail_reason": "picture_pull_failed"}
        try:
            jpeg_shape(content)
        except NotFetched:
            return "FAILED", {"fail_reason": "file_format_check_failed"}
        media.append(str(store.next_number()))
        store.add_media(account, media[-1], content)
    text = "\n".join(filter(None, (info.get("title"), info.get("description"))))
    facts = {"media": media, "disable_comment": info.get("disable_comment", False)}
    post_id = str(store.next_number())
    store.add_post(account, post_id, text, facts)
    return "PUBLISH_COMPLETE", {"post": post_id}


def _status(store: Store, account: Account, request: Request) -> Answer:
    if wrong := _wrong_names(request.json, {"publish_id"}):
        return _error(400, "invalid_params", wrong)
    found = store.rows(
        "SELECT * FROM containers WHERE id = ? AND network = 'tiktok' AND account_id = ?",
        str(request.json["publish_id"]),
        account.account_id,
    )
    if not found:
        return _error(400, "invalid_publish_id", "The publish_id does not exist.")
    row, facts = found[0], json.loads(found[0]["facts"])
    if row["created"] > store.now() - store.lag:
        return _good({"status": "PROCESSING_DOWNLOAD", "downloaded_bytes": 0})
    told: dict[str, Any] = {"status": row["status"]}
    if "post" in facts:
        told["publicaly_available_post_id"] = [int(facts["post"])]
    if "fail_reason" in facts:
        told["fail_reason"] = facts["fail_reason"]
    return _good(told)


def _user(store: Store, account: Account, request: Request) -> Answer:
    fields = dict(request.query).get("fields", "")
    if not fields or set(fields.split(",")) - USER_FIELDS:
        return _error(400, "invalid_params", f"fields must name some of {sorted(USER_FIELDS)}")
    known = {"open_id": account.account_id, "display_name": account.name}
    return _good({"user": {name: known.get(name, "") for name in fields.split(",")}})


# --- the published shapes --------------------------------------------------------------


def _wrong_names(body: Any, names: set[str]) -> str:
    if not isinstance(body, dict):
        return f"Here an object of {', '.join(sorted(names))} is wanted"
    if unknown := sorted(set(body) - names):
        return f"Unknown fields: {', '.join(unknown)}"
    missing = sorted(names - set(body))
    return f"Missing fields: {', '.join(missing)}" if missing else ""


def _wrong_info(info: Any) -> str:
    if not isinstance(info, dict):
        return "post_info is not an object"
    for name, value in info.items():
        if name not in POST_INFO or not isinstance(value, POST_INFO[name]):
            return f"post_info.{name} is unknown, or of another type"
    if info.get("privacy_level") not in PRIVACY:
        return f"post_info.privacy_level must be one of {', '.join(PRIVACY)}"
    if utf16_units(info.get("title", "")) > MOST_TITLE:
        return f"post_info.title has more than {MOST_TITLE} UTF-16 units"
    if utf16_units(info.get("description", "")) > MOST_DESCRIPTION:
        return f"post_info.description has more than {MOST_DESCRIPTION} UTF-16 units"
    return ""


def _wrong_source(source: Any) -> str:
    if wrong := _wrong_names(source, {"source", "photo_images", "photo_cover_index"}):
        return wrong
    images, cover = source["photo_images"], source["photo_cover_index"]
    if source["source"] != "PULL_FROM_URL":
        return "source must be PULL_FROM_URL for photos"
    if not isinstance(images, list) or not 1 <= len(images) <= MOST_PICTURES:
        return f"photo_images must name 1 to {MOST_PICTURES} pictures"
    if not all(isinstance(a, str) and urlsplit(a).scheme in ("http", "https") for a in images):
        return "photo_images must be web addresses"
    if type(cover) is not int or not 0 <= cover < len(images):
        return "photo_cover_index names none of the pictures"
    return ""


def _good(data: dict[str, Any]) -> Answer:
    return Answer(200, {"data": data, "error": {"code": "ok", "message": "", "log_id": "0"}})


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, {"error": {"code": code, "message": message, "log_id": "0"}})


_ROUTES: dict[tuple[str, str], Any] = {
    ("POST", "/v2/post/publish/creator_info/query/"): _creator,
    ("POST", "/v2/post/publish/content/init/"): _init,
    ("POST", "/v2/post/publish/status/fetch/"): _status,
    ("GET", "/v2/user/info/"): _user,
}
