"""The page for a fault of ours: sorry, or, while the database is away, come back soon."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

COME_BACK = "60"  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """Plain pages that ask no database: what went wrong must not go wrong here again."""
    # Django calls this while it handles the error.
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=500)
    headers = {"Retry-After": COME_BACK, "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
