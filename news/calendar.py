"""Meetings, events and the dates of elections for people's own calendars (RFC 5545, by the icalendar library)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event
from wagtail.models import Page

from home.finding import readable
from home.models import SiteDetails
from home.words import printable
from news.models import (
    EventIndexPage,
    EventPage,
    KeyDate,
    MeetingIndexPage,
    MeetingPage,
    NewsPage,
    Purpose,
)

BACK = timedelta(days=92)  # a calendar that is asked for keeps the last three months
TYPE = "text/calendar; charset=utf-8"


@require_safe
def calendar(request: HttpRequest, index_id: int) -> HttpResponse:
    """The feed of one index of meetings or events, to be subscribed to."""
    index = _public(index_id)
    since = timezone.now() - BACK
    if isinstance(index, MeetingIndexPage):
        items = MeetingPage.public_ones().filter(date__gte=since.date()).order_by("date", "start")
    elif isinstance(index, EventIndexPage):
        items = EventPage.public_ones().filter(ends_at__gte=since).order_by("starts_at")
    else:
        raise Http404
    return _answer(request, index.title, items.filter(listed_under=index))


@require_safe
def one_event(request: HttpRequest, page_id: int) -> HttpResponse:
    """One meeting, event or election with its dates, to be put into a calendar."""
    page = _public(page_id)
    items: list[Any] = [page] if isinstance(page, MeetingPage | EventPage) else []
    if isinstance(page, NewsPage) and page.purpose == Purpose.ELECTION:
        items = list(page.dates.all())
    if not items:
        raise Http404
    response = _answer(request, page.title, items)
    name = content_disposition_header(as_attachment=True, filename=f"{page.slug[:60]}.ics")
    response["Content-Disposition"] = str(name)
    return response


def _public(pk: int) -> Page:
    page = readable(Page.objects.filter(pk=pk)).first()
    if page is None:
        raise Http404
    return page.specific


def _answer(request: HttpRequest, name: str, items: Any) -> HttpResponse:
    found = Calendar()
    found.add("prodid", f"-//{request.get_host()}//Council//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    # Among somebody's other calendars "Meetings" says too little.
    whole_name = printable(f"{SiteDetails.for_request(request).council_name}: {name}")
    found.add("name", whole_name)
    found.add("x-wr-calname", whole_name)
    found.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for item in items:
        is_date = isinstance(item, KeyDate)
        found.add_component(_key_date(request, item) if is_date else _event(request, item))
    return HttpResponse(found.to_ical(), content_type=TYPE)


def _event(request: HttpRequest, item: MeetingPage | EventPage) -> Event:
    event = Event()
    event.add("uid", f"page-{item.pk}@{request.get_host().partition(':')[0]}")
    event.add("dtstamp", _stamp(item))
    in_language = {"LANGUAGE": item.language} if item.language else {}
    event.add("summary", printable(item.title), parameters=in_language)
    start, end = (timezone.localtime(moment) for moment in (item.starts_at, item.ends_at))
    if getattr(item, "all_day", False):
        event.add("dtstart", start.date())
        event.add("dtend", end.date() + timedelta(days=1))
    else:
        event.add("dtstart", _in_utc(start))
        event.add("dtend", _in_utc(end))
    event.add("location", printable(item.place))
    event.add("description", printable(item.intro))
    event.add("url", item.full_url)
    event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED")
    return event


def _key_date(request: HttpRequest, item: KeyDate) -> Event:
    event = Event()
    event.add("uid", f"date-{item.pk}@{request.get_host().partition(':')[0]}")
    event.add("dtstamp", _stamp(item.page))
    event.add("summary", printable(f"{item}: {item.page.title}"))
    if item.starts_at and item.ends_at:
        event.add("dtstart", _in_utc(item.starts_at))
        event.add("dtend", _in_utc(item.ends_at))
    else:
        event.add("dtstart", item.day)
        event.add("dtend", item.day + timedelta(days=1))
    event.add("description", printable(item.note or item.page.intro))
    event.add("url", item.page.full_url)
    return event


def _stamp(page: Page) -> datetime:
    # Pages that a script brought from an older site were never published by anyone.
    return page.last_published_at or timezone.now()


def _in_utc(moment: datetime) -> datetime:
    # Without a time zone's rules in the file, only this is right on both sides of a clock change.
    return moment.astimezone(UTC)
