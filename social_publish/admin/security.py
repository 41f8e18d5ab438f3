"""The screens of the security-check calendar: all channels, one channel, one tick, the history."""

from typing import ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Site
from wagtail.permission_policies import ModelPermissionPolicy

from social_publish import profile_text, security, take_down
from social_publish.admin.page_actions import confirm
from social_publish.admin.requests import StaffRequest
from social_publish.council import CLERK
from social_publish.models import Channel, SecurityTick
from social_publish.networks import NETWORKS

CHANNEL = "security_checks:channel"
SHOWN = 20


class TickForm(forms.Form):
    """What a person saw; evidence for the record."""

    in_order = forms.ChoiceField(
        label="Is it in order?",
        choices=[("", "Choose"), ("yes", "Yes"), ("no", "No, something must be done")],
        error_messages={"required": "Choose whether it is in order."},
    )
    note = forms.CharField(
        label="What did you see?",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write what you saw: it is kept for the record."},
    )


def may_tick(user: User, channel: Channel) -> bool:
    """The officers of the channel's section, and the clerk everywhere."""
    everywhere = user.groups.filter(name=CLERK).exists()
    allowed = user.has_perm("social_publish.tick_security")
    return allowed and (everywhere or take_down.is_officer_of(user, channel.group))


def _channel(request: HttpRequest, pk: int) -> Channel:
    if not request.user.has_perm("social_publish.view_channel"):
        raise PermissionDenied
    return get_object_or_404(Channel.objects.select_related("group__office_contact"), pk=pk)


def _network_name(channel: Channel) -> str:
    return NETWORKS[channel.network].name


def _state(channel: Channel) -> str:
    items = security.calendar(channel, timezone.now())
    late = [item.name.lower() for item in items if item.overdue]
    if late:
        return f"To be checked: {', '.join(late)}"
    if channel.rehearsal:
        return "Rehearsal: there is no account to check"
    never = [item.name.lower() for item in items if item.words == security.NOT_YET]
    return f"Not checked yet: {', '.join(never)}" if never else "Up to date"


def _next(channel: Channel) -> str:
    """The day in full: Wagtail's own column shows how long ago a day was, and these are to come."""
    items = security.calendar(channel, timezone.now())
    days = [item.due_at for item in items if item.due_at and not item.automatic]
    if channel.rehearsal or not days:
        return "—"
    return date_format(timezone.localtime(min(days)), "j F Y")


class ChannelIndex(IndexView):
    """Every channel, with what is to be checked there."""

    model = Channel
    page_title = "Security checks"
    header_icon = "lock"
    permission_policy = ModelPermissionPolicy(Channel)
    any_permission_required: ClassVar[list[str]] = ["view"]
    index_url_name = "security_checks:index"
    index_results_url_name = "security_checks:index_results"
    default_ordering = ("group__name", "network", "name")
    columns: ClassVar[list[Column]] = [
        TitleColumn("name", label="Channel", url_name=CHANNEL),
        Column("network", label="Network", accessor=_network_name),
        Column("state", label="State", accessor=_state),
        Column("next", label="Next check", accessor=_next),
    ]

    def get_base_queryset(self) -> QuerySet[Channel]:
        return Channel.objects.select_related("group").prefetch_related("security_ticks")


def _seen(tick: SecurityTick) -> str:
    return f"{tick.by_name}: {tick.note}"


class History(IndexView):
    """Every tick, newest first; nothing of it is ever changed."""

    model = SecurityTick
    page_title = "What was checked"
    header_icon = "history"
    permission_policy = ModelPermissionPolicy(SecurityTick)
    any_permission_required: ClassVar[list[str]] = ["view"]
    index_url_name = "security_checks:history"
    index_results_url_name = "security_checks:history_results"
    default_ordering = ("-at", "-pk")
    list_filter: ClassVar[list[str]] = ["channel", "check_name", "in_order", "rehearsal"]
    list_export: ClassVar[list[str]] = [
        "at",
        "channel",
        "check_name",
        "in_order",
        "note",
        "by_name",
        "rehearsal",
    ]
    export_filename = "security-checks"
    columns: ClassVar[list[Column]] = [
        DateColumn("at", label="When"),
        Column("channel", label="Channel"),
        Column("get_check_name_display", label="Check"),
        Column(
            "in_order", label="In order", accessor=lambda tick: "Yes" if tick.in_order else "No"
        ),
        Column("seen", label="Who saw what", accessor=_seen),
    ]

    def get_base_queryset(self) -> QuerySet[SecurityTick]:
        return SecurityTick.objects.select_related("channel__group")


@require_safe
def channel(request: StaffRequest, pk: int) -> HttpResponse:
    """One channel: each check with its state, and the words for its profile."""
    row, now = _channel(request, pk), timezone.now()
    network = NETWORKS[row.network]
    context = {
        "page_title": "Security checks",
        "page_subtitle": row.name,
        "header_icon": "lock",
        "channel": row,
        "network": network,
        "items": security.calendar(row, now),
        "may_tick": may_tick(request.user, row),
        "ticks": row.security_ticks.all()[:SHOWN],
        "texts": profile_text.texts(_office(row), network),
    }
    return TemplateResponse(request, "social_publish/security_channel.html", context)


def _office(row: Channel) -> profile_text.Office:
    site, contact = Site.objects.filter(is_default_site=True).first(), row.group.office_contact
    return profile_text.Office(
        council=(site.site_name if site else "") or contact.name,
        website=site.root_url if site else contact.web_address,
        phone=contact.phone,
        email=contact.email,
        hours=contact.opening_hours,
    )


@require_http_methods(["GET", "POST"])
def tick(request: StaffRequest, pk: int, check: str) -> HttpResponse:
    row = _channel(request, pk)
    if check not in security.Check.values or check in security.AUTOMATIC:
        raise Http404
    if not may_tick(request.user, row):
        raise PermissionDenied
    kind = security.Check(check)
    form = TickForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        in_order = form.cleaned_data["in_order"] == "yes"
        note = form.cleaned_data["note"]
        security.tick(
            row, kind, in_order=in_order, note=note, now=timezone.now(), actor=request.user
        )
        messages.success(request, f"Recorded: {kind.label}.")
        return redirect(CHANNEL, pk)
    return confirm(
        request,
        form,
        title=f"Check: {kind.label}",
        subtitle=row.name,
        sentences=[
            security.QUESTIONS[kind],
            "Sign in at the network and look. Your name and the time are kept with the record.",
        ],
        button="Record it",
        link=row.profile_url,
    )


class ChecksMenuItem(MenuItem):
    """For those who may see the channels."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("social_publish.view_channel")


class SecurityChecks(ViewSet):
    name = "security_checks"
    url_prefix = "social/security"
    icon = "lock"
    menu_label = "Security checks"
    menu_order = 256
    add_to_admin_menu = True
    menu_item_class = ChecksMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ChannelIndex.as_view(), name="index"),
            path("results/", ChannelIndex.as_view(results_only=True), name="index_results"),
            path("history/", History.as_view(), name="history"),
            path("history/results/", History.as_view(results_only=True), name="history_results"),
            path("<int:pk>/", channel, name="channel"),
            path("<int:pk>/<slug:check>/", tick, name="tick"),
        ]
