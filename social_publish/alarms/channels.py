"""What is wrong with a channel: stopped, about to lose its sign-in, unchecked, with a test left over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from social_publish import security
from social_publish.models import Channel, TrialPost, Trouble
from social_publish.networks import NETWORKS

# Days before the end of a sign-in at which people are told, once each.
DAYS = (30, 14, 3, 1)
CHECKS_MAY_BE_SILENT = timedelta(days=3)
A_TEST_MAY_TAKE = timedelta(minutes=2)


def troubled(now: datetime) -> Iterator[Trouble]:
    """Channels that are stopped by trouble of their own; it began when it was first noticed."""
    open_since = Trouble.objects.filter(
        kind=Trouble.Kind.CHANNEL, channel=OuterRef("pk"), over_at=None
    )
    troubled = Channel.objects.exclude(trouble="").select_related("group")
    for channel in troubled.annotate(noticed=Subquery(open_since.values("since")[:1])):
        yield Trouble(
            kind=Trouble.Kind.CHANNEL,
            channel=channel,
            words=f"{channel.trouble} Until then nothing is posted there; what is approved waits.",
            since=channel.noticed or now,
        )


def sign_ins_that_end(now: datetime) -> Iterator[Trouble]:
    """The words change at each threshold, and so it is told again."""
    soon = now + timedelta(days=max(DAYS))
    channels = Channel.objects.filter(sign_in_ends__lte=soon).select_related("group")
    for channel in channels.order_by("pk"):
        assert channel.sign_in_ends
        yield Trouble(
            kind=Trouble.Kind.SIGN_IN,
            channel=channel,
            words=sign_in_words(channel, now),
            since=channel.sign_in_ends - timedelta(days=max(DAYS)),
        )


def sign_in_words(channel: Channel, now: datetime) -> str:
    """When a person must sign in again, and what happens otherwise; "" while that is far away."""
    ends = channel.sign_in_ends
    if ends is None or ends > now + timedelta(days=max(DAYS)):
        return ""
    network, day = NETWORKS[channel.network].name, f"{timezone.localtime(ends):%-d %B %Y}"
    if ends <= now:
        return (
            f"The sign-in of this channel at {network} ended on {day}. Nothing can be posted there"
            " until someone connects the channel again."
        )
    left = min(days for days in DAYS if ends <= now + timedelta(days=days))
    span = "one day" if left == 1 else f"{left} days"
    return (
        f"The sign-in of this channel at {network} ends on {day}, in less than {span}. Connect the"
        " channel again before then: afterwards nothing can be posted there."
    )


def checks_that_found_something(now: datetime) -> Iterator[Trouble]:
    """Where it stopped the channel, the channel's own trouble says so already."""
    known = Channel.objects.filter(trouble="", checked_at__isnull=False).select_related("group")
    for channel in known.order_by("pk"):
        assert channel.checked_at
        words, since = channel.check_says, channel.checked_at
        if not words and channel.checked_at < now - CHECKS_MAY_BE_SILENT:
            words = _silence(channel)
        if words:
            yield Trouble(kind=Trouble.Kind.CHECK, channel=channel, words=words, since=since)


def _silence(channel: Channel) -> str:
    asked = timezone.localtime(channel.checked_at)
    return (
        f"Since {asked:%-d %B %Y} this website could not ask {NETWORKS[channel.network].name} about"
        " the channel. It tries again by itself. Ask whoever looks after the website whether"
        " something stands in the way."
    )


def overdue_checks(now: datetime) -> Iterator[Trouble]:
    """Checks that a person owes a channel (`security`)."""
    for channel, late in security.overdue(now):
        due = min((item.due_at for item in late if item.due_at), default=now)
        yield Trouble(
            kind=Trouble.Kind.CHECKS,
            channel=channel,
            words=security.summary(late),
            since=min(due, now),
        )


def test_posts(now: datetime) -> Iterator[Trouble]:
    """What a test of a channel left on a network, or may have left."""
    left = TrialPost.objects.filter(
        Q(busy_until=None) | Q(busy_until__lt=now),
        ~Q(state=TrialPost.State.SENDING) | Q(asking=True),
        state__in=TrialPost.OPEN,
        started_at__lt=now - A_TEST_MAY_TAKE,
    )
    for trial in left.select_related("channel__group").order_by("pk"):
        place = trial.remote_url or trial.channel.profile_url or "the channel's profile"
        yield Trouble(
            kind=Trouble.Kind.STILL_THERE,
            channel=trial.channel,
            words=f"A test post may still be there. Look at {place}, remove it by hand if it stands"
            " there, and say so where the channel is set up.",
            since=trial.started_at,
        )
