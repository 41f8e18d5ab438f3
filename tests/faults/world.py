"""A council whose rows are really committed, its networks, its workers, and a clock to move."""

import shutil
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ
from wagtail.models import ModelLogEntry, PageLogEntry, Revision, TaskState, WorkflowState

from home.models import CouncilImage
from news.models import NewsPage
from social_publish import approval, outbox, tasks
from social_publish.models import (
    Announcement,
    Channel,
    Delivery,
    DeliveryEvent,
    EmergencyStop,
    HoldReason,
    State,
    Trouble,
    Wanted,
)
from social_publish.networks import NETWORKS
from social_publish.rehearsal.wire import Request
from tests.council import WORDS, Council, small_jpeg
from tests.faults.workers import Ended, Workers

AT_REST = {
    State.POSTED,
    State.REFUSED,
    State.NEEDS_PERSON,
    State.CANCELLED,
    State.REMOVED,
    State.GONE,
}
# Minutes after approval at which a sweep runs: a lease is 2, the settle window 10, the longest
# wait for a network that proves nothing 15 minutes long.
SWEEPS = (1, 2, 5, 10, 20, 40, 60, 80)
MADE_BY_A_CASE = (
    Trouble,
    DeliveryEvent,
    Delivery,
    Announcement,
    EmergencyStop,
    OrmQ,
    TaskState,
    WorkflowState,
)
_numbers = count(1)


