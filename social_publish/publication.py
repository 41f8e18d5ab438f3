"""Is this page out, and with which words? Questions only; nothing here changes anything."""

import hashlib
import json
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Page, Revision

FRESH = 1.0  # seconds

# Bookkeeping that Wagtail changes by itself, and the position in the tree; everything else
# in a page's data is content that a moderator reads and approves.
_BOOKKEEPING = frozenset(
    {
        "alias_of",
        "content_type",
        "depth",
        "draft_title",
        "expired",
        "first_published_at",
        "has_unpublished_changes",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "listed_under",
        "live",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "owner",
        "path",
        "pk",
        "translation_key",
        "url_path",
        "wagtail_admin_comments",
    }
)


def content_digest(page: Page) -> str:
    """SHA-256 over everything of a page that a reader could see or that decides its posts."""
    return digest_of(_content(page))


def field_digests(page: Page) -> dict[str, str]:
    """{field: short digest}: enough to name the fields that differ from what someone saw."""
    return {field: digest_of(value)[:16] for field, value in _content(page).items()}


def field_words(page: Page, field: str) -> str:
    """A field's name as it stands on the editor's screen."""
    return str(getattr(page._meta.get_field(field), "verbose_name", field.replace("_", " ")))


def _content(page: Page) -> dict[str, Any]:
    data = page.serializable_data()
    return {key: _plain(value) for key, value in data.items() if key not in _BOOKKEEPING}


def digest_of(value: Any) -> str:
    """SHA-256 over a value's JSON."""
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, cls=DjangoJSONEncoder).encode()
    ).hexdigest()


def _plain(value: Any) -> Any:
    # Rows of inline panels get their keys only when they are published.
    if isinstance(value, list):
        return [
            {k: v for k, v in item.items() if k not in ("pk", "page")}
            if isinstance(item, dict)
            else item
            for item in value
        ]
    return value


def is_public(page: Page) -> bool:
    """Can a resident open this page now: live, under live pages, behind no restriction?"""
    ancestors = page.get_ancestors().filter(depth__gt=1)
    return bool(
        page.live
        and not ancestors.filter(live=False).exists()
        and not page.get_view_restrictions().exists()
    )


def _public_digest(page_id: int) -> str:
    page = Page.objects.filter(pk=page_id).specific().first()
    return content_digest(page) if page and is_public(page) else ""


@dataclass
class RecentAnswers:
    """Whether pages are public, and their digests, as they were at most a second ago.

    One page has a post on each of its channels, and they come to be sent in one breath.
    """

    known: dict[int, tuple[float, str]] = field(default_factory=dict)

    def public_digest(self, page_id: int | None) -> str:
        """The digest of a page's content; "" when the public cannot read it, or no page is left."""
        if page_id is None:
            return ""
        asked, digest = self.known.get(page_id, (0.0, ""))
        if not asked or monotonic() - asked > FRESH:
            digest = _public_digest(page_id)
            self.known[page_id] = monotonic(), digest
        return digest


def is_scheduled(page: Page) -> bool:
    """Is a version of this page approved to go live later?"""
    return bool(
        Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False).exists()
    )
