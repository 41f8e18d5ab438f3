"""What the style guide shows: pages that do not exist, with harmless words."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Page as Batch
from django.core.paginator import Paginator
from django.utils import timezone
from wagtail.models import Page

from home.models import Alert, CouncilImage


def page(**facts: Any) -> Any:
    """A page that is in no database and leads nowhere."""
    sample = Page(title=facts.pop("title"))
    sample.get_url = lambda **_: "/style-guide/"
    for name, value in facts.items():
        setattr(sample, name, value)
    return sample


def meeting(**changes: Any) -> Any:
    facts = {
        "title": "Full council",
        "date": timezone.localdate(),
        "start": time(19),
        "place": "The Guildhall",
        "committee": SimpleNamespace(name="Full council"),
        "has_agenda": True,
        "has_minutes": True,
        "minutes_status": "draft",
    }
    return page(**(facts | changes))


def event() -> Any:
    start = timezone.now()
    return page(
        title="Farmers’ market",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        is_one_day=True,
        place="Market Square",
        intro="Twenty stalls, and a band at eleven.",
    )


def vacancy() -> Any:
    return page(
        title="Assistant groundsman",
        get_kind_display="Job",
        pay="£12.85 an hour",
        closes_on=timezone.localdate() + timedelta(days=14),
        intro="Help us keep the parks.",
    )


def news(**changes: Any) -> Any:
    facts = {
        "title": "A piece of news",
        "date": timezone.localdate(),
        "get_purpose_display": "Good news",
        "intro": "One or two sentences of it.",
        "image": picture(),
    }
    return page(**(facts | changes))


def person() -> Any:
    return page(
        title="Councillor Ann Lee", role="Mayor", ward="Mill", phone="01632 960 204", initials="AL"
    )


def key_dates() -> list[Any]:
    """Two days of an election, one past and one to come."""
    today = timezone.localdate()
    facts: dict[str, Any] = {"starts": None, "ends": None, "note": ""}
    past = {"title": "Notice of election", "day": today - timedelta(days=3), "is_past": True}
    coming = {
        "title": "Polling day",
        "day": today + timedelta(days=9),
        "starts": time(7),
        "ends": time(22),
        "note": "Bring a photo ID: www.gov.uk/voter-id",
    }
    return [page(**(facts | past)), page(**(facts | coming))]


def shared() -> Any:
    return page(
        title="Shared", partner="Coastshire Police", source_address="https://police.example/bikes"
    )


def picture() -> CouncilImage | None:
    """A picture of the council's own, where it has one."""
    return CouncilImage.objects.order_by("pk").first()


def document() -> Any:
    return SimpleNamespace(url="#main", title="Budget", file_extension="pdf", file_size=120_000)


def batch() -> Batch[int]:
    return Paginator(range(30), 10).page(2)


def alert(level: Alert.Level, now: datetime) -> Alert:
    return Alert(
        level=level,
        title=f"An alert of the level “{level.label}”",
        text="What people should do stands here, in one or two sentences.",
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )
