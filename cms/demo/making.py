"""Making the demonstration's pages and files."""

import json
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.demo import site_words as words
from cms.demo.files import small_pdf


def add(parent: Page, model: type[Page], slug: str, **fields: Any) -> Any:
    """A page with the words of `PAGES`; None where one of that address is there already."""
    if parent.get_children().filter(slug=slug).exists():
        return None
    title, intro, fields["show_in_menus"] = words.PAGES[slug]
    if hasattr(model, "intro"):
        fields["intro"] = intro
    return publish(parent, model(title=title, slug=slug, search_description=intro, **fields))


def publish(parent: Page, page: Any) -> Any:
    """Live at once: an invented page needs no history, and a first start should be quick."""
    page.search_description = page.search_description or getattr(page, "intro", "")
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    return page


def body(*parts: tuple[str, Any]) -> str:
    """The blocks of a page's text, each as (its type, its value)."""
    return json.dumps([{"type": kind, "value": value} for kind, value in parts])


def small_file(title: str, *lines: str) -> Any:
    """A document of one page."""
    document = get_document_model()(title=title)
    document.file.save("document.pdf", ContentFile(small_pdf(title, lines)))
    document.file_size = document.file.size
    document.save()
    return document
