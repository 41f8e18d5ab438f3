"""Wagtail's own screens for partners, and the columns of the lists of dated pages."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.admin.review import writes_pages
from news.models import EventPage, MeetingPage, NewsPage, Partner, VacancyPage


class PartnerViewSet(SnippetViewSet):
    model = Partner
    icon = "group"
    menu_label = "Partners"
    list_display = ("name", "address")
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("address")]


def _columns(*own: Column) -> list[Column]:
    """The boxes to tick and the title first, then our own, then Wagtail's."""
    boxes, title, *rest = PageListingViewSet.columns
    return [boxes, title, *own, *rest]


def _day(field: str, label: str) -> Column:
    """A day as people write it: Wagtail's own column calls every coming day “just now”."""
    return Column(
        field,
        label=label,
        sort_key=field,
        width="12%",
        accessor=lambda page: (
            date_format(localtime(value) if isinstance(value, datetime) else value, "D j M Y")
            if (value := getattr(page, field))
            else ""
        ),
    )


class PagesMenuItem(MenuItem):
    """For those who write pages; a councillor's menu stays short."""

    def is_shown(self, request: HttpRequest) -> bool:
        return writes_pages(request.user)


class NewsListing(PageListingViewSet):
    icon = "doc-full-inverse"
    menu_label = "News"
    model = NewsPage
    menu_item_class = PagesMenuItem
    columns = _columns(
        _day("date", "Date"),
        Column("get_purpose_display", label="Purpose", width="15%"),
        _day("closes_on", "Closes"),
    )


class MeetingListing(PageListingViewSet):
    icon = "calendar-alt"
    menu_label = "Meetings"
    model = MeetingPage
    menu_item_class = PagesMenuItem
    columns = _columns(
        _day("date", "Date"),
        Column("committee", label="Committee", width="15%"),
        Column("get_minutes_status_display", label="Minutes", width="15%"),
    )


class EventListing(PageListingViewSet):
    icon = "date"
    menu_label = "Events"
    model = EventPage
    menu_item_class = PagesMenuItem
    columns = _columns(
        _day("starts_at", "Begins"),
        Column("place", label="Place", width="15%"),
    )


class VacancyListing(PageListingViewSet):
    icon = "user"
    menu_label = "Vacancies"
    model = VacancyPage
    menu_item_class = PagesMenuItem
    columns = _columns(
        Column("get_kind_display", label="Kind", width="12%"),
        _day("closes_on", "Closes"),
    )
