"""What waits for staff on the front page of the admin: residents' messages, pages to check."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from home.admin.review import due_pages, sees_report
from home.admin.viewsets import open_messages


class WaitingPanel(Component):
    """Counts with links; nothing at all where nothing waits."""

    order = 150
    template_name = "home/admin/waiting.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        messages = open_messages(parent_context["request"])
        user = parent_context["request"].user
        return {
            "messages": messages,
            "messages_address": reverse("home_resident_messages:index"),
            "due": len(due_pages(timezone.localdate())) if sees_report(user) else 0,
            "due_address": reverse("home_review_report"),
        }
