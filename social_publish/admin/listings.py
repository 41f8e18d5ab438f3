"""The lists of posts and channels."""

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail_modeladmin.helpers import AdminURLHelper, ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, ModelAdminGroup
from wagtail_modeladmin.views import InspectView

from social_publish import costs
from social_publish.admin.channel_actions import may_pause
from social_publish.admin.channel_checking import may_check
from social_publish.admin.connect_steps import MAY_CONNECT
from social_publish.admin.decisions import actions_for, to_post_by_hand
from social_publish.admin.history import history_words, last_try
from social_publish.admin.reply_words import reply_words
from social_publish.admin.resting import resting_words, waiting_words
from social_publish.alarms import sign_in_words
from social_publish.models import Channel, Delivery, OpenReplies, State
from social_publish.networks import NETWORKS

TO_DECIDE = (State.NEEDS_PERSON, State.REFUSED)
MAY_BE_THERE = (State.POSTED, State.REMOVING, State.NEEDS_PERSON)


class LookOnly(PermissionHelper):
    """These rows are changed by their actions alone."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class DeliveryButtons(ButtonHelper):
    def get_buttons_for_obj(self, obj: Delivery, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, *args, **kwargs)
        for name, label in actions_for(self.request.user, obj):
            buttons.append(_button(name, obj.pk, label, f"{label}: {obj}"))
        return buttons


class ConnectOnly(LookOnly):
    """A channel is added by the wizard that connects it."""

    def user_can_create(self, user: Any) -> bool:
        return bool(user.has_perm(MAY_CONNECT))


class ConnectURL(AdminURLHelper):
    """“Add channel” leads to the wizard."""

    @property
    def create_url(self) -> str:
        return reverse("social_publish_connect")


class ChannelButtons(ButtonHelper):
    def get_buttons_for_obj(self, obj: Channel, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, *args, **kwargs)
        return buttons + self.own_buttons(obj)

    def own_buttons(self, obj: Channel) -> list[dict[str, Any]]:
        """What can be done with a channel, as its own page offers it too."""
        buttons = []
        if may_pause(self.request.user, obj):
            name, label = (
                ("social_publish_resume", "Let it go on")
                if obj.paused
                else ("social_publish_pause", "Pause")
            )
            buttons.append(_button(name, obj.pk, label, f"{label}: {obj}"))
        if self.request.user.has_perm(MAY_CONNECT):
            label = "Set up"
            buttons.append(_button("social_publish_set_up", obj.pk, label, f"{label}: {obj}"))
        return buttons


def _button(name: str, pk: int, label: str, title: str) -> dict[str, Any]:
    return {
        "url": reverse(name, args=[pk]),
        "label": label,
        "classname": "button button-small button-secondary",
        "title": title,
    }


class DeliveryInspect(InspectView):
    """One post with its whole history."""

    page_title = "Post"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        delivery: Delivery = self.instance
        user = self.request.user
        context |= {
            "delivery": delivery,
            "network": NETWORKS[delivery.channel.network],
            "events": [(event, history_words(event)) for event in delivery.events.all()],
            "to_decide": delivery.state in TO_DECIDE,
            "tried": last_try(delivery),
            "waits": waiting_words(delivery, timezone.now()),
            "replies": reply_words(delivery),
            "opening": OpenReplies.of(delivery),
            "actions": [
                (reverse(n, args=[delivery.pk]), label) for n, label in actions_for(user, delivery)
            ],
            "to_post_by_hand": to_post_by_hand(delivery),
            # Whoever must remove it by hand has to find it.
            "may_be_there": delivery.state in MAY_BE_THERE,
            "may_read": not delivery.text_is_sealed
            or user.has_perm("social_publish.view_removed_text"),
        }
        return context


class DeliveryList(ModelAdmin):
    model = Delivery
    menu_label = "Posts"
    menu_icon = "mail"
    list_display = ("page_title", "channel", "state_words", "when", "address")
    list_filter = ("state", "channel")
    list_select_related = ("announcement", "channel__group", "announcement__page")
    search_fields = ("announcement__page_title", "channel__name", "remote_id")
    list_export = (
        "page_title",
        "channel",
        "state_words",
        "when",
        "remote_url",
        "replies_given",
        "why",
    )
    export_filename = "posts"
    ordering = ("-pk",)
    inspect_view_enabled = True
    inspect_view_class = DeliveryInspect
    inspect_template_name = "social_publish/inspect_delivery.html"
    permission_helper_class = LookOnly
    button_helper_class = DeliveryButtons

    @display(description="Page")
    def page_title(self, obj: Delivery) -> str:
        return obj.announcement.page_title

    @display(description="State")
    def state_words(self, obj: Delivery) -> str:
        words = State(obj.state).label
        if obj.channel.rehearsal:
            words += " (rehearsal)"
        return (
            f"{words}. {obj.why}"
            if obj.why and obj.state not in (State.POSTED, State.REMOVED)
            else words
        )

    def when(self, obj: Delivery) -> Any:
        return obj.removed_at or obj.posted_at or obj.released_at or obj.announcement.proposed_at

    @display(description="Post")
    def address(self, obj: Delivery) -> str:
        if not obj.remote_url or obj.state not in MAY_BE_THERE:
            return ""
        return format_html('<a href="{}" rel="noreferrer">See the post</a>', obj.remote_url)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        queryset: QuerySet[Delivery] = super().get_queryset(request)
        return queryset.exclude(announcement__status="superseded")


class NetworkFilter(SimpleListFilter):
    """By network, with the name that people know."""

    title = "network"
    parameter_name = "network"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(slug, network.name) for slug, network in NETWORKS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Channel]) -> QuerySet[Channel]:
        return queryset.filter(network=self.value()) if self.value() else queryset


class ChannelInspect(InspectView):
    """One channel: whose account it is, what it may do, and what is wrong with it."""

    page_title = "Channel"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        channel: Channel = self.instance
        buttons = ChannelButtons(self, self.request)
        context |= {
            "channel": channel,
            "network": NETWORKS[channel.network],
            "resting": resting_words(channel, timezone.now()),
            "sign_in_words": sign_in_words(channel, timezone.now()),
            "cost": costs.channel_sentence(channel, timezone.now()),
            "may_check": may_check(self.request.user, channel),
            "actions": buttons.own_buttons(channel),
        }
        return context


class ChannelList(ModelAdmin):
    model = Channel
    menu_label = "Channels"
    menu_icon = "site"
    list_display = ("name", "group", "network_name", "connected", "condition", "checked", "cost")
    list_filter = ("group", NetworkFilter, "paused", "rehearsal")
    list_select_related = ("group",)
    list_export = ("name", "group", "network_name", "connected", "condition", "checked", "cost")
    inspect_view_enabled = True
    inspect_view_class = ChannelInspect
    inspect_template_name = "social_publish/inspect_channel.html"
    search_fields = ("name", "handle")
    permission_helper_class = ConnectOnly
    button_helper_class = ChannelButtons
    url_helper_class = ConnectURL

    @display(description="Network")
    def network_name(self, obj: Channel) -> str:
        return NETWORKS[obj.network].name

    def connected(self, obj: Channel) -> str:
        if NETWORKS[obj.network].capabilities.by_hand:
            return f"A person posts there as {obj.handle or obj.account_id}"
        return (
            f"Connected as {obj.handle or obj.account_id}"
            if obj.has_credentials
            else "Not connected: its key is lost"
        )

    def condition(self, obj: Channel) -> str:
        words = "Rehearsal: nothing is public" if obj.rehearsal else "Live"
        if obj.to_be_settled:
            words += f". It posts nothing yet: {obj.to_be_settled}"
        elif obj.paused:
            words += ". Paused"
        says = f"{obj.trouble or obj.check_says} {resting_words(obj, timezone.now())}".strip()
        return f"{words}. {says}" if says else words

    @display(description="Last checked")
    def checked(self, obj: Channel) -> str:
        """When it was last checked, and when a person must sign in again."""
        if not obj.needs_credentials:
            return "—"
        words = f"{timezone.localtime(obj.checked_at):%-d %B %Y}" if obj.checked_at else "Not yet"
        if not obj.sign_in_ends:
            return words
        return f"{words}. Sign-in ends {timezone.localtime(obj.sign_in_ends):%-d %B %Y}"

    @display(description="Cost")
    def cost(self, obj: Channel) -> str:
        return costs.channel_sentence(obj, timezone.now()) or "Posting is free"


class SocialChannels(ModelAdminGroup):
    menu_label = "Social channels"
    menu_icon = "comment"
    menu_order = 250
    items = (DeliveryList, ChannelList)
