"""Signs of life, written by the worker and read by people."""

from django.db import models


class WorkerSign(models.Model):
    """When something last happened.

    name: "heartbeat" (a queued task ran), "sweep", "publish_scheduled", or "started" (the worker).
    """

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%d %B %Y %H:%M}"
