"""Facebook tells of each new comment, so that nobody has to wait for the next check to hide it.

A message is proved by the app's secret. Nothing in it is believed but the numbers of posts: the
check that becomes due reads the rest itself (`docs/sources.md`; Meta's "Webhooks" pages).
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from social_publish import outbox
from social_publish.credentials import CredentialsLost
from social_publish.models import Channel
from social_publish.wake import wake_worker

MOST_BYTES = 1024 * 1024
NETWORK = "facebook"
# A number of ours to look up, and nothing that a database might choke on.
POST_ID = re.compile(r"[0-9_]{1,100}")
# Hiding is our own doing, and what is removed needs no hiding.
NEW_TO_READERS = {"add", "edited", "unhide"}


def callback_url() -> str:
    """Where Facebook sends its messages."""
    return settings.SITE_URL + reverse("facebook_comments")


def verify_token() -> str:
    """The word by which Facebook shows, once, that we asked it to send messages here."""
    return salted_hmac("social_publish.webhooks", NETWORK, algorithm="sha256").hexdigest()


@csrf_exempt
@require_http_methods(["GET", "POST"])
def facebook_comments(request: HttpRequest) -> HttpResponse:
    """The handshake by GET, messages by POST. 403 for whoever cannot prove to be Facebook."""
    if request.method == "GET":
        return _handshake(request)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return _plain("Too long.", 413)
    channels = _signed_by(request.headers.get("X-Hub-Signature-256", ""), request.body)
    if not channels:
        return _plain("Not signed.", 403)
    now = timezone.now()
    _heard(channels, request.body, now)
    told = [
        outbox.replies_told(channels[page], post, since, now=now)
        for page, post, since in _comments_in(request.body)
        if page in channels
    ]
    if any(told):
        wake_worker()
    return _plain("Received.")


def _handshake(request: HttpRequest) -> HttpResponse:
    known = request.GET.get("hub.mode") == "subscribe" and constant_time_compare(
        request.GET.get("hub.verify_token", ""), verify_token()
    )
    return _plain(request.GET.get("hub.challenge", "")[:200]) if known else _plain("No.", 403)


def _signed_by(signature: str, body: bytes) -> dict[str, int]:
    """{number of the Page: channel} of the channels whose app signed this."""
    return {
        channel.account_id: channel.pk
        for channel in Channel.objects.filter(network=NETWORK).order_by("pk")
        if (ours := _signature(channel, body))
        and constant_time_compare(signature, f"sha256={ours}")
    }


def _signature(channel: Channel, body: bytes) -> str:
    try:
        secret = channel.unseal().get("app_secret", "")
    except CredentialsLost:
        secret = ""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() if secret else ""


def _comments_in(body: bytes) -> Iterator[tuple[str, str, datetime | None]]:
    """Each comment's Page, post and time, as far as they can be made out."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    for entry in _rows(told, "entry"):
        for change in _rows(entry, "changes"):
            value = change.get("value")
            if change.get("field") != "feed" or not isinstance(value, dict):
                continue
            if value.get("item") == "comment" and value.get("verb") in NEW_TO_READERS:
                since = value.get("created_time") if value["verb"] == "add" else None
                post = str(value.get("post_id", ""))
                if POST_ID.fullmatch(post):
                    yield str(entry.get("id", "")), post, _time(since)


def _heard(channels: dict[str, int], body: bytes, now: datetime) -> None:
    """That messages come, whatever they say: comments need to be looked for less often."""
    told = [channels[page] for page in _pages_in(body) if page in channels]
    news = Q(comments_heard_at=None) | Q(comments_heard_at__lt=now - timedelta(hours=1))
    Channel.objects.filter(news, pk__in=told).update(comments_heard_at=now)


def _pages_in(body: bytes) -> list[str]:
    try:
        return [str(entry.get("id", "")) for entry in _rows(json.loads(body), "entry")]
    except (ValueError, RecursionError):
        return []


def _rows(holder: Any, name: str) -> list[dict[str, Any]]:
    rows = holder.get(name) if isinstance(holder, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _time(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if isinstance(seconds, int) else None
    except (ValueError, OverflowError, OSError):
        return None


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
