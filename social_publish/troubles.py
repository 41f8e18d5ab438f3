"""Each trouble is kept once, and told once to the people who can act.

`notice` keeps one open row for everything that `alarms` finds; `tell` writes the e-mails. Only
the sweep calls them, so that no approval ever waits for a mail server.
"""

import logging
import time
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse

from social_publish import alarms
from social_publish.council import CLERK, WEBMASTERS
from social_publish.models import Trouble

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=3)
# A mail server that hangs must not keep the next sweep waiting.
SECONDS_TO_TELL = 20.0


def notice(now: datetime) -> None:
    """Open a row for what is new, put new words into what changed, close what is over."""
    here = {trouble.subject: trouble for trouble in alarms.found(now)}
    with transaction.atomic():
        for known in Trouble.objects.filter(over_at=None):
            row = Trouble.objects.filter(pk=known.pk, over_at=None)
            still = here.pop(known.subject, None)
            if still is None:
                row.update(over_at=now)
            elif still.words != known.words:
                row.update(words=still.words)
        for new in here.values():
            Trouble.objects.get_or_create(
                kind=new.kind,
                delivery=new.delivery,
                channel=new.channel,
                over_at=None,
                defaults={"words": new.words, "since": new.since},
            )


def tell(now: datetime) -> int:
    """Write about what was not told yet, or in other words. Returns how many troubles were told."""
    stop = time.monotonic() + SECONDS_TO_TELL
    untold = Trouble.objects.filter(over_at=None).exclude(told_words=F("words"))
    return sum(_tell_one(trouble, now, stop) for trouble in untold)


def _tell_one(trouble: Trouble, now: datetime, stop: float) -> bool:
    """Claim the trouble, so that no other sweep sends as well; mark it as told only when it is."""
    row = Trouble.objects.filter(pk=trouble.pk)
    free = Q(telling_until=None) | Q(telling_until__lt=now)
    as_read = row.filter(free, over_at=None, words=trouble.words, told_words=trouble.told_words)
    if time.monotonic() > stop or not as_read.update(telling_until=now + CLAIM):
        return False
    reached = _send(trouble, stop)
    done = {"told_at": now, "told_words": trouble.words} if reached else {}
    row.update(telling_until=None, **done)
    return reached


def _send(trouble: Trouble, stop: float) -> bool:
    """One message for each person, so that nobody sees another's address. Was one sent?"""
    reached = False
    for person in who_can_act(trouble):
        if time.monotonic() > stop:
            break
        try:
            reached = bool(_message(trouble, person).send()) or reached
        except (OSError, SMTPException):
            logger.exception("A trouble could not be told", extra={"event": "mail.failed"})
    return reached


def who_can_act(trouble: Trouble) -> list[User]:
    """Who may decide for the channel, else the clerk; for the whole site clerk and webmasters.

    Where none of them has an address, whoever may do everything.
    """
    if trouble.group is None:
        return _members(CLERK, WEBMASTERS) or _superusers()
    officers = _people(groups__in=trouble.group.officers.all())
    deciding = [person for person in officers if person.has_perm("social_publish.decide_delivery")]
    return deciding or _members(CLERK) or _superusers()


def _members(*groups: str) -> list[User]:
    return _people(groups__name__in=groups)


def _superusers() -> list[User]:
    return _people(is_superuser=True)


def _people(**who: Any) -> list[User]:
    """Those of them who have not left, and have an address."""
    people = User.objects.filter(is_active=True, **who).exclude(email="")
    return list(people.distinct().order_by("pk"))


def _message(trouble: Trouble, person: User) -> EmailMessage:
    context = {
        "trouble": trouble,
        "person": person,
        "address": settings.WAGTAILADMIN_BASE_URL + address(trouble),
    }
    return EmailMessage(
        # A title may hold a line break, and a subject must not.
        subject=" ".join(str(trouble).split()),
        body=render_to_string("social_publish/email/trouble.txt", context),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def address(trouble: Trouble) -> str:
    """The page of the admin on which a person sees it, and acts."""
    if trouble.delivery_id:
        return reverse("social_publish_delivery_modeladmin_inspect", args=[trouble.delivery_id])
    if trouble.kind == Trouble.Kind.WAITING:
        waiting = f"state__exact=queued&channel__id__exact={trouble.channel_id}"
        return f"{reverse('social_publish_delivery_modeladmin_index')}?{waiting}"
    if trouble.channel_id and trouble.kind == Trouble.Kind.STILL_THERE:
        return reverse("social_publish_set_up", args=[trouble.channel_id])
    if trouble.kind == Trouble.Kind.CHECKS:
        return reverse("security_checks:channel", args=[trouble.channel_id])
    if trouble.channel_id:
        return reverse("social_publish_channel_modeladmin_inspect", args=[trouble.channel_id])
    return reverse("wagtailadmin_home")
