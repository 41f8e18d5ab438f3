"""The page cache: residents' pages, whole, ahead of everything else.

One version number decides whether a page is fresh (home.content_version), so nothing is ever
looked for and thrown away. A page that is no longer fresh is built by one request; others get the
old one meanwhile, and everyone does while the database is away.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control
from wagtail.models import Site

from cms import kept_pages
from cms.turning import next_turn
from home import content_version
from news.models import Purpose

logger = logging.getLogger(__name__)

# The views whose answers may be kept; any other is never kept.
VIEWS = {
    "wagtail_serve",
    "posts",
    "news_atom",
    "news_rss",
    "calendar",
    "one_event",
    "site_stylesheet",
    "robots",
    "sitemap",
    "sitemap_part",
}
# What these views read of an address's query: {name: its values}. They are not shown the rest, so
# that nobody can split or spoil a page by it. Who reads another one adds it here; a test looks.
QUERY = {
    "page": re.compile(r"[1-9]\d{0,3}"),
    "purpose": re.compile("|".join(Purpose.values)),
    "committee": re.compile(r"\d{1,9}"),
    "year": re.compile(r"\d{4}"),
    "past": re.compile(""),
    "coming": re.compile("all"),
    "sent": re.compile(""),
    "find": re.compile(".{1,60}"),
}


@dataclass(frozen=True)
class _Facts:
    """What this process knows of one content version."""

    version: int
    turn: float  # the next change by the clock, in seconds as time.time() counts
    hosts: frozenset[str]


_facts = _Facts(-1, 0.0, frozenset())
# {key: the request that is building that page}
_building: dict[str, object] = {}


class PageCache:
    """Answers plain questions for public pages; lets everything else through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.PAGE_CACHE_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
            return self.get_response(request)  # a dummy is a preview of a draft
        if "HTTP_COOKIE" in request.META and settings.SESSION_COOKIE_NAME in request.COOKIES:
            return _for_one_only(self.get_response(request))
        query = _known_part(request)
        key = _key(request, query)
        page, version = kept_pages.find(key), content_version.current()
        if page and (page.is_fresh(version) or content_version.is_out_of_reach()):
            return page.answer(request)
        if request.method == "HEAD":
            return self.get_response(request)
        if _building.setdefault(key, request) is not request and page:
            return page.answer(request)
        try:
            response = self._build(request, query, key, version)
        finally:
            if _building.get(key) is request:
                del _building[key]
        return page.answer(request) if page and response.status_code == 503 else response

    def _build(self, request: HttpRequest, query: str, key: str, version: int) -> HttpResponseBase:
        if QueryDict(query) != request.GET and _view_of(request) in VIEWS:
            # The address itself stays as it was asked for: old addresses are redirected by it.
            request.GET = QueryDict(query)
        response = self.get_response(request)
        if _view_of(request) in VIEWS and kept_pages.may_be_kept(response):
            until = _fresh_until(request, version)
            if until:
                packed = kept_pages.packing(request)
                kept = kept_pages.keep(key, response, packed, version=version, until=until)
                return kept.answer(request)
        elif response.status_code < 500:
            kept_pages.drop(key)
        return response


def _for_one_only(response: HttpResponseBase) -> HttpResponseBase:
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True)
    return response


def _known_part(request: HttpRequest) -> str:
    """The part of the query that pages know, always in the same order."""
    if not request.META.get("QUERY_STRING"):
        return ""
    given = [(name, values, request.GET.get(name)) for name, values in QUERY.items()]
    return urlencode(
        [
            (name, value)
            for name, values, value in given
            if value is not None and values.fullmatch(value)
        ]
    )


def _key(request: HttpRequest, query: str) -> str:
    place = f"{request.scheme}://{request.META.get('HTTP_HOST')}{request.path}?{query}"
    address = f"{kept_pages.packing(request)} {place}"
    return hashlib.blake2b(address.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _view_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _fresh_until(request: HttpRequest, version: int) -> float | None:
    """None where it must not be kept: asked of a host that is none of ours, or nothing is known."""
    global _facts
    now = timezone.now()
    try:
        if _facts.version != version or _facts.turn <= now.timestamp():
            _facts = _Facts(version, next_turn(now).timestamp(), _hosts())
    except Error:
        logger.warning("A page could not be kept", extra={"event": "page.not_kept"})
        return None
    if request.META.get("HTTP_HOST") not in _facts.hosts:
        return None
    return min(_facts.turn, now.timestamp() + settings.PAGE_CACHE_SECONDS)


def _hosts() -> frozenset[str]:
    """Hosts as requests name them: of our sites, and those the settings name in full."""
    hosts = {host for host in settings.ALLOWED_HOSTS if host[:1] not in ("*", ".")}
    for name, port in Site.objects.values_list("hostname", "port"):
        hosts |= {name, f"{name}:{port}"}
    return frozenset(hosts)
