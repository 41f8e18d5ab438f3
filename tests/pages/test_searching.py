"""Search and sitemap: what is found, in which order, and what must stay hidden."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Site,
)

from home.models import ContentPage, DocumentEntry, DocumentsPage, HomePage
from news.models import VacancyIndexPage
from tests.council import Council
from tests.many_pages import copy_page
from tests.residents import document, index, meeting, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_site(council: Council) -> HomePage:
    """A second council's site in the same installation."""
    root = Page.objects.get(depth=1)
    home = publish(root, HomePage(title="Other", slug="other", intro="Other."))
    Site.objects.create(hostname="other.example", port=80, root_page=home)
    return home


def titles(words: str, page: int = 1, host: str = "council.example") -> list[str]:
    answer = Client(headers={"host": host}).get("/search/", {"q": words, "page": page})
    assert answer.status_code == 200
    return re.findall(r"<h3><a href=[^>]*>(.*?)</a>", answer.content.decode())


def files(words: str, host: str = "council.example") -> list[str]:
    answer = Client(headers={"host": host}).get("/search/", {"q": words})
    return re.findall(r'class="file" href=[^>]*>(.*?) <', answer.content.decode())


def shown(words: str) -> str:
    return Client().get("/search/", {"q": words}).content.decode()


def locations(path: str = "/sitemap.xml", host: str = "council.example") -> list[str]:
    answer = Client(headers={"host": host}).get(path)
    assert answer.status_code == 200
    return [
        element.text or ""
        for element in ElementTree.fromstring(answer.content).iter()
        if element.tag.endswith("}loc")
    ]


def test_a_title_comes_before_a_mention(council: Council) -> None:
    mention = "We also look after allotments, among many other things that residents ask us for."
    publish(council.home, ContentPage(title="Parks", slug="a", intro=mention))
    publish(council.home, ContentPage(title="Allotments", slug="b", intro="Plots at Mill Lane."))
    publish(council.home, ContentPage(title="Paths", slug="c", intro=mention))
    found = titles("allotments")
    assert found[0] == "Allotments"
    assert sorted(found) == ["Allotments", "Parks", "Paths"]


def test_all_words_must_be_there(council: Council) -> None:
    publish(council.home, ContentPage(title="Allotment rent", slug="a"))
    publish(council.home, ContentPage(title="Hall rent", slug="b"))
    assert titles("rent hall") == ["Hall rent"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("job", "Jobs and volunteering"),
        ("vacancies", "A vacancy"),
        ("library", "Our libraries"),
        ("boxes", "A box for the allotments"),
        ("ALLOTMENT", "A box for the allotments"),
    ],
)
def test_one_and_many_are_the_same_word(council: Council, words: str, found: str) -> None:
    for title in (
        "Jobs and volunteering",
        "A vacancy",
        "Our libraries",
        "A box for the allotments",
    ):
        publish(council.home, ContentPage(title=title))
    assert titles(words) == [found]


def test_where_no_page_has_all_of_the_words_those_come_that_have_some(council: Council) -> None:
    publish(council.home, ContentPage(title="Planning", slug="a"))
    publish(council.home, ContentPage(title="Bins of the town", slug="b"))
    assert titles("planning notices of Mill Lane") == ["Planning"]
    assert "Nothing here has all of these words" in shown("planning notices")
    assert "Nothing here has all" not in shown("planning")
    assert "Nothing found for" in shown("xylophone")
    assert "Nothing found for" in shown("zz of")


def test_what_stands_above_a_list_is_searched_too(council: Council) -> None:
    jobs = index(council.home, VacancyIndexPage, "work")
    jobs.intro = "Apprentices are always welcome."
    jobs.save_revision().publish()
    assert titles("apprentices") == [jobs.title]


@pytest.mark.parametrize(
    "words",
    [
        "bins",
        "BINS",
        '"bins"',
        "bins (",
        "* bins",
        "bins 😀",
        "\x00bins",
        "bins^",
        "+bins",
        "bins:",
    ],
)
def test_signs_do_not_hide_what_is_there(council: Council, words: str) -> None:
    publish(council.home, ContentPage(title="Bins", slug="bins"))
    assert titles(words) == ["Bins"]


