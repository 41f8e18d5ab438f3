"""Signals forward: a moved page is listed where it now stands."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from news.models import EventPage, MeetingPage, NewsPage, VacancyPage


@receiver(post_page_move)
def list_anew(instance: Page, parent_page_after: Page, **_: Any) -> None:
    for model in (NewsPage, MeetingPage, EventPage, VacancyPage):
        model.objects.filter(pk=instance.pk).update(listed_under_id=parent_page_after.pk)
