"""The statements that run with every post, written out.

Django builds the words of each statement anew, and that was more than half of the processor
time of a post. Names and values still pass through the models' fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


@dataclass(frozen=True)
class Sql:
    """A condition or a value in SQL, with what its %s stand for; times are aware datetimes."""

    words: str
    values: tuple[Any, ...] = ()


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
    # Only names of our own tables and columns get into the words.
    words = (
        f"UPDATE {row._meta.db_table} SET {', '.join(part.words for part in set_)}"  # noqa: S608
        f" WHERE {' AND '.join(part.words for part in if_)}"
        f" RETURNING {_fields(type(row))[give].column}"
    )
    return _first(words, set_ + if_)


def is_still(row: Model, where: Mapping[str, Any], *guards: Sql) -> bool:
    """Is the row still as `where` and the guards say?"""
    if_ = _conditions(row, where, guards)
    words = " AND ".join(part.words for part in if_)
    return bool(_first(f"SELECT 1 FROM {row._meta.db_table} WHERE {words}", if_))  # noqa: S608


def insert(row: Model) -> None:
    """Store a new row; no signal is sent."""
    fields = [field for field in _fields(type(row)).values() if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    words = f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({places}) RETURNING id"  # noqa: S608
    stored = tuple(_stored(field, getattr(row, field.attname)) for field in fields)
    row.pk = _first(words, [Sql("", stored)])


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


def _first(words: str, parts: list[Sql]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(words, [value for part in parts for value in part.values])
        # SQLite has changed nothing before all of its answer is read.
        found = cursor.fetchall()
    return found[0][0] if found else None
