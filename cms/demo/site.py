"""Builds the rest of the demonstration council: meetings, people, events, documents, forms.

Each step leaves what is already there alone, so that it may be run again.
"""

import json
from datetime import datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.demo import site_words as words
from cms.demo.files import small_pdf
from home.models import (
    AccessibilityPage,
    Alert,
    Committee,
    CommitteeSeat,
    ContactPage,
    ContentPage,
    DocumentEntry,
    DocumentsPage,
    HomePage,
    HomeTile,
    PeopleIndexPage,
    PersonPage,
    PrivacyPage,
    ProblemKind,
    ProblemsPage,
    ResidentMessage,
    SiteDetails,
)
from news.models import (
    EventIndexPage,
    EventPage,
    KeyDate,
    MeetingIndexPage,
    MeetingPage,
    MeetingPaper,
    NewsIndexPage,
    NewsPage,
    Partner,
    VacancyIndexPage,
    VacancyPage,
)
from social_publish.models import OfficeContact

PLACE = "The Guildhall, Market Square"


def build(home: HomePage) -> None:
    """Everything that `setup_demo` has not made before this is called."""
    _details(home)
    _committees()
    people = _add(home, PeopleIndexPage, "people", "Councillors", "Who they are, which ward and committees they have, and how to reach each by phone or e-mail.", show_in_menus=True)  # fmt: skip
    if people:
        _people(people)
    meetings = _add(home, MeetingIndexPage, "meetings", "Meetings", "The next meeting, its agenda, and the minutes of those before.", show_in_menus=True)  # fmt: skip
    if meetings:
        _meetings(meetings)
    events = _add(home, EventIndexPage, "events", "What’s on", "Markets, music and parades in Marlhaven.", show_in_menus=True)  # fmt: skip
    if events:
        _events(events)
    vacancies = _add(home, VacancyIndexPage, "jobs", "Jobs and volunteering", "Work for the council and its partners, and places to learn.")  # fmt: skip
    if vacancies:
        _vacancies(vacancies)
    _documents(home)
    _forms(home)
    _news(home)
    _elections(home)
    _cornish(home)
    _tiles(home)
    _alert(home)


def _add(home: Page, model: type[Page], slug: str, title: str, intro: str, **fields: Any) -> Any:
    """A page below the front page; None where one of that address is there already."""
    if home.get_children().filter(slug=slug).exists():
        return None
    if hasattr(model, "intro"):
        fields["intro"] = intro
    return _publish(home, model(title=title, slug=slug, search_description=intro, **fields))


def _publish(parent: Page, page: Any) -> Any:
    """Live at once: an invented page needs no history, and a first start should be quick."""
    page.search_description = page.search_description or getattr(page, "intro", "")
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    return page


def _body(*parts: tuple[str, Any]) -> str:
    return json.dumps([{"type": kind, "value": value} for kind, value in parts])


def _file(title: str, *lines: str) -> Any:
    document = get_document_model()(title=title)
    document.file.save("document.pdf", ContentFile(small_pdf(title, lines)))
    document.file_size = document.file.size
    document.save()
    return document


def _details(home: HomePage) -> None:
    details = SiteDetails.objects.get(site=home.get_site())
    if details.office is None:
        details.office = OfficeContact.objects.filter(name__startswith="Marlhaven Town").first()
        details.second_name, details.second_name_language = "Konsel Tre Marlhaven", "kw"
        details.save()


def _committees() -> None:
    for position, (name, duties) in enumerate(words.COMMITTEES):
        Committee.objects.get_or_create(
            name=name, defaults={"duties": duties, "position": position}
        )


