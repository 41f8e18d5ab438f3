"""The statements that run with every post, written out.

Django builds the words of each statement anew, and that was more than half of the processor
time of a post. Names and values still pass through the models' fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


@dataclass(frozen=True)
class Sql:
    """A condition or a value in SQL, with what its %s stand for; times are aware datetimes."""

    words: str
    values: tuple[Any, ...] = ()

    @classmethod
    def among(cls, column: str, values: Sequence[Any]) -> "Sql":
        listed = _listed(values)
        return cls(f"{column} IN {listed.words}", listed.values)


def update(
    row: Model,
    changes: Mapping[str, Any],
    where: Mapping[str, Any],
    *guards: Sql,
    give: str = "id",
) -> Any:
    """Change the row if it is still as `where` and the guards say.

    changes, where: {field: value}; a changed value may be Sql. Returns the field `give` as it is
    now, or None when nothing was changed.
    """
    set_ = [_assigned(row, name, value) for name, value in changes.items()]
    if_ = _conditions(row, where, guards)
    words = (
        f"UPDATE {row._meta.db_table} SET {', '.join(part.words for part in set_)}"  # noqa: S608 - our own names
        f" WHERE {' AND '.join(part.words for part in if_)}"
        f" RETURNING {_fields(type(row))[give].column}"
    )
    found = _all(words, set_ + if_)
    return found[0][0] if found else None


@dataclass(frozen=True)
class Change:
    """A row, what is to be changed in it, and as what it must be found: {field: value}.

    The values are words, numbers or times, and never None.
    """

    row: Model
    values: Mapping[str, Any] = field(default_factory=dict)
    where: Mapping[str, Any] = field(default_factory=dict)


def update_all(changes: Sequence[Change], shared: Mapping[str, Any], *guards: Sql) -> set[int]:
    """Change each row that is still as its own `where` and the guards say, in one statement.

    changes: of rows of one table, all with the same fields; shared: changes in every one of them.
    Returns the ids of the rows that were changed. One row alone is waited for while another
    transaction is changing it. Of several it is left out: who holds rows and waits for others may
    be waited for in turn.
    """
    if not changes:
        return set()
    first, fields = changes[0], _fields(type(changes[0].row))
    names = ["id", *first.values, *first.where]
    pairs = [f"{fields[name].column} = given.column{at}" for at, name in enumerate(names, 1)]
    still_from = 1 + len(first.values)
    set_ = [_assigned(first.row, name, value) for name, value in shared.items()]
    given = [_given(change) for change in changes]
    # Said outright, so that the database finds the rows by their number in a large table too.
    if_ = [Sql.among("id", [change.row.pk for change in changes])]
    if_ += [Sql(guard.words, _adapted(guard)) for guard in guards]
    if len(changes) > 1:
        if_ += _unlocked([change.row for change in changes])
    words = (
        f"UPDATE {first.row._meta.db_table}"  # noqa: S608 - our own names
        f" SET {', '.join([*(part.words for part in set_), *pairs[1:still_from]])}"
        f" FROM (VALUES {', '.join(part.words for part in given)}) AS given WHERE "
        f"{' AND '.join([pairs[0], *pairs[still_from:], *(part.words for part in if_)])}"
        " RETURNING id"
    )
    return {found for (found,) in _all(words, set_ + given + if_)}


def _given(change: Change) -> Sql:
    fields = _fields(type(change.row))
    named = [("id", change.row.pk), *change.values.items(), *change.where.items()]
    return _listed([_stored(fields[name], value) for name, value in named])


def _listed(values: Sequence[Any]) -> Sql:
    return Sql(f"({', '.join(['%s'] * len(values))})", tuple(values))


def _unlocked(rows: Sequence[Model]) -> list[Sql]:
    """That no other transaction is changing the row; on SQLite there is none beside ours."""
    if not connection.features.has_select_for_update_skip_locked:
        return []
    among = Sql.among("id", [row.pk for row in rows])
    words = f"SELECT id FROM {rows[0]._meta.db_table} WHERE {among.words}"  # noqa: S608 - our own names
    # The weaker lock goes beside that of a row which refers to ours and is not committed yet.
    return [Sql(f"id IN ({words} FOR NO KEY UPDATE SKIP LOCKED)", among.values)]


def which(rows: Sequence[Model], *guards: Sql) -> set[int]:
    """The ids of those of the rows, all of one table, of which the guards hold."""
    if_ = [Sql.among("id", [row.pk for row in rows])]
    if_ += [Sql(guard.words, _adapted(guard)) for guard in guards]
    table, words = rows[0]._meta.db_table, " AND ".join(part.words for part in if_)
    return {found for (found,) in _all(f"SELECT id FROM {table} WHERE {words}", if_)}  # noqa: S608 - our own names


def insert(*rows: Model) -> None:
    """Store new rows of one table; no signal is sent."""
    if not rows:
        return
    fields = [field for field in _fields(type(rows[0])).values() if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    stored = [
        _listed([_stored(field, getattr(row, field.attname)) for field in fields]) for row in rows
    ]
    places = ", ".join(part.words for part in stored)
    words = f"INSERT INTO {rows[0]._meta.db_table} ({columns}) VALUES {places} RETURNING id"  # noqa: S608 - our own names
    _all(words, stored)


@cache
def _fields(model: type[Model]) -> "dict[str, Field[Any, Any]]":
    return {field.name: field for field in model._meta.concrete_fields}


def _conditions(row: Model, where: Mapping[str, Any], guards: tuple[Sql, ...]) -> list[Sql]:
    fields = _fields(type(row))
    known = [
        Sql(f"{fields[name].column} IS NULL") if value is None else _assigned(row, name, value)
        for name, value in {"id": row.pk, **where}.items()
    ]
    return known + [Sql(guard.words, _adapted(guard)) for guard in guards]


def _assigned(row: Model, name: str, value: Any) -> Sql:
    field = _fields(type(row))[name]
    if isinstance(value, Sql):
        return Sql(f"{field.column} = {value.words}", _adapted(value))
    return Sql(f"{field.column} = %s", (_stored(field, value),))


def _stored(field: "Field[Any, Any]", value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _adapted(part: Sql) -> tuple[Any, ...]:
    return tuple(connection.ops.adapt_unknown_value(value) for value in part.values)


def _all(words: str, parts: list[Sql]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(words, [value for part in parts for value in part.values])
        # SQLite has changed nothing before all of its answer is read.
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
