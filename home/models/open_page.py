"""A page that knows without a question that everyone may read it."""

from typing import Any

from django.db import models
from wagtail.models import PageViewRestriction

from home.finding import is_open


class OpenPage(models.Model):
    """Goes before Page among the bases of a page type."""

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> Any:
        if is_open(self):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()  # type: ignore[misc]  # Page has it
