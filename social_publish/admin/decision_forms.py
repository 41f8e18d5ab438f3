"""What a person fills in when they decide about a post."""

from typing import Any

from django import forms

from social_publish.admin.decisions import capabilities_of, is_removal
from social_publish.models import Delivery
from social_publish.networks.capabilities import ReplyControl


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


def address_form(delivery: Delivery, data: Any) -> AddressForm:
    """The form for saying where a post stands."""
    if capabilities_of(delivery).can_read:
        return AddressForm(data)
    return PostedForm(data, opened=delivery.replies_wanted == "open")


def gone_form(delivery: Delivery, data: Any) -> GoneForm | None:
    """The form for ticking a removal off; none where the network can be asked."""
    needed = is_removal(delivery) and not capabilities_of(delivery).can_remove
    return GoneForm(data) if needed else None
