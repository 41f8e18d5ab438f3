"""Step 3 of connecting a channel: whose account it is, and taking it."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from social_publish import connecting
from social_publish.admin.connect_steps import OVER, look, told, with_errand
from social_publish.admin.errands import Errand
from social_publish.admin.requests import StaffRequest
from social_publish.admin.set_up_forms import NameForm, free_name
from social_publish.admin.wizard_words import in_the_wizard
from social_publish.connecting import CannotConnect, KeysRefused, Seen
from social_publish.models import Channel, ChannelGroup
from social_publish.networks import NETWORKS
from social_publish.networks.sign_in import Opened

WHOSE = "social_publish_whose"
PRESSED_TWICE = timedelta(seconds=30)


@with_errand
@require_http_methods(["GET", "POST"])
def whose(request: StaffRequest, errand: Errand) -> HttpResponse:
    opened, seen = errand.opened, errand.seen
    if not opened:
        return redirect("social_publish_sign_in")
    if request.method == "POST" and "account" in request.POST:
        chosen = [one for one in opened if one.account_id == request.POST["account"]]
        if chosen:
            return choose(request, errand, chosen[0])
    channel = Channel.objects.filter(pk=errand.channel or 0).first()
    if errand.channel and channel is None:
        Errand.forget(request)
        messages.error(request, OVER)
        return redirect("social_publish_connect")
    form = _name_form(request, errand, seen, channel)
    if request.method == "POST" and seen and _is_meant(request, seen) and _may_use(seen, form):
        try:
            return _use(request, errand, seen, channel, form)
        except CannotConnect as refused:
            if done := _pressed_before(request, seen):
                return redirect("social_publish_set_up", done.pk)
            messages.error(request, str(refused))
    context = {
        **told(errand),
        "opened": opened,
        "seen": seen,
        "trouble": in_the_wizard(seen.identity.reason) if seen else "",
        "form": form,
        "channel": channel,
        "same": bool(channel and seen and connecting.is_same_account(channel, seen)),
        "going_live": errand.going_live,
    }
    return TemplateResponse(request, "social_publish/connect/whose.html", context)


def _is_meant(request: StaffRequest, seen: Seen) -> bool:
    """Is this the account that stood on the screen whose button was pressed?"""
    return request.POST.get("use") == seen.identity.account_id


def _may_use(seen: Seen, form: NameForm | None) -> bool:
    """An account that lacks what the council's promises need is shown, and not connected."""
    return not seen.identity.trouble and (form is None or form.is_valid())


def _pressed_before(request: StaffRequest, seen: Seen) -> Channel | None:
    """The channel that this person's first press has just made, where the button was pressed twice."""
    lately = timezone.now() - PRESSED_TWICE
    return Channel.objects.filter(
        network=seen.network,
        account_id=seen.identity.account_id,
        rehearsal=seen.rehearsal,
        connected_by=request.user,
        connected_at__gt=lately,
    ).first()


def choose(
    request: StaffRequest, errand: Errand, chosen: Opened, *, typed: bool = False
) -> HttpResponse:
    """Ask the network about one account; a fault is told, and asking again is one press.

    typed: a person typed its keys. Raises KeysRefused where those are wrong.
    """
    try:
        errand.see(look(errand, chosen))
    except CannotConnect as refused:
        if typed and isinstance(refused, KeysRefused):
            raise
        errand.open(errand.opened)
        messages.error(request, in_the_wizard(str(refused)))
    errand.keep(request)
    return redirect(WHOSE)


def _name_form(
    request: StaffRequest, errand: Errand, seen: Seen | None, channel: Channel | None
) -> NameForm | None:
    """A channel that is there already has its name."""
    if channel or not seen:
        return None
    network = NETWORKS[errand.network]
    name = seen.opened.name if network.capabilities.by_hand else network.name
    group = ChannelGroup.objects.filter(pk=errand.group).first()
    initial = {"name": free_name(f"{group} on {name}", seen.handle)}
    return NameForm(request.POST if "use" in request.POST else None, initial=initial)


def _use(
    request: StaffRequest,
    errand: Errand,
    seen: Seen,
    channel: Channel | None,
    form: NameForm | None,
) -> HttpResponse:
    now = timezone.now()
    if channel is None and form is not None:
        group = get_object_or_404(ChannelGroup, pk=errand.group)
        name = form.cleaned_data["name"]
        channel = connecting.connect(seen, group=group, name=name, by=request.user, now=now)
        messages.success(request, f"{channel.name} is connected. It posts nothing yet.")
    elif channel and errand.going_live:
        connecting.go_live(channel, seen, by=request.user, now=now)
        messages.success(request, f"{channel.name} is live, and paused until you let it go on.")
    elif channel and connecting.reconnect(channel, seen, by=request.user, now=now):
        messages.success(request, f"{channel.name} is connected again.")
    elif channel:
        messages.warning(request, "This is another account. Nothing is posted until you confirm.")
    assert channel is not None
    Errand.forget(request)
    return redirect("social_publish_set_up", channel.pk)
