"""What a moderator does about open replies: closing them early, who watches, what they saw to."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from social_publish import openings, outbox, replies
from social_publish.admin.decisions import capabilities_of, may_decide
from social_publish.admin.page_actions import confirm
from social_publish.admin.reply_words import SEEN, reply_actions
from social_publish.admin.requests import StaffRequest
from social_publish.models import Delivery, OpenReplies, State, possible_watchers
from social_publish.networks.capabilities import ReplyControl
from social_publish.wake import wake_worker

INSPECT = "social_publish_delivery_modeladmin_inspect"
NOTHING = "Nothing was changed: the post is not as it was any more."


class PersonField(forms.ModelChoiceField):
    """A person by their name."""

    def label_from_instance(self, obj: User) -> str:
        return outbox.name_of(obj)


class WatcherForm(forms.Form):
    watcher = PersonField(
        label="Who watches the replies?",
        queryset=User.objects.none(),
        empty_label="Choose a person",
        error_messages={"required": "Choose who watches the replies."},
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["watcher"]
        assert isinstance(field, PersonField)
        field.queryset = possible_watchers()


class SeenForm(forms.Form):
    """What a person found and did on the network, where no machine could."""

    replies = forms.ChoiceField(
        label="Can people reply to the post now?",
        choices=[
            ("", "Choose"),
            (ReplyControl.CLOSED.value, "No, I closed replies there"),
            (ReplyControl.NOT_POSSIBLE.value, "Yes, the network does not let me close them"),
        ],
        error_messages={"required": "Choose whether people can reply to it."},
    )
    seen = forms.CharField(
        label="What did you do, and what did you see then?",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Write what you did and saw: it is kept for the record."},
    )


def _opening(request: StaffRequest, pk: int) -> OpenReplies:
    """The opening of a post that is out, for those who decide about it. Raises Http404."""
    rows = OpenReplies.objects.select_related("delivery__channel", "delivery__announcement")
    opening = get_object_or_404(rows, delivery=pk)
    if not may_decide(request.user, opening.delivery):
        raise PermissionDenied
    if opening.ended_at or opening.delivery.state != State.POSTED:
        raise Http404
    return opening


def _back(request: StaffRequest, pk: int, done: bool, words: str) -> HttpResponse:
    if done:
        wake_worker()
        messages.success(request, words)
    else:
        messages.warning(request, NOTHING)
    return redirect(INSPECT, pk)


@require_http_methods(["GET", "POST"])
def close_replies(request: StaffRequest, pk: int) -> HttpResponse:
    opening = _opening(request, pk)
    if request.method == "POST":
        done = openings.end_now(opening, now=timezone.now(), actor=request.user)
        return _back(request, pk, done, "Replies are being closed.")
    return confirm(
        request,
        None,
        title="Close replies now",
        subtitle=str(opening.delivery),
        sentences=[
            f"They would stay open to the end of {date_format(opening.last_day, 'j F Y')}.",
            openings.about_the_end(opening.delivery),
        ],
        button="Close replies now",
    )


@require_http_methods(["GET", "POST"])
def watch_replies(request: StaffRequest, pk: int) -> HttpResponse:
    opening = _opening(request, pk)
    form = WatcherForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        watcher = form.cleaned_data["watcher"]
        done = openings.hand_over(opening, watcher, now=timezone.now(), actor=request.user)
        return _back(request, pk, done, f"{outbox.name_of(watcher)} watches the replies now.")
    return confirm(
        request,
        form,
        title="Name who watches the replies",
        subtitle=str(opening.delivery),
        sentences=[f"Until now it is {opening.watcher_name}. Who is named is told by e-mail."],
        button="Save",
    )


@require_http_methods(["GET", "POST"])
def replies_seen(request: StaffRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("channel", "announcement"), pk=pk)
    if not may_decide(request.user, delivery):
        raise PermissionDenied
    if delivery.state != State.POSTED or SEEN not in reply_actions(delivery):
        messages.warning(request, NOTHING)
        return redirect(INSPECT, pk)
    form = SeenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _record_what_was_seen(request, delivery, form.cleaned_data)
        return _back(request, pk, done, "Recorded.")
    look = "This website looks there again, and tells you if replies are open still."
    return confirm(
        request,
        form,
        title="I saw to the replies",
        subtitle=str(delivery),
        sentences=[
            delivery.why,
            look if capabilities_of(delivery).can_read else "No machine can look there.",
        ],
        button="Record it",
        link=delivery.remote_url,
        link_words="Open the post there",
    )


def _record_what_was_seen(
    request: StaffRequest, delivery: Delivery, answers: dict[str, Any]
) -> bool:
    """A person's word that replies are closed is checked again where the network can be asked."""
    given = answers["replies"]
    return outbox.settle_by_hand(
        delivery,
        given,
        answers["seen"],
        now=timezone.now(),
        actor=request.user,
        again=given == ReplyControl.CLOSED and replies.can_be_asked(delivery),
    )
