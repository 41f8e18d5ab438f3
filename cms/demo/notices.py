"""What the demonstration council has to say now: purposes of its news, elections, an alert."""

from datetime import time, timedelta

from django.utils import timezone

from cms.demo import site_words as words
from cms.demo.making import body, publish
from home.models import Alert, HomePage
from news.models import KeyDate, NewsIndexPage, NewsPage, Partner


def build(home: HomePage) -> None:
    """Each step leaves what is already there alone, so that it may be run again."""
    _purposes()
    _co_option()
    index = NewsIndexPage.objects.child_of(home).filter(slug="news").first()
    if index:
        _shared(index)
        _by_election(index)
    _alert(home)


def _purposes() -> None:
    """What the announcements of before are for, and until when they are open."""
    today = timezone.localdate()
    for title, (purpose, days) in words.NOTICES.items():
        page = NewsPage.objects.filter(title=title, purpose="announcement").first()
        if page:
            page.purpose = purpose
            page.closes_on = today + timedelta(days=days) if days else None
            page.save_revision().publish()


def _shared(index: NewsIndexPage) -> None:
    """What the council passes on from a partner."""
    for name, address in words.PARTNERS:
        Partner.objects.get_or_create(name=name, defaults={"address": address})
    title, intro, text, source = words.SHARED
    if NewsPage.objects.filter(title=title).exists():
        return
    page = NewsPage(
        title=title,
        date=timezone.localdate() - timedelta(days=40),
        purpose="partner",
        intro=intro,
        body=body(("text", text)),
        partner=Partner.objects.get(name=words.PARTNERS[0][0]),
        source_address=source,
    )
    publish(index, page)


def _co_option() -> None:
    """The days of a co-option that is under way."""
    today = timezone.localdate()
    page = NewsPage.objects.filter(title=words.CO_OPTION_TITLE).first()
    if page is None or page.dates.exists():
        return
    page.dates.set(
        [
            KeyDate(step=step, day=today + timedelta(days=days), ends=hour and time(hour))
            for step, days, hour in words.CO_OPTION_DATES
        ]
    )
    page.save_revision().publish()


def _by_election(index: NewsIndexPage) -> None:
    """A by-election whose pre-election period holds now."""
    today = timezone.localdate()
    title, intro, text = words.ELECTION
    if NewsPage.objects.filter(title=title).exists():
        return
    poll = today + timedelta(days=22 + (2 - today.weekday()) % 7)  # a Thursday
    page = NewsPage(
        title=title,
        slug="by-election",
        date=today - timedelta(days=1),
        purpose="election",
        intro=intro,
        body=body(("text", text)),
        closes_on=poll + timedelta(days=1),
    )
    page.dates.set(
        [
            KeyDate(
                step=step,
                day=poll - timedelta(days=before),
                starts=begins and time(begins),
                ends=until and time(until),
                note=note,
            )
            for step, before, begins, until, note in words.ELECTION_DATES
        ]
    )
    publish(index, page)


def _alert(home: HomePage) -> None:
    title, text = words.ALERT
    Alert.objects.get_or_create(
        title=title,
        defaults={
            "level": Alert.Level.WARNING,
            "text": text,
            "scope": Alert.Scope.SECTION,
            "page": home.page_ptr,
            "ends_at": timezone.now() + timedelta(days=3),
        },
    )
