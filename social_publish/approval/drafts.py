"""What a page would post on each of its channels, and what stands in the way of that."""

from dataclasses import dataclass

from django.utils import timezone
from wagtail.models import Page

from social_publish import pictures
from social_publish.models import (
    AnnounceablePage,
    Channel,
    ChannelGroup,
    Delivery,
    PostPicture,
    end_of,
    new_token,
)
from social_publish.networks import NETWORKS


@dataclass(frozen=True)
class Draft:
    """A delivery that would be proposed, its picture, and what stands in the way of it.

    problems: sentences for the editor; picture_problem is the one about the picture, or "".
    """

    delivery: Delivery
    picture: bytes
    problems: tuple[str, ...]
    picture_problem: str = ""


def drafts_of(
    page: AnnounceablePage,
    *,
    tokens: dict[int, str] | None = None,
    group: ChannelGroup | None = None,
) -> list[Draft]:
    """What the page would post to each ticked channel. tokens: {channel id: link token}."""
    return [
        _draft(page, channel, (tokens or {}).get(channel.pk) or new_token())
        for channel in page.chosen_channels(group)
    ]


def _draft(page: AnnounceablePage, channel: Channel, token: str) -> Draft:
    composed = page.draft_post(channel, token=token).composed
    problems = list(composed.problems)
    if not channel.has_credentials:
        problems.append(f"The key of {channel.name} is lost. Ask for it to be connected again.")
    opened = page.opens_replies(channel)
    if opened:
        problems += opening_faults(page).values()
    network = NETWORKS[channel.network]
    picture, content, picture_problem = page.announcement_picture(), b"", ""
    if picture is None and network.capabilities.needs_picture:
        problems.append(f"{network.name} takes no post without a picture. Choose one.")
    if picture:
        try:
            content = _fitted(picture, channel)
        except pictures.PictureUnusable as error:
            picture_problem = str(error)
            problems.append(picture_problem)
    delivery = Delivery(
        channel=channel,
        token=token,
        text=composed.text,
        length=composed.length,
        picture=pictures.name_of(content) if content else "",
        alt_text=picture.alt_text.strip() if picture else "",
        replies_wanted="open" if opened else "closed",
        replies_until=end_of(page.replies_until) if opened and page.replies_until else None,
    )
    return Draft(delivery, content, tuple(problems), picture_problem)


def opening_faults(page: AnnounceablePage) -> dict[str, str]:
    """{field: sentence} of what is missing before replies to the page's posts can be opened."""
    assert isinstance(page, Page)
    go_live = timezone.localdate(page.go_live_at) if page.go_live_at else None
    return page.opening_faults(timezone.localdate(), go_live)


def _fitted(picture: PostPicture, channel: Channel) -> bytes:
    limits = channel.limits.picture
    if not picture.alt_text.strip():
        raise pictures.PictureUnusable(
            "The picture has no description. Blind readers hear it: add one to the picture."
        )
    if limits.max_alt_text and len(picture.alt_text) > limits.max_alt_text:
        raise pictures.PictureUnusable(
            f"The picture's description is too long: at most {limits.max_alt_text} characters."
        )
    try:
        with picture.open() as source:
            return pictures.fit(source, limits)
    except OSError as error:
        raise pictures.PictureUnusable(
            "The picture's file is missing. Choose another one."
        ) from error


def problems_of(
    page: AnnounceablePage, *, group: ChannelGroup | None = None
) -> dict[int, tuple[str, ...]]:
    """What stands in the way of the page's posts: {channel id: sentences for the editor}."""
    drafts = drafts_of(page, group=group)
    return {d.delivery.channel_id: d.problems for d in drafts if d.problems}
