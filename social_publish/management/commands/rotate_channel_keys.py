"""`manage.py rotate_channel_keys`: seals all credentials under the first of CHANNEL_KEYS."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from social_publish import kept_keys, resealing, sign_ins


class Command(BaseCommand):
    help = (
        "Seals all channel credentials under the first of CHANNEL_KEYS. Put the new key in front"
        " of the old one, restart web server and worker, then run this. Workers may go on."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CHANNEL_KEYS:
            raise CommandError("CHANNEL_KEYS is empty: nothing can be opened or sealed.")
        sign_ins.record_kept(timezone.now())
        report = resealing.reseal_all()
        self.stdout.write(f"Sealed anew: {report.anew}.")
        self.stdout.write(f"Under the first key already: {report.newest}.")
        waiting = sum(1 for _ in kept_keys.kept())
        for name in report.lost:
            self.stderr.write(f"Cannot be opened with any of CHANNEL_KEYS: {name}.")
        if report.lost:
            raise CommandError(
                "Keep the old keys. What is named above was left as it is: give the key it was"
                " sealed with, or connect it again, and run this once more."
            )
        if waiting:
            raise CommandError(
                f"Keep the old keys. {waiting} renewed sign-ins wait in DATA_DIR/kept_keys: see the"
                " worker's log, and run this once more when they are gone."
            )
        if len(settings.CHANNEL_KEYS) > 1:
            self.stdout.write(
                "The older keys are needed no more, except for old backups. Take them out of"
                " CHANNEL_KEYS, and restart web server and worker."
            )
