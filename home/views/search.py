"""Search of the whole site: pages and documents."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex, Site

from home.search import MOST, best, near
from home.views.sitemap import public_pages

PER_PAGE = 10
MOST_DOCUMENTS = 5
LONGEST = 100  # characters


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for `q`, the best first; documents on the first page only."""
    words = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:LONGEST]
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    pages, files = public_pages(site), _public_documents(site)
    found, documents = best(pages, words), best(files, words, MOST_DOCUMENTS)
    only_near = not found and not documents
    if only_near:
        found, documents = near(pages, words), near(files, words, MOST_DOCUMENTS)
    batch = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "words": words,
        "pages": batch,
        "found": _in_order(Page.objects.all(), list(batch)),
        "most": MOST,
        "only_near": only_near,
        "documents": _in_order(files, documents) if batch.number == 1 else [],
    }
    return TemplateResponse(request, "home/search.html", context)


def _in_order(objects: QuerySet, keys: list[int]) -> list[Any]:
    loaded = objects.in_bulk(keys)
    return [loaded[key] for key in keys if key in loaded]


def _public_documents(site: Site) -> QuerySet:
    """Files that a page of this site leads to: what was only put up is not published yet."""
    documents = get_document_model().objects.all()
    for restriction in CollectionViewRestriction.objects.select_related("collection"):
        inside = restriction.collection.get_descendants(inclusive=True)
        documents = documents.exclude(collection__in=list(inside))
    page = public_pages(site).filter(pk=Cast(OuterRef("object_id"), BigIntegerField()))
    links = ReferenceIndex.objects.filter(
        Exists(page),
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(get_document_model()),
    )
    return documents.filter(pk__in=links.values(key=Cast("to_object_id", BigIntegerField())))
