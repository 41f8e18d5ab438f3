"""`manage.py hear_comments`: asks Facebook to tell this website of each new comment."""

from typing import Any

from django.core.management.base import BaseCommand

from social_publish import webhooks
from social_publish.credentials import CredentialsLost
from social_publish.jobs import account_of
from social_publish.models import Channel
from social_publish.networks.answers import Accepted
from social_publish.networks.facebook import hear_comments


class Command(BaseCommand):
    help = (
        "Asks Facebook to tell this website of each new comment, for each Facebook channel. The"
        " website must be running, and Facebook must be able to reach it. May be run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        channels = Channel.objects.filter(network=webhooks.NETWORK).order_by("pk")
        for channel in channels:
            self.stdout.write(f"{channel.name}: {_ask(channel)}")
        if not channels:
            self.stdout.write("No channel on Facebook is connected yet.")


def _ask(channel: Channel) -> str:
    try:
        account = account_of(channel)
    except CredentialsLost as lost:
        return str(lost)
    answer = hear_comments(account, webhooks.callback_url(), webhooks.verify_token())
    if isinstance(answer, Accepted):
        return "Facebook tells this website of each new comment."
    return f"{answer.reason} Until then comments are looked for by themselves, at fixed times."
