"""Dated things for pages that are not dated: the front page above all."""

from datetime import date
from typing import Any

from django import template
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from home.finding import readable, site_of
from home.kept import kept
from news.models import (
    NOTICES,
    UNDATED,
    EventPage,
    MeetingPage,
    NewsIndexPage,
    NewsPage,
    VacancyPage,
)
from news.models.announced import with_cards

register = template.Library()


def _of_site(context: dict[str, Any], pages: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """Those that are listed on the reader's own site."""
    return pages.filter(listed_under__in=_lists(context, kind))


def _lists(context: dict[str, Any], kind: str) -> list[int]:
    """The ids of the live lists of one kind on the reader's site; of all sites where that is unknown."""
    site = site_of(context["request"])
    lists = Page.objects.filter(content_type__model=f"{kind}indexpage", live=True)
    if site:
        lists = lists.filter(path__startswith=site.root_page.path)
    return kept(
        ("lists of", site and site.pk, kind), lambda: list(lists.values_list("pk", flat=True))
    )


@register.simple_tag(takes_context=True)
def latest_news(context: dict[str, Any], count: int) -> list[NewsPage]:
    """The newest pieces of news that everyone may read."""
    pages = with_cards(NewsPage.open_ones()).order_by("-date", "-pk")
    # List by list, for each has its news in this order; all of them together would be sorted.
    newest = [
        page for pk in _lists(context, "news") for page in pages.filter(listed_under=pk)[:count]
    ]
    return sorted(newest, key=lambda page: (page.date, page.pk), reverse=True)[:count]


@register.simple_tag(takes_context=True)
def news_lists(context: dict[str, Any]) -> list[NewsIndexPage]:
    """The lists of news of the reader's site, in the order of the tree."""
    site = site_of(context["request"])

    def look() -> list[NewsIndexPage]:
        # Few, and put in order here: asked for an order, the database walks the whole tree.
        lists = readable(NewsIndexPage.objects.order_by())
        below = site.root_page.path if site else ""
        found = [page for page in lists if page.path.startswith(below)]
        return sorted(found, key=lambda page: page.path)

    return kept(("lists of news to read", site and site.pk), look)


@register.simple_tag(takes_context=True)
def notices(context: dict[str, Any], count: int) -> list[NewsPage]:
    """Public notices, elections and surveys that are still open, those that close soonest first.

    Without a closing date nobody knows how long it holds; it must not stand here for years.
    """
    today = timezone.localdate()

    def look() -> list[NewsPage]:
        pages = _of_site(context, NewsPage.open_ones(today), "news").filter(purpose__in=NOTICES)
        pages = pages.filter(Q(closes_on__isnull=False) | Q(date__gt=today - UNDATED))
        pages = pages.select_related("partner").prefetch_related("dates")
        return list(pages.order_by(F("closes_on").asc(nulls_last=True), "-date", "-pk")[:count])

    # Each is sorted anew at midnight, when some leave.
    site = site_of(context["request"])
    return kept(("notices", site and site.pk, count, today), look)


@register.simple_tag(takes_context=True)
def next_meetings(context: dict[str, Any], count: int) -> list[MeetingPage]:
    meetings = _of_site(context, MeetingPage.coming(timezone.localdate()), "meeting")
    return list(meetings.select_related("listed_under")[:count])


@register.simple_tag(takes_context=True)
def next_events(context: dict[str, Any], count: int) -> list[EventPage]:
    return list(_of_site(context, EventPage.coming(timezone.now()), "event")[:count])


@register.simple_tag(takes_context=True)
def open_vacancies(context: dict[str, Any], count: int) -> list[VacancyPage]:
    return list(_of_site(context, VacancyPage.coming(timezone.localdate()), "vacancy")[:count])


@register.filter
def days_until(day: date) -> str:
    """ "today", "tomorrow" or "in 5 days"; nothing for days long away or past."""
    days = (day - timezone.localdate()).days
    words = {0: "today", 1: "tomorrow"}
    return words.get(days, f"in {days} days" if 1 < days < 15 else "")
