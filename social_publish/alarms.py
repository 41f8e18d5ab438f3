"""What is wrong, read from the facts, in words that say what happened and what to do next.

The words of one trouble stay the same while nothing changes: no counts of minutes in them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from social_publish import channel_alarms, openings, pulse, security
from social_publish.models import (
    Channel,
    Delivery,
    DeliveryEvent,
    EmergencyStop,
    HoldReason,
    State,
    TrialPost,
    Trouble,
    Wanted,
)
from social_publish.networks import NETWORKS
from social_publish.publication import is_public

Kind = Trouble.Kind

A_TEST_MAY_TAKE = timedelta(minutes=2)
REMOVAL_MAY_TAKE = timedelta(minutes=10)
# The queue is started anew after three minutes of silence; people hear if that was no help.
SILENCE_MAY_TAKE = timedelta(minutes=5)
CLOSING_MAY_TAKE = timedelta(minutes=2)
SHOWN_AS_GONE = timedelta(days=7)
COPIES_TURN_UP_WITHIN = timedelta(days=30)

NO_SWEEP = (
    "The website tries each minute to do what is due, and fails. Posts wait and nothing is lost."
    " Ask whoever looks after the website to read the worker's log."
)
NO_BEAT = (
    "The website's queue carries out nothing, and starting it anew has not helped. Posts still go"
    " out, up to a minute later. Ask whoever looks after the website to read the worker's log."
)
NOT_SCHEDULED = (
    "Pages with a planned time do not come out by themselves at the moment. Ask whoever looks"
    " after the website to read the worker's log."
)


def found(now: datetime) -> list[Trouble]:
    """Everything that is wrong now, longest first, as rows that are not saved."""
    here = [trouble for look in LOOKS for trouble in look(now)]
    return sorted(here, key=lambda trouble: trouble.since)


def _posts() -> QuerySet[Any]:
    """Deliveries with `entered`: when each came into the state in which it is."""
    changes = DeliveryEvent.objects.filter(delivery=OuterRef("pk"))
    entered = changes.exclude(state_before=F("state_after")).order_by("-pk").values("at")[:1]
    return Delivery.objects.select_related("announcement__page", "channel__group").annotate(
        entered=Coalesce(Subquery(entered), "announcement__proposed_at")
    )


def _of_posts(kind: Kind, posts: Iterable[Any], words: str) -> Iterator[Trouble]:
    """words: what happened, with {why} for the post's own account of it."""
    for post in posts:
        yield Trouble(
            kind=kind,
            delivery=post,
            words=" ".join(words.format(why=post.why).split()),
            since=post.entered,
        )


def _for_people_to_decide(now: datetime) -> Iterator[Trouble]:
    asked = _posts().filter(state=State.NEEDS_PERSON, wanted=Wanted.PRESENT)
    yield from _of_posts(
        Kind.DECISION, asked, "{why} Open the post, look at the channel's profile, and decide."
    )
    held = [HoldReason.RESTORED, HoldReason.APPROVER, HoldReason.ACCOUNT]
    if not EmergencyStop.is_on():
        held.append(HoldReason.STOPPED)
    for post in _posts().filter(state=State.HELD, hold_reason__in=held):
        words = f"{post.get_hold_reason_display()}. It waits until you decide."
        yield from _of_posts(Kind.DECISION, [post], words)


def _refused(now: datetime) -> Iterator[Trouble]:
    words = "{why} It was not posted. Mend the cause and try again, or leave it unposted."
    yield from _of_posts(Kind.REFUSED, _posts().filter(state=State.REFUSED), words)


def _still_there(now: datetime) -> Iterator[Trouble]:
    withdrawn = _posts().filter(wanted=Wanted.ABSENT)
    asked = withdrawn.filter(state=State.NEEDS_PERSON)
    only_people = [n.slug for n in NETWORKS.values() if not n.capabilities.can_remove]
    yield from _of_posts(
        Kind.STILL_THERE,
        asked.exclude(channel__network__in=only_people),
        "It was taken down, but it may still be on the network. {why} Remove it there by hand, or"
        " let the website try again.",
    )
    yield from _of_posts(
        Kind.STILL_THERE,
        asked.filter(channel__network__in=only_people),
        "It was taken down, but it may still be on the network. {why} Then open the post here and"
        " write down what you saw.",
    )
    under_way = withdrawn.filter(state__in=(State.SENDING, State.UNKNOWN, State.REMOVING))
    yield from _of_posts(
        Kind.STILL_THERE,
        under_way.filter(entered__lt=now - REMOVAL_MAY_TAKE),
        "It was taken down, and that it is gone is not proven yet. The website keeps trying. If it"
        " cannot wait, remove it on the network by hand.",
    )


