"""What became different while a moderator was reading, in words.

An autosave rewrites a revision in place, so no old version is there to compare with: the
screen itself carries a digest of each field that it showed.
"""

from collections.abc import Iterable

from django.utils import timezone
from wagtail.models import Page

from social_publish import outbox, publication
from social_publish.models import AnnounceablePage, Announcement, Delivery

CONTACT = "office contact"


def shown(draft: Page) -> dict[str, str]:
    """{what: digest} of everything on the screen: the page's fields and the office contact."""
    digests = publication.field_digests(draft)
    group = draft.channel_group() if isinstance(draft, AnnounceablePage) else None
    if group:
        digests[CONTACT] = publication.digest_of(group.office_contact.forms)
    return digests


def carried(values: Iterable[str]) -> dict[str, str]:
    """`shown` as the form brings it back: lines of “what:digest”."""
    return dict(value.rsplit(":", 1) for value in values if ":" in value)


def page_changes(draft: Page, before: dict[str, str]) -> list[str]:
    """Who saved what, and whether the office contact is another one now."""
    now = shown(draft)
    changed = [what for what in now if before.get(what) != now[what]] if before else []
    sentences = []
    fields = [publication.field_words(draft, what) for what in changed if what != CONTACT]
    if fields:
        sentences.append(f"{_who_saved(draft)} Changed: {', '.join(fields)}.")
    if CONTACT in changed:
        sentences.append("The office contact was changed, and every post carries it.")
    return sentences


def _who_saved(draft: Page) -> str:
    revision = draft.get_latest_revision()
    when = timezone.localtime(revision.created_at)
    who = outbox.name_of(revision.user) if revision.user else "Someone"
    return f"{who} saved the page at {when:%H:%M} on {when:%d %B}."


def post_changes(page: Page, seen: str, posts: list[Delivery]) -> list[str]:
    """How the posts differ from those of the proposal whose digest the moderator saw."""
    earlier = Announcement.objects.filter(page_id=page.pk, digest=seen).first()
    if earlier is None:
        return []
    before = {d.channel_id: d for d in earlier.deliveries.select_related("channel")}
    sentences = [_post_change(before.pop(post.channel_id, None), post) for post in posts]
    sentences += [_missing(old) for old in before.values()] if posts else []
    return [sentence for sentence in sentences if sentence]


def _post_change(old: Delivery | None, new: Delivery) -> str:
    name = new.channel.name
    if old is None:
        return f"{name} is new."
    if _bare(old) != _bare(new):
        return f"{name}: before, the post said: “{old.text}”"
    if (old.picture, old.alt_text) != (new.picture, new.alt_text):
        return f"{name}: the picture or its description is another one."
    return ""


def _missing(old: Delivery) -> str:
    why = "has been paused" if not old.channel.is_ready else "is no longer ticked"
    return f"{old.channel.name} {why}: nothing is posted there."


def _bare(delivery: Delivery) -> str:
    return delivery.text.replace(delivery.token, "")
