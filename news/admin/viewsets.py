"""Wagtail's own screens for partners, and the columns of the lists of dated pages."""

from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from news.models import EventPage, MeetingPage, NewsPage, Partner, VacancyPage


class PartnerViewSet(SnippetViewSet):
    model = Partner
    icon = "group"
    menu_label = "Partners"
    list_display = ("name", "address")
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("address")]


def _columns(*own: Column) -> list[Column]:
    first, *rest = PageListingViewSet.columns
    return [first, *own, *rest]


class NewsListing(PageListingViewSet):
    icon = "doc-full-inverse"
    menu_label = "News"
    model = NewsPage
    columns = _columns(
        DateColumn("date", label="Date", sort_key="date", width="10%"),
        Column("get_purpose_display", label="Purpose", width="15%"),
        DateColumn("closes_on", label="Closes", sort_key="closes_on", width="10%"),
    )


class MeetingListing(PageListingViewSet):
    icon = "calendar-alt"
    menu_label = "Meetings"
    model = MeetingPage
    columns = _columns(
        DateColumn("date", label="Date", sort_key="date", width="10%"),
        Column("committee", label="Committee", width="15%"),
        Column("get_minutes_status_display", label="Minutes", width="15%"),
    )


class EventListing(PageListingViewSet):
    icon = "date"
    menu_label = "Events"
    model = EventPage
    columns = _columns(
        DateColumn("starts_at", label="Begins", sort_key="starts_at", width="12%"),
        Column("place", label="Place", width="15%"),
    )


class VacancyListing(PageListingViewSet):
    icon = "user"
    menu_label = "Vacancies"
    model = VacancyPage
    columns = _columns(
        Column("get_kind_display", label="Kind", width="12%"),
        DateColumn("closes_on", label="Closes", sort_key="closes_on", width="10%"),
    )