def _gone(now: datetime) -> Iterator[Trouble]:
    gone = _posts().filter(state=State.GONE, wanted=Wanted.PRESENT)
    yield from _of_posts(
        Kind.GONE,
        gone.filter(entered__gte=now - SHOWN_AS_GONE),
        "{why} It is not posted again by itself. Ask who removed it, and why.",
    )


def _more_than_once(now: datetime) -> Iterator[Trouble]:
    # In whatever state the post itself is: taking it down does not take down its copies.
    out = _posts().filter(posted_at__gte=now - COPIES_TURN_UP_WITHIN).exclude(other_copies=[])
    for post in out:
        words = (
            "It stands on the network more than once. Remove the other copies there, and then say"
            f" so: {', '.join(post.other_copies)}"
        )
        yield Trouble(kind=Kind.COPIES, delivery=post, words=words, since=post.entered)


def _replies_open(now: datetime) -> Iterator[Trouble]:
    # Only posts whose replies are still to be looked at can have open ones.
    posted = _posts().filter(
        state=State.POSTED, replies_wanted="closed", replies_due_at__isnull=False
    )
    yield from _of_posts(
        Kind.REPLIES,
        posted.filter(replies_given="open"),
        "The network has its replies open. Close them there by hand, or take the post down.",
    )
    # These come out with replies open, and nothing has shown yet that they are closed.
    slow = [n.slug for n in NETWORKS.values() if n.capabilities.closes_after_posting]
    yield from _of_posts(
        Kind.REPLIES,
        posted.filter(
            replies_given="", channel__network__in=slow, posted_at__lt=now - CLOSING_MAY_TAKE
        ),
        "It came out with replies open, and we could not see yet that they are closed. Closing"
        " them is tried again. Close them on the network by hand, or take the post down.",
    )
    yield from _of_posts(
        Kind.REPLIES,
        posted.exclude(replies_given="open").filter(why__contains="could not be hidden"),
        "{why}",
    )


def _opened(now: datetime) -> Iterator[Trouble]:
    """Replies that people opened, and that go otherwise than they wanted."""
    shut = _posts().filter(state=State.POSTED, replies_wanted="open", open_replies__ended_at=None)
    yield from _of_posts(
        Kind.OPENED,
        shut.filter(replies_given__in=("closed", "narrowed")),
        "Replies were opened, and yet nobody can reply. Open them on the network by hand.",
    )
    for post, words, since in openings.unwatched(now):
        yield Trouble(kind=Kind.OPENED, delivery=post, words=words, since=since)


def _channels(now: datetime) -> Iterator[Trouble]:
    open_since = Trouble.objects.filter(kind=Kind.CHANNEL, channel=OuterRef("pk"), over_at=None)
    troubled = Channel.objects.exclude(trouble="").select_related("group")
    for channel in troubled.annotate(noticed=Subquery(open_since.values("since")[:1])):
        yield Trouble(
            kind=Kind.CHANNEL,
            channel=channel,
            words=f"{channel.trouble} Until then nothing is posted there; what is approved waits.",
            since=channel.noticed or now,
        )


def _overdue_checks(now: datetime) -> Iterator[Trouble]:
    for channel, late in security.overdue(now):
        due = min((item.due_at for item in late if item.due_at), default=now)
        yield Trouble(
            kind=Kind.CHECKS,
            channel=channel,
            words=security.summary(late),
            since=min(due, now),
        )


def _waiting(now: datetime) -> Iterator[Trouble]:
    """One for each channel, spoken of by the post that has waited longest."""
    late = _posts().filter(
        Channel.ready("channel__"),
        state=State.QUEUED,
        wanted=Wanted.PRESENT,
        released_at__lt=now - pulse.LATE_AFTER,
    )
    oldest: dict[int, Any] = {}
    for post in late.order_by("released_at", "pk"):
        oldest.setdefault(post.channel_id, post)
    for post in oldest.values():
        yield Trouble(
            kind=Kind.WAITING,
            channel=post.channel,
            words=f"{_why_it_waits(post, now)} The website goes on trying by itself for a day.",
            since=post.released_at,
        )


