"""Found, moved, gone: search, redirects, 404, 410, people, documents, review, weight and queries."""

import gzip
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from wagtail.models import Page, Site

from home import tasks
from home.admin.review import due_pages
from home.models import (
    Committee,
    CommitteeSeat,
    ContentPage,
    DocumentEntry,
    DocumentsPage,
    PeopleIndexPage,
    PersonPage,
    ProblemKind,
    ProblemsPage,
    SiteDetails,
)
from news.models import NewsPage
from tests.council import Council, picture
from tests.residents import document, make_pictures, news, publish

pytestmark = pytest.mark.django_db

LONG = "W" * 255


def html(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_search_finds_pages_and_files(council: Council) -> None:
    publish(council.home, ContentPage(title="Allotments", slug="plots", intro="Mill Lane."))
    rules = DocumentsPage(title="Documents", slug="documents")
    rules.entries = [DocumentEntry(title="Rules", document=document("Allotment rules"))]
    publish(council.home, rules)
    found = html("/search/?q=allotments")
    assert 'href="/plots/"' in found
    assert "Allotment rules" in html("/search/?q=rules")
    assert "Nothing found for" in html("/search/?q=submarine")


@pytest.mark.parametrize(
    "words", ["", "%00", "'\"*", "AND OR NOT (", "a" * 5000, "שלום", "%F0%9F%98%80"]
)
def test_any_words_may_be_searched_for(council: Council, words: str) -> None:
    assert Client().get(f"/search/?q={words}&page=9").status_code == 200


def test_what_was_searched_for_is_not_run(council: Council) -> None:
    assert "<script>alert" not in html("/search/?q=<script>alert(1)</script>")


def test_an_old_address_with_spaces_leads_on(council: Council) -> None:
    page = publish(council.home, ContentPage(title="Minutes", slug="minutes"))
    fields = {"old_path": "/wp/Café Minutes May.pdf", "redirect_link": page.full_url}
    saved = council.client("webmaster").post(
        "/admin/redirects/add/", fields | {"site": "", "is_permanent": "on"}
    )
    assert saved.status_code == 302
    answer = Client().get("/wp/Caf%C3%A9%20Minutes%20May.pdf")
    assert (answer.status_code, answer["Location"]) == (301, page.full_url)


def test_a_page_taken_down_says_so_and_why(council: Council) -> None:
    page = council.write()
    council.approve(page)
    form = {"ground": "It is a mistake of ours", "details": "Ann's phone number was in it"}
    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", form)
    answer = Client().get(page.get_url())
    shown = answer.content.decode()
    assert answer.status_code == 410
    assert "it is a mistake of ours" in shown
    assert "phone number was in it" not in shown
    assert Client().get("/never-was/").status_code == 404


def test_a_draft_was_never_there(council: Council) -> None:
    page = council.write()
    assert Client().get(page.get_url()).status_code == 404


def test_a_redirect_comes_before_gone(council: Council) -> None:
    page = publish(council.home, ContentPage(title="Old", slug="old"))
    page.unpublish()
    client = council.client("webmaster")
    form = {
        "old_path": "/old/",
        "is_permanent": "on",
        "redirect_link": "https://council.example/news/",
    }
    client.post("/admin/redirects/add/", form | {"site": "", "redirect_page": ""})
    assert Client().get("/old/").status_code == 301
    assert Client().get("/old/")["Location"].endswith("/news/")


def test_a_moved_page_is_still_found(council: Council) -> None:
    page = publish(council.home, ContentPage(title="Bins", slug="bins"))
    below = publish(council.home, ContentPage(title="Services", slug="services"))
    page.move(Page.objects.get(pk=below.pk), pos="last-child")
    answer = Client().get("/bins/")
    assert answer.status_code == 301
    assert answer["Location"].endswith("/services/bins/")


def test_a_councillors_phone_and_committees(council: Council) -> None:
    people = publish(council.home, PeopleIndexPage(title="Councillors", slug="people"))
    parks = Committee.objects.create(name="Parks")
    page = PersonPage(title="Councillor Ann Lee", slug="ann", ward="Mill", phone="01632 960 204")
    page.seats = [CommitteeSeat(committee=parks, post="Chair")]
    publish(people, page)
    publish(people, PersonPage(title="Col Vane", slug="col", kind="staff", role="Town Clerk"))
    listed = html("/people/")
    assert "01632 960 204" in listed
    assert listed.index("Ann Lee") < listed.index("Town Clerk")
    assert "</a>, Chair" in listed
    shown = html("/people/ann/")
    assert 'href="tel:01632960204"' in shown
    assert "Parks (Chair)" in shown
    assert "Ask the clerk" in shown


@pytest.mark.parametrize(
    ("phone", "called"),
    [
        ("01632 960 123", "01632960123"),
        ("+44 (0)1632 960-123", "+441632960123"),
        ("(01632) 960123 ext. 4", "01632960123"),
        ("01632 960123 / 960124", "01632960123"),
        ("999", "999"),
    ],
)
def test_a_number_is_called_as_a_phone_wants_it(council: Council, phone: str, called: str) -> None:
    people = publish(council.home, PeopleIndexPage(title="People", slug="people"))
    publish(people, PersonPage(title="Ann", slug="ann", phone=phone))
    for path in ("/people/", "/people/ann/"):
        assert f'href="tel:{called}"' in html(path)


def test_documents_by_subject_and_their_review(council: Council) -> None:
    today = timezone.localdate()
    page = DocumentsPage(title="Documents", slug="documents", answers="Town Clerk")
    page.entries = [
        DocumentEntry(
            title="Old policy", subject="4 policies", document=document(), review_on=today
        ),
        DocumentEntry(title="Budget", subject="1 finance", document=document(), review_on=None),
    ]
    publish(council.home, page)
    shown = html("/documents/")
    assert shown.index("Finance and audit") < shown.index("Budget") < shown.index("Old policy")
    assert [(due.title, due.answers) for due in due_pages(today)] == [("Old policy", "Town Clerk")]
    report = council.client("clerk").get("/admin/reports/check/").content.decode()
    assert "Old policy" in report
    assert "1 page or document to check" in council.client("clerk").get("/admin/").content.decode()


def test_pages_to_check_are_those_whose_day_has_come(council: Council) -> None:
    today = timezone.localdate()
    publish(council.home, ContentPage(title="Fresh", slug="a"))
    publish(council.home, ContentPage(title="Stale", slug="b", review_on=today - timedelta(days=1)))
    publish(council.home, ContentPage(title="Never", slug="c", review_on=None))
    found = {due.title: due.why for due in due_pages(today)}
    assert found == {"Stale": "Its review day has come", "Never": "It has no review day"}


def test_problems_lead_to_the_right_council(council: Council) -> None:
    page = ProblemsPage(title="Report a problem", slug="report")
    page.kinds = [
        ProblemKind(
            problem="Pothole", tier="3 county", body="The county", address="https://c.example/"
        ),
        ProblemKind(problem="Bench", tier="1 town"),
    ]
    publish(council.home, page)
    shown = html("/report/")
    assert shown.index("Bench") < shown.index("Pothole")
    assert 'href="https://c.example/"' in shown
    with pytest.raises(Exception, match="Give an address or a phone number"):
        ProblemKind(problem="Light", tier="3 county").clean()


@pytest.mark.parametrize("title", [LONG, "שלום עולם " * 20, "A" + "\u0301" * 60, "<b>&amp;</b>"])
def test_odd_titles(council: Council, title: str) -> None:
    page = publish(council.section, NewsPage(title=title[:255], slug="odd", intro="I " * 100))
    assert "<b>&amp;</b>" not in html("/")
    assert html("/news/")
    assert html(page.get_url())


def test_a_picture_without_a_file_breaks_no_page(council: Council) -> None:
    image = picture()
    publish(council.section, NewsPage(title="Lost", slug="lost", intro="I.", image=image))
    Path(image.file.path).unlink()
    assert not tasks.make_pictures(image.pk)
    assert "Lost" in html("/news/")
    assert "Lost" in html("/news/lost/")


def test_pictures_are_made_by_the_queue_and_never_by_a_reader(council: Council) -> None:
    image = picture("Boats")
    page = publish(council.section, NewsPage(title="Boats", slug="boats", intro="I.", image=image))
    assert "<picture>" not in html("/news/") + html(page.get_url()) + html("/")
    assert not image.renditions.exists()
    assert tasks.make_missing_pictures() == 1
    make_pictures()
    assert tasks.make_missing_pictures() == 0
    shown = html(page.get_url())
    assert shown.index("image/avif") < shown.index("image/webp") < shown.index('alt="Boats"')
    assert "<picture>" in html("/news/")


def test_a_crest_is_made_by_the_queue_too(
    council: Council, django_capture_on_commit_callbacks: Any
) -> None:
    image = picture("Crest")
    make_pictures()
    details = SiteDetails.for_site(Site.objects.get())
    details.crest = image
    before = OrmQ.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        details.save()
    assert OrmQ.objects.count() == before + 1
    assert "/static/cms/crest" in html("/").partition("</header>")[0]
    assert tasks.make_missing_pictures() == 1
    make_pictures()
    assert tasks.make_missing_pictures() == 0
    shown = html("/").partition("</header>")[0]
    assert re.search(r'<img class="crest" src="/media/images/[^"]+\.png" width="\d+"', shown)


def test_browsers_keep_pictures_and_caches_in_front_ask_again(council: Council) -> None:
    made = picture().get_rendition("width-480")
    kept = {"public", f"max-age={30 * 24 * 60 * 60}", "s-maxage=60"}
    answer = Client().get(made.url)
    assert set(answer["Cache-Control"].split(", ")) == kept
    assert b"".join(answer)
    assert "public" not in Client().get("/media/images/none.jpg").get("Cache-Control", "")


def test_a_new_picture_is_queued(council: Council, django_capture_on_commit_callbacks: Any) -> None:
    before = OrmQ.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        picture()
    assert OrmQ.objects.count() == before + 1


def test_an_empty_site_says_what_will_be_there(council: Council) -> None:
    front = html("/")
    for words in ("The next meeting will stand here", "no public notices now", "News will appear"):
        assert words in front


def test_a_news_page_is_light(council: Council) -> None:
    page = news(council.section, 1)[0]
    shown = html(page.get_url())
    styles = Path(settings.BASE_DIR, "cms/static/cms/site.css").read_bytes()
    # Brotli, which browsers get, is smaller still.
    assert len(gzip.compress(shown.encode())) + len(gzip.compress(styles)) <= 14_000
    assert len(re.findall(r'rel="stylesheet"', shown)) == 1
    assert not re.search(r"<script(?! type=.application/ld\+json)", shown)
