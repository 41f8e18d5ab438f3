"""What a person may decide about one post: a confirm page by GET, the change by POST."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from social_publish import outbox, take_down
from social_publish.admin.decision_forms import (
    address_form,
    capabilities_of,
    gone_form,
    is_removal,
    removal_sentence,
    to_post_by_hand,
)
from social_publish.admin.finding import NotThisPost, find
from social_publish.admin.page_actions import ReasonForm, confirm
from social_publish.admin.reply_words import reply_actions
from social_publish.admin.requests import StaffRequest
from social_publish.models import Delivery, EmergencyStop, HoldReason, State, Wanted
from social_publish.wake import wake_worker

# What a person may let go, and in which words.
RELEASES = {
    HoldReason.RESTORED: "It was never posted: post it",
    HoldReason.STOPPED: "Post it now",
    HoldReason.APPROVER: "Post it now",
    HoldReason.ACCOUNT: "Post it to the account that is connected now",
}
LIST = "social_publish_delivery_modeladmin_index"
POSTED_BY_HAND = ("social_publish_there", "I posted it by hand")


def may_decide(user: User, delivery: Delivery) -> bool:
    """May this person decide about this post: an officer of its section with the right?"""
    officer = take_down.is_officer_of(user, take_down.group_of(delivery))
    return officer and user.has_perm("social_publish.decide_delivery")


def _delivery(request: StaffRequest, pk: int, *states: State) -> Delivery:
    delivery = get_object_or_404(Delivery.objects.select_related("channel", "announcement"), pk=pk)
    if not may_decide(request.user, delivery):
        raise PermissionDenied
    if delivery.state not in states:
        messages.warning(
            request, f"Nothing was changed. This post is now: {delivery.get_state_display()}."
        )
        raise _Settled
    return delivery


class _Settled(Exception):
    """The post is no longer in a state in which this can be decided."""


def _finish(request: StaffRequest, moved: bool, words: str) -> HttpResponse:
    """Back to the list, with what happened; moved: whether anything did."""
    if moved:
        wake_worker()
        messages.success(request, words)
    else:
        messages.warning(request, "Nothing was changed: the post is not as it was any more.")
    return redirect(LIST)


def _is_wanted(delivery: Delivery) -> bool:
    return delivery.wanted == Wanted.PRESENT


def _to_be_settled(delivery: Delivery) -> list[tuple[str, str]]:
    """What a person may say about a post of which the machine is not sure."""
    if is_removal(delivery):
        again = [("social_publish_remove_again", "Try to remove it again")]
        able = capabilities_of(delivery).can_remove
        return [*(again if able else []), ("social_publish_leave", "I saw that it is gone")]
    if delivery.wanted == Wanted.ABSENT:
        return [
            ("social_publish_there", "It is there: remove it"),
            ("social_publish_leave", "It is not there"),
        ]
    if to_post_by_hand(delivery):
        return [POSTED_BY_HAND, ("social_publish_leave", "Leave it unposted")]
    return [
        ("social_publish_there", "It is there"),
        ("social_publish_retry", "It is not there: post it"),
        ("social_publish_leave", "Leave it unposted"),
    ]


def actions_for(user: User, delivery: Delivery) -> list[tuple[str, str]]:
    """[(url name, label)] of what this person may do with this post now."""
    if not may_decide(user, delivery):
        return []
    words = RELEASES.get(HoldReason(delivery.hold_reason), "")
    released = [("social_publish_retry", words)] if words and _is_wanted(delivery) else []
    copies = [("social_publish_copies_gone", "I removed the other copies")]
    choices = {
        State.REFUSED: [
            ("social_publish_retry", "Try again"),
            POSTED_BY_HAND,
            ("social_publish_leave", "Leave it"),
        ],
        State.POSTED: [
            *reply_actions(delivery),
            ("social_publish_take_down_post", "Take this post down"),
        ],
        State.QUEUED: [("social_publish_take_down_post", "Do not post it")],
        State.SENDING: [("social_publish_take_down_post", "Take this post down")],
        State.UNKNOWN: [("social_publish_take_down_post", "Take this post down")],
        State.HELD: [
            *released,
            ("social_publish_take_down_post", "Do not post it"),
        ],
        State.NEEDS_PERSON: _to_be_settled(delivery),
    }
    here = choices.get(State(delivery.state), [])
    return [*copies, *here] if delivery.other_copies else here


def _why_not_retried(delivery: Delivery) -> str:
    if delivery.wanted == Wanted.ABSENT:
        return "This post was taken down or withdrawn, so it is not posted."
    if EmergencyStop.is_on():
        return "The emergency stop is on. Lift it first."
    if delivery.state == State.HELD and delivery.hold_reason not in RELEASES:
        return f"{delivery.get_hold_reason_display()}."
    return ""


@require_http_methods(["GET", "POST"])
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        delivery = _delivery(request, pk, State.REFUSED, State.NEEDS_PERSON, State.HELD)
    except _Settled:
        return redirect(LIST)
    if why_not := _why_not_retried(delivery):
        messages.warning(request, f"Nothing was changed. {why_not}")
        return redirect(LIST)
    if request.method == "POST":
        moved = outbox.retry(delivery, now=timezone.now(), actor=request.user)
        return _finish(request, moved, "The post is on its way. We look on the network first.")
    return confirm(
        request,
        None,
        title="Post it",
        subtitle=str(delivery),
        sentences=[
            "The very words that were approved are posted:",
            delivery.text,
            "Before that, we look whether the post is there already.",
        ],
        button="Post it",
    )


@require_http_methods(["GET", "POST"])
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        delivery = _delivery(request, pk, State.REFUSED, State.NEEDS_PERSON)
    except _Settled:
        return redirect(LIST)
    form = gone_form(delivery, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form is None or form.is_valid()):
        seen = form.cleaned_data["seen"] if form else ""
        moved = outbox.leave(delivery, now=timezone.now(), actor=request.user, seen=seen)
        return _finish(request, moved, "Recorded.")
    if is_removal(delivery):
        title, button = "The post is gone", "I saw that it is gone"
    elif delivery.wanted == Wanted.ABSENT:
        title, button = "The post is not there", "It is not there"
    else:
        title, button = "Leave it unposted", "Leave it"
    return confirm(
        request,
        form,
        title=title,
        subtitle=str(delivery),
        sentences=["Your name and the time are kept with the record."],
        button=button,
        link=delivery.remote_url if is_removal(delivery) else "",
        link_words="Open the post there",
    )


@require_http_methods(["GET", "POST"])
def there(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        delivery = _delivery(request, pk, State.NEEDS_PERSON, State.REFUSED)
    except _Settled:
        return redirect(LIST)
    form = address_form(delivery, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            post = find(delivery, form.cleaned_data["address"])
        except NotThisPost as fault:
            form.add_error("address", str(fault))
        else:
            moved = outbox.confirm_posted(
                delivery,
                post.remote_id,
                post.remote_url,
                now=timezone.now(),
                actor=request.user,
                replies=form.cleaned_data.get("replies", ""),
            )
            going = delivery.wanted == Wanted.ABSENT
            words = "Recorded. It is being removed now." if going else "Recorded as posted."
            return _finish(request, moved, words)
    by_hand = to_post_by_hand(delivery)
    return confirm(
        request,
        form,
        title="I posted it by hand" if by_hand else "It is there",
        subtitle=str(delivery),
        sentences=[
            "Open the council's profile and find the post. Press on the date above its words,"
            " and copy the address of what opens.",
            delivery.text,
        ],
        button="It stands there" if by_hand else "It is there",
        link=delivery.channel.profile_url,
    )


@require_http_methods(["GET", "POST"])
def copies_gone(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        delivery = _delivery(request, pk, *State)
    except _Settled:
        return redirect(LIST)
    if request.method == "POST":
        moved = outbox.copies_gone(delivery, now=timezone.now(), actor=request.user)
        return _finish(request, moved, "Recorded.")
    return confirm(
        request,
        None,
        title="The other copies are removed",
        subtitle=str(delivery),
        sentences=[
            "This post stood on the network more than once. Remove each of these there by hand:",
            *delivery.other_copies,
            f"This one stays: {delivery.remote_url}",
        ],
        button="I removed them",
    )


@require_http_methods(["GET", "POST"])
def remove_again(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        delivery = _delivery(request, pk, State.NEEDS_PERSON)
    except _Settled:
        return redirect(LIST)
    if not is_removal(delivery):
        messages.warning(request, "Nothing was changed: this post has nothing to remove.")
        return redirect(LIST)
    if request.method == "POST":
        moved = outbox.retry_removal(delivery, now=timezone.now(), actor=request.user)
        return _finish(request, moved, "We try to remove it again.")
    return confirm(
        request,
        None,
        title="Try to remove it again",
        subtitle=str(delivery),
        sentences=[],
        button="Try again",
    )


@require_http_methods(["GET", "POST"])
def take_down_post(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        delivery = _delivery(
            request, pk, State.POSTED, State.QUEUED, State.HELD, State.SENDING, State.UNKNOWN
        )
    except _Settled:
        return redirect(LIST)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_down.take_down_post(
            delivery, user=request.user, reason=form.reason, now=timezone.now()
        )
        messages.success(request, "The post is being taken down. The page stays.")
        return redirect(LIST)
    return confirm(
        request,
        form,
        title="Take this post down",
        subtitle=str(delivery),
        sentences=[f"{removal_sentence(delivery)} The page stays.", delivery.text],
        button="Take this post down",
        serious=True,
    )