def _people(index: PeopleIndexPage) -> None:
    for person in words.PEOPLE:
        seats = [
            CommitteeSeat(committee=Committee.objects.get(name=name), post=post)
            for name, post in person.seats
        ]
        page = PersonPage(
            title=person.name,
            kind=person.kind,
            role=person.role,
            ward=person.ward,
            phone=person.phone,
            email=person.email,
            about=f"<p>{person.about}</p>" if person.about else "",
            answers="Deputy Clerk",
            interests_address="https://district.example/interests" if person.seats else "",
        )
        page.search_description = page.listing_summary
        page.seats.add(*seats)
        _publish(index, page)


def _meetings(index: MeetingIndexPage) -> None:
    today = timezone.localdate()
    for meeting in words.MEETINGS:
        day = today + timedelta(days=meeting.days)
        name = f"{meeting.committee}, {day.day} {day:%B %Y}"
        agenda = "".join(f"<li>{item}</li>" for item in meeting.agenda)
        page = MeetingPage(
            title=name,
            committee=Committee.objects.get(name=meeting.committee),
            date=day,
            start=time(19) if meeting.committee == "Full council" else time(18, 30),
            place=PLACE,
            intro="Residents are welcome, and may speak for three minutes each at the start.",
            agenda=_body(("text", f"<ol>{agenda}</ol>")) if agenda else "[]",
            agenda_on=min(today, day - timedelta(days=7)) if agenda else None,
            agenda_file=_file(f"Agenda, {name}", *meeting.agenda) if agenda else None,
            minutes_status=meeting.done,
        )
        if meeting.done:
            parts = [
                part
                for heading, text in words.MINUTES
                for part in (("heading", heading), ("text", f"<p>{text}</p>"))
            ]
            page.minutes = _body(*parts)
            page.minutes_file = _file(f"Minutes, {name}", *(text for _, text in words.MINUTES))
        if meeting.agenda == words.AGENDA:
            paper = MeetingPaper(title="List of payments", document=_file("List of payments"))
            page.papers.add(paper)
        _publish(index, page)


def _events(index: EventIndexPage) -> None:
    today = timezone.localdate()
    for title, days, hour, hours, place, cost, organiser, intro in words.EVENTS:
        day = today + timedelta(days=days)
        start = timezone.make_aware(datetime.combine(day, time(hour)))
        page = EventPage(
            title=title,
            starts_at=start,
            ends_at=start + timedelta(hours=hours),
            place=place,
            cost=cost,
            organiser=organiser,
            intro=intro,
        )
        _publish(index, page)


def _vacancies(index: VacancyIndexPage) -> None:
    for title, kind, days, hours, pay, intro in words.VACANCIES:
        page = VacancyPage(
            title=title,
            kind=kind,
            closes_on=timezone.localdate() + timedelta(days=days),
            hours=hours,
            pay=pay,
            place="Marlhaven",
            intro=intro,
            apply_to="Ring 01632 960 123 or write to jobs@marlhaven.example",
            body=_body(
                ("heading", "What you would do"),
                ("text", "<p>Ask us for a form on paper, or come and see the place first.</p>"),
            ),
        )
        _publish(index, page)


def _documents(home: HomePage) -> None:
    if home.get_children().filter(slug="documents").exists():
        return
    today = timezone.localdate()
    entries = [
        DocumentEntry(
            subject=subject,
            title=title,
            note=note,
            document=_file(title, note),
            published_on=today - timedelta(days=ago),
            review_on=today + timedelta(days=review),
        )
        for subject, title, note, ago, review in words.DOCUMENTS
    ]
    _add(home, DocumentsPage, "documents", "Documents", "Money, policies and how we work, as the Transparency Code asks.", answers="Town Clerk", entries=entries)  # fmt: skip


