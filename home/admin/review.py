"""The report “Pages to check”: what has passed its review day or has none, and PDFs to mend."""

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
    PdfCheck,
    PersonPage,
    PrivacyPage,
    ProblemsPage,
    pdfs_with_trouble,
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
    edit_address: str


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
            _edit_page(entry.page_id),
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
            _edit_page(fault.page_id),
        )
        for fault in faults.select_related("page")
    ]
    found += [_due_pdf(check) for check in pdfs_with_trouble()]
    return sorted(found, key=lambda due: (due.since or today, due.title))


def _edit_page(page_id: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def _due_pdf(check: PdfCheck) -> Due:
    document = check.document
    who = document.uploaded_by_user
    return Due(
        document.title,
        "PDF",
        check.words,
        (who.get_full_name() or who.get_username()) if who else "",
        timezone.localdate(document.created_at),
        reverse("wagtaildocs:edit", args=[document.pk]),
    )


def _due_of(model: type[Page], today: dt.date) -> list[Due]:
    name = str(model._meta.verbose_name).capitalize()
    pages = model.objects.live().only("title", "answers", "review_on")
    due = pages.filter(review_on__lte=today).order_by("review_on", "pk")
    late = [
        Due(
            page.title,
            name,
            "Its review day has come",
            page.answers,
            page.review_on,
            _edit_page(page.pk),
        )
        for page in due
    ]
    never = pages.filter(review_on__isnull=True).order_by("pk")
    return late + [
        Due(page.title, name, "It has no review day", page.answers, None, _edit_page(page.pk))
        for page in never
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
