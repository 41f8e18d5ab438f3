"""What every page of the site shows: menu, alerts, trail, office contact, where it was posted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import template
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page, Site

from home import pictures
from home.models import (
    AccessibilityPage,
    Alert,
    ContactPage,
    DocumentsPage,
    PrivacyPage,
    ProblemsPage,
    SiteDetails,
    current_alerts,
)
from home.views.machines import colours_version
from home.views.posts import public_posts
from social_publish.models import ChannelGroup, Delivery, OfficeContact

register = template.Library()

# What must be reachable from every page.
AT_THE_FOOT = (ContactPage, ProblemsPage, DocumentsPage, AccessibilityPage, PrivacyPage)


@dataclass(frozen=True)
class Frame:
    """The pages that stand around every page: in the menu, and at the foot."""

    home: Page | None
    menu: list[Page]
    foot: list[Page]
    concern: Page | None


@register.simple_tag(takes_context=True)
def frame(context: dict[str, Any]) -> Frame:
    """Menu and foot of the reader's site."""
    site = Site.find_for_request(context["request"])
    if site is None:
        return Frame(None, [], [], None)
    root = site.root_page
    found = Page.objects.live().public().filter(path__startswith=root.path)
    at_foot = Q()
    for page_type in AT_THE_FOOT:
        at_foot |= Q(**{f"{page_type._meta.model_name}__isnull": False})
    found = found.filter(at_foot | Q(depth=root.depth + 1, show_in_menus=True))
    pages = list(found.select_related("contactpage", "content_type").order_by("path"))
    menu = [page for page in pages if page.depth == root.depth + 1 and page.show_in_menus]
    kinds = {model._meta.model_name: place for place, model in enumerate(AT_THE_FOOT)}
    foot = [page for page in pages if page.content_type.model in kinds]
    foot.sort(key=lambda page: kinds[page.content_type.model])
    concern = next((p for p in foot if _is_concern(p)), None)
    return Frame(root, menu, foot, concern)


def _is_concern(page: Page) -> bool:
    return hasattr(page, "contactpage") and page.contactpage.is_concern


@register.simple_tag(takes_context=True)
def alerts(context: dict[str, Any]) -> Sequence[Alert]:
    """The alerts this page's readers must see now."""
    page = context.get("page")
    return current_alerts(page if isinstance(page, Page) else None, now=timezone.now())


@register.simple_tag
def trail(page: Page) -> QuerySet[Page]:
    """The pages above this one, from the front page down."""
    return page.get_ancestors().filter(depth__gt=1).live()


@register.simple_tag(takes_context=True)
def office_contact(context: dict[str, Any]) -> OfficeContact | None:
    """The office that answers for this page: its section's, its site's, or the only one."""
    page = context.get("page")
    group = ChannelGroup.for_page(page) if isinstance(page, Page) and page.path else None
    if group:
        return group.office_contact
    details = SiteDetails.for_request(context["request"])
    return details.office or OfficeContact.objects.order_by("pk").first()


@register.simple_tag
def posted_where(page: Page) -> list[Delivery]:
    """The posts of this page that are out, each with its address."""
    posts = public_posts().filter(announcement__page_id=page.pk).exclude(remote_url="")
    return list(posts.order_by("posted_at", "pk"))


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
    """The one address of what is shown: of the page, and of this part of a long list."""
    request = context["request"]
    page = context.get("page")
    address = page.full_url if isinstance(page, Page) else None
    address = address or request.build_absolute_uri(request.path)
    number = request.GET.get("page", "")
    return f"{address}?page={number}" if number.isdigit() and int(number) > 1 else str(address)


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
    extra: dict[str, str | bool] = {"aria-describedby": " ".join(ids)} if ids else {}
    if field.field.required:
        # The browser's own bubble says less than our page does.
        extra["aria-required"] = "true"
    return field.as_widget(attrs=extra)


@register.filter
def is_below(page: Any, other: Page) -> bool:
    """Does this page lie somewhere under the other one?"""
    return isinstance(page, Page) and bool(page.path) and page.path.startswith(other.path)


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
def share_picture(image: Any) -> Any:
    """The picture of share cards, 1200 by 630, once it is made."""
    return next(iter(pictures.renditions(image, (pictures.SHARED,))), None)
