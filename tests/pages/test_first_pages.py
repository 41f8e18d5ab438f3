"""A council that starts with nothing: before its first pages, with them, and the style guide."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page, Site

from home.blocks import BodyBlock
from home.models import HomePage, SiteDetails

pytestmark = pytest.mark.django_db


def html(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_its_first_pages_the_site_says_so() -> None:
    assert "This website is being set up" in html("/")
    for path in ("/search/?q=x", "/posts/", "/style-guide/", "/sitemap.xml"):
        html(path)


def test_the_first_pages_are_what_residents_expect() -> None:
    call_command("setup_pages", "Looe Town Council")
    home = Site.objects.get(is_default_site=True).root_page
    front = html("/")
    for page in home.get_children():
        assert f'href="{page.get_url()}"' in front
        assert "<h1>" in html(page.get_url())
    assert "Looe Town Council" in front
    assert "999" in html("/report/")
    call_command("setup_council", group="Town Council", section="/", office="Office", phone="1")


def test_they_are_made_once_and_left_alone() -> None:
    call_command("setup_pages", "Looe Town Council")
    page = Page.objects.get(slug="news").specific
    page.title = "Our own news"
    page.save_revision().publish()
    Page.objects.get(slug="jobs").delete()
    before = Page.objects.count()
    call_command("setup_pages", "Another name")
    assert Page.objects.count() == before + 1
    assert Page.objects.get(slug="news").title == "Our own news"
    assert HomePage.objects.count() == 1
    assert SiteDetails.objects.get().council_name == "Looe Town Council"


def test_a_council_has_a_name() -> None:
    with pytest.raises(CommandError, match="80 characters"):
        call_command("setup_pages", " ")


def test_the_style_guide_shows_every_piece_of_a_page() -> None:
    guide = html("/style-guide/")
    for name in (
        "Notice",
        "List of facts",
        "Table",
        "Question and answer",
        "Button",
        "another language",
    ):
        assert name in guide
    for piece in ("card person", "error-summary", 'class="pages"', 'class="source"', "fold"):
        assert piece in guide


def test_editors_see_what_a_piece_looks_like() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("a", "a@council.example", "x"))
    for block in BodyBlock().child_blocks.values():
        assert block.meta.description
        if block.is_previewable:
            shown = client.get(f"/admin/block-preview/?id={block.definition_prefix}")
            assert "cms/site.css" in shown.content.decode()
    previewable = [name for name, b in BodyBlock().child_blocks.items() if b.is_previewable]
    assert previewable == [
        "heading",
        "text",
        "notice",
        "facts",
        "table",
        "question",
        "button",
        "file",
        "language",
    ]
