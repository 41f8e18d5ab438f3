"""Dated things for pages that are not dated: the front page above all."""

from datetime import date
from typing import Any

from django import template
from django.db.models import F, QuerySet
from django.utils import timezone
from wagtail.models import Page, Site

from news.models import NOTICES, EventPage, MeetingPage, NewsPage, VacancyPage

register = template.Library()


def _of_site(context: dict[str, Any], pages: QuerySet[Any]) -> QuerySet[Any]:
    """Those that are listed on the reader's own site."""
    site = Site.find_for_request(context["request"])
    if site is None:
        return pages
    kinds = ("newsindexpage", "meetingindexpage", "eventindexpage", "vacancyindexpage")
    lists = Page.objects.filter(
        path__startswith=site.root_page.path, content_type__model__in=kinds, live=True
    )
    return pages.filter(listed_under__in=lists.values("pk"))


@register.simple_tag(takes_context=True)
def latest_news(context: dict[str, Any], count: int) -> QuerySet[NewsPage]:
    """The newest pieces of news that everyone may read."""
    return _of_site(context, NewsPage.open_ones()).order_by("-date", "-pk")[:count]


@register.simple_tag(takes_context=True)
def notices(context: dict[str, Any], count: int) -> QuerySet[NewsPage]:
    """Public notices, elections and surveys that are still open, those that close soonest first."""
    pages = _of_site(context, NewsPage.open_ones()).filter(purpose__in=NOTICES)
    return pages.order_by(F("closes_on").asc(nulls_last=True), "-date", "-pk")[:count]


@register.simple_tag(takes_context=True)
def next_meetings(context: dict[str, Any], count: int) -> QuerySet[MeetingPage]:
    meetings = _of_site(context, MeetingPage.coming(timezone.localdate()))
    return meetings[:count]


@register.simple_tag(takes_context=True)
def next_events(context: dict[str, Any], count: int) -> QuerySet[EventPage]:
    return _of_site(context, EventPage.coming(timezone.now()))[:count]


@register.simple_tag(takes_context=True)
def open_vacancies(context: dict[str, Any], count: int) -> QuerySet[VacancyPage]:
    return _of_site(context, VacancyPage.coming(timezone.localdate()))[:count]


@register.filter
def days_until(day: date) -> str:
    """ "today", "tomorrow" or "in 5 days"; nothing for days long away or past."""
    days = (day - timezone.localdate()).days
    words = {0: "today", 1: "tomorrow"}
    return words.get(days, f"in {days} days" if 1 < days < 15 else "")
