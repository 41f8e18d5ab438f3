"""What every page of the site shows: menu, alerts, trail, office contact, where it was posted."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.paginator import Page as Batch
from django.db.models import F
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from home import pictures, spoken, surroundings
from home.finding import site_of
from home.kept import kept
from home.models import Alert, SiteDetails, current_alerts
from home.views.machines import colours_version
from social_publish.models import Delivery, OfficeContact, State
from social_publish.practice import left_rehearsal, was_practice

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: dict[str, Any]) -> surroundings.Frame:
    """Menu and foot of the reader's site."""
    return surroundings.frame(context["request"])


@register.simple_tag(takes_context=True)
def alerts(context: dict[str, Any]) -> Sequence[Alert]:
    """The alerts this page's readers must see now."""
    return current_alerts(_page(context), site_of(context["request"]), now=timezone.now())


@register.simple_tag(takes_context=True)
def trail(context: dict[str, Any], page: Page) -> list[surroundings.Link]:
    """The pages above this one, from the front page down."""
    return surroundings.trail(page, context["request"])


@register.simple_tag(takes_context=True)
def office_contact(context: dict[str, Any]) -> OfficeContact | None:
    """The office that answers for this page: its section's, its site's, or the only one."""
    return surroundings.office_for(_page(context), context["request"])


def _page(context: dict[str, Any]) -> Page | None:
    page = context.get("page")
    return page if isinstance(page, Page) else None


@register.simple_tag
def posted_where(page: Page) -> list[dict[str, Any]]:
    """The posts of this page that are out: channel, rehearsal, posted_at and remote_url of each."""
    names = {"channel_name": F("channel__name"), "in_rehearsal": F("channel__rehearsal")}
    found = Delivery.objects.filter(announcement__page_id=page.pk).order_by("posted_at", "pk")
    posts: Any = found.values("state", "remote_url", "posted_at", "channel_id", **names)
    # A page has a few posts, the site tens of thousands: the state is not left to the database,
    # which would take all that are posted before it asks whose they are.
    out = [post for post in posts if post["state"] == State.POSTED and post["remote_url"]]
    left = kept("left rehearsal", left_rehearsal) if out else {}
    for post in out:
        post["rehearsal"] = was_practice(
            channel=post["channel_id"],
            rehearsal=post["in_rehearsal"],
            posted_at=post["posted_at"],
            left=left,
        )
    return [post for post in out if settings.SHOW_REHEARSAL_POSTS or not post["rehearsal"]]


@register.simple_tag(takes_context=True)
def stylesheet_address(context: dict[str, Any]) -> str:
    """One stylesheet; a site with colours of its own gets it with those in front."""
    details = SiteDetails.for_request(context["request"])
    if not details.own_colours:
        return static("cms/site.css")
    return reverse("site_stylesheet", args=[details.site_id, colours_version(details)])


@register.simple_tag(takes_context=True)
def linked_data(context: dict[str, Any], page: Any) -> SafeString | str:
    """What search engines read of a page, where its type has something to say (schema.org)."""
    if not hasattr(page, "linked_data"):
        return ""
    facts = {"@context": "https://schema.org", **page.linked_data(context["request"])}
    facts = {name: value for name, value in facts.items() if value is not None}
    words = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return mark_safe(  # noqa: S308 - no "<" is left that could end the block
        f'<script type="application/ld+json">{words}</script>'
    )


@register.simple_tag(takes_context=True)
def canonical(context: dict[str, Any]) -> str:
    """The one address of what is shown: of the page, and of this part of a long list.

    A view or page type says in `part` which query its list was chosen by: {name: value}.
    """
    request, page = context["request"], _page(context)
    address = page.get_full_url(request) if page else None
    wanted = dict(context.get("part") or {})
    batch = _batch(context)
    if batch and batch.number > 1:
        wanted["page"] = batch.number
    address = address or request.build_absolute_uri(request.path)
    return f"{address}?{urlencode(wanted)}" if wanted else str(address)