def _paused(now: datetime) -> Iterator[Trouble]:
    """Approved posts that wait for a channel which somebody paused, and perhaps forgot."""
    held = _posts().filter(
        Q(state=State.HELD, hold_reason=HoldReason.PAUSED)
        | Q(~Channel.ready("channel__"), state=State.QUEUED, wanted=Wanted.PRESENT),
        channel__trouble="",
        entered__lt=now - pulse.LATE_AFTER,
    )
    oldest: dict[int, Any] = {}
    for post in held.order_by("entered", "pk"):
        oldest.setdefault(post.channel_id, post)
    for post in oldest.values():
        channel = post.channel
        words = "The channel is paused, and approved posts wait for it. Let it go on, or take them"
        if channel.to_be_settled:
            words = (
                f"Approved posts wait, as {channel.to_be_settled}. Set the channel up, or take them"
            )
        yield Trouble(
            kind=Kind.WAITING,
            channel=channel,
            words=f"{words} out of the list of posts.",
            since=post.entered,
        )


def _test_posts(now: datetime) -> Iterator[Trouble]:
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
            kind=Kind.STILL_THERE,
            channel=trial.channel,
            words=f"A test post may still be there. Look at {place}, remove it by hand if it stands"
            " there, and say so where the channel is set up.",
            since=trial.started_at,
        )


def _why_it_waits(post: Delivery, now: datetime) -> str:
    channel = post.channel
    if channel.budget_day == timezone.localdate(now) and (
        channel.budget_used >= channel.daily_budget
    ):
        return "The channel has posted as much as it may in one day."
    last = post.events.filter(move="put back").exclude(why="").order_by("-pk").first()
    return last.why if last else "The worker has not come round to them."


def _not_out(now: datetime) -> Iterator[Trouble]:
    """One for each page, spoken of by the first of its posts that wait."""
    late = now - pulse.LATE_AFTER
    waiting = _posts().filter(
        Q(announcement__go_live_at=None) | Q(announcement__go_live_at__lt=late),
        state=State.HELD,
        hold_reason=HoldReason.PUBLICATION,
        announcement__approved_at__lt=late,
        announcement__page__isnull=False,
    )
    first: dict[int, Any] = {}
    for post in waiting.order_by("pk"):
        first.setdefault(post.announcement_id, post)
    for post in first.values():
        page, approved = post.announcement.page, post.announcement.approved_at
        words = "The page has not come out in its approved words, so its posts wait."
        if page.live and not is_public(page):
            words = "Residents cannot open the page: it is private, or a page above it is."
        yield Trouble(
            kind=Kind.NOT_OUT,
            delivery=post,
            words=f"{words} Look at the page's status and its schedule.",
            since=post.announcement.go_live_at or approved,
        )


def _worker(now: datetime) -> Iterator[Trouble]:
    life = pulse.take(now)

    def since(sign: datetime | None) -> datetime | None:
        # A worker that was started just now has had no time for anything yet.
        last = max((at for at in (sign, life.started) if at), default=now)
        return last if now - last > SILENCE_MAY_TAKE else None

    if silent := since(life.sweep):
        yield Trouble(kind=Kind.WORKER, words=NO_SWEEP, since=silent)
    elif silent := since(life.heartbeat):
        yield Trouble(kind=Kind.WORKER, words=NO_BEAT, since=silent)
    if silent := since(life.scheduled):
        yield Trouble(kind=Kind.SCHEDULE, words=NOT_SCHEDULED, since=silent)


LOOKS: tuple[Callable[[datetime], Iterator[Trouble]], ...] = (
    _for_people_to_decide,
    _refused,
    _still_there,
    _gone,
    _more_than_once,
    _replies_open,
    _opened,
    _channels,
    channel_alarms.sign_ins_that_end,
    channel_alarms.checks_that_found_something,
    _test_posts,
    _overdue_checks,
    _waiting,
    _paused,
    _not_out,
    _worker,
)
