"""Registers what the admin room holds; decides nothing."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from home.admin import review
from home.admin.dashboard import WaitingPanel
from home.admin.viewsets import AlertViewSet, CommitteeViewSet, MessageViewSet, ReadAndTick
from home.models import ResidentMessage

register_permission_policy(ResidentMessage, ReadAndTick(ResidentMessage))
register_snippet(AlertViewSet)
register_snippet(CommitteeViewSet)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [MessageViewSet()]


@hooks.register("construct_homepage_panels")
def waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(WaitingPanel())


@hooks.register("register_reports_menu_item")
def review_menu_item() -> MenuItem:
    return review.ReviewMenuItem(
        "Pages to check", reverse("home_review_report"), icon_name="history", order=700
    )


@hooks.register("register_help_menu_item")
def style_guide_menu_item() -> MenuItem:
    return review.ReviewMenuItem(
        "Style guide", reverse("style_guide"), icon_name="view", order=900, name="style-guide"
    )


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    return [path("reports/check/", review.report, name="home_review_report")]
