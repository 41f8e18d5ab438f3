"""Every kind of residents' page in the demonstration. FIRST /x/ is the first page listed at /x/."""

import re
from urllib.parse import urljoin

import requests

PATHS = [
    "/",
    "/news/",
    "/news/?purpose=election",
    "/news/have-your-say-on-the-harbour-railings/",
    "/news/lock-your-bike-at-the-station/",
    "/meetings/",
    "FIRST /meetings/",
    "/people/",
    "FIRST /people/",
    "/events/",
    "/events/?past",
    "FIRST /events/",
    "/jobs/",
    "FIRST /jobs/",
    "/documents/",
    "/report/",
    "/contact/",
    "/concern/",
    "/accessibility/",
    "/privacy/",
    "/hire/",
    "/news/by-election/",
    "/council/dynnargh/",
    "/people/?find=castle",
    "/report/?find=zzzz",
    "/_util/login/",
    "/search/",
    "/search/?q=harbour",
    "/search/?q=zzzz",
    "/posts/",
    "/style-guide/",
    "/none/",
]
FORMS = ["/contact/", "/concern/"]


def address_of(url: str, path: str) -> str:
    """The whole address of a path in PATHS, of the site at the url."""
    listed = path.removeprefix("FIRST ")
    if listed == path:
        return urljoin(url, path)
    html = requests.get(urljoin(url, listed), timeout=60).text
    first = re.search(r'<h[23]>\s*<a href="([^"]+)"', html.partition("<main")[2])
    assert first, f"Nothing is listed at {listed}"
    return urljoin(url, first[1])
