"""The pre-election period, on the front page of the admin: what may be announced and what not."""

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from news.elections import careful_times


class CarefulPanel(Component):
    """For everyone who works here, while it lasts and two weeks before."""

    order = 130
    template_name = "news/admin/careful.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        today = timezone.localdate()
        times = careful_times(today)
        return {"times": times, "holds_now": any(time.first <= today for time in times)}
