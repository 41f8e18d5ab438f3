"""The public archive: every post the council made, for residents without an account there."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from social_publish.models import Delivery, State

PER_PAGE = 20


def public_posts() -> QuerySet[Delivery]:
    """What is out there, newest first; practice posts only where the settings say so."""
    posts = Delivery.objects.filter(state=State.POSTED, posted_at__isnull=False)
    if not settings.SHOW_REHEARSAL_POSTS:
        posts = posts.filter(channel__rehearsal=False)
    return posts.select_related("channel", "announcement__page").order_by("-posted_at", "-pk")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All posts, with the words, the place and the page they led to."""
    posts = Paginator(public_posts(), PER_PAGE).get_page(request.GET.get("page"))
    removed = Delivery.objects.filter(state__in=(State.REMOVED, State.GONE)).count()
    return TemplateResponse(request, "home/posts.html", {"posts": posts, "removed": removed})
