"""Search of the whole site: pages and documents."""

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

PER_PAGE = 10
MOST_WORDS = 100  # characters


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for `q`, the best first; documents on the first page only."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MOST_WORDS]
    # Signs mean something to the search engines, and nothing to residents.
    plain = re.sub(r"[^\w\s-]", " ", words).strip()
    context: dict[str, Any] = {"words": words, "pages": None, "documents": []}
    if plain:
        pages = _pages_of(request).search(plain)
        context["pages"] = Paginator(pages, PER_PAGE).get_page(request.GET.get("page"))
        if context["pages"].number == 1:
            context["documents"] = list(get_document_model().objects.search(plain)[:5])
    return TemplateResponse(request, "home/search.html", context)


def _pages_of(request: HttpRequest) -> Any:
    site = Site.find_for_request(request)
    pages = Page.objects.live().public().filter(depth__gt=1)
    return pages.descendant_of(site.root_page, inclusive=True) if site else pages
