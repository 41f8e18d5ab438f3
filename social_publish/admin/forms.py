"""The editor's form of a page that announces itself: ticks, words, and errors beside them."""

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm

from social_publish import approval, outbox
from social_publish.models import AnnounceablePage, Channel, possible_watchers

PICTURE_GONE = "The picture that was chosen for this page has been deleted since."


class ChannelWordsWidget(forms.Widget):
    """A block for each channel: a tick, its own words, and how long its post would be."""

    template_name = "social_publish/channel_words.html"

    def __init__(self, page: AnnounceablePage, channels: list[Channel]) -> None:
        super().__init__()
        self.page = page
        self.channels = channels
        # The box of a channel that may not post sends nothing, and its tick must outlive that.
        self.kept = {
            channel.pk for channel in channels if not channel.is_ready and page.is_ticked(channel)
        }
        self.problems: dict[int, tuple[str, ...]] = {}

    class Media:
        js = ("social_publish/counter.js",)
        css = {"all": ("social_publish/admin.css",)}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["blocks"] = [self._block(channel, value or {}) for channel in self.channels]
        return context

    def _block(self, channel: Channel, value: dict[str, Any]) -> dict[str, Any]:
        entry = value.get(str(channel.pk), {})
        return {
            "channel": channel,
            # The form has put what was typed into the page, so the count is of those words.
            "draft": self.page.draft_post(channel),
            "ticked": entry.get("ticked"),
            "words": entry.get("words", ""),
            "open": entry.get("open"),
            "problems": self.problems.get(channel.pk, ()),
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        ticks = data.getlist(f"{name}-ticked")
        opened = data.getlist(f"{name}-open")
        entries = {
            str(channel.pk): {
                "ticked": str(channel.pk) in ticks if channel.is_ready else channel.pk in self.kept,
                "words": data.get(f"{name}-words-{channel.pk}", "").strip(),
                **({"open": True} if str(channel.pk) in opened else {}),
            }
            for channel in self.channels
        }
        return {key: entry for key, entry in entries.items() if entry["ticked"] or entry["words"]}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        # No tick at all sends no field at all, and still means "no channel".
        return False


class AnnounceablePageForm(WagtailAdminPageForm):
    """Drafts may be anything; what is submitted must be fit to post."""

    announce_again = forms.BooleanField(
        required=False,
        label="Announce again",
        help_text="This page was announced before. Tick this to post about it once more.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "channel_words" not in self.fields:
            return
        page: AnnounceablePage = self.instance
        page.new_under = self.parent_page
        channels = page.preview_channels()
        self.fields["channel_words"] = forms.Field(
            required=False,
            label="Channels",
            help_text="" if channels else "No social channel belongs to this part of the site yet.",
            widget=ChannelWordsWidget(page, channels),
        )
        if not self._is_announced():
            del self.fields["announce_again"]
        self._offer_watchers()
        self.lost_picture = page.lost_picture()
        if self.lost_picture:
            self.fields[page.picture_field_name].help_text = f"{PICTURE_GONE} Choose another one."

    def _offer_watchers(self) -> None:
        field = self.fields.get("replies_watcher")
        if field:
            field.queryset = possible_watchers()
            field.label_from_instance = outbox.name_of
            field.empty_label = "Nobody"

    def _is_announced(self) -> bool:
        # Announcements outlive their pages, so a page that is not saved yet must not ask.
        page = self.instance
        return bool(page.pk and approval.is_announced(page, page.announcement_number))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("announce_again"):
            self.instance.announcement_number += 1
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        posts = self.instance.announce and not self._is_announced()
        if posts and not self.is_deferred_validation and not self.errors:
            self._demand_posts_that_fit()

    def _demand_posts_that_fit(self) -> None:
        page: AnnounceablePage = self.instance
        if not page.ticked_channels():
            self.add_error("channel_words", "Tick a channel, or take the tick out of “announce”.")
        if self.lost_picture and not page.announcement_picture():
            self.add_error(
                page.picture_field_name,
                f"{PICTURE_GONE} Choose another one. To post without a picture, save the draft"
                " as it is now and submit it again.",
            )
        drafts = approval.drafts_of(page)
        faults = self._faults_in_opening(drafts)
        for draft in drafts:
            channel = draft.delivery.channel
            problems = tuple(p for p in draft.problems if p not in faults)
            self.fields["channel_words"].widget.problems[channel.pk] = problems
            for sentence in problems:
                self.add_error(self._field_for(sentence, draft), f"{channel.name}: {sentence}")

    def _faults_in_opening(self, drafts: list[approval.Draft]) -> set[str]:
        """What is said once, beside the fields that all channels share."""
        page: AnnounceablePage = self.instance
        if not any(page.opens_replies(draft.delivery.channel) for draft in drafts):
            return set()
        faults = approval.opening_faults(page)
        for field, sentence in faults.items():
            self.add_error(field, sentence)
        return set(faults.values())

    def _field_for(self, sentence: str, draft: approval.Draft) -> str:
        if sentence == draft.picture_problem:
            return self.instance.picture_field_name or "channel_words"
        return "channel_words" if self.instance.words_for(draft.delivery.channel) else "summary"
