"""What a connected channel still needs before it posts: answers, a written acceptance, a test."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from social_publish import channel_answers, connecting, trial_posts
from social_publish.admin.channel_actions import may_pause
from social_publish.admin.connect_steps import connects
from social_publish.admin.requests import StaffRequest
from social_publish.admin.set_up_forms import AcceptanceForm, QuestionsForm, SettingsForm
from social_publish.credentials import CredentialsLost
from social_publish.models import OPEN_NETWORKS, PREVIEW_TOKEN, Channel, TrialPost
from social_publish.networks import NETWORKS
from social_publish.wake import wake_worker


@connects
@require_http_methods(["GET", "POST"])
def set_up(request: StaffRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.select_related("group"), pk=pk)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    questions = _questions(request, channel, sent)
    acceptance = _acceptance(request, channel, sent)
    settings = SettingsForm(request.POST if sent == "settings" else None, channel=channel)
    if sent == "questions" and questions.is_valid():
        return _answered(request, channel, questions.cleaned_data)
    if sent == "acceptance" and acceptance is not None and acceptance.is_valid():
        return _accepted(request, channel, acceptance.cleaned_data["owner"])
    if sent == "settings" and settings.is_valid():
        channel_answers.change_settings(channel, settings.cleaned_data, by=request.user)
        messages.success(request, "The settings are kept.")
        return redirect("social_publish_set_up", channel.pk)
    context = {
        "channel": channel,
        "network": NETWORKS[channel.network],
        "questions": questions,
        "acceptance": acceptance,
        "settings": settings,
        "may_pause": may_pause(request.user, channel),
        **_test(channel),
        "title": "Set up the channel",
        "subtitle": channel.name,
    }
    return TemplateResponse(request, "social_publish/connect/set_up.html", context)


def _questions(request: StaffRequest, channel: Channel, sent: str) -> QuestionsForm:
    known: dict[str, Any] = {
        "policy": channel.policy_answer,
        "minute": channel.policy_minute,
        "minuted_on": channel.policy_date,
        "recovery_email": channel.recovery_email,
        "opened_by": channel.opened_by,
    }
    return QuestionsForm(request.POST if sent == "questions" else None, initial=known)


def _acceptance(request: StaffRequest, channel: Channel, sent: str) -> forms.Form | None:
    if channel.network not in OPEN_NETWORKS or channel.replies_accepted_by:
        return None
    return AcceptanceForm(request.POST if sent == "acceptance" else None, channel=channel)


def _answered(request: StaffRequest, channel: Channel, values: dict[str, Any]) -> HttpResponse:
    answers = channel_answers.Answers(
        values["policy"],
        values["minute"],
        values["minuted_on"],
        values["recovery_email"],
        values["opened_by"],
    )
    channel_answers.answer(channel, answers, by=request.user, now=timezone.now())
    return _done(request, channel, "Your answers are kept.")


def _accepted(request: StaffRequest, channel: Channel, owner: str) -> HttpResponse:
    channel_answers.accept_open_replies(channel, owner=owner, by=request.user, now=timezone.now())
    return _done(request, channel, "The acceptance is kept.")


def _done(request: StaffRequest, channel: Channel, words: str) -> HttpResponse:
    if channel.is_ready:
        wake_worker()
        words += f" {channel.name} may post."
    messages.success(request, words)
    return redirect("social_publish_set_up", channel.pk)


# --- the test post ---------------------------------------------------------------------


def _test(channel: Channel) -> dict[str, Any]:
    """What the page says of the last test, and of the next one."""
    # What was tried in rehearsal says nothing of the real account.
    trial = channel.trials.filter(account_id=channel.account_id).first() or _open_trial(channel)
    why_not = trial_posts.why_not(channel)
    if not why_not and not channel.is_ready:
        why_not = "A test can be sent as soon as the channel may post."
    words = ""
    if not why_not:
        try:
            words = trial_posts.words_of(channel, PREVIEW_TOKEN)
        except trial_posts.CannotTry as reason:
            why_not = str(reason)
    return {"trial": trial, "test_words": words, "no_test": why_not}


def _open_trial(channel: Channel) -> TrialPost | None:
    """A test that may still stand under an account which the channel had before."""
    return channel.trials.filter(state__in=TrialPost.OPEN).first()


@connects
@require_POST
def test(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a test post, go on with one, or say that it is gone."""
    channel = get_object_or_404(Channel.objects.select_related("group__office_contact"), pk=pk)
    trial = _open_trial(channel)
    now = timezone.now()
    try:
        if request.POST.get("do") == "send":
            trial = trial_posts.begin(channel, by=request.user, now=now)
        elif trial and request.POST.get("do") == "gone":
            trial_posts.gone_by_hand(trial, by=request.user, now=now)
            return _to_test(channel)
    except trial_posts.CannotTry as reason:
        messages.error(request, str(reason))
        return _to_test(channel)
    if trial:
        trial_posts.carry_on(trial, clock=timezone.now)
        _tell(request, trial)
    return _to_test(channel)


def _to_test(channel: Channel) -> HttpResponse:
    return redirect(f"{reverse('social_publish_set_up', args=[channel.pk])}#test")


def _tell(request: StaffRequest, trial: TrialPost) -> None:
    if trial.state == TrialPost.State.GONE:
        messages.success(request, "The test post was posted, and is gone again.")
    elif trial.state == TrialPost.State.FAILED:
        messages.error(request, "Nothing was posted. See below why.")
    elif not trial.nothing_out:
        messages.error(request, "The test post may still be there. See below what to do.")


@connects
@require_POST
def other_account(request: StaffRequest, pk: int) -> HttpResponse:
    """Which account it is to be: the one before, or the one of the sign-in that waits."""
    channel = get_object_or_404(Channel, pk=pk)
    now = timezone.now()
    if not channel.aside_at:
        return redirect("social_publish_set_up", channel.pk)
    if request.POST.get("decision") == "take":
        try:
            connecting.take_other_account(channel, by=request.user, now=now)
        except (connecting.CannotConnect, CredentialsLost) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{channel.name} belongs to {channel.handle} from now on.")
    else:
        connecting.drop_other_account(channel, by=request.user, now=now)
        messages.success(request, f"{channel.name} stays with {channel.handle}.")
    wake_worker()
    return redirect("social_publish_set_up", channel.pk)
