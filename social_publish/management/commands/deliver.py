"""`manage.py deliver`: one sweep without the queue, for a timer or by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from social_publish import tasks


class Command(BaseCommand):
    help = "Posts, looks for, removes and checks whatever is due now. May run beside the worker."

    def handle(self, *args: Any, **options: Any) -> None:
        done = tasks.sweep()
        self.stdout.write("Nothing was due." if not done else f"Pieces of work done: {done}.")
