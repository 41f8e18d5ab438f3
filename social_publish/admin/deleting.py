"""A section with a channel group stays: its posts are on record, and no record falls with a page."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page

from social_publish.models import ChannelGroup


def keep_section(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before a page is deleted: refuse, in words, where a channel group would lose its section."""
    group = ChannelGroup.objects.filter(section__path__startswith=page.path).first()
    if group is None:
        return None
    messages.error(
        request,
        f"“{page.get_admin_display_title()}” was not deleted: the channel group “{group}” belongs"
        " to it or to a page below it, and the group's posts are kept on record."
        " Unpublish the page instead.",
    )
    return redirect("wagtailadmin_explore", page.pk)


def keep_sections(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same before several pages are deleted at once: none of them is."""
    if action_type != "delete" or not issubclass(action.model, Page):
        return None
    answers = (keep_section(request, page) for page in objects)
    return next((answer for answer in answers if answer), None)
