"""When residents' pages next change by the clock alone, with nobody at work."""

from datetime import datetime, time, timedelta

from django.db.models import Min, Q
from django.utils import timezone

from home.models import Alert
from news.models import EventPage


def next_turn(now: datetime) -> datetime:
    """Midnight, an alert's start or end, or an event's end: whichever comes first after now.

    Planned publishing is not among them: it changes the content version when it happens.
    """
    alert = Alert.objects.aggregate(
        start=Min("starts_at", filter=Q(starts_at__gt=now)),
        end=Min("ends_at", filter=Q(ends_at__gt=now)),
    )
    last = EventPage.objects.live().filter(ends_at__gte=now).aggregate(end=Min("ends_at"))["end"]
    # At the very moment of its end an event still stands in the lists.
    over = last + timedelta(seconds=1) if last else None
    moments = (_midnight(now), alert["start"], alert["end"], over)
    return min(moment for moment in moments if moment)


def _midnight(now: datetime) -> datetime:
    """Lists are by date: today's meeting, the last day of a notice, "tomorrow"."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))
