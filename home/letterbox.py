"""The forms residents write in: no cookie, no puzzle, and nothing that was written is lost.

A form carries a signed token that names its page and its moment. Too soon after opening is most
likely a program, too late is a page that somebody kept open. Both get their words back with a
fresh token: a phone that restores a page restores what was typed into it, and its owner is quick.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils import timezone

TOO_SOON = timedelta(seconds=3)
TOO_LATE = timedelta(hours=24)
_SALT = "home.letterbox"


def new_token(page_id: int, *, now: datetime) -> str:
    """A token for one form on one page, opened now."""
    return signing.dumps([page_id, now.timestamp(), secrets.token_hex(8)], salt=_SALT)


class LetterForm(forms.Form):
    """Name and reply address are for the council's answer, and may be left out."""

    about = forms.CharField(
        label="Which page or post?",
        max_length=300,
        required=False,
        help_text="Its web address, or where you saw it.",
    )
    words = forms.CharField(
        label="Your message",
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={
            "required": "Write your message.",
            "max_length": "Shorten your message to 5,000 characters.",
        },
    )
    name = forms.CharField(
        label="Your name (optional)",
        max_length=100,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    reply_to = forms.CharField(
        label="Your e-mail address or phone number (optional)",
        max_length=150,
        required=False,
        help_text="Only if you would like an answer.",
        widget=forms.TextInput({"autocomplete": "email"}),
    )
    # No person sees or reaches it; programs fill in whatever has a name.
    website = forms.CharField(
        required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"})
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    template_name = "components/form.html"

    def __init__(
        self, data: QueryDict | None = None, *, page: Any, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, auto_id="form-%s", initial=initial)
        self.page = page
        if not page.is_concern:
            del self.fields["about"]
        else:
            self.fields["words"].label = "What is wrong?"
        if self.is_bound:
            self._describe_errors()

    def _describe_errors(self) -> None:
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def is_from_a_program(self) -> bool:
        """Filled in the field that nobody sees."""
        return bool(self.data.get("website"))

    def is_too_soon(self, now: datetime) -> bool:
        """Sent before anyone could have typed."""
        opened = self._opened()
        return bool(opened and now - opened < TOO_SOON)

    def token_word(self, now: datetime) -> str:
        """The token's own word when the token fits this page and moment; "" when it does not."""
        opened = self._opened()
        if opened is None or not TOO_SOON <= now - opened <= TOO_LATE:
            return ""
        return str(self._read()[2])

    def _opened(self) -> datetime | None:
        parts = self._read()
        if not parts or parts[0] != self.page.pk:
            return None
        return datetime.fromtimestamp(parts[1], tz=timezone.get_current_timezone())

    def _read(self) -> list[Any]:
        try:
            return list(signing.loads(str(self.data.get("token", "")), salt=_SALT))
        except signing.BadSignature:
            return []


def fresh_form(page: Any) -> LetterForm:
    """An empty form with a token of its own."""
    return LetterForm(page=page, initial={"token": new_token(page.pk, now=timezone.now())})


def with_fresh_token(form: LetterForm, *, now: datetime) -> LetterForm:
    """The same words, ready to be sent again."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["token"] = new_token(form.page.pk, now=now - TOO_SOON)
    return LetterForm(data, page=form.page)