@dataclass
class World:
    """channels: {network: the council's channel there}. minutes: how far the case's clock, the workers' and the networks', is ahead of the real one.

    asked: the deliveries a person had to decide about in this case.
    """

    council: Council
    channels: dict[str, Channel]
    workers: Workers
    image: CouncilImage
    minutes: float = 0
    asked: set[int] = field(default_factory=set)
    # Set by a case in which the networks were made to hold a second copy.
    doubles_expected: bool = False

    # --- time ---

    def now(self) -> datetime:
        return timezone.now() + timedelta(minutes=self.minutes)

    def pass_minutes(self, minutes: float) -> None:
        self.minutes += minutes

    def wait_until(self, minutes: float) -> None:
        self.minutes = max(self.minutes, minutes)

    # --- people ---

    def submit(self, *channels: Channel, picture: bool = False, **fields: Any) -> NewsPage:
        """A page that an editor wrote and handed in. fields: of the page, besides the usual."""
        number = next(_numbers)
        usual = {
            "title": f"Late opening {number}",
            "slug": f"late-opening-{number}",
            "intro": "Open until eight.",
            "announce": True,
            "summary": f"{WORDS} ({number})",
            "channel_words": {
                str(channel.pk): {"ticked": True, "words": ""} for channel in channels
            },
            "image": self.image if picture else None,
            "live": False,
        }
        page, editor = NewsPage(**usual | fields), self.council.people["editor"]
        with transaction.atomic():
            section = type(self.council.section).objects.get(pk=self.council.section.pk)
            section.add_child(instance=page)
            page.save_revision(user=editor)
            page.get_workflow().start(page, editor)
        return page

    def approval_of(self, page: NewsPage) -> dict[str, Any]:
        """What a moderator sends who read the page and ticked every post."""
        proposal = approval.proposal_of(page)
        assert proposal is not None
        return {
            "digest": proposal.digest,
            "ticked": set(proposal.deliveries.values_list("pk", flat=True)),
        }

    def announce(self, *channels: Channel, picture: bool = False, **fields: Any) -> NewsPage:
        """A page that one person wrote and another approved."""
        page = self.submit(*channels, picture=picture, **fields)
        self.approve(page)
        return page

    def approve(self, page: NewsPage) -> None:
        moderator = self.council.people["moderator"]
        approval.approve(page, **self.approval_of(page), user=moderator)

    def approval_order(self, page: NewsPage, by: str = "moderator") -> dict[str, Any]:
        """The same, as an order for a process of its own."""
        seen = self.approval_of(page)
        return {"page": page.pk, "by": by, **seen, "ticked": sorted(seen["ticked"])}

    def withdraw(self, delivery: Delivery) -> None:
        outbox.withdraw(delivery, now=self.now(), why="The page was unpublished.")

    def answer_questions(self, *, swept: bool = True) -> bool:
        """What truthful people do: they look at the network, and say what they saw there.

        swept: a whole sweep has ended since the last death, so that all questions are told. True
        when there was something to answer."""
        waiting = Delivery.objects.filter(state=State.NEEDS_PERSON).select_related("channel")
        for delivery in waiting:
            told = Trouble.objects.filter(delivery=delivery, over_at=None, told_at__isnull=False)
            untold = swept and not told.exists()
            assert not untold, f"{delivery} waits for a person, and nobody was told."
            self.asked.add(delivery.pk)
            self._answer(delivery)
        paused = Channel.objects.filter(
            paused=True, deliveries__state=State.HELD, deliveries__hold_reason=HoldReason.PAUSED
        ).distinct()
        for channel in paused:
            outbox.resume_channel(channel, now=self.now(), actor=self.council.people["moderator"])
        return bool(waiting or paused)

    def _answer(self, delivery: Delivery) -> None:
        moderator, now = self.council.people["moderator"], self.now()
        shown = [post for post in self.copies(delivery) if not post["deleted"]]
        able = NETWORKS[delivery.channel.network].capabilities
        if shown and delivery.remote_id and not able.can_remove:
            self._remove_by_hand(shown)
            outbox.leave(delivery, now=now, actor=moderator)
        elif shown and not delivery.remote_id:
            outbox.confirm_posted(delivery, str(shown[0]["id"]), "", now=now, actor=moderator)
        elif shown:
            outbox.retry_removal(delivery, now=now, actor=moderator)
        elif delivery.wanted == Wanted.ABSENT:
            outbox.leave(delivery, now=now, actor=moderator)
        else:
            outbox.retry(delivery, now=now, actor=moderator)

    def _remove_by_hand(self, posts: list[dict[str, Any]]) -> None:
        for post in posts:
            self.council.rehearsal.store.write(
                "UPDATE posts SET deleted = 1 WHERE id = ?", post["id"]
            )

    # --- work ---

    def sweep_here(self) -> int:
        """One sweep in this process, at the case's time."""
        return tasks.sweep(clock=self.now)

    def sweep(self, *, crash_at: str = "") -> Ended:
        """One sweep in a process of its own, at the case's time."""
        return self.workers.run("sweep", crash_at=crash_at, offset=self.minutes * 60)

    def sweep_at(self, minutes: float) -> Ended:
        """The same at so many minutes after now by the real clock."""
        self.minutes = minutes
        return self.sweep()

    def follow_through(self, *, crash_at: str = "") -> bool:
        """Sweeps, and people who answer what they are asked, until nothing is left to do."""
        killed = self.sweep(crash_at=crash_at).killed
        killed |= self.sweep_until_rest(crash_at="" if killed else crash_at)
        while self.answer_questions():
            self.sweep_until_rest()
        return killed

    def sweep_until_rest(self, *, crash_at: str = "") -> bool:
        """Sweeps with the clock moving, until nothing is under way. The first to reach the place
        `crash_at` is killed there. Returns whether any was."""
        start, killed = self.minutes, False
        for minutes in SWEEPS:
            self.wait_until(start + minutes)
            killed |= self.sweep(crash_at="" if killed else crash_at).killed
            if self.at_rest() and (killed or not crash_at):
                break
        return killed

    def at_rest(self) -> bool:
        return not Delivery.objects.exclude(state__in=AT_REST).exists()

    # --- what the networks hold ---

    def publishing(self, channel: Channel) -> list[Request]:
        """The requests to publish a post that reached the channel's network."""
        line = {"x": "POST /2/tweets", "facebook": f"/{channel.account_id}/feed"}
        found = self.council.rehearsal.requests(line[channel.network])
        return [r for r in found if r.path.endswith(("/tweets", "/feed"))]

    def copies(self, delivery: Delivery) -> list[dict[str, Any]]:
        """Every post that ever carried the delivery's link, removed ones too."""
        posts = self.council.posts(delivery.channel, deleted=True)
        return [post for post in posts if delivery.link.partition("//")[2] in post["text"]]

    # --- tidying ---

    def clean(self) -> None:
        """Take away all that a case made, and nothing that the council is made of."""
        with transaction.atomic():
            for model in MADE_BY_A_CASE:
                model.objects.all().delete()
            for page in NewsPage.objects.all():
                page.delete()
            for model in (Revision, PageLogEntry, ModelLogEntry):
                model.objects.all().delete()
            kept = [channel.pk for channel in self.channels.values()]
            Channel.objects.exclude(pk__in=kept).delete()
            Channel.objects.update(
                paused=False,
                trouble="",
                not_before=None,
                failures=0,
                budget_used=0,
                daily_budget=25,
                resend_when_absent=False,
            )
        shutil.rmtree(Path(settings.DATA_DIR) / "kept_answers", ignore_errors=True)
        self.council.rehearsal.reset()
        self.minutes = 0
        self.asked.clear()
        self.doubles_expected = False
        self.begin()

    def begin(self) -> None:
        """The networks share the clock of the case, and can reach the council's site."""
        store = self.council.rehearsal.store
        store.now = lambda: time.time() + self.minutes * 60
        # What a network finds that fetches a post's picture from the council's site.
        store.elsewhere = small_jpeg()
