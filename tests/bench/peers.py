"""Our addresses, and beside them what ours are measured against, with the same templates."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.models import Page, Site

from cms.urls import urlpatterns as ours


def hello(request: HttpRequest) -> HttpResponse:
    """What a server and Django's own middleware cost."""
    return HttpResponse("hello")


def wagtail_search(request: HttpRequest) -> HttpResponse:
    """The first ten of what Wagtail's own search finds, best first, as its manual shows it."""
    words = request.GET["q"]
    site = Site.find_for_request(request)
    pages = Page.objects.live().public().descendant_of(site.root_page, inclusive=True)
    batch = Paginator(pages.search(words), 10).get_page(1)
    context = {"words": words, "pages": batch, "found": list(batch), "most": None}
    return TemplateResponse(request, "home/search.html", context)


urlpatterns = [
    path("bench/hello", hello),
    path("bench/search", wagtail_search),
    path("bench/sitemap.xml", sitemap),
    *ours,
]
