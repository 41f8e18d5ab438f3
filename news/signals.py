"""Signals forward: a moved page is listed where it now stands; a partner's name is on pages."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import post_page_move

from home import content_version
from news.models import EventPage, MeetingPage, NewsPage, Partner, VacancyPage

post_save.connect(content_version.bump, sender=Partner)
post_delete.connect(content_version.bump, sender=Partner)


@receiver(post_page_move)
def list_anew(instance: Page, parent_page_after: Page, **_: Any) -> None:
    for model in (NewsPage, MeetingPage, EventPage, VacancyPage):
        model.objects.filter(pk=instance.pk).update(listed_under_id=parent_page_after.pk)
    # The lists are right only now.
    content_version.bump()
