"""What an address means, and who may read it, with as few questions to the database as can be."""

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction, Site, get_page_models

from home.kept import kept


def site_of(request: HttpRequest) -> Site | None:
    """The reader's site; from here on Wagtail finds it on the request."""
    if not hasattr(request, "_wagtail_site"):
        address = request.get_host(), request.get_port()
        request._wagtail_site = kept(("site", *address), lambda: Site.find_for_request(request))  # type: ignore[attr-defined]  # Wagtail's own
    return request._wagtail_site  # type: ignore[attr-defined]  # Wagtail's own


def readable(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the pages that everyone may read: live, and in no private section."""
    pages = pages.filter(live=True)
    for path in kept("private", _private):
        pages = pages.exclude(path__startswith=path)
    return pages


def is_open(page: Page) -> bool:
    """True where it is certain that everyone may read a live page; else Wagtail must be asked."""
    return not page.path.startswith(kept("guarded", _guarded))


def page_at(root: Page, parts: Sequence[str]) -> Page:
    """The live page at this address below a site's front page, of its own type. Raises Http404.

    None of our page types has addresses of its own making, so each page's `url_path` says it all.
    """
    slug = parts[-1]
    address = f"{root.url_path}{'/'.join(parts)}/"
    lists, below = kept("lists", _lists)
    where = {"slug": slug, "url_path": address}  # the slug has an index, the whole address has none
    likely = lists.get(address) or below.get(address.removesuffix(f"{slug}/"))
    page = whole(likely, **where) if likely else None
    if page is None:
        plain = _one(Page.objects.filter(live=True, **where))
        page = plain and (
            whole(plain.specific_class, pk=plain.pk) if plain.specific_class else plain
        )
    if page is None:
        raise Http404
    return page


def whole(model: type[Page], **where: Any) -> Any:
    """One live page with what its template shows of other tables; None where there is none."""
    pages = model.objects.filter(live=True, **where)
    return _one(pages.select_related(*getattr(model, "shown_with", ())))


def _one(pages: QuerySet[Any]) -> Any:
    # Without an order the database takes the index that fits.
    return next(iter(pages.order_by()[:1]), None)


def _private() -> list[str]:
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


def _guarded() -> tuple[str, ...]:
    private = _private()
    # An alias is as private as what it stands for.
    aliases = Page.objects.filter(alias_of__isnull=False).values_list("path", flat=True)
    return (*private, *aliases) if private else ()


def _lists() -> tuple[dict[str, type[Page]], dict[str, type[Page]]]:
    """Of the pages that have but one type of pages below them: {address: type}, {address: that type}."""
    kinds = {}
    for model in get_page_models():
        below = model.clean_subpage_models()
        if len(below) == 1:
            kinds[ContentType.objects.get_for_model(model).pk] = model, below[0]
    rows = Page.objects.filter(content_type__in=kinds).values_list("url_path", "content_type")
    found = [(address, *kinds[kind]) for address, kind in rows]
    return {a: itself for a, itself, _ in found}, {a: below for a, _, below in found}
