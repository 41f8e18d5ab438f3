"""Search of the whole site: pages and documents."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, Site

from home.search import MOST, best
from home.views.sitemap import public_pages

PER_PAGE = 10
MOST_DOCUMENTS = 5
LONGEST = 100  # characters


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for `q`, the best first; documents on the first page only."""
    words = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST]
    found = best(_pages_of(request), words)
    batch = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "words": words,
        "pages": batch,
        "found": _in_order(Page.objects.all(), list(batch)),
        "most": MOST,
    }
    if batch.number == 1:
        documents = _public_documents()
        context["documents"] = _in_order(documents, best(documents, words, MOST_DOCUMENTS))
    return TemplateResponse(request, "home/search.html", context)


def _in_order(objects: QuerySet, keys: list[int]) -> list[Any]:
    loaded = objects.in_bulk(keys)
    return [loaded[key] for key in keys if key in loaded]


def _pages_of(request: HttpRequest) -> Any:
    site = Site.find_for_request(request)
    return public_pages(site) if site else Page.objects.none()


def _public_documents() -> QuerySet:
    documents = get_document_model().objects.all()
    closed = [
        key
        for restriction in CollectionViewRestriction.objects.select_related("collection")
        for key in restriction.collection.get_descendants(inclusive=True).values_list(
            "pk", flat=True
        )
    ]
    return documents.exclude(collection__in=closed) if closed else documents
