"""The wizard that connects a channel, up to the moment at which we know whose account it is.

1 network and group · 2 sign in there, or paste keys · 3 whose account it is. What comes after
that belongs to the channel itself: `set_up`.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from social_publish.admin.connect_forms import ByHandForm, PasteForm, SignInForm, StartForm
from social_publish.admin.connect_steps import (
    asks_app,
    connects,
    known_app,
    place_of,
    registers,
    told,
    with_errand,
)
from social_publish.admin.errands import Errand
from social_publish.admin.network_facts import FACTS
from social_publish.admin.requests import StaffRequest
from social_publish.admin.whose import choose
from social_publish.admin.wizard_words import in_the_wizard
from social_publish.connecting import KeysRefused, Seen
from social_publish.models import Channel, ChannelGroup
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Identity
from social_publish.networks.sign_in import (
    App,
    Opened,
    SignInFailed,
    begin,
    finish,
    has_sign_in,
    state_of,
)
from social_publish.networks.sign_in_accounts import linkedin_pages_of

NOT_YOURS = (
    "What came back belongs to no sign-in that you have begun here, or to one that was used"
    " already or took too long. Sign in once more."
)


# --- 1: which network ------------------------------------------------------------------


@connects
@require_http_methods(["GET", "POST"])
def start(request: StaffRequest) -> HttpResponse:
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        rehearsal = chosen["where"] == "rehearsal"
        Errand(chosen["network"], chosen["group"].pk, rehearsal).keep(request)
        return redirect("social_publish_sign_in")
    # Posting by hand is what is left where no program is let in, so it comes last.
    last = sorted(NETWORKS.values(), key=lambda network: network.capabilities.by_hand)
    networks = [(network, FACTS[network.slug]) for network in last]
    context = {
        "title": "Connect a channel",
        "form": form,
        "networks": networks,
        "no_group": not ChannelGroup.objects.exists(),
    }
    return TemplateResponse(request, "social_publish/connect/start.html", context)


@connects
@require_http_methods(["GET", "POST"])
def again(request: StaffRequest, pk: int, *, live: bool = False) -> HttpResponse:
    """Sign in again for a channel that is there; live: take it out of rehearsal as well."""
    channel = get_object_or_404(Channel, pk=pk)
    if live and not channel.rehearsal:
        return redirect("social_publish_set_up", channel.pk)
    if request.method == "POST":
        rehearsal = channel.rehearsal and not live
        errand = Errand(channel.network, channel.group_id, rehearsal, channel.pk, live)
        errand.server = "" if live else channel.server
        errand.keep(request)
        return redirect("social_publish_sign_in")
    context = {"channel": channel, "live": live, "network": NETWORKS[channel.network]}
    return TemplateResponse(request, "social_publish/connect/again.html", context)


# --- 2: signing in ---------------------------------------------------------------------


@with_errand
@require_http_methods(["GET", "POST"])
def sign_in(request: StaffRequest, errand: Errand) -> HttpResponse:
    ways = _ways(request, errand)
    form = ways.get(request.POST.get("way", ""))
    if request.method == "POST" and form is not None and form.is_valid():
        errand.server = form.cleaned_data.get("server", "")
        try:
            return _signed_in(request, errand, form)
        except SignInFailed as failed:
            form.add_error(None, str(failed))
            errand.remember(_app(errand, form) if not failed.app_refused else None)
        except KeysRefused as refused:
            form.add_error(None, in_the_wizard(str(refused)))
        errand.keep(request)
    context = {
        **told(errand),
        "sign_in": ways.get("sign_in"),
        "paste": ways.get("paste"),
        "by_hand": ways.get("by_hand"),
        "paste_open": request.POST.get("way") == "paste" or "sign_in" not in ways,
        "back": place_of(errand).back,
        "practice": settings.REHEARSAL_URL if errand.rehearsal else "",
        "asks_app": asks_app(errand),
    }
    return TemplateResponse(request, "social_publish/connect/sign_in.html", context)


def _ways(request: StaffRequest, errand: Errand) -> dict[str, forms.Form]:
    """The ways in at this network, each with its form; what was typed stands in the one used."""
    network, way = errand.network, request.POST.get("way", "")

    def data(name: str) -> Any:
        return request.POST if request.method == "POST" and way == name else None

    if NETWORKS[network].capabilities.by_hand:
        return {"by_hand": ByHandForm(data("by_hand"))}
    shared: dict[str, Any] = {"network": network, "live": not errand.rehearsal}
    if errand.server:
        shared["initial"] = {"server": errand.server}
    ways: dict[str, forms.Form] = {}
    if has_sign_in(network):
        asks = asks_app(errand)
        ways["sign_in"] = SignInForm(data("sign_in"), asks_app=asks, **shared)
    ways["paste"] = PasteForm(data("paste"), **shared, auto_id="paste_%s")
    return ways


def _signed_in(request: StaffRequest, errand: Errand, form: forms.Form) -> HttpResponse:
    if isinstance(form, SignInForm):
        errand.leave(begin(errand.network, _app(errand, form), place_of(errand)))
        errand.keep(request)
        return redirect("social_publish_depart")
    if isinstance(form, ByHandForm):
        name, address = form.cleaned_data["name"], form.cleaned_data["address"]
        opened = [Opened(address, form.cleaned_data["site"], {}, handle=name)]
        errand.open(opened)
        seen = Seen(errand.network, errand.rehearsal, opened[0], Identity(address, name, address))
        errand.see(seen)
    elif isinstance(form, PasteForm):
        errand.open(_pasted(errand, form))
        if len(errand.opened) == 1:
            return choose(request, errand, errand.opened[0], typed=True)
    errand.keep(request)
    return redirect("social_publish_whose")


def _pasted(errand: Errand, form: PasteForm) -> list[Opened]:
    if errand.network == "linkedin":
        return linkedin_pages_of(form.keys, place_of(errand).base_url)
    handle = form.cleaned_data.get("handle", "").strip().lstrip("@")
    return [Opened("", handle, form.keys, handle=handle)]


def _app(errand: Errand, form: forms.Form) -> App | None:
    if registers(errand) or not isinstance(form, SignInForm):
        return None
    known = known_app(errand)
    if known:
        return known
    return App(form.cleaned_data["app_id"].strip(), form.cleaned_data["app_secret"].strip())


@with_errand
@require_safe
def leave(request: StaffRequest, errand: Errand) -> HttpResponse:
    """A link to the network's own page: a form must not lead out of the admin."""
    leaving = errand.leaving
    if leaving is None:
        return redirect("social_publish_sign_in")
    context = {**told(errand), "address": leaving.address}
    return TemplateResponse(request, "social_publish/connect/leave.html", context)


@with_errand
@require_safe
def back(request: StaffRequest, errand: Errand) -> HttpResponse:
    """The network sends the person back to here. What it brings is used once."""
    query = request.GET.dict()
    leaving = errand.come_back(state_of(errand.network, query))
    # Used up before anything is asked, so that a second visit finds nothing.
    errand.keep(request)
    request.session.save()
    if leaving is None:
        messages.error(request, NOT_YOURS)
        return redirect("social_publish_sign_in")
    try:
        opened = finish(errand.network, leaving, place_of(errand), query)
    except SignInFailed as failed:
        if failed.app_refused:
            errand.remember(None)
            errand.keep(request)
        messages.error(request, str(failed))
        return redirect("social_publish_sign_in")
    errand.open(opened)
    errand.keep(request)
    return (
        choose(request, errand, opened[0]) if len(opened) == 1 else redirect("social_publish_whose")
    )
