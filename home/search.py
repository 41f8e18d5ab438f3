"""What fits a resident's words best, ranked where the words are indexed.

Wagtail's own ranking on SQLite asks the index anew for each hit, so that it takes seconds where
thousands of pages hold the word.
"""

from typing import Any

from django.db import connections
from django.db.models.expressions import RawSQL
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

MOST = 200  # hits; nobody reads further, and more words find fewer
_ENTRIES = IndexEntry._meta.db_table
_INDEX = f"{_ENTRIES}_fts"
# A word in the title weighs five of the text; the columns are autocomplete, body, title.
_WEIGHTS = "bm25(0.0, 1.0, 5.0)"


def best(among: Any, words: str, most: int = MOST) -> list[int]:
    """Keys of those objects of a query set that hold all of the words, the best first."""
    words = words.replace("\x00", " ")
    if not words.strip():
        return []
    if connections[among.db].vendor == "sqlite":
        return _ranked_by_sqlite(among, words, most)
    found = among.search(words)[:most]
    return list(found.get_queryset().values_list("pk", flat=True))


def _ranked_by_sqlite(among: Any, words: str, most: int) -> list[int]:
    """One statement: the index hands out its hits in order, and it ends when enough are shown."""
    shown = among.filter(pk=RawSQL("CAST(entry.object_id AS integer)", ()))
    exists, parameters = shown.order_by().values("pk").query.sql_with_params()
    kinds = get_descendants_content_types_pks(among.model)
    sql = (
        # CROSS: else SQLite might begin with the entries, and sort all hits by itself.
        f"SELECT entry.object_id FROM {_INDEX} CROSS JOIN {_ENTRIES} entry"  # noqa: S608
        f" WHERE entry.id = {_INDEX}.rowid AND {_INDEX} MATCH %s AND rank MATCH %s"
        f" AND entry.content_type_id IN ({', '.join(['%s'] * len(kinds))})"
        f" AND EXISTS ({exists}) ORDER BY rank LIMIT %s"
    )
    # In quotation marks nothing is a sign of the index's own language.
    quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
    match = f"{{title body}} : ({quoted})"
    with connections[among.db].cursor() as cursor:
        cursor.execute(sql, [match, _WEIGHTS, *kinds, *parameters, most])
        return [int(key) for (key,) in cursor.fetchall()]
