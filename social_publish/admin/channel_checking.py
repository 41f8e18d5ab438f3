"""“Check now”: ask the network about a channel at once, instead of waiting for the daily check."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from social_publish import tending
from social_publish.admin.channel_actions import may_pause
from social_publish.admin.requests import StaffRequest
from social_publish.models import Channel
from social_publish.networks import NETWORKS
from social_publish.wake import wake_worker

CHANNEL = "social_publish_channel_modeladmin_inspect"


def may_check(user: User, channel: Channel) -> bool:
    """Whoever may pause a channel may ask about it; there is nothing to ask where people post."""
    return may_pause(user, channel) and channel.needs_credentials


@require_POST
def check_now(request: StaffRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.select_related("group"), pk=pk)
    if not may_check(request.user, channel):
        raise PermissionDenied
    now = timezone.now()
    tending.check_now(channel, now)
    channel.refresh_from_db()
    name = NETWORKS[channel.network].name
    if channel.checked_at != now:
        words = f"{name} could not be asked just now. Try again in a few minutes."
        messages.warning(request, channel.check_says or words)
    elif channel.check_says:
        messages.error(request, channel.check_says)
    else:
        messages.success(request, f"All is well: {name} knows the channel, and it may post.")
        wake_worker()
    return redirect(CHANNEL, pk)
