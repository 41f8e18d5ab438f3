"""The approval task of Wagtail's workflow whose one door is the review screen."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState


class AnnouncementApprovalTask(AbstractGroupApprovalTask):
    """A moderator reads the page and its posts on one screen, and approves what they saw."""

    class Meta:
        verbose_name = "page and posts approval"
        verbose_name_plural = "page and posts approvals"

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        if not (user.is_superuser or self._user_in_groups(user)):
            return []
        return [
            ("review", "Review posts and approve", False),
            ("reject", "Request changes", True),
        ]

    def on_action(
        self, task_state: TaskState, user: User, action_name: str, **kwargs: Any
    ) -> str | None:
        if action_name == "review":
            return reverse("social_publish_review", args=[task_state.workflow_state.object_id])
        if action_name == "reject":
            # The edit view hands over whatever the browser sent; only the comment is ours to take.
            task_state.reject(user=user, comment=str(kwargs.get("comment", "")))
            return None
        raise PermissionDenied

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups review the page and its posts on one screen"
