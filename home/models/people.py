"""Councillors and staff, by ward and committee, each reached by role and not by private number."""

from itertools import groupby
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.db.models import (
    Case,
    Count,
    F,
    Prefetch,
    Q,
    QuerySet,
    When,
    Window,
    prefetch_related_objects,
)
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from home import finding
from home.blocks import RICH_TEXT_FEATURES
from home.models import narrowed
from home.models.narrowed import NarrowedPage
from home.models.open_page import OpenPage
from home.models.pictures import CouncilImage, CouncilRendition
from home.models.reviewed import ReviewedPage, review_panels
from home.models.spoken import SpokenPage
from home.pictures import specs

PER_PAGE = 24
MOST_WARDS = 30
MOST_SEATS = 15  # of each committee, on the page of all


class Committee(models.Model):
    """A body that meets: the full council, a committee, a working group."""

    name = models.CharField(max_length=80, unique=True)
    duties = models.TextField(
        max_length=400, blank=True, help_text="What it decides, in one or two sentences."
    )
    position = models.PositiveSmallIntegerField(
        default=10, help_text="Lower numbers come first in lists."
    )

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class PeopleIndexPage(NarrowedPage, OpenPage, SpokenPage, Page):
    """Everyone who can be reached at the council."""

    intro = models.TextField(max_length=300, blank=True)

    template = "home/people_index_page.html"
    page_description = "The list of councillors and staff. Add each person below it."
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.ContentPage"]
    subpage_types: ClassVar[list[str]] = ["home.PersonPage"]
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("intro")]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        everyone = finding.readable(PersonPage.objects.child_of(self))
        words = narrowed.wanted(request)
        found = _matching(everyone, words).select_related("photo").prefetch_related(_faces())
        # Councillors come before staff, and each in the order the council gave them.
        people = Paginator(found.order_by("kind", "path"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context |= {"wanted": words, "many": narrowed.MANY, "items": people}
        context["part"] = {"find": words} if words else {}
        context["groups"] = [
            (GROUPS[kind], list(group)) for kind, group in groupby(people, lambda one: one.kind)
        ]
        if words or people.paginator.count > narrowed.MANY:
            wards = everyone.exclude(ward="").order_by("ward").values_list("ward", flat=True)
            context["wards"] = list(wards.distinct()[:MOST_WARDS])
        if people.number == 1 and not words:
            context["committees"] = _by_committee(everyone)
        return context


def _faces() -> Prefetch:
    return Prefetch(
        "photo__renditions", CouncilRendition.objects.filter(filter_spec__in=specs("face"))
    )


def _matching(people: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Those of the ward or committee of that name; else those of whom each word is known.

    A word may be in the name, the role, the ward or the name of a committee.
    """
    of_committee = CommitteeSeat.objects.filter(committee__name__iexact=words)
    exact = people.filter(Q(ward__iexact=words) | Q(pk__in=of_committee.values("person")))
    if words and exact.exists():
        return exact
    for word in words.split():
        seats = CommitteeSeat.objects.filter(committee__name__icontains=word)
        people = people.filter(
            Q(title__icontains=word)
            | Q(role__icontains=word)
            | Q(ward__icontains=word)
            | Q(pk__in=seats.values("person"))
        )
    return people


def _by_committee(people: QuerySet[Any]) -> list[tuple[Committee, list["CommitteeSeat"]]]:
    """Each committee with its first seats, chairs before members; `members` says how many it has."""
    posts_first = Case(When(post="", then=1), default=0)
    seats = (
        CommitteeSeat.objects.filter(person__in=people)
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("committee"),
                order_by=[posts_first, F("person__title")],
            ),
            members=Window(Count("pk"), partition_by=F("committee")),
        )
        .filter(place__lte=MOST_SEATS)
        .select_related("committee", "person")
        .order_by("committee__position", "committee__name", "place")
    )
    return [(committee, list(some)) for committee, some in groupby(seats, lambda s: s.committee)]


class PersonPage(ReviewedPage, Page):
    """One councillor or member of staff."""

    class Kind(models.TextChoices):
        COUNCILLOR = "councillor"
        STAFF = "staff", "Member of staff"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.COUNCILLOR)
    role = models.CharField(
        max_length=80, blank=True, help_text="For example: Mayor, Town Clerk, Groundsman."
    )
    ward = models.CharField(max_length=60, blank=True, help_text="For councillors.")
    photo = models.ForeignKey(
        CouncilImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    phone = models.CharField(
        max_length=30, blank=True, help_text="An office number; a private one only by their wish."
    )
    email = models.EmailField(
        blank=True, help_text="An address of the council's own, which stays with the post."
    )
    about = RichTextField(blank=True, features=RICH_TEXT_FEATURES)
    interests = models.ForeignKey(
        get_document_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="register of interests",
        help_text="The document, where the council keeps it.",
    )
    interests_address = models.URLField(
        "register of interests elsewhere",
        blank=True,
        help_text="The address, where the district or county council keeps it.",
    )

    template = "home/person_page.html"
    shown_with = ("photo", "interests")
    page_description = "One councillor or member of staff, with ward, committees and contact."
    parent_page_types: ClassVar[list[str]] = ["home.PeopleIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldPanel("role"), FieldPanel("ward"), FieldPanel("photo")],
            heading="Who",
        ),
        MultiFieldPanel([FieldPanel("phone"), FieldPanel("email")], heading="Contact"),
        FieldPanel("about"),
        InlinePanel("seats", heading="Committees", label="Seat"),
        MultiFieldPanel(
            [FieldPanel("interests"), FieldPanel("interests_address")],
            heading="Register of interests",
        ),
        *review_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("role"),
        index.SearchField("ward"),
        index.SearchField("about"),
        index.SearchField("phone"),
        index.SearchField("email"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["seats"] = list(self.seats.select_related("committee"))
        if self.photo_id:
            prefetch_related_objects([self], _faces())
        return context

    @property
    def is_councillor(self) -> bool:
        return self.kind == self.Kind.COUNCILLOR

    @property
    def initials(self) -> str:
        """For where there is no photo; the last two words leave titles such as Councillor out."""
        return "".join(word[0] for word in self.title.split()[-2:]).upper()

    @property
    def listing_summary(self) -> str:
        return ", ".join(filter(None, (self.role, self.ward and f"{self.ward} ward", self.phone)))


GROUPS = {PersonPage.Kind.COUNCILLOR: "Councillors", PersonPage.Kind.STAFF: "Staff"}


class CommitteeSeat(Orderable):
    """A person's place on a committee."""

    person = ParentalKey(PersonPage, on_delete=models.CASCADE, related_name="seats")
    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="seats")
    post = models.CharField(max_length=40, blank=True, help_text="For example: Chair.")

    panels: ClassVar[list[Any]] = [FieldPanel("committee"), FieldPanel("post")]
