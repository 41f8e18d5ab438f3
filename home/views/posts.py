"""The public archive: every post the council made, for residents without an account there."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from social_publish.models import Delivery, State
from social_publish.practice import in_earnest, left_rehearsal, was_practice

PER_PAGE = 20


def public_posts(left: Mapping[int, datetime]) -> QuerySet[Delivery]:
    """What is out there, newest first; practice posts only where the settings say so."""
    posts = _shown(left).filter(state=State.POSTED, posted_at__isnull=False)
    return posts.select_related("channel", "announcement__page").order_by("-posted_at", "-pk")


def _shown(left: Mapping[int, datetime]) -> QuerySet[Delivery]:
    posts = Delivery.objects.all()
    return posts if settings.SHOW_REHEARSAL_POSTS else in_earnest(posts, left)


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """All posts, with the words, the place and the page they led to."""
    left = left_rehearsal()
    posts = Paginator(public_posts(left), PER_PAGE).get_page(request.GET.get("page"))
    practised = {post.pk for post in posts if _was_practice(post, left)}
    removed = _shown(left).filter(state__in=(State.REMOVED, State.GONE)).count()
    context = {"posts": posts, "practised": practised, "removed": removed}
    return TemplateResponse(request, "home/posts.html", context)


def _was_practice(post: Delivery, left: Mapping[int, datetime]) -> bool:
    return was_practice(
        channel=post.channel_id,
        rehearsal=post.channel.rehearsal,
        posted_at=post.posted_at,
        left=left,
    )
