"""`manage.py forget_messages`: the same as the queue does each hour, for installs without it."""

from typing import Any

from django.core.management.base import BaseCommand

from home import tasks


class Command(BaseCommand):
    help = "Deletes residents' messages that have been kept as long as the privacy notice says."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = tasks.forget()
        self.stdout.write(f"{gone} messages were deleted.")
