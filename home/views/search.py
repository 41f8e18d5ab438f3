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
    site = Site.find_for_request(request)
    found = best(public_pages(site), words) if site else []
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


def _public_documents() -> QuerySet:
    documents = get_document_model().objects.all()
    for restriction in CollectionViewRestriction.objects.select_related("collection"):
        inside = restriction.collection.get_descendants(inclusive=True)
        documents = documents.exclude(collection__in=list(inside))
    return documents
