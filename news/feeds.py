"""News for feed readers: Atom and RSS of a section, all of it or one purpose."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import uuid5

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, format_html

from home.finding import readable
from home.models import SiteDetails
from home.words import printable
from news.models import NewsIndexPage, NewsPage, Purpose

MOST = 20


@dataclass(frozen=True)
class Asked:
    """What one request asks for. One feed object answers all requests, several at a time."""

    index: NewsIndexPage
    purpose: Purpose | None
    details: SiteDetails
    path: str

    @property
    def query(self) -> str:
        return f"?purpose={self.purpose}" if self.purpose else ""


class NewsRss(Feed):
    """RSS 2.0 of a news index; `?purpose=` narrows it down."""

    def get_object(self, request: HttpRequest, index_id: int) -> Asked:
        index: NewsIndexPage = get_object_or_404(readable(NewsIndexPage.objects.all()), pk=index_id)
        wanted = request.GET.get("purpose", "")
        purpose = Purpose(wanted) if wanted in Purpose.values else None
        return Asked(index, purpose, SiteDetails.for_request(request), request.path)

    def get_feed(self, obj: Asked, request: HttpRequest) -> Any:
        feed: Any = super().get_feed(obj, request)
        feed.feed["language"] = obj.details.language
        return feed

    def title(self, asked: Asked) -> str:
        parts = (
            asked.details.council_name,
            asked.index.title,
            asked.purpose and asked.purpose.label,
        )
        return printable(": ".join(str(part) for part in parts if part))

    def description(self, asked: Asked) -> str:
        return printable(asked.index.intro or asked.index.search_description or asked.index.title)

    subtitle = description

    def author_name(self, asked: Asked) -> str:
        return printable(str(asked.details.council_name))

    def link(self, asked: Asked) -> str:
        return f"{asked.index.full_url}{asked.query}"

    def feed_url(self, asked: Asked) -> str:
        # Feed readers go on with the address that a feed calls its own.
        return asked.path + asked.query

    def feed_guid(self, asked: Asked) -> str:
        key = asked.index.translation_key
        return str((uuid5(key, asked.purpose) if asked.purpose else key).urn)

    def items(self, asked: Asked) -> list[NewsPage]:
        pages = NewsPage.open_ones().filter(listed_under=asked.index).select_related("partner")
        if asked.purpose:
            pages = pages.filter(purpose=asked.purpose)
        found = list(pages.order_by("-date", "-pk")[:MOST])
        for page in found:
            # Django's feed hands each item over alone.
            page.asked = asked
        return found

    def item_title(self, item: NewsPage) -> str:
        return printable(item.title)

    def item_description(self, item: NewsPage) -> str:
        # Feed readers take it for HTML.
        intro = escape(printable(item.intro))
        if not item.partner:
            return intro
        source = printable(f"Shared from {item.partner}: {item.source_address}")
        disclaimer = printable(item.asked.details.disclaimer)
        return format_html("<p>{}</p><p>{}<br>{}</p>", intro, source, disclaimer)

    def item_author_name(self, item: NewsPage) -> str:
        return printable(str(item.partner or item.asked.details.council_name))

    def item_link(self, item: NewsPage) -> str:
        return str(item.full_url)

    # Not the address: news that moves to another section is not new.
    item_guid_is_permalink = False

    def item_guid(self, item: NewsPage) -> str:
        return str(item.translation_key.urn)

    def item_pubdate(self, item: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(item.date, time.min))

    def item_updateddate(self, item: NewsPage) -> Any:
        return item.last_published_at

    def item_categories(self, item: NewsPage) -> list[str]:
        return [item.get_purpose_display()]


class NewsAtom(NewsRss):
    """The same as Atom."""

    feed_type = Atom1Feed
