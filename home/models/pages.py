"""The front page, and pages of lasting information."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from home import finding
from home.blocks import RICH_TEXT_FEATURES, BodyBlock
from home.kept import kept
from home.models.open_page import OpenPage
from home.models.pictures import CouncilImage
from home.models.reviewed import ReviewedPage, review_panels
from home.models.site_details import SiteDetails
from home.models.spoken import SpokenPage

PER_PAGE = 60


class HomePage(OpenPage, SpokenPage, Page):
    """The front page of a site."""

    intro = models.TextField(max_length=300, help_text="One or two sentences under the heading.")
    image = models.ForeignKey(
        CouncilImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(BodyBlock(), blank=True)

    template = "home/home_page.html"
    shown_with = ("image",)
    page_description = "The front page of a site. Each site of the install has one of its own."
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("image"),
        InlinePanel(
            "tiles",
            heading="What people come for",
            label="Tile",
            help_text="Bins, parking, hall hire… Without any, the pages of the menu are shown.",
        ),
        FieldPanel("body"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        tiles = [tile for tile in self.tiles.select_related("page") if tile.is_of_use]
        context["tiles"] = tiles or [HomeTile(page=page) for page in self._menu()]
        return context

    def _menu(self) -> list[Page]:
        # To put them into the order of the tree, the database walks through all pages below.
        pages = finding.readable(self.get_children().in_menu())
        found: list[Page] = kept(("front page's menu", self.pk), lambda: list(pages))
        return found

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """One look-up instead of two for each part of the address."""
        if path_components:
            return RouteResult(finding.page_at(self, path_components))
        # This one belongs to the site that requests share: each reader gets a fresh one.
        page = finding.whole(type(self), pk=self.pk)
        if page is None:
            raise Http404
        return RouteResult(page)

    def linked_data(self, request: HttpRequest) -> dict[str, Any]:
        details = SiteDetails.for_request(request)
        office = details.office
        return {
            "@type": "GovernmentOrganization",
            "name": details.council_name,
            "alternateName": details.second_name or None,
            "url": self.get_full_url(request),
            "address": ", ".join(details.address.split("\n")) or None,
            "telephone": (office.phone if office else "") or None,
            "email": (office.email if office else "") or None,
        }


class HomeTile(Orderable):
    """One of the things people come for: a page of ours, or an address elsewhere."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="tiles")
    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    address = models.URLField("or an address elsewhere", blank=True)
    label = models.CharField(max_length=60, blank=True, help_text="Empty: the page's own title.")
    words = models.CharField(max_length=120, blank=True, help_text="A few words under it.")

    panels: ClassVar[list[Any]] = [
        FieldPanel("page"),
        FieldPanel("address"),
        FieldPanel("label"),
        FieldPanel("words"),
    ]

    @property
    def is_of_use(self) -> bool:
        return bool((self.page and self.page.live) or (self.address and self.label))

    @property
    def title(self) -> str:
        return self.label or (self.page.title if self.page else self.address)


class ContentPage(ReviewedPage, Page):
    """A page of lasting information, with the pages below it listed at its foot."""

    intro = models.TextField(
        max_length=300, blank=True, help_text="What this page tells the reader."
    )
    body = StreamField(BodyBlock(), blank=True)
    footnote = RichTextField(blank=True, features=RICH_TEXT_FEATURES)

    template = "home/content_page.html"
    page_description = "Lasting information: a service, a building, how something is done."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("footnote"),
        *review_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        children = finding.readable(self.get_children())
        context["children"] = Paginator(children, PER_PAGE).get_page(request.GET.get("page"))
        return context
