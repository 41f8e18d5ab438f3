"""The same move with several deliveries in one go, for the worker, which has several in hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from social_publish.models import Delivery
from social_publish.outbox.statements import Change, Sql, insert, update_all
from social_publish.outbox.table import MOVES, as_known, line_of, rule_of


def move_all(
    each: Sequence[tuple[Delivery, Mapping[str, Any]]],
    name: str,
    *,
    now: datetime,
    guards: tuple[Sql, ...] = (),
    **shared: Any,
) -> list[Delivery]:
    """Make one move of the table with each delivery that is still as it says, and as `guards` say.

    One conditional UPDATE of all, and a line of history for each, in one transaction. each: the
    delivery with its own changes; shared: changes in all of them. Gives those that were moved;
    what another transaction is just changing is not among them, and may be moved singly. The caller
    sends `posts_changed` where the public finds something new: once for many moves.
    """
    changes, lines = [], {}
    for delivery, own in each:
        after = rule_of(delivery, name).after
        line = line_of(delivery, name, delivery.state, after, now=now, actor=None, why="")
        lines[delivery.pk] = line
        changes.append(Change(delivery, {**own, "history_hash": line.hash}, as_known(delivery)))
    shared = {"state": MOVES[name].after, "why": ""} | shared
    with transaction.atomic(savepoint=False):
        found = update_all(changes, shared, *guards)
        insert(*(lines[pk] for pk in found))
    # Only after the commit: a row that could not be written must not look as if it were.
    moved = [(delivery, change) for (delivery, _), change in zip(each, changes, strict=True)]
    moved = [(delivery, change) for delivery, change in moved if delivery.pk in found]
    for delivery, change in moved:
        for field, value in {**shared, **change.values}.items():
            setattr(delivery, field, value)
    return [delivery for delivery, _ in moved]
