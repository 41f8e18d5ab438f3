"""Where a post's short link leads: to the page, wherever it has moved since."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from social_publish import pictures, trial_posts
from social_publish.models import PREVIEW_TOKEN, Delivery, State, TrialPost


@require_safe
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Redirect to the page. A page that was taken down or deleted is not found any more."""
    if token == PREVIEW_TOKEN:
        raise Http404("This link is only a sample from a preview.")
    if TrialPost.objects.filter(key=token).exists():
        return HttpResponseRedirect("/")
    delivery = Delivery.objects.filter(token=token).select_related("announcement__page").first()
    page = delivery.announcement.page if delivery else None
    address = page.get_url(request) if page and page.live else None
    if not address:
        raise Http404("The page this link led to is no longer there.")
    return HttpResponseRedirect(address)


@require_safe
def post_picture(request: HttpRequest, token: str) -> HttpResponse:
    """The picture of a post, for networks that fetch it themselves while the post is sent."""
    trial = TrialPost.objects.filter(key=token, state__in=TrialPost.OPEN).first()
    if trial:
        return HttpResponse(trial_posts.picture_of(trial), content_type="image/jpeg")
    # A network may fetch it between two steps, while the delivery waits in the queue.
    being_sent = (State.QUEUED, State.SENDING, State.UNKNOWN)
    delivery = get_object_or_404(Delivery, token=token, state__in=being_sent)
    try:
        content = pictures.load(delivery.picture)
    except pictures.PictureUnusable as error:
        raise Http404 from error
    return HttpResponse(content, content_type="image/jpeg")