@pytest.mark.parametrize(
    "words",
    [
        "NEAR(bins, 2)",
        "title : bins",
        "{title body} : bins",
        'bins" OR "a',
        "a'; DROP TABLE wagtailcore_page; --",
        "%s %(x)s %",
        "\\",
        "\\' & | ! <->",
        "bins:*A",
        '"' * 99,
        "bi\x00ns \x1f \x7f",
        "😀" * 10_000,
        "w " * 5_000,
        " ".join(f"word{number}" for number in range(5_000)),
        "हिन्दी বাংলা العربية",
        "\ufffd\u200f\u202e",
    ],
)
def test_no_words_break_it(council: Council, words: str) -> None:
    publish(council.home, ContentPage(title="Bins", slug="bins"))
    assert titles(words) in ([], ["Bins"])
    assert titles("bins") == ["Bins"]


def test_only_what_anyone_may_read_on_this_site(council: Council, other_site: HomePage) -> None:
    publish(council.home, ContentPage(title="Bins here", slug="bins"))
    publish(council.home, ContentPage(title="Bins draft", slug="draft")).unpublish()
    closed = publish(council.home, ContentPage(title="Staff", slug="staff"))
    publish(closed, ContentPage(title="Bins for staff", slug="bins-for-staff"))
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    publish(other_site, ContentPage(title="Bins there", slug="bins"))
    assert titles("bins") == ["Bins here"]
    assert titles("bins", host="other.example") == ["Bins there"]
    mine = locations()
    assert "https://council.example/bins/" in mine
    assert not [a for a in mine if "staff" in a or "draft" in a or "other" in a]
    assert locations(host="other.example") == [
        "http://other.example/",
        "http://other.example/bins/",
    ]


def library(parent: Page, *files: Any, slug: str = "papers") -> DocumentsPage:
    page = DocumentsPage(title=slug.title(), slug=slug)
    page.entries = [DocumentEntry(title=file.title, document=file) for file in files]
    found: DocumentsPage = publish(parent, page)
    return found


def test_files_of_a_closed_collection_are_not_named(council: Council) -> None:
    closed = Collection.get_first_root_node().add_child(name="Closed")
    below = closed.add_child(name="Below")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    open_file, secret = document("Open minutes"), document("Secret minutes")
    secret.collection = below
    secret.save()
    library(council.home, open_file, secret, slug="files")
    found = files("minutes")
    assert found == ["Open minutes"]


def test_a_file_is_found_once_a_page_that_residents_may_read_leads_to_it(
    council: Council, other_site: HomePage
) -> None:
    secret = document("Staff pay, for the meeting behind closed doors")
    page = meeting(council.home, agenda_file=document("Agenda about pay"))
    assert files("pay") == ["Agenda about pay"]
    draft = library(council.home, secret)
    draft.unpublish()
    assert files("pay") == ["Agenda about pay"]
    draft.save_revision().publish()
    assert sorted(files("pay")) == ["Agenda about pay", secret.title]
    assert files("pay", host="other.example") == []
    PageViewRestriction.objects.create(page=draft, restriction_type="login")
    page.unpublish()
    assert files("pay") == []


def test_hits_come_in_parts_at_one_price(council: Council) -> None:
    for number in range(13):
        publish(council.home, ContentPage(title=f"Bins {number}", slug=f"b{number}"))
    with CaptureQueriesContext(connection) as captured:
        first = titles("bins")
    searching = [q["sql"] for q in captured if "indexentry" in q["sql"]]
    assert len(first) == 10
    second = titles("bins", page=2)
    assert len(second) == 3
    assert not set(first) & set(second)
    assert len(searching) == 2, "one for the pages, one for the files"
    assert max(sql.count(" MATCH ") for sql in searching) <= 2, "no search of its own for each hit"


def test_a_great_site_is_told_in_several_files(council: Council) -> None:
    page = publish(council.home, ContentPage(title="Bins & more", slug="bins"))
    before = len(locations())
    copy_page(page, 50_000)
    files = locations()
    assert files == [f"https://council.example/sitemap-{part}.xml" for part in (1, 2)]
    first, second = (locations(file.removeprefix("https://council.example")) for file in files)
    assert (len(first), len(second)) == (50_000, before)
    assert len(set(first + second)) == 50_000 + before
    for part in ("0", "3", "9" * 40):
        assert Client().get(f"/sitemap-{part}.xml").status_code == 404
