"""What must hold after every case, asked of what the networks stored and not of what we believe.

I1 to I7 are the invariants of the delivery engine; `lost` and `stuck` are asked where a case
ran until nothing was under way.
"""

import json

from django.db import connection
from django_q.models import OrmQ

from social_publish.models import (
    Announcement,
    Delivery,
    EmergencyStop,
    State,
    Trouble,
    Wanted,
)
from social_publish.outbox import MOVES
from tests.faults.world import AT_REST, World

UNDER_LEASE = (State.SENDING, State.REMOVING)
# Lines of history that leave the state as it is, or begin it.
NO_MOVES = {"propose", "forget", "second copy"}


def broken(world: World) -> list[str]:
    """The invariants that do not hold now, each as a sentence."""
    deliveries = list(Delivery.objects.select_related("channel", "announcement"))
    return [
        *([] if world.doubles_expected else doubles(world, deliveries)),
        *_missing_rows(world),
        *_forgotten_leases(world, deliveries),
        *_broken_histories(deliveries),
        *_unnoticed(world, deliveries),
        *_escaped(deliveries),
        *_secrets(world),
    ]


def doubles(world: World, deliveries: list[Delivery]) -> list[str]:
    """I1: a delivery is on its network once at most, removed copies included."""
    return [
        f"I1: {len(copies)} copies of {delivery}."
        for delivery in deliveries
        if len(copies := world.copies(delivery)) > 1
    ]


def lost(world: World) -> list[str]:
    """A post that is not where its state says."""
    wrong = []
    for delivery in Delivery.objects.select_related("channel", "announcement"):
        shown = {post["id"] for post in world.copies(delivery) if not post["deleted"]}
        if delivery.state == State.POSTED and delivery.remote_id not in shown:
            wrong.append(f"Lost: {delivery} is said to be posted, and is not there.")
        if delivery.state in AT_REST - {State.POSTED, State.NEEDS_PERSON} and shown:
            wrong.append(f"Lost: {delivery} is {delivery.state}, and there for all to see.")
    return wrong


def stuck() -> list[str]:
    return [
        f"Stuck: {delivery} stays {delivery.state}: {delivery.why}"
        for delivery in Delivery.objects.exclude(state__in=AT_REST)
    ]


def _missing_rows(world: World) -> list[str]:
    """I2: an approved announcement has exactly one row for each channel that was ticked."""
    wrong = []
    for announcement in Announcement.objects.filter(status=Announcement.Status.APPROVED):
        if announcement.page is None:
            continue
        page = announcement.page.specific
        ticked = sorted(channel.pk for channel in page.ticked_channels())
        rows = sorted(announcement.deliveries.values_list("channel", flat=True))
        if rows != ticked:
            wrong.append(f"I2: {announcement} has rows for channels {rows}, not {ticked}.")
    return wrong


def _forgotten_leases(world: World, deliveries: list[Delivery]) -> list[str]:
    """I3: no row stays in work when its lease is over and two sweeps have passed."""
    now = world.now()
    return [
        f"I3: {delivery} is {delivery.state} since its lease ended."
        for delivery in deliveries
        if delivery.state in UNDER_LEASE
        and delivery.lease_until
        and (now - delivery.lease_until).total_seconds() > 120
    ]


def _broken_histories(deliveries: list[Delivery]) -> list[str]:
    """I4: every move has its line, the lines join, and the chain of hashes holds."""
    return [
        f"I4: {delivery}: {fault}"
        for delivery in deliveries
        if (fault := _fault_in_history(delivery))
    ]


def _fault_in_history(delivery: Delivery) -> str:
    state, last_hash = "", ""
    for event in delivery.events.all():
        if event.previous_hash != last_hash or event.hash != event.expected_hash():
            return f"the chain breaks at “{event.move}”."
        if event.state_before != state and event.move != "propose":
            return f"“{event.move}” starts from {event.state_before}, but it was {state}."
        rule = None if event.move in NO_MOVES else MOVES[event.move]
        if rule and (event.state_before not in rule.before or event.state_after != rule.after):
            return f"“{event.move}” is not allowed from {event.state_before}."
        if not event.actor_name:
            return f"nobody did “{event.move}”."
        state, last_hash = event.state_after, event.hash
    return "" if state == delivery.state else f"it is {delivery.state}, its history says {state}."


def _unnoticed(world: World, deliveries: list[Delivery]) -> list[str]:
    """I5: what must be absent and is there for more than ten minutes has been told to a person."""
    wrong = []
    for delivery in deliveries:
        told = Trouble.objects.filter(delivery=delivery, over_at=None, told_at__isnull=False)
        if delivery.wanted != Wanted.ABSENT or told:
            continue
        shown = [post for post in world.copies(delivery) if not post["deleted"]]
        last = delivery.events.order_by("-pk").first()
        if shown and last and (world.now() - last.at).total_seconds() > 600:
            wrong.append(f"I5: {delivery} must go, is there, and nobody was told.")
    return wrong


def _escaped(deliveries: list[Delivery]) -> list[str]:
    """I7: what was waiting or on its way during a stop is posted only when a person lets it go."""
    stops = list(EmergencyStop.objects.exclude(lifted_at=None))
    return [
        f"I7: {delivery} went on although a stop had caught it."
        for delivery in deliveries
        if any(_went_on_after(stop, delivery) for stop in stops)
    ]


def _went_on_after(stop: EmergencyStop, delivery: Delivery) -> bool:
    caught = False
    for event in delivery.events.all():
        if event.at < stop.at:
            caught = event.state_after in (State.QUEUED, State.SENDING, State.UNKNOWN)
        elif event.move in ("retry", "release"):
            caught = False
        elif event.move == "claim" and caught and event.at > stop.lifted_at:
            return True
    return False


def _secrets(world: World) -> list[str]:
    """I6: no credential of a channel stands in any table or in what the workers printed."""
    secrets = [v for c in world.channels.values() for v in c.unseal().values()]
    wrong = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if _any_in(secrets, json.dumps(cursor.fetchall(), default=str)):
                wrong.append(f"I6: a secret stands in {table}.")
    if _any_in(secrets, str([task.task for task in OrmQ.objects.all()])):
        wrong.append("I6: a secret stands in the queue.")
    if _any_in(secrets, world.workers.new_lines()):
        wrong.append("I6: a secret stands in the log.")
    return wrong


def _any_in(secrets: list[str], text: str) -> bool:
    return any(secret in text for secret in secrets)
