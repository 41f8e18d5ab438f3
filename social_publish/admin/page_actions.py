"""Take down, cancel go-live and move, as confirm pages: a change happens by POST only."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page

from social_publish import take_down
from social_publish.admin.decisions import removal_sentence
from social_publish.admin.requests import StaffRequest
from social_publish.models import AnnounceablePage, ChannelGroup, Delivery, State

# The grounds of ILM moderation; disagreement is none of them.
GROUNDS = (
    "It is defamatory",
    "It is false or misleading",
    "It is insulting, threatening or abusive",
    "It is obscene or of a sexual nature",
    "It is offensive, racist, sexist, homophobic or discriminatory",
    "It promotes illegal activity",
    "It is intended to deceive",
    "It names or shows someone without permission",
    "It is a mistake of ours",
)


class ReasonForm(forms.Form):
    """Why something is taken down; kept with the record."""

    ground = forms.ChoiceField(
        label="Why?",
        choices=[("", "Choose a reason"), *((ground, ground) for ground in GROUNDS)],
        error_messages={"required": "Choose a reason: it is kept for the record."},
    )
    details = forms.CharField(
        label="Details for the clerk (optional)",
        required=False,
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
    )

    @property
    def reason(self) -> str:
        return ": ".join(filter(None, (self.cleaned_data["ground"], self.cleaned_data["details"])))


class TargetForm(forms.Form):
    """Where a page moves to."""

    def __init__(self, data: Any, *, page: Page, user: Any) -> None:
        super().__init__(data)
        groups = ChannelGroup.objects.all()
        if not user.is_superuser:
            groups = groups.filter(officers__user=user)
        sections = [group.section for group in groups.distinct()]
        allowed = [
            target.pk
            for section in sections
            for target in section.get_descendants(inclusive=True)
            if page.can_move_to(target) and target.pk != page.get_parent().pk
        ]
        self.fields["target"] = forms.ModelChoiceField(
            label="Move it below",
            queryset=Page.objects.filter(pk__in=allowed),
            empty_label="Choose a section",
            error_messages={"required": "Choose where the page goes."},
        )


def officers_page(request: StaffRequest, page_id: int) -> Page:
    """The page, if it can be announced and lies in one of the person's sections."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, AnnounceablePage):
        raise Http404
    if not take_down.is_officer(request.user, page):
        raise PermissionDenied
    return page


def confirm(request: StaffRequest, form: forms.Form | None, **context: Any) -> HttpResponse:
    """The confirm page: title, sentences, an optional form and one button."""
    return TemplateResponse(request, "social_publish/confirm.html", {"form": form, **context})


@require_http_methods(["GET", "POST"])
def take_down_page(request: StaffRequest, page_id: int) -> HttpResponse:
    page = officers_page(request, page_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_down.take_down_page(page, user=request.user, reason=form.reason, now=timezone.now())
        messages.success(request, f"“{page.title}” is down. Its posts are being removed.")
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    out = Delivery.objects.filter(announcement__page=page, state=State.POSTED).select_related(
        "channel"
    )
    return confirm(
        request,
        form,
        title="Take down the page and its posts",
        subtitle=page.title,
        sentences=[
            "The page is unpublished at once, and what has not been posted yet is cancelled.",
            *(removal_sentence(delivery) for delivery in out),
            "You are told if a post cannot be removed.",
        ],
        button="Take down now",
        serious=True,
    )


@require_http_methods(["GET", "POST"])
def cancel_go_live(request: StaffRequest, page_id: int) -> HttpResponse:
    page = officers_page(request, page_id)
    if request.method == "POST":
        take_down.cancel_go_live(page, user=request.user, now=timezone.now())
        messages.success(
            request, f"“{page.title}” will not go live by itself, and nothing is posted."
        )
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return confirm(
        request,
        None,
        title="Cancel go-live",
        subtitle=page.title,
        sentences=["The page stays as it is now. Its approved posts are cancelled."],
        button="Cancel go-live",
    )


@require_http_methods(["GET", "POST"])
def move_page(request: StaffRequest, page_id: int) -> HttpResponse:
    page = officers_page(request, page_id)
    form = TargetForm(request.POST or None, page=page, user=request.user)
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["target"]
        try:
            take_down.move_page(page, target, user=request.user)
        except ValidationError as error:
            form.add_error("target", error)
        else:
            messages.success(request, f"“{page.title}” was moved. Links in its posts still work.")
            return redirect("wagtailadmin_explore", target.pk)
    return confirm(
        request,
        form,
        title="Move the page",
        subtitle=page.title,
        sentences=["The links in its posts keep working. Moving a page posts nothing."],
        button="Move",
    )
