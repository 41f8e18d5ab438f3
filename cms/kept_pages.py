"""Whole pages in the cache "pages": what may be kept, and how it is given out again."""

import gzip
import hashlib
import re
import time
from typing import NamedTuple

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from redis.exceptions import RedisError

# Long beyond its time a page still helps, when the database is away.
STORE_FOR = 24 * 60 * 60  # seconds
LARGEST = 256 * 1024  # bytes
# How long a cache in front may keep a page without asking; browsers ask each time, and are
# answered "not changed".
IN_FRONT = 60  # seconds
FORBIDDING = ("private", "no-store", "no-cache")
GZIP = "gzip"
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)


class KeptPage(NamedTuple):
    """A page as it was sent; fresh while the content version is the same and until its time."""

    version: int
    until: float  # seconds, as time.time() counts
    # Whole: to set ten headers anew would take longer than all the rest.
    response: HttpResponse

    def is_fresh(self, version: int) -> bool:
        return self.version == version and time.time() < self.until

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        response = self.response
        if "Cache-Control" not in response.headers:
            left = max(0, min(IN_FRONT, int(self.until - time.time())))
            response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={left}"
        if "HTTP_IF_NONE_MATCH" not in request.META:
            return response
        etag = response.headers["ETag"]
        return get_conditional_response(request, etag=etag, response=response) or response


def packing(request: HttpRequest) -> str:
    """GZIP where the reader's browser takes it, else nothing."""
    return GZIP if _TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) else ""


def keep(
    key: str, response: HttpResponseBase, packed: str, *, version: int, until: float
) -> KeptPage:
    """Store a response that `may_be_kept`, packed once for all its readers.

    Cookies do not change it, so it does not vary by them. It holds no secret of any reader, so
    packing gives none away.
    """
    assert isinstance(response, HttpResponse)
    content = gzip.compress(response.content, mtime=0) if packed else response.content
    plain = HttpResponse(content, headers=dict(response.items()))
    if packed:
        plain.headers["Content-Encoding"] = packed
        plain.headers["Content-Length"] = str(len(content))
    plain.headers["Vary"] = "Accept-Encoding"
    plain.headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    page = KeptPage(version, until, plain)
    try:
        caches["pages"].set(key, page, STORE_FOR)
    except RedisError:
        pass  # the page itself is not lost
    return page


def find(key: str) -> KeptPage | None:
    try:
        page: KeptPage | None = caches["pages"].get(key)
    except RedisError:
        return None
    return page


def drop(key: str) -> None:
    try:
        caches["pages"].delete(key)
    except RedisError:
        pass  # its version is old, so it is not fresh either


def may_be_kept(response: HttpResponseBase) -> bool:
    """Is it a whole page that is the same for everyone, and says nothing against being kept?"""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    control = response.get("Cache-Control", "")
    varies = {word.strip().lower() for word in response.get("Vary", "").split(",")} - {""}
    return (
        isinstance(response, HttpResponse)
        and len(response.content) <= LARGEST
        and not any(word in control for word in FORBIDDING)
        and not response.has_header("Content-Encoding")
        and varies <= {"cookie"}
    )
