"""What a clerk sees first: what is wrong, what waits for approval, and whether posting runs."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from social_publish import alarms, idle, openings, pulse, troubles
from social_publish.models import AnnounceablePage, Delivery, EmergencyStop, State

SHOWN = 20


class PostsPanel(Component):
    """The dashboard's panel. Read from the facts, so that it is right with a dead worker too."""

    name = "social_publish_posts"
    template_name = "social_publish/dashboard_panel.html"
    order = 50

    class Media:
        css = {"all": ("social_publish/admin.css",)}

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        now = timezone.now()
        wrong = alarms.found(now)
        reviewable = TaskState.objects.reviewable_by(parent_context["request"].user)
        under_way = Delivery.objects.filter(state__in=(State.QUEUED, State.UNKNOWN, State.REMOVING))
        return {
            "stop": EmergencyStop.in_force().first(),
            "may_stop": parent_context["request"].user.has_perm("social_publish.stop_everything"),
            "reviews": [
                (page, reverse("social_publish_review", args=[page.pk]))
                for state in reviewable.select_related("revision")
                if isinstance(page := state.revision.content_object, AnnounceablePage)
            ],
            "troubles": [(trouble, troubles.address(trouble)) for trouble in wrong[:SHOWN]],
            "more": len(wrong) - SHOWN,
            "open_replies": list(openings.in_force()),
            "idle": idle.idle_channels(now),
            "life": pulse.take(now),
            "queue": under_way.aggregate(
                waiting=Count("pk", filter=Q(state=State.QUEUED)),
                checking=Count("pk", filter=Q(state=State.UNKNOWN)),
                removing=Count("pk", filter=Q(state=State.REMOVING)),
            ),
        }
