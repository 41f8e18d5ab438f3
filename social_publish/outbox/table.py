"""The state table, and the one way to make a move of it.

Each move is one conditional UPDATE on (id, state, lease, last line of history) and writes the
next line in the same transaction. Time comes in as an argument. Nothing in this room knows a network.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.dispatch import Signal

from social_publish.models import Delivery, DeliveryEvent, EmergencyStop, State
from social_publish.outbox.statements import Sql, insert, update

# The wall clock of one call, and a minute.
LEASE = timedelta(seconds=105)

_NO_STOP = f"NOT EXISTS (SELECT 1 FROM {EmergencyStop._meta.db_table} WHERE lifted_at IS NULL"  # noqa: S608 - our own names
NO_STOP = Sql(f"{_NO_STOP})")

# Sent once it is committed that the public finds posts where there were none, or no longer does.
# Only then: the page that shows it must not make a worker wait, or fail.
posts_changed = Signal()
PUBLIC = {State.POSTED, State.REMOVED, State.GONE}


def no_stop_since(at: datetime | None) -> Sql:
    """No emergency stop is in force, nor was at any time after `at`."""
    return Sql(f"{_NO_STOP} OR lifted_at >= %s)", (at,)) if at else NO_STOP


@dataclass(frozen=True)
class Move:
    """One line of the state table: from any of `before` to `after`; guard: what must hold."""

    before: tuple[State, ...]
    after: State
    meaning: str
    guard: str = ""


S = State
MOVES: dict[str, Move] = {
    "release": Move(
        (S.PROPOSED, S.HELD),
        S.QUEUED,
        "approved, and readable by the public",
        "no emergency stop is on",
    ),
    "hold": Move(
        (S.PROPOSED, S.HELD, S.QUEUED, S.SENDING),
        S.HELD,
        "approved, but something must happen first",
        "from “being posted” only while no byte of it has left",
    ),
    "cancel": Move(
        (S.PROPOSED, S.HELD, S.QUEUED, S.REFUSED, S.NEEDS_PERSON),
        S.CANCELLED,
        "superseded, left out or withdrawn before it was posted",
    ),
    "claim": Move(
        (S.QUEUED,),
        S.SENDING,
        "a worker took it, before any byte leaves",
        "wanted, due, the channel is not paused, not resting (breaker) and within its daily budget, no emergency stop",
    ),
    "step": Move((S.SENDING,), S.SENDING, "a step that may be repeated is done", "lease"),
    "accept": Move((S.SENDING,), S.POSTED, "the network took it", "lease"),
    "put back": Move((S.SENDING,), S.QUEUED, "nothing was posted; later again", "lease"),
    "refuse": Move((S.SENDING,), S.REFUSED, "the network said no", "lease"),
    "lose sight": Move(
        (S.SENDING,), S.UNKNOWN, "it may have been posted or not", "lease, or its end"
    ),
    "find": Move((S.SENDING, S.UNKNOWN), S.POSTED, "found on the network by looking", "lease"),
    "late yes": Move(
        (S.HELD, S.QUEUED, S.SENDING, S.UNKNOWN, S.REFUSED, S.NEEDS_PERSON, S.CANCELLED),
        S.POSTED,
        "a slow answer came after the lease had run out",
        "bytes of it had left",
    ),
    "look again": Move((S.UNKNOWN,), S.UNKNOWN, "not found yet, and not proven absent", "lease"),
    "send again": Move(
        (S.UNKNOWN,),
        S.QUEUED,
        "proven absent, so the same bytes are sent once more",
        "three empty looks over the settle window, where the network proves absence, first time",
    ),
    "ask": Move(
        (S.HELD, S.QUEUED, S.SENDING, S.UNKNOWN, S.REMOVING),
        S.NEEDS_PERSON,
        "the machine must not decide this",
    ),
    "retry": Move(
        (S.REFUSED, S.NEEDS_PERSON, S.HELD),
        S.QUEUED,
        "a person decided to post it",
        "still wanted, no emergency stop; looked for first",
    ),
    "confirm": Move(
        (S.NEEDS_PERSON, S.REFUSED),
        S.POSTED,
        "a person found it on the network, or posted it there",
    ),
    "remove": Move(
        (S.POSTED, S.NEEDS_PERSON), S.REMOVING, "it must go from the network", "not wanted"
    ),
    "remove again": Move((S.REMOVING,), S.REMOVING, "its removal is not proven yet", "lease"),
    "prove removed": Move((S.REMOVING, S.NEEDS_PERSON), S.REMOVED, "it was read back as gone"),
    "doubt": Move(
        (S.POSTED,), S.UNKNOWN, "it was said to be out, but was never seen there", "lease"
    ),
    "miss": Move((S.POSTED,), S.GONE, "someone else removed it on the network", "lease"),
    "replies": Move((S.POSTED,), S.POSTED, "replies were checked, hidden or found open", "lease"),
}


def name_of(user: Any) -> str:
    """A person's name for the record; "the site" when no person acted."""
    return (user.get_full_name() or user.get_username()) if user else "the site"


