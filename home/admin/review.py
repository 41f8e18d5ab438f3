"""The report “Pages to check”: whatever has passed its review day, or has none."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.models import (
    AccessibilityPage,
    ContactPage,
    ContentPage,
    DocumentEntry,
    DocumentsPage,
    KnownFault,
    PersonPage,
    PrivacyPage,
    ProblemsPage,
)

LASTING = (
    ContentPage,
    PersonPage,
    DocumentsPage,
    ContactPage,
    ProblemsPage,
    AccessibilityPage,
    PrivacyPage,
)


@dataclass(frozen=True)
class Due:
    """One thing that somebody should look at."""

    title: str
    kind: str
    why: str
    answers: str
    since: dt.date | None
    page_id: int

    @property
    def edit_address(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page_id])


def due_pages(today: dt.date) -> list[Due]:
    """Live pages and documents to check, those longest overdue first."""
    found = [due for model in LASTING for due in _due_of(model, today)]
    entries = DocumentEntry.objects.filter(review_on__lte=today, page__live=True)
    found += [
        Due(
            entry.title,
            "Document",
            "Its review day has come",
            entry.page.answers,
            entry.review_on,
            entry.page_id,
        )
        for entry in entries.select_related("page")
    ]
    faults = KnownFault.objects.filter(mend_by__lt=today, mended_on__isnull=True, page__live=True)
    found += [
        Due(
            fault.what,
            "Known fault",
            "It was to be mended by now",
            fault.page.answers,
            fault.mend_by,
            fault.page_id,
        )
        for fault in faults.select_related("page")
    ]
    return sorted(found, key=lambda due: (due.since or today, due.title))


def _due_of(model: type[Page], today: dt.date) -> list[Due]:
    name = str(model._meta.verbose_name).capitalize()
    pages = model.objects.live().only("title", "answers", "review_on")
    due = pages.filter(review_on__lte=today).order_by("review_on", "pk")
    late = [
        Due(page.title, name, "Its review day has come", page.answers, page.review_on, page.pk)
        for page in due
    ]
    never = pages.filter(review_on__isnull=True).order_by("pk")
    return late + [
        Due(page.title, name, "It has no review day", page.answers, None, page.pk) for page in never
    ]


def writes_pages(user: Any) -> bool:
    """May this person add or change any page?"""
    return bool(PagePermissionPolicy().user_has_any_permission(user, ["add", "change"]))


def sees_report(user: Any) -> bool:
    """Those who write pages, and the clerk, who answers for them."""
    return writes_pages(user) or user.has_perm("home.change_residentmessage")


class ReviewMenuItem(MenuItem):
    """In the menu of those to whom the report is of use."""

    def is_shown(self, request: HttpRequest) -> bool:
        return sees_report(request.user)


def report(request: HttpRequest) -> HttpResponse:
    """The report's page; everyone in the admin may read it."""
    today = timezone.localdate()
    return TemplateResponse(
        request,
        "home/admin/review.html",
        {"items": due_pages(today), "page_title": "Pages to check", "header_icon": "history"},
    )
