"""What a person fills in when they decide about a post."""

from typing import Any

from django import forms

from social_publish.models import Delivery, State, Wanted
from social_publish.networks import NETWORKS
from social_publish.networks.base import Capabilities, ReplyControl


class AddressForm(forms.Form):
    """Where a person found the post."""

    address = forms.URLField(
        label="Address of the post on the network",
        assume_scheme="https",
        max_length=500,
        error_messages={
            "required": "Paste the address of the post.",
            "invalid": "This is not an address.",
            "max_length": "This address is too long: at most 500 characters.",
        },
    )


class PostedForm(AddressForm):
    """Where no machine can read a post back, the person also says what became of replies."""

    replies = forms.ChoiceField(
        label="Can people reply to it there?",
        choices=[
            ("", "Choose"),
            (ReplyControl.CLOSED.value, "No, I turned replies off"),
            (ReplyControl.NOT_POSSIBLE.value, "Yes, the network does not let me turn them off"),
        ],
        error_messages={"required": "Choose whether people can reply to it."},
    )

    def __init__(self, data: Any, *, opened: bool) -> None:
        super().__init__(data)
        field = self.fields["replies"]
        if opened and isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", "Choose"),
                (ReplyControl.OPEN.value, "Yes, as was approved"),
                (ReplyControl.CLOSED.value, "No, replies are off there"),
            ]


class GoneForm(forms.Form):
    """Evidence that a post is gone, where no machine can see that."""

    seen = forms.CharField(
        label="What did you do, and what did you see then?",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write what you saw: it is kept for the record."},
    )


def capabilities_of(delivery: Delivery) -> Capabilities:
    return NETWORKS[delivery.channel.network].capabilities


def is_removal(delivery: Delivery) -> bool:
    """Was it posted, and is to go?"""
    return delivery.wanted == Wanted.ABSENT and bool(delivery.remote_id)


def removal_sentence(delivery: Delivery) -> str:
    """What taking a post down will mean, before anyone presses."""
    if capabilities_of(delivery).can_remove:
        return f"The post on {delivery.channel.name} is removed."
    return (
        f"No machine can remove the post on {delivery.channel.name}: remove it there yourself."
        " You are reminded until you write down that it is gone."
    )


def to_post_by_hand(delivery: Delivery) -> bool:
    """Is it certain that no machine posted it, so that a person may?"""
    asked = delivery.state == State.NEEDS_PERSON and capabilities_of(delivery).by_hand
    return delivery.wanted == Wanted.PRESENT and (asked or delivery.state == State.REFUSED)


def address_form(delivery: Delivery, data: Any) -> AddressForm:
    if capabilities_of(delivery).can_read:
        return AddressForm(data)
    return PostedForm(data, opened=delivery.replies_wanted == "open")


def gone_form(delivery: Delivery, data: Any) -> GoneForm | None:
    """The form for ticking a removal off; none where the network can be asked."""
    needed = is_removal(delivery) and not capabilities_of(delivery).can_remove
    return GoneForm(data) if needed else None
