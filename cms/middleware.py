"""Response headers of our own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

RESIDENTS = (
    # Nothing here may run, so nothing connects; but browsers' own tools read robots.txt under this.
    "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Wagtail's own date pickers, choosers and inline panels are inline scripts, so
# the admin cannot do without 'unsafe-inline'; everything else stays closed.
ADMIN = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


class ContentSecurityPolicy:
    """Sends the strict policy to residents and the fitting one to the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", RESIDENTS)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        if request.path.startswith(reverse("wagtailadmin_home")):
            # The review screen and Wagtail's previews show drafts in a frame, and a draft
            # comes with a resident's headers.
            response.headers["Content-Security-Policy"] = ADMIN
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response
