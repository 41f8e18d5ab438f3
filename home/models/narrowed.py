"""A page whose list is narrowed down by `?find=`, without a script."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

LONGEST = 60  # characters
MANY = 8  # entries; fewer are seen at a glance


class NarrowedPage(models.Model):
    """Goes before Page among the bases of a page type."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]  # Page has it
        if wanted(request):
            # There is no end to what can be looked for: kept, it would crowd out the pages.
            patch_cache_control(response, private=True)
        return response


def wanted(request: HttpRequest) -> str:
    """The words that are looked for, each of which must be found; "" for the whole list."""
    typed = request.GET.get("find", "").replace("\x00", " ")
    return " ".join(typed.split())[:LONGEST].strip()
