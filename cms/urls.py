"""Every address of the site."""

from django.urls import include, path, re_path, register_converter
from django.urls.converters import IntConverter
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.health import health
from home.views.letters import receive
from home.views.machines import robots, stylesheet
from home.views.pages import show
from home.views.pictures import rendition
from home.views.posts import archive
from home.views.search import search
from home.views.sitemap import sitemap, sitemap_part
from home.views.style_guide import style_guide
from news.calendar import calendar, one_event
from news.feeds import NewsAtom, NewsRss
from social_publish import urls as social_publish_urls

handler500 = "cms.trouble.server_error"


class Key(IntConverter):
    """A number that a database can hold; a longer one is an address that does not exist."""

    regex = "[0-9]{1,18}"


register_converter(Key, "key")

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Renditions only: originals and documents have doors of their own, with permissions.
    path("media/images/<path:path>", rendition),
    path("health", health, name="health"),
    path("n/", include(social_publish_urls)),
    path("search/", search, name="search"),
    path("sitemap-<key:part>.xml", sitemap_part, name="sitemap_part"),
    path("posts/", archive, name="posts"),
    path("letters/<key:page_id>/", receive, name="letter"),
    path("feeds/<key:index_id>/news.atom", NewsAtom(), name="news_atom"),
    path("feeds/<key:index_id>/news.rss", NewsRss(), name="news_rss"),
    path("feeds/<key:index_id>/calendar.ics", calendar, name="calendar"),
    path("feeds/event/<key:page_id>.ics", one_event, name="one_event"),
    path("style/<key:site_id>/<slug:version>.css", stylesheet, name="site_stylesheet"),
    path("style-guide/", style_guide, name="style_guide"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    # Wagtail's doors to private pages; they look like addresses of pages, so they come first.
    *[pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"],
    re_path(wagtail_urls.serve_pattern, show, name="wagtail_serve"),
]
