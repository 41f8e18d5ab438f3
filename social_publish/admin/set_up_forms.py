"""What a person types about a channel whose account is known: its name, the answers, settings."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.models import Site

from social_publish.channel_answers import acceptance
from social_publish.models import Channel, OfficeContact, PolicyAnswer
from social_publish.networks import NETWORKS
from social_publish.networks.capabilities import Proof

SETTINGS = ("name", "daily_budget", "resend_when_absent")


class NameForm(forms.Form):
    """Step 3: what staff call the channel. Approvers tell posts apart by it, so it is its alone.

    channel: the one that has the name now, None for one that is new.
    """

    name = forms.CharField(
        label="What do you call this channel?",
        max_length=80,
        help_text="As staff know it, for example: Council on X.",
        error_messages={"required": "Give the channel a name."},
    )

    def __init__(self, data: Any = None, *, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        everyone = Channel.objects.all()
        self.others = everyone.exclude(pk=channel.pk) if channel else everyone

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if self.others.filter(name__iexact=name).exists():
            raise ValidationError("Another channel has this name. Choose one that tells it apart.")
        return name


class SettingsForm(NameForm):
    """What may be changed of a channel at any time."""

    daily_budget = forms.IntegerField(
        label="Posts a day, at most",
        min_value=1,
        max_value=1000,
        help_text="More than these wait until the next day.",
        error_messages={"required": "Type a number."},
    )
    resend_when_absent = forms.BooleanField(
        label="Send a lost post once more by itself",
        required=False,
        help_text="When the network's answer was lost, and three looks over ten minutes do not find"
        " the post. Without this tick a person decides.",
    )

    def __init__(self, data: Any = None, *, channel: Channel) -> None:
        initial = {name: getattr(channel, name) for name in SETTINGS}
        super().__init__(data, channel=channel, initial=initial, prefix="settings")
        if NETWORKS[channel.network].capabilities.proof is not Proof.MEDIUM:
            # Elsewhere the tick would change nothing.
            del self.fields["resend_when_absent"]


def free_name(name: str, handle: str) -> str:
    """A name for a channel that no other one has, where the account's own name can tell them apart."""
    taken = Channel.objects.filter(name__iexact=name).exists()
    return f"{name} ({handle})"[:80] if taken else name[:80]


class QuestionsForm(forms.Form):
    """Step 4: what the council says of the channel before it posts."""

    policy = forms.ChoiceField(
        label="Is the social media policy updated to name this channel?",
        choices=[(value, label) for value, label in PolicyAnswer.choices if value],
        widget=forms.RadioSelect,
        help_text="If it neither names nor covers the channel, ask the council first: nothing is"
        " posted until this is answered.",
        error_messages={"required": "Answer this. Until then nothing is posted here."},
    )
    minute = forms.CharField(
        label="Minute reference of that decision",
        max_length=200,
        help_text="For example: Full Council, minute 142/26.",
        error_messages={"required": "Type the reference, so that anyone can find the decision."},
    )
    minuted_on = forms.DateField(
        label="Date of that decision",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Type the date of the decision."},
    )
    recovery_email = forms.EmailField(
        label="Recovery e-mail address of the account",
        help_text="The one that the network writes to when somebody forgets the password. It must"
        " be the council's own, so that nobody takes the account along.",
        error_messages={"required": "Type the address that the network has for this account."},
    )
    own_domain = forms.BooleanField(
        label="The council has no e-mail address of its own for this",
        required=False,
        help_text="Tick this only if the address above belongs to nobody's private life.",
    )
    opened_by = forms.CharField(
        label="Who opened the account?",
        max_length=150,
        help_text="The person's name and post, for the register of channels.",
        error_messages={"required": "Type who opened it, or who answers for it now."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        domain = str(cleaned.get("recovery_email", "")).rpartition("@")[2].lower()
        domains = council_domains()
        if domain and domains and domain not in domains and not cleaned.get("own_domain"):
            self.add_error(
                "recovery_email",
                f"This is not an address of the council (…@{min(domains)}). Change it at the"
                " network first, or tick the box below it.",
            )
        return cleaned


class AcceptanceForm(forms.Form):
    """Step 4, where nobody can close replies: the owner says so in writing."""

    owner = forms.CharField(
        label="Name and post of who answers for the channel",
        max_length=150,
        error_messages={"required": "Type the name of the person who accepts it."},
    )
    accepted = forms.BooleanField(
        error_messages={"required": "Without this the channel posts nothing."}
    )

    def __init__(self, data: Any = None, *, channel: Channel) -> None:
        super().__init__(data)
        self.fields["accepted"].label = acceptance(channel)


def council_domains() -> set[str]:
    """The domains at which the council has e-mail: its site's, and its offices'."""
    offices = OfficeContact.objects.exclude(email="").values_list("email", flat=True)
    domains = {email.rpartition("@")[2].lower() for email in offices}
    host = Site.objects.filter(is_default_site=True).values_list("hostname", flat=True).first()
    if host and "." in host and not re.fullmatch(r"[\d.]+", host):
        domains.add(host.removeprefix("www.").lower())
    return domains
