"""The emergency stop: all posting at once, by whoever may, with a reason."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from social_publish import outbox
from social_publish.admin.page_actions import confirm
from social_publish.admin.requests import StaffRequest
from social_publish.models import EmergencyStop

may_stop = permission_required("social_publish.stop_everything", raise_exception=True)


class StopForm(forms.Form):
    """Why everything is stopped; kept with the record."""

    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why: your colleagues read it, and it is kept."},
    )


@may_stop
@require_http_methods(["GET", "POST"])
def stop(request: StaffRequest) -> HttpResponse:
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        held = outbox.stop_everything(
            now=timezone.now(), actor=request.user, reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"All posting is stopped. Posts held back: {held}.")
        return redirect("wagtailadmin_home")
    return confirm(
        request,
        form,
        title="Stop all posting",
        subtitle="Emergency stop",
        sentences=[
            "Nothing more is posted on any channel until the stop is lifted.",
            "What is being posted at this very moment cannot be held back any more: take it down"
            " afterwards if need be.",
            "Removing posts, hiding comments and closing replies go on.",
        ],
        button="Stop all posting",
        serious=True,
    )


@may_stop
@require_http_methods(["GET", "POST"])
def lift(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        outbox.lift_stop(now=timezone.now(), actor=request.user)
        messages.success(request, "The stop is lifted. Look through what was held back.")
        return redirect("wagtailadmin_home")
    in_force = EmergencyStop.in_force().first()
    return confirm(
        request,
        None,
        title="Lift the emergency stop",
        subtitle=f"Stopped by {in_force.by_name}" if in_force else "No stop is in force",
        sentences=[
            "What is approved from now on is posted again.",
            "What was held back stays back: open each post in the list, then post it or leave it.",
        ],
        button="Lift the stop",
    )
