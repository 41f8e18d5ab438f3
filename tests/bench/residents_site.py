"""A council's website with all that stands around a page, and as much news as is wanted."""

from io import StringIO

from django.core.management import call_command
from wagtail.models import Page, Site

from home.models import ContentPage, SiteDetails
from news.models import NewsPage
from social_publish.models import OfficeContact
from tests.bench import world
from tests.council import picture
from tests.many_pages import copy_page
from tests.residents import event, make_pictures, meeting, publish

IN_THE_MENU = ("Services", "Council", "Visit", "Contact")
BODY = (
    "<p>"
    + "The library is open late on Thursday, with tea and stories for everyone. " * 20
    + "</p>"
)


class ResidentsSite:
    """The part's own database, filled."""

    def __init__(self) -> None:
        self.section = world.build(0).section
        self.section.show_in_menus = True
        self.section.save()
        home = self.section.get_parent().specific
        for title in IN_THE_MENU:
            page = publish(home, ContentPage(title=title, show_in_menus=True, intro=title))
            for number in range(3):
                publish(page, ContentPage(title=f"{title} {number}", intro="Words."))
        meeting(home)
        event(home)
        details = SiteDetails.for_site(Site.objects.get(is_default_site=True))
        details.office = OfficeContact.objects.first()
        details.save()
        self.page = self._news("Library news")
        self.pages = 1

    def _news(self, title: str) -> NewsPage:
        page = NewsPage(
            title=title,
            intro="The library is open late.",
            image=picture("Shelves of books", size=(640, 480)),
            body=[("text", BODY)],
        )
        made: NewsPage = publish(self.section, page)
        make_pictures()
        return made

    def grow_to(self, pages: int) -> None:
        """Until there are so many pages of news."""
        copy_page(NewsPage.objects.get(pk=self.page.pk), pages - self.pages)
        self.pages = pages

    @property
    def addresses(self) -> dict[str, str]:
        """{what a resident reads: its address}"""
        return {
            "news page": self.page.get_url(),
            "index of 12": self.section.get_url(),
            # A number beyond the end gives the last part.
            "end of the index": f"{self.section.get_url()}?page=9999",
            "front page": "/",
            "feed": f"/feeds/{self.section.pk}/news.atom",
        }

    def index(self) -> None:
        """Put all pages into the search index, as Wagtail does."""
        call_command("update_index", stdout=StringIO(), verbosity=0)
        assert Page.objects.exists()
