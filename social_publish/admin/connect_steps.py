"""What the steps of connecting a channel share: who may, the errand, and where it talks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from social_publish import connecting
from social_publish.admin.errands import Errand
from social_publish.admin.network_facts import FACTS
from social_publish.admin.requests import StaffRequest
from social_publish.connecting import Seen
from social_publish.credentials import CredentialsLost
from social_publish.networks import NETWORKS
from social_publish.networks.sign_in import (
    OAUTH,
    PRACTICE_APP,
    App,
    Opened,
    Place,
    has_sign_in,
)

MAY_CONNECT = "social_publish.add_channel"
ANOTHER = (
    "Nothing was changed. You began to connect another channel meanwhile, perhaps in another"
    " window: this is where that one stands."
)
OVER = "Nothing is under way, or it took longer than an hour. Start again: nothing was changed."

View = Callable[..., HttpResponse]


def connects(view: View) -> View:
    """For people who may connect channels."""

    @wraps(view)
    def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_CONNECT):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def with_errand(view: View) -> View:
    """For the steps of the errand that is under way. A form says to which one it belongs, so that
    nobody decides about another one than their screen shows."""

    @wraps(view)
    def found(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        errand = Errand.of(request)
        if errand and request.method == "POST" and request.POST.get("errand") != errand.number:
            messages.error(request, ANOTHER)
            return redirect(request.path)
        try:
            if errand:
                return view(request, errand, *args, **kwargs)
        except CredentialsLost:
            Errand.forget(request)
        messages.error(request, OVER)
        return redirect("social_publish_connect")

    return connects(found)


def look(errand: Errand, opened: Opened) -> Seen:
    """Whose account this is. Raises CannotConnect."""
    return connecting.look(errand.network, opened, rehearsal=errand.rehearsal, server=errand.server)


def place_of(errand: Errand) -> Place:
    """Where this sign-in talks, and to which address the network sends the person back."""
    gateway = settings.NETWORK_URLS.get(errand.network, "")
    return Place(
        base_url=settings.REHEARSAL_URL if errand.rehearsal else gateway,
        back=settings.WAGTAILADMIN_BASE_URL + reverse("social_publish_back"),
        server=errand.server,
    )


def asks_app(errand: Errand) -> bool:
    """Must a person type the app's ID and secret before they can sign in?"""
    return has_sign_in(errand.network) and not registers(errand) and known_app(errand) is None


def registers(errand: Errand) -> bool:
    """Does this website register its own app there, by a call?"""
    return errand.network in OAUTH and OAUTH[errand.network].registers


def known_app(errand: Errand) -> App | None:
    """The app's keys, where nobody has to type them. A practice key never leaves the rehearsal,
    and a real one never gets there."""
    if errand.rehearsal:
        return PRACTICE_APP
    number, secret = settings.NETWORK_APPS.get(errand.network, ("", ""))
    return App(number, secret) if number and secret else errand.app


def told(errand: Errand) -> dict[str, Any]:
    """What each page says of the errand."""
    return {
        "errand": errand.number,
        "network": NETWORKS[errand.network],
        "facts": FACTS[errand.network],
        "rehearsal": errand.rehearsal,
        "again": errand.channel is not None,
        "title": "Connect a channel",
        "subtitle": NETWORKS[errand.network].name,
    }
