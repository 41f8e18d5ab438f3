"""The one row that changes with whatever residents see."""

from django.db import models


class ContentVersion(models.Model):
    """Read and changed by home.content_version alone."""

    number = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)
