"""In which language a page speaks, in lists too, where only Wagtail's part of it is loaded."""

from typing import Any

from wagtail.models import get_page_models

from home.kept import kept
from home.models import SpokenPage


def of_title(page: Any) -> str:
    """The language of the title of a page, or of a link to one; "" for the site's own."""
    return page.language if hasattr(page, "language") else _of(page)[0]


def of_text(page: Any) -> str:
    """The language of the introduction and the text; "" for the site's own."""
    return page.text_language if hasattr(page, "text_language") else _of(page)[1]


def _of(page: Any) -> tuple[str, str]:
    known: dict[int | None, tuple[str, str]] = kept("languages of pages", _known)
    return known.get(getattr(page, "pk", None), ("", ""))


def _known() -> dict[int | None, tuple[str, str]]:
    """Of the few pages that have one: {key: (of the title, of the text)}."""
    found: dict[int | None, tuple[str, str]] = {}
    for model in get_page_models():
        if issubclass(model, SpokenPage):
            rows = model.objects.filter(language__gt="")
            for pk, language, only_title in rows.values_list("pk", "language", "only_title"):
                found[pk] = language, "" if only_title else language
    return found
