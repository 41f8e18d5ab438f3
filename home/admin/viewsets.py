"""Wagtail's own screens for alerts, committees and residents' messages."""

from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from home.models import Alert, Committee, ResidentMessage


class AlertViewSet(SnippetViewSet):
    """Put out by webmasters, the clerk and moderators; it goes away by itself."""

    model = Alert
    icon = "warning"
    menu_label = "Alerts"
    menu_order = 205
    add_to_admin_menu = True
    list_display = (
        "title",
        "level",
        "scope",
        Column("status", label="Now"),
        "starts_at",
        "ends_at",
    )
    list_filter = ("level", "scope")
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [
        FieldPanel("level"),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("more"),
        MultiFieldPanel([FieldPanel("scope"), FieldPanel("page")], heading="Where it is shown"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")], heading="When"),
    ]


class CommitteeViewSet(SnippetViewSet):
    model = Committee
    icon = "group"
    menu_label = "Committees"
    list_display = ("name", "position")
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("duties"),
        FieldPanel("position"),
    ]


class ReadAndTick(ModelPermissionPolicy):
    """Nobody writes a resident's message for them."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "add" and bool(super().user_has_permission(user, action))


class MessageViewSet(ModelViewSet):
    """Read, tick, delete; the words themselves cannot be changed."""

    name = "home_resident_messages"
    url_prefix = "messages"
    model = ResidentMessage
    icon = "mail"
    menu_label = "Messages"
    menu_order = 265
    add_to_admin_menu = True
    list_display = ("subject", "received_at", "name", "handled")
    list_filter = ("handled", "subject")
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [
        HelpPanel(template="home/admin/message.html"),
        FieldPanel("handled"),
    ]


def open_messages(request: HttpRequest) -> int:
    """How many messages this person may read and nobody has dealt with."""
    if not request.user.has_perm("home.change_residentmessage"):
        return 0
    return ResidentMessage.objects.filter(handled=False).count()
