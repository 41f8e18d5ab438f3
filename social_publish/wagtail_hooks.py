"""Registers what the admin room holds; decides nothing."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail_modeladmin.options import modeladmin_register

from social_publish.admin import (
    channel_actions,
    channel_checking,
    connect,
    counting,
    deleting,
    delivery_actions,
    menu,
    page_actions,
    reply_actions,
    review,
    set_up,
    stop,
    whose,
)
from social_publish.admin.dashboard import PostsPanel
from social_publish.admin.listings import SocialChannels
from social_publish.admin.security import SecurityChecks
from social_publish.admin.viewsets import OfficeGroup, SuggestionViewSet

modeladmin_register(SocialChannels)

CONNECTING = (
    ("connect", "Connect a channel", "A channel was connected"),
    ("reconnect", "Connect again", "The channel was connected again"),
    ("go_live", "Go live", "The channel left the rehearsal"),
    ("other_account", "Another account", "A sign-in to another account was kept aside"),
    ("take_account", "Change the account", "The channel was given another account"),
    ("drop_account", "Keep the account", "A sign-in to another account was dropped"),
    ("answer_questions", "Answer", "The questions about the channel were answered"),
    ("change_settings", "Settings", "The channel's settings were changed"),
    ("test_post", "Test post", "A test post was sent"),
    ("test_post_gone", "Test post gone", "A person said that the test post is gone"),
    ("accept_replies", "Accept open replies", "It was accepted that replies cannot be closed"),
)

hooks.register("construct_page_action_menu", menu.lead_to_review)
hooks.register("after_edit_page", menu.redirect_review)
hooks.register("register_page_listing_more_buttons", menu.officer_buttons)
hooks.register("register_page_header_buttons", menu.officer_buttons)
hooks.register("before_delete_page", deleting.keep_section)
hooks.register("before_bulk_action", deleting.keep_sections)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    return [OfficeGroup(), SecurityChecks(), SuggestionViewSet("suggestions")]


@hooks.register("construct_homepage_panels")
def posts_panel(request: HttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm("social_publish.view_delivery"):
        panels.append(PostsPanel())


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("social_publish.take_down", "Take down", "Page and posts taken down")
    actions.register_action(
        "social_publish.take_down_post", "Take down post", "A post was taken down"
    )
    actions.register_action(
        "social_publish.security_check", "Security check", "A channel's account was checked"
    )
    actions.register_action(
        "social_publish.cancel_go_live", "Cancel go-live", "Going live was cancelled"
    )


@hooks.register("register_log_actions")
def connecting_log_actions(actions: LogActionRegistry) -> None:
    for name, label, message in CONNECTING:
        actions.register_action(f"social_publish.{name}", label, message)


@hooks.register("register_admin_urls")
def connecting_urls() -> list[URLPattern]:
    channel = "social/channel/<int:pk>"
    return [
        path("social/connect/", connect.start, name="social_publish_connect"),
        path("social/connect/sign-in/", connect.sign_in, name="social_publish_sign_in"),
        path("social/connect/leave/", connect.leave, name="social_publish_depart"),
        path("social/connect/back/", connect.back, name="social_publish_back"),
        path("social/connect/whose/", whose.whose, name="social_publish_whose"),
        path(f"{channel}/again/", connect.again, name="social_publish_again"),
        path(f"{channel}/live/", connect.again, {"live": True}, name="social_publish_go_live"),
        path(f"{channel}/set-up/", set_up.set_up, name="social_publish_set_up"),
        path(f"{channel}/test/", set_up.test, name="social_publish_test_post"),
        path(
            f"{channel}/other-account/", set_up.other_account, name="social_publish_other_account"
        ),
    ]


@hooks.register("register_admin_urls")
def page_urls() -> list[URLPattern]:
    page = "<int:page_id>"
    return [
        path(f"social/review/{page}/", review.review, name="social_publish_review"),
        path(
            "social/picture/<int:delivery_id>/", review.post_picture, name="social_publish_picture"
        ),
        path("social/count/", counting.count, name="social_publish_count"),
        path(
            f"social/take-down/{page}/",
            page_actions.take_down_page,
            name="social_publish_take_down",
        ),
        path(
            f"social/cancel/{page}/",
            page_actions.cancel_go_live,
            name="social_publish_cancel_go_live",
        ),
        path(f"social/move/{page}/", page_actions.move_page, name="social_publish_move"),
    ]


@hooks.register("register_admin_urls")
def post_urls() -> list[URLPattern]:
    decisions = {
        "retry": ("retry", delivery_actions.retry),
        "leave": ("leave", delivery_actions.leave),
        "there": ("there", delivery_actions.there),
        "remove": ("remove_again", delivery_actions.remove_again),
        "take-down": ("take_down_post", delivery_actions.take_down_post),
        "copies-gone": ("copies_gone", delivery_actions.copies_gone),
        "close-replies": ("close_replies", reply_actions.close_replies),
        "watch-replies": ("watch_replies", reply_actions.watch_replies),
        "replies-seen": ("replies_seen", reply_actions.replies_seen),
    }
    return [
        path(f"social/post/<int:pk>/{address}/", view, name=f"social_publish_{name}")
        for address, (name, view) in decisions.items()
    ]


@hooks.register("register_admin_urls")
def channel_urls() -> list[URLPattern]:
    channel = "social/channel/<int:pk>"
    return [
        path("social/stop/", stop.stop, name="social_publish_stop"),
        path("social/stop/lift/", stop.lift, name="social_publish_lift_stop"),
        path(f"{channel}/check/", channel_checking.check_now, name="social_publish_check_channel"),
        path(f"{channel}/pause/", channel_actions.pause, name="social_publish_pause"),
        path(f"{channel}/resume/", channel_actions.resume, name="social_publish_resume"),
    ]
