"""What machines read: robots.txt, the sitemap, a site's own colours."""

import hashlib
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page, PageViewRestriction, Site

from home.models import SiteDetails

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
)
MOST = 50_000  # addresses, as sitemaps.org allows
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


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages of this site, from the page table alone: no page is loaded."""
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    root = site.root_page
    pages = Page.objects.live().filter(path__startswith=root.path)
    for path in _restricted_paths():
        pages = pages.exclude(path__startswith=path)
    rows = pages.order_by("-last_published_at", "pk").values_list("url_path", "last_published_at")
    entries = [
        f"<url><loc>{escape(site.root_url)}/{quote(url_path.removeprefix(root.url_path))}</loc>"
        + (
            f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod></url>"
            if changed
            else "</url>"
        )
        for url_path, changed in rows[:MOST]
    ]
    words = "".join([HEAD, *entries, "</urlset>\n"])
    return HttpResponse(words, content_type="application/xml; charset=utf-8")


def _restricted_paths() -> list[str]:
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


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
