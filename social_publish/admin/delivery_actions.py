"""What a person decides about one post: a confirm page by GET, the change by POST."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from social_publish import outbox, take_down
from social_publish.admin.decision_forms import AddressForm, address_form, gone_form
from social_publish.admin.decisions import (
    is_removal,
    may_decide,
    removal_sentence,
    to_post_by_hand,
    why_not_retried,
)
from social_publish.admin.finding import NotThisPost, find
from social_publish.admin.page_actions import ReasonForm, confirm
from social_publish.admin.requests import StaffRequest
from social_publish.admin.resting import waiting_words
from social_publish.models import Delivery, State, Wanted
from social_publish.wake import wake_worker

View = Callable[[StaffRequest, Delivery], HttpResponse]

LIST = "social_publish_delivery_modeladmin_index"


def decision(*states: State) -> Callable[[View], Callable[..., HttpResponse]]:
    """A view of one post by its key, for who may decide about it while it is in such a state."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "POST"])
        @wraps(view)
        def checked(request: StaffRequest, pk: int) -> HttpResponse:
            posts = Delivery.objects.select_related("channel", "announcement")
            delivery = get_object_or_404(posts, pk=pk)
            if not may_decide(request.user, delivery):
                raise PermissionDenied
            if delivery.state in states:
                return view(request, delivery)
            now = delivery.get_state_display()
            messages.warning(request, f"Nothing was changed. This post is now: {now}.")
            return redirect(LIST)

        return checked

    return decorate


def _finish(request: StaffRequest, moved: bool, words: str) -> HttpResponse:
    """Back to the list, with what happened; moved: whether anything did."""
    if moved:
        wake_worker()
        messages.success(request, words)
    else:
        messages.warning(request, "Nothing was changed: the post is not as it was any more.")
    return redirect(LIST)


@decision(State.REFUSED, State.NEEDS_PERSON, State.HELD)
def retry(request: StaffRequest, delivery: Delivery) -> HttpResponse:
    if why_not := why_not_retried(delivery):
        messages.warning(request, f"Nothing was changed. {why_not}")
        return redirect(LIST)
    if request.method == "POST":
        moved = outbox.retry(delivery, now=timezone.now(), actor=request.user)
        waits = waiting_words(delivery, timezone.now())
        on_its_way = "The post is on its way. We look on the network first."
        return _finish(request, moved, f"The post waits. {waits}" if waits else on_its_way)
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


@decision(State.REFUSED, State.NEEDS_PERSON)
def leave(request: StaffRequest, delivery: Delivery) -> HttpResponse:
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


@decision(State.NEEDS_PERSON, State.REFUSED)
def there(request: StaffRequest, delivery: Delivery) -> HttpResponse:
    form = address_form(delivery, request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and (done := _confirmed(request, delivery, form))
    ):
        return done
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


def _confirmed(request: StaffRequest, delivery: Delivery, form: AddressForm) -> HttpResponse | None:
    """None, with the reason beside the address, where no such post stands there."""
    try:
        post = find(delivery, form.cleaned_data["address"])
    except NotThisPost as fault:
        form.add_error("address", str(fault))
        return None
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


@decision(*State)
def copies_gone(request: StaffRequest, delivery: Delivery) -> HttpResponse:
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


@decision(State.NEEDS_PERSON)
def remove_again(request: StaffRequest, delivery: Delivery) -> HttpResponse:
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


@decision(State.POSTED, State.QUEUED, State.HELD, State.SENDING, State.UNKNOWN)
def take_down_post(request: StaffRequest, delivery: Delivery) -> HttpResponse:
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
