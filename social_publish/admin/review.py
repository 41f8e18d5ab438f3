"""The one screen on which a page and its posts are approved."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.models import Page

from social_publish import approval, costs, outbox, pictures, publication
from social_publish.admin import changes
from social_publish.admin.forms import PICTURE_GONE
from social_publish.admin.requests import StaffRequest
from social_publish.models import (
    AnnounceablePage,
    Announcement,
    Channel,
    Delivery,
    EmergencyStop,
    OpenReplies,
    State,
)
from social_publish.networks import NETWORKS


@require_http_methods(["GET", "POST"])
def review(request: StaffRequest, page_id: int) -> HttpResponse:
    """Show everything that would be published and posted; on POST approve what was seen."""
    page = get_object_or_404(Page, pk=page_id).specific
    task_state = page.current_workflow_task_state
    if task_state is None or not task_state.task.specific.get_actions(page, request.user):
        messages.warning(request, "This page is not waiting for your approval.")
        return redirect("wagtailadmin_home")
    if request.method == "POST":
        return _approve(request, page)
    return _show(request, page)


def _approve(request: StaffRequest, page: Page) -> HttpResponse:
    posts = _posts_of(approval.proposal_of(page))
    chosen = {post.pk for post in posts if str(post.channel_id) in _ticked(request)}
    if errors := _errors(request, any_posts=bool(posts), any_chosen=bool(chosen)):
        return _show(request, page, errors=errors)
    if _picture_is_lost(page.get_latest_revision_as_object()):
        return _show(request, page, refusal="What stands in the way is listed below.")
    try:
        approval.approve(
            page,
            digest=request.POST.get("digest", ""),
            ticked=chosen,
            user=request.user,
            comment=request.POST.get("comment", "")[:1000],
        )
    except approval.Refusal as refusal:
        messages.error(request, f"Nothing was approved. {refusal}")
        return _show(request, page, refusal=str(refusal))
    messages.success(request, _outcome(page))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def _ticked(request: StaffRequest) -> set[str]:
    # By channel: when the words change, a post comes back as another row.
    return set(request.POST.getlist("channels"))


def _posts_of(proposal: Announcement | None) -> list[Delivery]:
    if proposal is None:
        return []
    return list(proposal.deliveries.select_related("channel").filter(state=State.PROPOSED))


def _errors(request: StaffRequest, *, any_posts: bool, any_chosen: bool) -> dict[str, str]:
    errors = {}
    without = "no_posts" in request.POST
    if any_posts and not any_chosen and not without:
        errors["posts"] = (
            "You ticked no post. Tick each one that may go out, or tick that the page is"
            " published without any."
        )
    elif any_chosen and without:
        errors["posts"] = "You ticked a post, and that there is none. Take one of the ticks out."
    if "page_read" not in request.POST:
        errors["page_read"] = "Tick this once you have read the page."
    return errors


def _outcome(page: Page) -> str:
    page = Page.objects.get(pk=page.pk)
    going = Delivery.objects.filter(announcement__page=page, state=State.QUEUED).count()
    if not page.live or publication.is_scheduled(page):
        return "Approved. The page will go live, and its posts will go out, at the planned time."
    if going:
        posts = "1 post is" if going == 1 else f"{going} posts are"
        return f"The page is live. {posts} on the way; see “Posts” under “Social channels”."
    return "The page is live. Nothing is posted."


def _show(
    request: StaffRequest,
    page: Page,
    *,
    refusal: str = "",
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    draft = page.get_latest_revision_as_object()
    proposal = approval.propose(draft, now=timezone.now(), actor=request.user)
    digest = approval.seen_digest(draft, proposal)
    moved = request.method == "POST" and request.POST.get("digest", "") != digest
    if moved and not refusal:
        refusal = "The page or its posts were changed while you were reading."
    problems = _problems(draft)
    posts = [] if problems else _posts_of(proposal)
    context = {
        **_facts(request, page, draft),
        **_addresses(page),
        "posts": [_post(post, _ticked(request)) for post in posts],
        "digest": digest,
        "refusal": refusal,
        "moved": moved,
        "changes": _changes(request, draft, posts) if moved else [],
        "errors": errors or {},
        "problems": problems,
        "comment": request.POST.get("comment", ""),
        "page_read": "page_read" in request.POST and not moved,
        "no_posts": "no_posts" in request.POST and not moved,
    }
    return TemplateResponse(
        request, "social_publish/review.html", context, status=409 if refusal else 200
    )


def _facts(request: StaffRequest, page: Page, draft: Page) -> dict[str, Any]:
    """What the screen says of the page, whatever was pressed."""
    authors = approval.authors_of(page)
    return {
        "page": draft,
        "page_title": "Review and approve",
        "header_icon": "glasses",
        "left_out": _left_out(draft),
        "shown": [f"{what}:{value}" for what, value in changes.shown(draft).items()],
        "authors": ", ".join(sorted(outbox.name_of(author) for author in authors)),
        "is_author": request.user in authors,
        "stopped": EmergencyStop.is_on(),
    }


def _addresses(page: Page) -> dict[str, str]:
    task_state = page.current_workflow_task_state
    return {
        "draft_url": reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "reject_url": reverse(
            "wagtailadmin_pages:workflow_action", args=[page.pk, "reject", task_state.pk]
        ),
    }


def _post(delivery: Delivery, ticked: set[str]) -> dict[str, Any]:
    network = NETWORKS[delivery.channel.network]
    return {
        "delivery": delivery,
        "network": network,
        "maximum": delivery.channel.limits.maximum,
        "cost": costs.post_sentence(delivery),
        "opening": OpenReplies.of(delivery),
        "ticked": str(delivery.channel_id) in ticked,
    }


def _changes(request: StaffRequest, draft: Page, posts: list[Delivery]) -> list[str]:
    before = changes.carried(request.POST.getlist("shown"))
    return [
        *changes.page_changes(draft, before),
        *changes.post_changes(draft, request.POST.get("digest", ""), posts),
    ]


def _problems(draft: Page) -> list[str]:
    if not approval.wants_posts(draft):
        return []
    lost = [f"{PICTURE_GONE} Choose another one, or save the page without it."]
    names = {channel.pk: channel.name for channel in draft.chosen_channels()}
    return (lost if _picture_is_lost(draft) else []) + [
        f"{names[pk]}: {sentence}"
        for pk, sentences in approval.problems_of(draft).items()
        for sentence in sentences
    ]


def _picture_is_lost(draft: Page) -> bool:
    return approval.wants_posts(draft) and draft.lost_picture()


def _left_out(draft: Page) -> list[str]:
    """Ticked channels to which nothing would go, each with the reason."""
    if not isinstance(draft, AnnounceablePage) or not draft.announce:
        return []
    if approval.is_announced(draft, draft.announcement_number):
        return []
    elsewhere = Channel.objects.exclude(group=draft.channel_group())
    reasons = {
        channel: "is paused" if channel.paused else f"may not post yet, as {channel.to_be_settled}"
        for channel in draft.ticked_channels()
        if not channel.is_ready
    } | {
        channel: "belongs to another part of the site"
        for channel in elsewhere
        if draft.is_ticked(channel)
    }
    return [
        f"{channel.name} is ticked, but it {reason}: nothing is posted there."
        for channel, reason in reasons.items()
    ]


@require_safe
def post_picture(request: StaffRequest, delivery_id: int) -> HttpResponse:
    """The approved picture of a post, for those who may see its text."""
    delivery = get_object_or_404(Delivery.objects.select_related("announcement"), pk=delivery_id)
    page = delivery.announcement.page
    reader = request.user.has_perm("social_publish.view_delivery") or (
        page is not None and page.permissions_for_user(request.user).can_edit()
    )
    sealed = delivery.text_is_sealed and not request.user.has_perm(
        "social_publish.view_removed_text"
    )
    if not reader or sealed or not delivery.picture:
        raise Http404
    try:
        return HttpResponse(pictures.load(delivery.picture), content_type="image/jpeg")
    except pictures.PictureUnusable as error:
        raise Http404 from error
