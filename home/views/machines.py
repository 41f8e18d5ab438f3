"""What machines read: robots.txt, a site's own colours."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from home.models import SiteDetails

YEAR = 365 * 24 * 60 * 60


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def colours_version(details: SiteDetails) -> str:
    """Changes whenever the colours or the stylesheet do, so that browsers keep it for a year."""
    words = details.main_colour + details.accent_colour
    return hashlib.sha256(words.encode() + _stylesheet()).hexdigest()[:12]


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def stylesheet(request: HttpRequest, site_id: int, version: str) -> HttpResponse:
    """The stylesheet with a site's own colours in front: still one file for the browser."""
    details = get_object_or_404(SiteDetails, site_id=site_id)
    if version != colours_version(details):
        raise Http404
    colours = f":root{{--main:{details.main_colour};--accent:{details.accent_colour}}}\n"
    return HttpResponse(colours.encode() + _stylesheet(), content_type="text/css")


def _stylesheet() -> bytes:
    return Path(settings.BASE_DIR, "cms", "static", "cms", "site.css").read_bytes()
