"""What is dated and announces itself. Django finds every model of the app here."""

from news.models.announced import AnnouncedPage
from news.models.articles import NOTICES, UNDATED, NewsIndexPage, NewsPage, Partner, Purpose
from news.models.events import EventIndexPage, EventPage
from news.models.key_dates import KeyDate
from news.models.meetings import MeetingIndexPage, MeetingPage, MeetingPaper
from news.models.vacancies import VacancyIndexPage, VacancyPage

__all__ = [
    "NOTICES",
    "UNDATED",
    "AnnouncedPage",
    "EventIndexPage",
    "EventPage",
    "KeyDate",
    "MeetingIndexPage",
    "MeetingPage",
    "MeetingPaper",
    "NewsIndexPage",
    "NewsPage",
    "Partner",
    "Purpose",
    "VacancyIndexPage",
    "VacancyPage",
]
