"""Two people: who changed a page may not approve it, whichever hat they wear."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Max, Min
from wagtail.models import Page, PageLogEntry, Revision, WorkflowState

from social_publish.models import AnnounceablePage


def authors_of(page: Page, *, before: WorkflowState | None = None) -> set[User]:
    """Everyone who changed the page since it was last approved (Looe table).

    before: leave this approval itself out of account, when asking from inside it.
    """
    since = _last_approval(page, before)
    revisions = Revision.objects.for_instance(page).filter(user__isnull=False)
    entries = PageLogEntry.objects.filter(
        page=page.pk,
        user__isnull=False,
        action__in=("wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy"),
    )
    if since:
        revisions = revisions.filter(created_at__gt=since)
        entries = entries.filter(timestamp__gt=since)
    people = {
        *revisions.values_list("user_id", flat=True),
        *entries.values_list("user_id", flat=True),
        *_picture_authors(page, since),
    }
    return set(get_user_model().objects.filter(pk__in=people))


def _picture_authors(page: Page, since: datetime | None) -> set[int]:
    """Who changed the picture or its description while the page was being written."""
    draft = page.get_latest_revision_as_object()
    picture = draft.announcement_picture() if isinstance(draft, AnnounceablePage) else None
    first = Revision.objects.for_instance(page).aggregate(first=Min("created_at"))["first"]
    if picture is None or not (since or first):
        return set()
    return picture.changed_by(since or first)


def _last_approval(page: Page, before: WorkflowState | None) -> datetime | None:
    approvals = WorkflowState.objects.filter(
        base_content_type=page.get_base_content_type(),
        object_id=str(page.pk),
        status=WorkflowState.STATUS_APPROVED,
    ).exclude(pk=before.pk if before else None)
    last: datetime | None = approvals.aggregate(last=Max("current_task_state__finished_at"))["last"]
    return last
