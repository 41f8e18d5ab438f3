"""Builds the rest of the demonstration council: meetings, people, events, documents, forms.

Each step leaves what is already there alone, so that it may be run again.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone

from cms.demo import notices
from cms.demo import site_words as words
from cms.demo.making import add, body, publish, small_file
from home.models import (
    AccessibilityPage,
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
    MeetingIndexPage,
    MeetingPage,
    MeetingPaper,
    VacancyIndexPage,
    VacancyPage,
)
from social_publish.models import OfficeContact

PLACE = "The Guildhall, Market Square"


def build(home: HomePage) -> None:
    """Everything that `setup_demo` has not made before this is called."""
    _details(home)
    _committees()
    people = add(home, PeopleIndexPage, "people")
    if people:
        _people(people)
    meetings = add(home, MeetingIndexPage, "meetings")
    if meetings:
        _meetings(meetings)
    events = add(home, EventIndexPage, "events")
    if events:
        _events(events)
    vacancies = add(home, VacancyIndexPage, "jobs")
    if vacancies:
        _vacancies(vacancies)
    _documents(home)
    _forms(home)
    notices.build(home)
    _cornish(home)
    _tiles(home)


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
        publish(index, page)


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
            agenda=body(("text", f"<ol>{agenda}</ol>")) if agenda else "[]",
            agenda_on=min(today, day - timedelta(days=7)) if agenda else None,
            agenda_file=small_file(f"Agenda, {name}", *meeting.agenda) if agenda else None,
            minutes_status=meeting.done,
        )
        if meeting.done:
            parts = [
                part
                for heading, text in words.MINUTES
                for part in (("heading", heading), ("text", f"<p>{text}</p>"))
            ]
            page.minutes = body(*parts)
            page.minutes_file = small_file(f"Minutes, {name}", *(text for _, text in words.MINUTES))
        if meeting.agenda == words.AGENDA:
            paper = MeetingPaper(title="List of payments", document=small_file("List of payments"))
            page.papers.add(paper)
        publish(index, page)


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
        publish(index, page)


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
            body=body(
                ("heading", "What you would do"),
                ("text", "<p>Ask us for a form on paper, or come and see the place first.</p>"),
            ),
        )
        publish(index, page)


def _documents(home: HomePage) -> None:
    if home.get_children().filter(slug="documents").exists():
        return
    today = timezone.localdate()
    entries = [
        DocumentEntry(
            subject=subject,
            title=title,
            note=note,
            document=small_file(title, note),
            published_on=today - timedelta(days=ago),
            review_on=today + timedelta(days=review),
        )
        for subject, title, note, ago, review in words.DOCUMENTS
    ]
    add(home, DocumentsPage, "documents", answers="Town Clerk", entries=entries)


def _forms(home: HomePage) -> None:
    add(home, ContactPage, "contact")
    add(home, ContactPage, "concern", subject=ResidentMessage.Subject.CONCERN)
    kinds = [
        ProblemKind(problem=problem, tier=tier, body=body, address=address, phone=phone)
        for problem, tier, body, address, phone in words.PROBLEMS
    ]
    add(home, ProblemsPage, "report", kinds=kinds)
    add(home, AccessibilityPage, "accessibility")
    add(home, PrivacyPage, "privacy")


def _cornish(home: HomePage) -> None:
    council = home.get_children().filter(slug="council").first()
    if council:
        add(council, ContentPage, "dynnargh", language="kw", body=body(("text", words.CORNISH)))


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
