"""What a person types while connecting a channel. Keys go in and never come out again."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from social_publish.models import ChannelGroup
from social_publish.networks import NETWORKS
from social_publish.networks.sign_in import OAUTH
from social_publish.public_addresses import is_public

PRIVATE = "That is no server on the internet. Type its public address, such as {}."
EXAMPLES = {
    "mastodon": "https://mastodon.example",
    "gotosocial": "https://social.example",
    "bluesky": "https://bsky.social",
}


class StartForm(forms.Form):
    """Step 1: which network, for which part of the council, in earnest or for practice."""

    network = forms.ChoiceField(
        choices=[(slug, network.name) for slug, network in NETWORKS.items()],
        error_messages={"required": "Choose a network."},
    )
    group = forms.ModelChoiceField(
        label="Which part of the council posts there?",
        queryset=ChannelGroup.objects.all(),
        empty_label="Choose a channel group",
        error_messages={"required": "Choose a channel group."},
    )
    where = forms.ChoiceField(
        label="In earnest, or for practice?",
        choices=[
            ("rehearsal", "For practice: on the rehearsal networks, where nothing is public"),
            ("live", "In earnest: on the network itself"),
        ],
        initial="rehearsal",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )


class Secret(forms.CharField):
    """A key: never shown again, not even to the person who typed it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(widget=widget, max_length=2000, **kwargs)


class ServerForm(forms.Form):
    """The council's own server, where a network has many."""

    def __init__(self, data: Any = None, *, network: str, live: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if network not in EXAMPLES:
            return
        self.live, self.example = live, EXAMPLES[network]
        self.fields["server"] = forms.CharField(
            label="Address of the server",
            max_length=200,
            initial=self.example if network == "bluesky" else "",
            help_text=f"Where the account lives, for example {self.example}.",
            error_messages={"required": f"Type the server's address, such as {self.example}."},
        )

    def clean_server(self) -> str:
        typed = self.cleaned_data["server"].strip().rstrip("/")
        return public_server(typed, self.example)


class SignInForm(ServerForm):
    """Step 2, at a network where a person signs in: the app's keys, where they are not known."""

    def __init__(self, data: Any = None, *, network: str, asks_app: bool, **kwargs: Any) -> None:
        super().__init__(data, network=network, **kwargs)
        if asks_app:
            id_name, secret_name = app_labels(network)
            self.fields["app_id"] = forms.CharField(label=id_name, max_length=300)
            self.fields["app_secret"] = Secret(label=secret_name)


class PasteForm(ServerForm):
    """Step 2, with keys that a person copied out of the network's settings."""

    def __init__(self, data: Any = None, *, network: str, **kwargs: Any) -> None:
        super().__init__(data, network=network, **kwargs)
        self.network = network
        if network == "bluesky":
            self.fields["handle"] = forms.CharField(
                label="Account name",
                max_length=100,
                help_text="Without @, for example: council.bsky.social.",
                error_messages={"required": "Type the account's name."},
            )
        for field, label in NETWORKS[network].credential_fields.items():
            self.fields[field] = Secret(label=label)

    @property
    def keys(self) -> dict[str, str]:
        return {
            field: self.cleaned_data[field].strip()
            for field in NETWORKS[self.network].credential_fields
        }


class ByHandForm(forms.Form):
    """Step 2 where a person posts: there is no sign-in, and nothing is called."""

    site = forms.CharField(
        label="Which network is it?",
        max_length=40,
        help_text="For example: Nextdoor.",
        error_messages={"required": "Type the name of the network."},
    )
    name = forms.CharField(
        label="Name of the council's account there",
        max_length=80,
        error_messages={"required": "Type the name under which the council posts there."},
    )
    address = forms.URLField(
        label="Address of its profile",
        max_length=100,
        assume_scheme="https",
        help_text="Copy it out of your browser.",
        error_messages={
            "required": "Type the address of the council's profile.",
            "invalid": "This is not an address. Copy it out of your browser, from its beginning.",
            "max_length": "This address is too long: at most 100 characters. Leave out what"
            " stands after a question mark.",
        },
    )


def app_labels(network: str) -> tuple[str, str]:
    """What a network calls its app's number and its secret."""
    if network == "x":
        return "API key", "API key secret"
    if OAUTH[network].id_name == "client_key":
        return "Client key", "Client secret"
    return ("Client ID", "Client secret") if network == "linkedin" else ("App ID", "App secret")


def public_server(typed: str, example: str) -> str:
    """The address of a server on the internet, as https://host. Raises ValidationError.

    Names that lead to a private address are found out by the door that carries each request.
    """
    try:
        parts = urlsplit(typed if "//" in typed else f"https://{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValidationError(PRIVATE.format(example)) from None
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme != "https" or not bare:
        raise ValidationError(f"Type the address as {example}, and nothing after it.")
    if not _is_public_name(host):
        raise ValidationError(PRIVATE.format(example))
    return f"https://{host}" + (f":{port}" if port and port != 443 else "")


def _is_public_name(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        local = host.endswith((".localhost", ".local", ".internal", ".lan", ".home", ".arpa"))
        return bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+", host)) and not local
