"""The pictures on residents' pages."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.static import serve

MONTH = 30 * 24 * 60 * 60


# A changed picture gets a new name. One that was taken away leaves caches in front as soon as a
# page does; only whoever has seen it keeps it.
@cache_control(public=True, max_age=MONTH, s_maxage=60)
def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture in one of its sizes. Raises Http404 where there is none."""
    return serve(request, path, document_root=f"{settings.MEDIA_ROOT}/images")
