"""Where the residents' forms are sent. No cookie vouches for them, the signed token does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from home import mailroom
from home.letterbox import LetterForm, with_fresh_token
from home.models import ContactPage

STALE = (
    "This page was open for too long, so the message was not sent yet. Your words are all here:"
    " press Send once more."
)

QUICK = (
    "That was very quick, so the message was not sent yet, in case a program wrote it. Your words"
    " are all here: press Send once more."
)

FLOOD = (
    "So many messages are coming in at the moment that a program may be writing them, so this one"
    " was not sent yet. Your words are all here: press Send once more in an hour, or phone the"
    " office."
)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, page_id: int) -> HttpResponse:
    """Keep a message and lead to the thanks; or show the form again, with all that was typed."""
    page = get_object_or_404(ContactPage.objects.live().public(), pk=page_id)
    if request.method == "GET":
        return redirect(page.get_url(request))
    now = timezone.now()
    form = LetterForm(request.POST, page=page)
    # A program is thanked like a person, so that it does not try another way.
    if form.is_from_a_program():
        return _thanks(request, page)
    if not form.is_valid():
        return _again(request, page, form)
    try:
        kept = mailroom.keep(form, site=Site.find_for_request(request), now=now)
    except mailroom.TooMany:
        form.add_error(None, FLOOD)
        return _again(request, page, form)
    if kept is None:
        why = QUICK if form.is_too_soon(now) else STALE
        form = with_fresh_token(form, now=now)
        form.add_error(None, why)
        return _again(request, page, form)
    return _thanks(request, page)


def _thanks(request: HttpRequest, page: ContactPage) -> HttpResponse:
    return redirect(f"{page.get_url(request)}?sent")


def _again(request: HttpRequest, page: ContactPage, form: LetterForm) -> HttpResponse:
    context = page.get_context(request, form=form)
    return TemplateResponse(request, page.template, context, status=422)
