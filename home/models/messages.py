"""What residents write through the site's forms. It is kept here whatever becomes of the e-mail."""

from datetime import datetime, timedelta

from django.db import models
from wagtail.models import Page, Site

from home.models.site_details import SiteDetails


class ResidentMessage(models.Model):
    """One message; deleted when its site's retention is over."""

    class Subject(models.TextChoices):
        CONTACT = "contact", "Message to the office"
        CONCERN = "concern", "Concern about our pages"

    subject = models.CharField(max_length=10, choices=Subject, default=Subject.CONTACT)
    # Of the opened form and its words: pressing Send twice is one message.
    form_token = models.CharField(max_length=40, unique=True, editable=False)
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, editable=False)
    page = models.ForeignKey(
        Page, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    name = models.CharField(max_length=100, blank=True)
    reply_to = models.CharField("e-mail or phone", max_length=150, blank=True)
    about = models.CharField("which page or post", max_length=300, blank=True)
    words = models.TextField("message", max_length=5000)
    received_at = models.DateTimeField()
    handled = models.BooleanField("dealt with", default=False)

    class Meta:
        verbose_name = "message"
        ordering = ("handled", "-received_at")
        indexes = [models.Index(fields=("received_at",), name="messages_by_age")]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}, {self.received_at:%d %B %Y}"


def forget_messages(now: datetime) -> int:
    """Delete what has been kept as long as its site says; returns how many messages went."""
    gone = 0
    default = SiteDetails._meta.get_field("keep_messages_days").default
    kept = dict(SiteDetails.objects.values_list("site_id", "keep_messages_days"))
    for site_id in set(ResidentMessage.objects.values_list("site_id", flat=True)):
        days = kept.get(site_id, default)
        old = ResidentMessage.objects.filter(site_id=site_id)
        gone += old.filter(received_at__lt=now - timedelta(days=days)).delete()[0]
    return gone
