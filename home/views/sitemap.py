"""sitemap.xml: from the page table alone, no page is loaded."""

from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

MOST = 50_000  # addresses in one file, as sitemaps.org allows
_ROOT = '<?xml version="1.0" encoding="utf-8"?>\n<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def public_pages(site: Site) -> Any:
    """The pages of this site that anyone may read."""
    return Page.objects.live().public().descendant_of(site.root_page, inclusive=True)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages of this site, or where they are too many for one file, the files."""
    site = _site(request)
    pages = public_pages(site)
    parts = _parts(pages)
    if parts <= 1:
        return _addresses(site, pages)
    start = f"{escape(site.root_url)}/sitemap-"
    files = [f"<sitemap><loc>{start}{part}.xml</loc></sitemap>" for part in range(1, parts + 1)]
    return _xml("sitemapindex", files)


@require_safe
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """One of the files, counted from 1."""
    site = _site(request)
    pages = public_pages(site)
    if not 1 <= part <= _parts(pages):
        raise Http404
    return _addresses(site, pages, first=(part - 1) * MOST)


def _site(request: HttpRequest) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def _parts(pages: QuerySet) -> int:
    return -(-pages.count() // MOST)


def _addresses(site: Site, pages: QuerySet, first: int = 0) -> HttpResponse:
    # By key: a page that is published meanwhile moves no other one to another file.
    rows = pages.order_by("pk").values_list("url_path", "last_published_at")
    start, cut = escape(site.root_url), len(site.root_page.url_path) - 1
    entries = [
        f"<url><loc>{start}{quote(url_path[cut:])}</loc>"
        + (
            f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod></url>"
            if changed
            else "</url>"
        )
        for url_path, changed in rows[first : first + MOST]
    ]
    return _xml("urlset", entries)


def _xml(name: str, entries: list[str]) -> HttpResponse:
    words = "".join([_ROOT.format(name), *entries, f"</{name}>\n"])
    return HttpResponse(words, content_type="application/xml; charset=utf-8")
