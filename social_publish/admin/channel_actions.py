"""Pausing a channel and letting it go on: each at its own address, so that repeating is harmless."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from social_publish import outbox, take_down
from social_publish.admin.connect_steps import MAY_CONNECT
from social_publish.admin.page_actions import confirm
from social_publish.admin.requests import StaffRequest
from social_publish.models import Channel
from social_publish.wake import wake_worker

CHANNELS = "social_publish_channel_modeladmin_index"


def may_pause(user: User, channel: Channel) -> bool:
    """May this person pause the channel, ask about it and let it go on?

    Who may connect one must be able to: a channel that goes live is paused until then.
    """
    officer = take_down.is_officer_of(user, channel.group)
    changes = officer and user.has_perm("social_publish.change_channel")
    return changes or user.has_perm(MAY_CONNECT)


def _channel(request: StaffRequest, pk: int) -> Channel:
    channel = get_object_or_404(Channel, pk=pk)
    if not may_pause(request.user, channel):
        raise PermissionDenied
    return channel


@require_http_methods(["GET", "POST"])
def pause(request: StaffRequest, pk: int) -> HttpResponse:
    channel = _channel(request, pk)
    if request.method == "POST":
        if not channel.paused:
            outbox.pause_channel(channel, now=timezone.now(), actor=request.user)
        messages.success(request, f"{channel.name} is paused.")
        return redirect(CHANNELS)
    return confirm(
        request,
        None,
        title="Pause the channel",
        subtitle=channel.name,
        sentences=["Nothing more is posted there until it goes on. Posts can still be removed."],
        button="Pause the channel",
    )


@require_http_methods(["GET", "POST"])
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    channel = _channel(request, pk)
    if channel.to_be_settled:
        messages.error(request, f"It may not post yet: {channel.to_be_settled}.")
        return redirect(CHANNELS)
    if request.method == "POST":
        if channel.paused:
            outbox.resume_channel(channel, now=timezone.now(), actor=request.user)
            wake_worker()
        messages.success(request, f"{channel.name} goes on.")
        return redirect(CHANNELS)
    return confirm(
        request,
        None,
        title="Let the channel go on",
        subtitle=channel.name,
        sentences=["Posts that waited go out, unless they waited too long: those ask you first."],
        button="Let the channel go on",
    )