@register.simple_tag(takes_context=True)
def part_of_list(context: dict[str, Any]) -> str:
    """For the title: which part of a long list it is; nothing for the first."""
    batch = _batch(context)
    later = batch and batch.number > 1
    return f" (page {batch.number} of {batch.paginator.num_pages})" if batch and later else ""


def _batch(context: dict[str, Any]) -> Batch[Any] | None:
    named = (context.get(name) for name in ("items", "children", "posts", "pages"))
    return next((found for found in named if isinstance(found, Batch)), None)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The address's query with these changes; an empty value takes a part out."""
    wanted = context["request"].GET.copy()
    for name, value in changes.items():
        wanted.pop(name, None)
        if value not in ("", None):
            wanted[name] = value
    return f"?{wanted.urlencode()}"


@register.simple_tag
def described(field: BoundField) -> str:
    """A form's field, tied to its hint and its error for those who hear the page."""
    ids = [f"{field.auto_id}-hint"] if field.help_text else []
    ids += [f"{field.auto_id}-error"] if field.errors else []
    return field.as_widget(attrs={"aria-describedby": " ".join(ids)} if ids else None)


@register.simple_tag(takes_context=True)
def page_lang(context: dict[str, Any]) -> str:
    """The language in which the page is written; fixed words around it have the site's."""
    own = SiteDetails.for_request(context["request"]).language
    return spoken.of_text(_page(context)) or own


@register.filter
def title_lang(page: Any) -> str:
    """The attribute that says in which language a title is; nothing for the site's own."""
    language = spoken.of_title(page)
    return format_html(' lang="{}" dir="auto"', language) if language else ""


@register.filter
def text_lang(page: Any) -> str:
    """The attribute that says in which language introduction and text are."""
    language = spoken.of_text(page)
    return format_html(' lang="{}" dir="auto"', language) if language else ""


@register.filter
def is_below(page: Any, other: surroundings.Link) -> bool:
    """Does this page lie somewhere under the other one?"""
    return isinstance(page, Page) and bool(page.path) and page.path.startswith(other.path)


@register.filter
def dialled(number: str) -> str:
    """A phone number as a phone wants it: +44 (0)1632 960 123 ext. 4 is +441632960123."""
    written = re.split(r"[^\W\d_]|[/,;]", number, maxsplit=1)[0]
    if written.lstrip().startswith("+"):
        return "+" + re.sub(r"\D", "", written.replace("(0)", ""))
    return re.sub(r"\D", "", written)


@register.filter
def clock(moment: time | datetime) -> str:
    """A time of day as people write it: 7pm, 6.30pm, midday."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).time()
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    hour = moment.hour % 12 or 12
    minutes = f".{moment.minute:02}" if moment.minute else ""
    return f"{hour}{minutes}{'pm' if moment.hour >= 12 else 'am'}"


@register.inclusion_tag("components/shown_picture.html")
def shown_picture(image: Any, kind: str, sizes: str, **attributes: str) -> dict[str, Any]:
    """A picture in the formats and sizes that are ready; nothing while none is.

    alt: the words for those who do not see it; without them the picture's own description.
    """
    made = pictures.made(image, kind)
    own = "" if getattr(image, "decorative", False) else image.description
    alt = attributes.pop("alt", getattr(image, "contextual_alt_text", None) or own)
    *sources, plain = made or [("", [])]
    return {"sources": sources, "plain": plain, "sizes": sizes, "alt": alt, "more": attributes}


@register.simple_tag
def made_crest(image: Any) -> Any:
    """The site's crest in its one size; None while it is not made."""
    if image is None:
        return None
    size = (pictures.CREST,)
    return kept(("crest", image.pk), lambda: next(iter(pictures.renditions(image, size)), None))


@register.simple_tag
def share_picture(image: Any) -> Any:
    """The picture of share cards, 1200 by 630, once it is made."""
    return next(iter(pictures.renditions(image, (pictures.SHARED,))), None)