def _forms(home: HomePage) -> None:
    _add(home, ContactPage, "contact", "Contact us", "Phone, e-mail, office hours, and a form to write to us.", show_in_menus=True)  # fmt: skip
    _add(home, ContactPage, "concern", "Raise a concern about our pages", "Something on this site or in our posts is wrong, unfair or harmful? Tell the clerk and the moderators.", subject=ResidentMessage.Subject.CONCERN)  # fmt: skip
    kinds = [
        ProblemKind(problem=problem, tier=tier, body=body, address=address, phone=phone)
        for problem, tier, body, address, phone in words.PROBLEMS
    ]
    _add(home, ProblemsPage, "report", "Report a problem", "Who mends what, and how to tell them. In an emergency call 999.", kinds=kinds)  # fmt: skip
    _add(home, AccessibilityPage, "accessibility", "Accessibility statement", "How to use this site, and what to do when something does not work for you.")  # fmt: skip
    _add(home, PrivacyPage, "privacy", "Privacy notice", "What this site keeps about you: almost nothing.")  # fmt: skip


def _news(home: HomePage) -> None:
    today = timezone.localdate()
    for title, (purpose, days) in words.NOTICES.items():
        page = NewsPage.objects.filter(title=title, purpose="announcement").first()
        if page:
            page.purpose = purpose
            page.closes_on = today + timedelta(days=days) if days else None
            page.save_revision().publish()
    for name, address in words.PARTNERS:
        Partner.objects.get_or_create(name=name, defaults={"address": address})
    title, intro, text, source = words.SHARED
    index = NewsIndexPage.objects.child_of(home).filter(slug="news").first()
    if index and not NewsPage.objects.filter(title=title).exists():
        page = NewsPage(
            title=title,
            date=today - timedelta(days=40),
            purpose="partner",
            intro=intro,
            body=_body(("text", text)),
            partner=Partner.objects.get(name=words.PARTNERS[0][0]),
            source_address=source,
        )
        _publish(index, page)


def _elections(home: HomePage) -> None:
    """A by-election whose pre-election period holds now, and the days of the co-option."""
    today = timezone.localdate()
    co_option = NewsPage.objects.filter(title=words.CO_OPTION_TITLE).first()
    if co_option and not co_option.dates.exists():
        co_option.dates.set(
            [
                KeyDate(step=step, day=today + timedelta(days=days), ends=hour and time(hour))
                for step, days, hour in words.CO_OPTION_DATES
            ]
        )
        co_option.save_revision().publish()
    title, intro, text = words.ELECTION
    index = NewsIndexPage.objects.child_of(home).filter(slug="news").first()
    if index is None or NewsPage.objects.filter(title=title).exists():
        return
    poll = today + timedelta(days=22 + (2 - today.weekday()) % 7)  # a Thursday
    page = NewsPage(
        title=title,
        slug="by-election",
        date=today - timedelta(days=1),
        purpose="election",
        intro=intro,
        body=_body(("text", text)),
        closes_on=poll + timedelta(days=1),
    )
    page.dates.set(
        [
            KeyDate(
                step=step,
                day=poll - timedelta(days=before),
                starts=begins and time(begins),
                ends=until and time(until),
                note=note,
            )
            for step, before, begins, until, note in words.ELECTION_DATES
        ]
    )
    _publish(index, page)


def _cornish(home: HomePage) -> None:
    council = home.get_children().filter(slug="council").first()
    if council:
        title, intro, text = words.CORNISH
        _add(council, ContentPage, "dynnargh", title, intro, language="kw", body=_body(("text", text)))  # fmt: skip


def _tiles(home: HomePage) -> None:
    if home.tiles.exists():
        return
    children = {page.slug: page for page in home.get_children()}
    home.tiles.set(
        [
            HomeTile(page=children[slug], label=label, words=said)
            for label, slug, said in words.TILES
            if slug in children
        ]
    )
    home.save_revision().publish()


def _alert(home: HomePage) -> None:
    title, text = words.ALERT
    Alert.objects.get_or_create(
        title=title,
        defaults={
            "level": Alert.Level.WARNING,
            "text": text,
            "scope": Alert.Scope.SECTION,
            "page": home.page_ptr,
            "ends_at": timezone.now() + timedelta(days=3),
        },
    )
