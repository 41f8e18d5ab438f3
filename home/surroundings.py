"""What stands around every page, kept from one request to the next: menu, foot, trail, office."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page, Site

from home import spoken
from home.finding import readable, site_of
from home.kept import kept
from home.models import (
    AccessibilityPage,
    ContactPage,
    DocumentsPage,
    PrivacyPage,
    ProblemsPage,
    SiteDetails,
)
from social_publish.models import ChannelGroup, OfficeContact

# What must be reachable from every page.
AT_THE_FOOT = (ContactPage, ProblemsPage, DocumentsPage, AccessibilityPage, PrivacyPage)


@dataclass(frozen=True)
class Link:
    """As much of a page as a link to it needs. kind: the model's name, in small letters."""

    pk: int
    path: str
    kind: str
    title: str
    address: str
    language: str


@dataclass(frozen=True)
class Frame:
    """The pages that stand around every page: in the menu, and at the foot."""

    menu: list[Link]
    foot: list[Link]
    concern: Link | None


def frame(request: HttpRequest) -> Frame:
    """Menu and foot of the reader's site."""
    site = site_of(request)
    if site is None:
        return Frame([], [], None)
    return kept(("frame", site.pk), lambda: _frame(site, request))


def trail(page: Page, request: HttpRequest) -> list[Link]:
    """The live pages above this one, from the front page down."""
    site = site_of(request)
    above = page.path[: -page.steplen]

    def look() -> list[Link]:
        pages = page.get_ancestors().filter(depth__gt=1, live=True).select_related("content_type")
        return [_link(ancestor, request) for ancestor in pages]

    return kept(("trail", site and site.pk, above), look)


def office_for(page: Page | None, request: HttpRequest) -> OfficeContact | None:
    """The office that answers for a page: its section's, its site's, or the only one."""
    offices = kept("offices of sections", _offices)
    above = [path for path in offices if page and page.path and page.path.startswith(path)]
    if above:
        return offices[max(above, key=len)]
    first = kept("first office", lambda: OfficeContact.objects.order_by("pk").first())
    return SiteDetails.for_request(request).office or first


def _offices() -> dict[str, OfficeContact]:
    groups = ChannelGroup.objects.select_related("office_contact", "section")
    return {group.section.path: group.office_contact for group in groups}


def _frame(site: Site, request: HttpRequest) -> Frame:
    root = site.root_page
    at_foot = Q()
    for page_type in AT_THE_FOOT:
        at_foot |= Q(**{f"{page_type._meta.model_name}__isnull": False})
    found = readable(Page.objects.filter(path__startswith=root.path))
    found = found.filter(at_foot | Q(depth=root.depth + 1, show_in_menus=True))
    pages = list(found.select_related("contactpage", "content_type").order_by("path"))
    menu = [page for page in pages if page.depth == root.depth + 1 and page.show_in_menus]
    kinds = {model._meta.model_name: place for place, model in enumerate(AT_THE_FOOT)}
    foot = [page for page in pages if page.content_type.model in kinds]
    foot.sort(key=lambda page: kinds[page.content_type.model])
    concern = next((page for page in foot if _is_concern(page)), None)
    return Frame(
        [_link(page, request) for page in menu],
        [_link(page, request) for page in foot],
        _link(concern, request) if concern else None,
    )


def _is_concern(page: Page) -> bool:
    return hasattr(page, "contactpage") and page.contactpage.is_concern


def _link(page: Page, request: HttpRequest) -> Link:
    address = page.get_url(request) or ""
    return Link(
        page.pk,
        page.path,
        page.content_type.model,
        page.title,
        address,
        spoken.of_title(page),
    )
