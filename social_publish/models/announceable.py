"""The mixin that lets a page type announce itself, and the drafts of its posts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.models import Page

from social_publish.compose import Composed
from social_publish.models.channels import Channel
from social_publish.models.groups import ChannelGroup
from social_publish.models.opening import OpeningTerms
from social_publish.models.permissions import GatedPermissions
from social_publish.networks import NETWORKS

# As long as a real token, so that a draft's length is the post's length.
PREVIEW_TOKEN = "PREVIEW000"


def short_link(token: str) -> str:
    """The address on our own site that a post carries; it leads to the page for ever."""
    return f"{settings.SITE_URL}/n/{token}"


@dataclass(frozen=True)
class PostPicture:
    """A page's picture for its posts: `open` gives the original file, ready to read.

    changed_by(since): the ids of the people who changed the picture or its description.
    """

    open: Callable[[], IO[bytes]]
    alt_text: str
    changed_by: Callable[[datetime], set[int]]


@dataclass(frozen=True)
class DraftPost:
    """What one channel would post of a page as it stands."""

    channel: Channel
    composed: Composed
    opens_replies: bool = False

    @property
    def network(self) -> Any:
        return NETWORKS[self.channel.network]


class AnnounceablePage(OpeningTerms, models.Model):
    """Fields and answers of a page whose approved text posts itself to the section's channels."""

    announce = models.BooleanField(
        "announce on social channels",
        default=False,
        help_text="When a moderator approves this page, its posts go out to the ticked channels.",
    )
    summary = models.TextField(
        "words of the post",
        blank=True,
        help_text="The link to this page and the office contact are added to every post.",
    )
    # {channel id as text: {"ticked": bool, "words": its own words, or "" for the summary,
    # "open": true where people may reply}}
    channel_words = models.JSONField("channels", default=dict, blank=True)
    announcement_number = models.PositiveIntegerField(default=1, editable=False)

    # The field that holds the picture of the posts, where the page type has one.
    picture_field_name: ClassVar[str] = ""
    # The page under which a page that is not in the tree yet will be put.
    new_under: Page | None = None

    exclude_fields_in_copy: ClassVar[list[str]] = [
        "announce",
        "channel_words",
        "announcement_number",
        "replies_opinion",
        "replies_reason",
        "replies_watcher",
        "replies_until",
    ]

    class Meta:
        abstract = True

    def permissions_for_user(self, user: User) -> GatedPermissions:
        assert isinstance(self, Page)
        return GatedPermissions(user, self)

    def announcement_picture(self) -> PostPicture | None:
        """The picture that goes with the posts. Page types with a picture override this."""
        return None

    def lost_picture(self) -> bool:
        """Does the newest version name a picture that has been deleted since?"""
        assert isinstance(self, Page)
        revision = self.get_latest_revision()
        chosen = revision.content.get(self.picture_field_name) if revision else None
        if not chosen:
            return False
        pictures = self._meta.get_field(self.picture_field_name).related_model._default_manager
        return not pictures.filter(pk=chosen).exists()

    def channel_group(self) -> ChannelGroup | None:
        """The channel group of this page's section; None where no section is known."""
        assert isinstance(self, Page)
        place = self if self.path else self.new_under
        return ChannelGroup.for_page(place) if place else None

    def is_ticked(self, channel: Channel) -> bool:
        return bool(self._entry(channel).get("ticked"))

    def opens_replies(self, channel: Channel) -> bool:
        """Is it asked that people may reply to the post on this channel?"""
        return bool(self._entry(channel).get("open"))

    def own_words(self, channel: Channel) -> str:
        return str(self._entry(channel).get("words", ""))

    def _entry(self, channel: Channel) -> dict[str, Any]:
        entry = self.channel_words.get(str(channel.pk))
        return entry if isinstance(entry, dict) else {}

    def ticked_channels(self, group: ChannelGroup | None = None) -> list[Channel]:
        """The ticked channels of this page's group, paused ones too."""
        group = group or self.channel_group()
        if not (self.announce and group):
            return []
        channels = group.channels.select_related("group__office_contact")
        return [channel for channel in channels if self.is_ticked(channel)]

    def chosen_channels(self, group: ChannelGroup | None = None) -> list[Channel]:
        """The ticked channels to which this page would post: those that may post."""
        return [channel for channel in self.ticked_channels(group) if channel.is_ready]

    def words_for(self, channel: Channel) -> str:
        return self.own_words(channel) or self.summary

    def draft_post(self, channel: Channel, *, token: str = PREVIEW_TOKEN) -> DraftPost:
        """What `channel` would post, with the given link token."""
        opened = self.opens_replies(channel)
        composed = channel.compose(
            self.words_for(channel), link=short_link(token), replies_closed=not opened
        )
        return DraftPost(channel, composed, opened)

    def preview_channels(self) -> list[Channel]:
        group = self.channel_group()
        return list(group.channels.select_related("group__office_contact")) if group else []

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        modes = [("", "The page")]
        return modes + [(f"channel-{c.pk}", f"Post: {c.name}") for c in self.preview_channels()]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        for channel in self.preview_channels():
            if mode_name == f"channel-{channel.pk}":
                context = {"post": self.draft_post(channel), "page": self}
                template = "social_publish/preview_post.html"
                return TemplateResponse(request, template, context)
        return super().serve_preview(request, mode_name)  # type: ignore[misc]  # Page has it
