"""Meetings, events, people and forms for tests: the council's other sections, made small."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from home import tasks
from home.models import Committee, CouncilImage
from news.models import (
    EventIndexPage,
    EventPage,
    MeetingIndexPage,
    MeetingPage,
    NewsPage,
    VacancyIndexPage,
    VacancyPage,
)
from tests.council import picture


def index(home: Page, model: type[Page], slug: str) -> Any:
    found = model.objects.filter(slug=slug).first()
    return found or publish(home, model(title=slug.title(), slug=slug))


def publish(parent: Page, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def news(section: Page, count: int) -> list[NewsPage]:
    """So many pieces of news, each with a picture of its own."""
    return [
        publish(
            section,
            NewsPage(title=f"News {n}", intro="Words.", image=picture(size=(64, 48))),
        )
        for n in range(count)
    ]


def meeting(home: Page, days: int = 7, **changes: Any) -> MeetingPage:
    """A meeting so many days from today."""
    committee, _ = Committee.objects.get_or_create(name=changes.pop("committee", "Full council"))
    day = timezone.localdate() + timedelta(days=days)
    fields = {
        "title": f"Meeting of {day}",
        "date": day,
        "place": "The Guildhall",
        "intro": "All are welcome.",
        "committee": committee,
    }
    return publish(index(home, MeetingIndexPage, "meetings"), MeetingPage(**(fields | changes)))


def event(home: Page, hours: int = 48, **changes: Any) -> EventPage:
    start = timezone.now() + timedelta(hours=hours)
    fields = {
        "title": "Market",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "place": "The square",
        "intro": "Twenty stalls.",
    }
    return publish(index(home, EventIndexPage, "events"), EventPage(**(fields | changes)))


def vacancy(home: Page, days: int | None = 5, **changes: Any) -> VacancyPage:
    closes = timezone.localdate() + timedelta(days=days) if days is not None else None
    fields = {
        "title": "Groundsman",
        "closes_on": closes,
        "intro": "Help with the parks.",
        "apply_to": "01632 960 123",
    }
    return publish(index(home, VacancyIndexPage, "jobs"), VacancyPage(**(fields | changes)))


def document(title: str = "A paper") -> Any:
    found = get_document_model()(title=title)
    found.file.save("paper.txt", ContentFile(b"Words."))
    found.save()
    return found


def make_pictures() -> None:
    """What the queue does after pictures were put up."""
    for image in CouncilImage.objects.all():
        while tasks.make_pictures(image.pk):
            pass
