"""What the sign-in of each network looks like on the wire, and what is wrong with one."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from social_publish.rehearsal.practice import APP_ID
from social_publish.rehearsal.sealed import opened

# What may be asked for and is not needed.
OPTIONAL = frozenset({"business_management", "read", "write"})


@dataclass(frozen=True)
class Form:
    """What one network's sign-in looks like on the wire.

    id_name: what it calls the app's number; several: may a person choose several accounts?
    proves: PKCE, "S256" is the only method.
    """

    networks: tuple[str, ...]
    scopes: frozenset[str]
    separator: str = ","
    id_name: str = "client_id"
    several: bool = False
    proves: bool = False


FACEBOOK = Form(
    ("facebook",),
    frozenset(
        [
            "pages_show_list",
            "pages_manage_posts",
            "pages_read_engagement",
            "pages_manage_engagement",
            "pages_read_user_content",
            "business_management",
        ]
    ),
    several=True,
)
INSTAGRAM = Form(
    ("instagram",),
    frozenset(
        [
            "instagram_basic",
            "instagram_content_publish",
            "instagram_manage_comments",
            "instagram_manage_contents",
            "pages_show_list",
            "pages_read_engagement",
            "business_management",
        ]
    ),
    several=True,
)
THREADS = Form(
    ("threads",),
    frozenset(
        [
            "threads_basic",
            "threads_content_publish",
            "threads_manage_replies",
            "threads_read_replies",
            "threads_delete",
        ]
    ),
)
LINKEDIN = Form(
    ("linkedin",),
    frozenset(
        [
            "w_organization_social",
            "r_organization_social",
            "w_organization_social_feed",
            "r_organization_social_feed",
            "rw_organization_admin",
        ]
    ),
    separator=" ",
)
TIKTOK = Form(("tiktok",), frozenset({"user.info.basic", "video.publish"}), id_name="client_key")
FEDIVERSE = Form(
    ("mastodon", "gotosocial"),
    frozenset({"read", "write", "read:accounts", "read:statuses", "write:statuses", "write:media"}),
    separator=" ",
    proves=True,
)


def form_of(path: str, asked: dict[str, str]) -> Form:
    if path == "/oauth/v2/authorization":
        return LINKEDIN
    if path == "/v2/auth/authorize/":
        return TIKTOK
    scope = asked.get("scope", "")
    if path == "/oauth/authorize":
        return THREADS if "threads_" in scope else FEDIVERSE
    return INSTAGRAM if "instagram_" in scope else FACEBOOK


def fault_in_asking(form: Form, asked: dict[str, str]) -> str:
    known = {form.id_name, "redirect_uri", "response_type", "scope", "state"}
    known |= {"code_challenge", "code_challenge_method"} if form.proves else set()
    if extra := set(asked) - known:
        return f"Unknown parameters: {', '.join(sorted(extra))}."
    if missing := {form.id_name, "redirect_uri", "response_type", "scope", "state"} - set(asked):
        return f"Missing parameters: {', '.join(sorted(missing))}."
    if asked["response_type"] != "code":
        return "The response_type must be code."
    if unknown := set(asked["scope"].split(form.separator)) - form.scopes:
        return f"Unknown scopes: {', '.join(sorted(unknown))}."
    if "code_challenge" in asked and asked.get("code_challenge_method") != "S256":
        return "The code_challenge_method must be S256."
    return _fault_in_app(form, asked[form.id_name], asked["redirect_uri"])


def _fault_in_app(form: Form, app: str, back: str) -> str:
    if not is_address(back):
        return "The redirect_uri is no address that can be registered."
    if form is not FEDIVERSE:
        return "" if app == APP_ID else "There is no such app."
    registered = opened(app, "app")
    if not registered:
        return "There is no such app."
    return "" if back in registered["back"] else "The redirect_uri is not the registered one."


def is_address(back: str) -> bool:
    parts = urlsplit(back)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.query
