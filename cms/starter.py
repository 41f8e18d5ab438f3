"""The pages that residents expect of every council, ready to be filled in.

Each is made once; whatever the council has made of it since is left alone.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from home.models import (
    AccessibilityPage,
    ContactPage,
    DocumentsPage,
    HomePage,
    HomeTile,
    PeopleIndexPage,
    PrivacyPage,
    ProblemKind,
    ProblemsPage,
    ResidentMessage,
    SiteDetails,
)
from news.models import EventIndexPage, MeetingIndexPage, NewsIndexPage, VacancyIndexPage

# (type, slug, title, intro, in the menu)
PAGES: list[tuple[type[Page], str, str, str, bool]] = [
    (NewsIndexPage, "news", "News", "What is new, and public notices.", True),
    (MeetingIndexPage, "meetings", "Meetings", "The next meeting, its agenda, and the minutes of those before.", True),
    (PeopleIndexPage, "people", "Councillors", "Who they are, and how to reach each by phone or e-mail.", True),
    (EventIndexPage, "events", "What’s on", "Events in the town.", True),
    (VacancyIndexPage, "jobs", "Jobs and volunteering", "Work with us, and places to learn.", False),
    (DocumentsPage, "documents", "Documents", "Money, policies and how we work.", False),
    (ProblemsPage, "report", "Report a problem", "Who mends what, and how to tell them. In an emergency call 999.", False),
    (ContactPage, "contact", "Contact us", "Phone, e-mail, office hours, and a form to write to us.", True),
    (ContactPage, "concern", "Raise a concern about our pages", "Something on this site or in our posts is wrong, unfair or harmful? Tell the clerk and the moderators.", False),
    (AccessibilityPage, "accessibility", "Accessibility statement", "How to use this site, and what to do when something does not work for you.", False),
    (PrivacyPage, "privacy", "Privacy notice", "What this site keeps about you: almost nothing.", False),
]  # fmt: skip

# What is the same everywhere in Great Britain; the council adds its own.
# (problem, tier, body, phone)
PROBLEMS = [
    ("Danger to life, fire or crime now", "0 danger", "Emergency services", "999"),
    ("Gas leak", "0 danger", "National Gas Emergency Service", "0800 111 999"),
    ("Crime that is over", "4 other", "The police", "101"),
    ("Power cut", "4 other", "Your network operator", "105"),
]

# (slug, words under it)
TILES = [
    ("report", "Potholes, bins, lights: who mends it"),
    ("meetings", "Dates, agendas and what was decided"),
    ("people", "Who they are and how to reach them"),
    ("events", "In and around the town"),
    ("jobs", "Work with us, or give an hour"),
    ("contact", "Phone, e-mail and opening hours"),
]


def build(council_name: str) -> HomePage:
    """The front page of the default site, with the pages below it."""
    home = _front_page(council_name)
    for model, slug, title, intro, in_menu in PAGES:
        if not home.get_children().filter(slug=slug).exists():
            fields = _fields(model, slug) | ({"intro": intro} if hasattr(model, "intro") else {})
            _publish(
                home,
                model(
                    title=title,
                    slug=slug,
                    search_description=intro,
                    show_in_menus=in_menu,
                    **fields,
                ),
            )
    if not home.tiles.exists():
        pages = {page.slug: page for page in home.get_children().live()}
        home.tiles.set(
            [HomeTile(page=pages[slug], words=words) for slug, words in TILES if slug in pages]
        )
        home.save_revision().publish()
    return home


def _fields(model: type[Page], slug: str) -> dict[str, Any]:
    if slug == "concern":
        return {"subject": ResidentMessage.Subject.CONCERN}
    if model is ProblemsPage:
        kinds = [
            ProblemKind(problem=problem, tier=tier, body=body, phone=phone)
            for problem, tier, body, phone in PROBLEMS
        ]
        return {"kinds": kinds}
    return {}


def _front_page(council_name: str) -> HomePage:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = HomePage.objects.filter(pk=site.root_page_id).first() if site else None
    if home:
        return home
    root = Page.objects.get(depth=1)
    home = _publish(
        root,
        HomePage(
            title=council_name,
            slug="front-page",
            intro="Find the next meeting, reach a councillor, or report a problem.",
            search_description=f"The website of {council_name}.",
        ),
    )
    address = urlsplit(settings.SITE_URL)
    site, _ = Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname or "localhost",
            "port": address.port or (443 if address.scheme == "https" else 80),
            "root_page": home,
            "site_name": council_name,
        },
    )
    SiteDetails.objects.update_or_create(site=site, defaults={"council_name": council_name[:80]})
    _leave_wagtails_welcome()
    return home


def _leave_wagtails_welcome() -> None:
    """The page that Wagtail puts up at its start, where nobody has made it anything else."""
    welcome = Page.objects.filter(depth=2, numchild=0, content_type__model="page")
    for page in welcome.filter(title__startswith="Welcome to your new Wagtail site"):
        page.delete()


def _publish(parent: Page, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page
