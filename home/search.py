"""What fits a resident's words best, ranked where the words are indexed.

Wagtail's own ranking on SQLite asks the index anew for each hit, so that it takes seconds where
thousands of pages hold the word.
"""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connections
from django.db.models.expressions import RawSQL
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry
from wagtail.search.query import PlainText

MOST = 200  # hits; nobody reads further, and more words find fewer
MOST_WORDS = 20
_ENTRIES = IndexEntry._meta.db_table
_INDEX = f"{_ENTRIES}_fts"
# A word in the title weighs five of the text; the columns are autocomplete, body, title.
_WEIGHTS = "bm25(0.0, 1.0, 5.0)"


_ENDS_IN_ES = ("s", "x", "ch", "sh")


def best(among: Any, words: str, most: int = MOST) -> list[int]:
    """Keys of those objects of a query set that hold all of the words, the best first.

    One and many are the same word: who looks for a job finds the page of jobs.
    """
    return _ranked(among, [_forms(word) for word in _split(words)], most, all_of_them=True)


def near(among: Any, words: str, most: int = MOST) -> list[int]:
    """Keys of those that hold any of the words, the best first: for when none holds them all."""
    telling = [_forms(word) for word in _split(words) if len(word) > 2]  # not "of" and "in"
    return _ranked(among, telling, most, all_of_them=False)


def _split(words: str) -> list[str]:
    """At most MOST_WORDS different words; signs alone are none, and PostgreSQL can ask for no such."""
    found = words.replace("\x00", " ").split()
    telling = (word for word in found if any(letter.isalnum() for letter in word))
    return list(dict.fromkeys(telling))[:MOST_WORDS]


def _forms(word: str) -> list[str]:
    """The word as typed, and in the other number, as English makes it."""
    small = word.casefold()
    if len(small) < 3 or not small.isalpha():
        return [word]
    if small.endswith("ies"):
        return [word, small[:-3] + "y"]
    if small.endswith("s") and not small.endswith("ss"):
        without_es = [small[:-2]] if small[:-2].endswith(_ENDS_IN_ES) else []
        return [word, small[:-1], *without_es]
    if small.endswith("y"):
        return [word, small + "s", small[:-1] + "ies"]
    return [word, small + ("es" if small.endswith(_ENDS_IN_ES) else "s")]


def _ranked(among: Any, wanted: list[list[str]], most: int, *, all_of_them: bool) -> list[int]:
    if not wanted:
        return []
    if connections[among.db].vendor == "sqlite":
        return _ranked_by_sqlite(among, _match(wanted, all_of_them), most)
    parts = [reduce(or_, map(PlainText, forms)) for forms in wanted]
    found = among.search(reduce(and_ if all_of_them else or_, parts))[:most]
    return list(found.get_queryset().values_list("pk", flat=True))


def _match(wanted: list[list[str]], all_of_them: bool) -> str:
    """The question in the index's own language."""
    parts = ["(" + " OR ".join(map(_quoted, forms)) + ")" for forms in wanted]
    return "{title body} : (" + (" AND " if all_of_them else " OR ").join(parts) + ")"


def _quoted(word: str) -> str:
    # In quotation marks nothing is a sign of that language.
    return '"' + word.replace('"', '""') + '"'


def _ranked_by_sqlite(among: Any, match: str, most: int) -> list[int]:
    """One statement: the index hands out its hits in order, and it ends when enough are shown."""
    shown = among.filter(pk=RawSQL("CAST(entry.object_id AS integer)", ()))
    exists, parameters = shown.order_by().values("pk").query.sql_with_params()
    kinds = get_descendants_content_types_pks(among.model)
    sql = (
        # CROSS: else SQLite might begin with the entries, and sort all hits by itself.
        f"SELECT entry.object_id FROM {_INDEX} CROSS JOIN {_ENTRIES} entry"  # noqa: S608 - our own names
        f" WHERE entry.id = {_INDEX}.rowid AND {_INDEX} MATCH %s AND rank MATCH %s"
        f" AND entry.content_type_id IN ({', '.join(['%s'] * len(kinds))})"
        f" AND EXISTS ({exists}) ORDER BY rank LIMIT %s"
    )
    with connections[among.db].cursor() as cursor:
        cursor.execute(sql, [match, _WEIGHTS, *kinds, *parameters, most])
        return [int(key) for (key,) in cursor.fetchall()]
