"""The officers' buttons in the page editor and in lists of pages."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from social_publish import publication, take_down
from social_publish.models import AnnounceablePage


class ReviewMenuItem(ActionMenuItem):
    """Leads to the review screen; it never approves by itself."""

    name = "review"
    label = "Review posts and approve"
    icon_name = "glasses"
    template_name = "social_publish/review_menu_item.html"

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("social_publish_review", args=[parent_context["page"].pk])


def lead_to_review(menu_items: list[ActionMenuItem], request: HttpRequest, context: Any) -> None:
    """Swap Wagtail's button, which would post the form, for a link to the screen."""
    if any(item.name == "review" for item in menu_items):
        # First in the list is the button that needs no menu to be opened.
        menu_items[:] = [ReviewMenuItem(), *(i for i in menu_items if i.name != "review")]


def redirect_review(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A posted “review” has done nothing, and leads to the screen too."""
    if request.POST.get("workflow-action-name") == "review":
        return redirect("social_publish_review", page.pk)
    return None


def officer_buttons(
    page: Page, user: User, next_url: str | None = None, **_: Any
) -> Iterator[Button]:
    """Take down, cancel go-live, move: for officers of the page's section."""
    if not isinstance(page.specific, AnnounceablePage) or not take_down.is_officer(user, page):
        return
    scheduled = publication.is_scheduled(page)
    if page.live or scheduled:
        yield _button("social_publish_take_down", page, "Take down page and posts", "warning", 1)
    if scheduled:
        yield _button("social_publish_cancel_go_live", page, "Cancel go-live", "cross", 2)
    yield _button("social_publish_move", page, "Move to another section", "arrow-right-full", 3)


def _button(name: str, page: Page, label: str, icon: str, priority: int) -> Button:
    return Button(label, reverse(name, args=[page.pk]), icon_name=icon, priority=priority)
