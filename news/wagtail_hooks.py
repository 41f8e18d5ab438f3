"""Registers what the admin room holds; decides nothing."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.snippets.models import register_snippet

from news.admin.duties import DutiesPanel
from news.admin.elections import CarefulPanel
from news.admin.viewsets import (
    EventListing,
    MeetingListing,
    NewsListing,
    PartnerViewSet,
    VacancyListing,
)

register_snippet(PartnerViewSet)


class DatedPages(ViewSetGroup):
    """Lists of the pages that announce themselves, wherever in the tree they are."""

    menu_label = "News and dates"
    menu_icon = "calendar-alt"
    menu_order = 201
    items = (
        NewsListing("news_list"),
        MeetingListing("meeting_list"),
        EventListing("event_list"),
        VacancyListing("vacancy_list"),
    )


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [DatedPages()]


@hooks.register("construct_homepage_panels")
def dated_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(CarefulPanel())
    panels.append(DutiesPanel())
