"""Every page of the site: served by Wagtail, on the site that is known already."""

from django.http import HttpRequest, HttpResponse
from wagtail.views import serve

from home.finding import site_of


def show(request: HttpRequest, path: str) -> HttpResponse:
    site_of(request)
    response: HttpResponse = serve(request, path)
    return response
