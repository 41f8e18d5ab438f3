"""What councillors suggest: they may propose and comment, never create or send (Looe 4.6)."""

from django.conf import settings
from django.db import models


class Suggestion(models.Model):
    """An idea for a news item, for the editors to take up or not."""

    title = models.CharField("what is it about?", max_length=150)
    words = models.TextField("what should it say?")
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL
    )
    suggested_at = models.DateTimeField(auto_now_add=True)
    handled = models.BooleanField(
        "dealt with",
        default=False,
        help_text="Tick this once a page was written or it was declined.",
    )

    class Meta:
        ordering = ("handled", "-suggested_at")

    def __str__(self) -> str:
        return self.title
