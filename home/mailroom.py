"""What becomes of a resident's message: kept first, then told to the people who answer."""

import hashlib
import json
import logging
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django_q.tasks import async_task
from wagtail.models import Page, Site

from home.letterbox import LetterForm
from home.models import ContactPage, ResidentMessage, SiteDetails
from social_publish.council import CLERK
from social_publish.models import ChannelGroup, Delivery

logger = logging.getLogger(__name__)

# More than people write, even on a day of floods; a program would fill database and letter boxes.
MOST_IN_AN_HOUR = 60


class TooMany(Exception):
    """More messages came to one site within an hour than people write."""


def keep(form: LetterForm, *, site: Site | None, now: datetime) -> ResidentMessage | None:
    """Store a valid form's message: one that is sent twice is kept once. None where its token is stale.

    Another message from the same opened form, as after the browser's Back, is a message of its own.
    Raises TooMany.
    """
    page: ContactPage = form.page
    word = form.token_word(now)
    if not word:
        return None
    said = form.cleaned_data
    fingerprint = _fingerprint(word, said)
    if not ResidentMessage.objects.filter(form_token=fingerprint).exists():
        _demand_room(site, now)
    with transaction.atomic():
        message, new = ResidentMessage.objects.get_or_create(
            form_token=fingerprint,
            defaults={
                "subject": page.subject,
                "site": site,
                "page": page.page_ptr,
                "name": said["name"],
                "reply_to": said["reply_to"],
                "about": said.get("about", ""),
                "words": said["words"],
                "received_at": now,
            },
        )
    if new:
        _tell_soon(message)
    return message


def _demand_room(site: Site | None, now: datetime) -> None:
    lately = ResidentMessage.objects.filter(site=site, received_at__gt=now - timedelta(hours=1))
    if lately.count() >= MOST_IN_AN_HOUR:
        logger.warning("Too many messages in an hour", extra={"event": "message.flood"})
        raise TooMany


def _fingerprint(word: str, said: dict[str, str]) -> str:
    """40 signs that stand for this form and these words."""
    written = json.dumps(
        [word, said["name"], said["reply_to"], said.get("about", ""), said["words"]]
    )
    return hashlib.sha256(written.encode()).hexdigest()[:40]


def _tell_soon(message: ResidentMessage) -> None:
    # A queue that is away costs an e-mail, never the message: the dashboard shows it too.
    try:
        with transaction.atomic():
            async_task("home.tasks.tell_staff", message.pk)
    except (DatabaseError, OSError):
        logger.exception("The e-mail about a message could not be queued")


def recipients(message: ResidentMessage) -> list[str]:
    """Concerns go to the clerk and the moderators (Looe 5.3); the rest to the page's office."""
    if message.subject == ResidentMessage.Subject.CONCERN:
        people = User.objects.filter(is_active=True, groups__name=CLERK)
        group = _group_spoken_of(message)
        officers = User.objects.filter(is_active=True)
        if group:
            officers = officers.filter(groups__in=group.officers.all())
        else:
            officers = officers.filter(groups__name__endswith=" moderators")
        return sorted({person.email for person in (*people, *officers) if person.email})
    office = _office(message)
    return [office] if office else []


def _office(message: ResidentMessage) -> str:
    group = ChannelGroup.for_page(message.page) if message.page else None
    if group:
        return group.office_contact.email
    details = SiteDetails.objects.filter(site=message.site).select_related("office").first()
    return details.office.email if details and details.office else ""


def _group_spoken_of(message: ResidentMessage) -> ChannelGroup | None:
    """The group whose short link or page stands in the message, if one does."""
    for word in message.about.split():
        delivery = Delivery.objects.filter(token=word.rstrip("/")[-10:]).first()
        if delivery:
            return delivery.channel.group
        page = _page_at(word, message.site)
        if page:
            return ChannelGroup.for_page(page)
    return None


def _page_at(address: str, site: Site | None) -> Page | None:
    if site is None or not address.startswith(site.root_url):
        return None
    path = address.removeprefix(site.root_url).split("?")[0].split("#")[0]
    url_path = site.root_page.url_path.rstrip("/") + "/" + path.strip("/")
    return Page.objects.filter(url_path=url_path.rstrip("/") + "/").first()


def tell_staff(message: ResidentMessage) -> None:
    """An e-mail that a message is there. It does not carry the message: mail is a postcard."""
    to = recipients(message)
    if not to:
        logger.warning("Nobody is to be told of a message", extra={"event": "message.nobody"})
        return
    root = message.site.root_url if message.site else ""
    address = reverse("home_resident_messages:edit", args=[message.pk])
    send_mail(
        f"Website: {message.get_subject_display().lower()}",
        "Someone wrote to the council through the website.\n\n"
        f"Read it here: {root}{address}\n\n"
        "Tick “dealt with” when it is. It is deleted by itself when its time is over.\n",
        None,
        to,
    )
