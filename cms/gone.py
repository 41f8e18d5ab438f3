"""410 Gone, with the reason, where a page was that residents could once read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page, PageLogEntry, Site

from social_publish.admin.page_actions import GROUNDS

TAKEN_DOWN, UNPUBLISHED = "social_publish.take_down", "wagtail.unpublish"


@dataclass(frozen=True)
class Farewell:
    """When a page went and why, as far as the public is told."""

    at: datetime | None
    reason: str


class Gone:
    """Stands outside the redirects, so that an address that leads somewhere still does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or match is None or match.view_name != "wagtail_serve":
            return response
        page = _former_page(request)
        if page is None:
            return response
        return render(request, "410.html", {"farewell": farewell(page)}, status=410)


def _former_page(request: HttpRequest) -> Page | None:
    site = Site.find_for_request(request)
    if site is None:
        return None
    path = request.path.strip("/")
    url_path = f"{site.root_page.url_path}{path}/" if path else site.root_page.url_path
    former = Page.objects.filter(url_path=url_path, slug=path.rpartition("/")[2])
    return former.filter(live=False, first_published_at__isnull=False).first()


def farewell(page: Page) -> Farewell:
    """The last time it went, and the ground; details of a ground are for the clerk alone."""
    entries = PageLogEntry.objects.filter(page=page.pk, action__in=(TAKEN_DOWN, UNPUBLISHED))
    last = entries.order_by("-timestamp", "-pk").first()
    if last is None:
        return Farewell(None, "")
    taken = entries.filter(action=TAKEN_DOWN, timestamp__gte=page.last_published_at).last()
    given = taken.data.get("reason", "") if taken else ""
    reason = next((ground for ground in GROUNDS if given.startswith(ground)), "")
    return Farewell(last.timestamp, reason)
