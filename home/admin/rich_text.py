"""Wagtail's own editor of formatted text, which forgives half a sign."""

from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea


class RichTextArea(DraftailRichTextArea):
    """Half an emoji is what a browser sends where one was cut; no database can hold it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        written = super().value_from_datadict(data, files, name)
        return None if written is None else str(written).encode(errors="replace").decode()
