"""Many sites from one install, names in two languages, colours that can be read, statements."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import Page, Site

from home.colours import contrast, demand_readable
from home.models import (
    AccessibilityPage,
    ContactPage,
    HomePage,
    KnownFault,
    PrivacyPage,
    SiteDetails,
)
from news.models import NewsIndexPage, NewsPage
from social_publish.models import Channel, OfficeContact
from tests.council import Council
from tests.residents import meeting, publish

pytestmark = pytest.mark.django_db


def html(path: str = "/", host: str = "council.example") -> str:
    answer = Client(headers={"host": host}).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def library(council: Council) -> Site:
    """A second site of the same install, with its own office and news."""
    home = Page.objects.get(depth=1).add_child(
        instance=HomePage(title="The library", slug="library-home", intro="Books.")
    )
    site = Site.objects.create(hostname="library.example", port=443, root_page=home)
    office = OfficeContact.objects.create(name="Library desk", phone="01632 960 777")
    SiteDetails.objects.create(
        site=site, council_name="Town Library", office=office, main_colour="#5a1a6e"
    )
    index = publish(home, NewsIndexPage(title="Library news", slug="news", show_in_menus=True))
    publish(index, NewsPage(title="New books", intro="Ten."))
    return site


def test_each_site_has_its_own_name_news_menu_and_contact(council: Council, library: Site) -> None:
    publish(council.section, NewsPage(title="Council news only", intro="I."))
    meeting(council.home, title="Full council")
    theirs, ours = html(host="library.example"), html()
    assert "Town Library" in theirs
    assert "01632 960 777" in theirs
    assert "New books" in theirs
    assert "Library news</a>" in theirs
    assert "Council news only" not in theirs
    assert "Full council" not in theirs
    assert "New books" not in ours
    assert "Council news only" in ours


def test_a_sites_own_colours_come_with_its_one_stylesheet(council: Council, library: Site) -> None:
    page = html(host="library.example")
    (address,) = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    answer = Client(headers={"host": "library.example"}).get(address)
    assert answer["Content-Type"] == "text/css"
    assert "immutable" in answer["Cache-Control"]
    assert answer.content.startswith(b":root{--main:#5a1a6e;")
    assert "style=" not in page
    old = re.sub(r"[0-9a-f]{12}\.css", "000000000000.css", address)
    assert Client().get(old).status_code == 404
    assert "cms/site.css" in html()


@pytest.mark.parametrize(
    ("colour", "readable"),
    [("#0b3c49", True), ("#767676", True), ("#777777", False), ("#ffd23f", False), ("red", False)],
)
def test_colours_below_aa_are_refused(colour: str, readable: bool) -> None:
    if readable:
        demand_readable(colour)
    else:
        with pytest.raises(ValidationError):
            demand_readable(colour)


def test_contrast_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_webmaster_is_told_beside_the_field(council: Council) -> None:
    site = Site.objects.get()
    client = council.client("webmaster")
    form = {
        "council_name": "Looe Town Council",
        "language": "en-GB",
        "second_name": "Konsel Tre Logh",
        "second_name_language": "kw",
        "main_colour": "#ffff00",
        "accent_colour": "#a8431f",
        "disclaimer": "Not ours.",
        "keep_messages_days": "90",
    }
    address = f"/admin/settings/home/sitedetails/{site.pk}/"
    assert "Choose a darker colour" in client.post(address, form).content.decode()
    form["main_colour"] = "#123456"
    spoken = client.post(address, form | {"second_name_language": ""}).content.decode()
    assert "code, for example kw for Cornish" in spoken
    assert 'value="Konsel Tre Logh"' in spoken
    client.post(address, form)
    page = html()
    assert '<span class="second-name" lang="kw">Konsel Tre Logh</span>' in page
    assert '<html lang="en-GB">' in page


def test_the_webmaster_puts_up_a_second_site(council: Council) -> None:
    client = council.client("webmaster")
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Visit", slug="visit-home", intro="Come."))
    form = {"hostname": "visit.example", "port": "443", "site_name": "Visit", "root_page": home.pk}
    assert client.post("/admin/sites/new/", form).status_code == 302
    site = Site.objects.get(hostname="visit.example")
    form = {
        "council_name": "Visit Looe",
        "language": "en-GB",
        "main_colour": "#123456",
        "accent_colour": "#a8431f",
        "disclaimer": "Not ours.",
        "keep_messages_days": "90",
    }
    client.post(f"/admin/settings/home/sitedetails/{site.pk}/", form)
    assert "Visit Looe" in html(host="visit.example")
    assert "Visit Looe" not in html()


def test_the_accessibility_statement_has_what_the_law_prescribes(council: Council) -> None:
    publish(council.home, ContactPage(title="Contact", slug="contact"))
    publish(council.home, AccessibilityPage(title="Accessibility", slug="accessibility"))
    said = html("/accessibility/")
    for words in (
        "This accessibility statement applies to https://council.example",
        "is committed to making its website accessible, in accordance with the Public Sector Bodies"
        " (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018.",
        'href="/contact/#write"',
        "The Equality and Human Rights Commission (EHRC) is responsible for enforcing",
        "was last reviewed on",
    ):
        assert words in said, words
    assert "We know of no faults" not in said, "nobody has looked yet"


def test_the_accessibility_statement_claims_only_what_is_true(council: Council) -> None:
    page = publish(council.home, AccessibilityPage(title="Accessibility", slug="accessibility"))
    today = timezone.localdate()
    assert "we do not claim that it does" in html("/accessibility/")
    page.tested_on = today
    page.save_revision().publish()
    assert "is fully compliant" in html("/accessibility/")
    page.faults = [KnownFault(what="The map", mend_by=today + timedelta(days=30))]
    page.save_revision().publish()
    partly = html("/accessibility/")
    assert "partially compliant" in partly
    assert "The map" in partly
    page.faults = [KnownFault(what="The map", mended_on=today)]
    page.tested_on = today - timedelta(days=400)
    page.save_revision().publish()
    old = html("/accessibility/")
    assert "The map" not in old
    assert "we do not claim that it does" in old


def test_the_privacy_notice_names_the_networks_and_the_days(council: Council) -> None:
    publish(council.home, PrivacyPage(title="Privacy", slug="privacy"))
    details = SiteDetails.for_site(Site.objects.get())
    details.keep_messages_days = 45
    details.save()
    notice = html("/privacy/")
    assert "45 days" in notice
    assert "We post to Facebook, X." in notice


def test_the_privacy_notice_is_true_of_places_where_nothing_is_out_yet(
    council: Council, settings: Settings
) -> None:
    publish(council.home, PrivacyPage(title="Privacy", slug="privacy"))
    Channel.objects.create(group=council.group, network="by_hand", name="Nextdoor", handle="c")
    assert "We post to Facebook, Nextdoor, X." in html("/privacy/")
    settings.SHOW_REHEARSAL_POSTS = False
    assert "We post to no social media." in html("/privacy/")


def test_the_privacy_notice_names_all_who_may_read_messages(council: Council) -> None:
    publish(council.home, PrivacyPage(title="Privacy", slug="privacy"))
    notice = html("/privacy/")
    rights = Group.objects.filter(permissions__codename="view_residentmessage")
    readers = {name.rpartition(" ")[2].lower() for name in rights.values_list("name", flat=True)}
    assert readers == {"webmasters", "clerk", "moderators"}
    assert "the clerk, the webmasters and the moderators" in notice
    assert "object to our keeping it" in notice
