"""What the law asks of the council's meetings and is not done, on the front page of the admin."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from news.models import MeetingPage

# Older minutes than these are no reminder's business.
BACK, AHEAD = timedelta(days=120), timedelta(days=21)


def open_duties(today: date) -> list[tuple[MeetingPage, list[str]]]:
    """Meetings with something undone, in order of their dates."""
    meetings = MeetingPage.objects.filter(
        date__range=(today - BACK, today + AHEAD), cancelled="", live=True
    )
    found = [(m, m.duties(today)) for m in meetings.order_by("date", "pk")]
    return [(meeting, words) for meeting, words in found if words]


class DutiesPanel(Component):
    """Three clear days for an agenda, a month for draft minutes."""

    order = 140
    template_name = "news/admin/duties.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"duties": open_duties(timezone.localdate())}