def move(
    delivery: Delivery,
    name: str,
    *,
    now: datetime,
    actor: User | None = None,
    why: str = "",
    guards: tuple[Sql, ...] = (),
    **changes: Any,
) -> bool:
    """Make one move of the table. False when the row is no longer as `delivery` says.

    guards: what else must hold; changes: other fields to set, both in the same UPDATE. After a move
    `delivery.wanted` is what people want by now. Raises ValueError for a move that the table does not have.
    """
    rule = rule_of(delivery, name)
    given = changes
    changes = {"lease": "", "lease_until": None, "state": rule.after, "why": why[:500]} | given
    line = line_of(delivery, name, delivery.state, rule.after, now=now, actor=actor, why=why)
    changes["history_hash"] = line.hash
    with transaction.atomic(savepoint=False):
        wanted = update(delivery, changes, as_known(delivery), *guards, give="wanted")
        if wanted:
            insert(line)
            tell_public(delivery.state, rule.after)
    if wanted:
        # Only after the commit: a row that could not be written must not look as if it were.
        for field, value in {**changes, "wanted": wanted}.items():
            setattr(delivery, field, value)
    elif _was_only_noted(delivery):
        return move(delivery, name, now=now, actor=actor, why=why, guards=guards, **given)
    return bool(wanted)


def tell_public(before: str, after: State) -> None:
    """Say, once it is committed, that the public finds a post or no longer does."""
    if before != after and {before, after} & PUBLIC:
        transaction.on_commit(lambda: posts_changed.send(Delivery), robust=True)


def rule_of(delivery: Delivery, name: str) -> Move:
    """The table's line for a move of this delivery. Raises ValueError when there is none."""
    before = State(delivery.state)
    if before not in MOVES[name].before:
        raise ValueError(f"The table has no move “{name}” from “{before.value}”.")
    return MOVES[name]


def as_known(delivery: Delivery) -> dict[str, str]:
    """As what its row must still be found, so that a move changes it."""
    return {
        "state": delivery.state,
        "lease": delivery.lease,
        "history_hash": delivery.history_hash,
    }


def _was_only_noted(delivery: Delivery) -> bool:
    """Under our lease nobody else moves it, but someone may have added a line to its history."""
    same = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, lease=delivery.lease)
    longer = same.exclude(history_hash=delivery.history_hash)
    last = longer.values_list("history_hash", flat=True).first() if delivery.lease else None
    delivery.history_hash = last or delivery.history_hash
    return last is not None


def note(
    delivery: Delivery, name: str, why: str, *, now: datetime, actor: User | None, **changes: Any
) -> bool:
    """Add a line to the history that changes no state; False when the row has moved on."""
    line = line_of(delivery, name, delivery.state, delivery.state, now=now, actor=actor, why=why)
    changes |= {"history_hash": line.hash, "why": why[:500]}
    with transaction.atomic(savepoint=False):
        noted = update(delivery, changes, {"history_hash": delivery.history_hash})
        if noted:
            insert(line)
    if noted:
        for field, value in changes.items():
            setattr(delivery, field, value)
    return bool(noted)


def line_of(
    delivery: Delivery,
    name: str,
    before: State | str,
    after: State | str,
    *,
    now: datetime,
    actor: User | None,
    why: str,
) -> DeliveryEvent:
    """The next line of a delivery's history, chained by its hash to the line before; not saved."""
    line = DeliveryEvent(
        delivery=delivery,
        at=now,
        move=name,
        state_before=before,
        state_after=after,
        actor=actor,
        actor_name=name_of(actor),
        why=why,
        previous_hash=delivery.history_hash,
    )
    line.hash = line.expected_hash()
    return line
