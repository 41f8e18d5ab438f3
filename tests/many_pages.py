"""Thousands of pages, made by the database itself in a few statements."""

from django.db import connection
from wagtail.models import Page

SERIES = "WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last})"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEY = {
    "sqlite": "printf('%032x', {number})",
    "postgresql": "lpad(to_hex({number}), 32, '0')::uuid",
}
EARLIER = {
    "sqlite": "date(t.date, '-' || ({days}) || ' days')",
    "postgresql": "t.date - ({days})",
}


def copy_page(page: Page, number: int) -> None:
    """So many more pages like this one, beside it, each a day older than the one before.

    They have no revisions and stand in no search index.
    """
    above = page.get_parent()
    last = above.get_last_child().path[-page.steplen :]
    first = int(last, len(DIGITS)) + 1
    newest = Page.objects.latest("pk").pk
    series = SERIES.format(first=first, last=first + number - 1)
    slug = "'copy-' || n"
    changed = {
        "path": f"'{above.path}' || {_step('n', page.steplen)}",
        "translation_key": KEY[connection.vendor].format(number=f"{above.pk * 10_000_000} + n"),
        "title": "t.title || ' ' || n",
        "slug": slug,
        "url_path": f"'{above.url_path}' || {slug} || '/'",
        "latest_revision_id": "NULL",
        "live_revision_id": "NULL",
    }
    _copy(Page, page.pk, changed, "series", series)
    mine = {"page_ptr_id": "p.id"}
    if any(field.name == "date" for field in type(page)._meta.local_fields):
        days = f"(p.id - {newest}) % 3650"
        mine["date"] = EARLIER[connection.vendor].format(days=days)
    _copy(type(page), page.pk, mine, f"(SELECT id FROM wagtailcore_page WHERE id > {newest}) p")
    Page.objects.filter(pk=above.pk).update(numchild=above.numchild + number)


def _step(number: str, length: int) -> str:
    """A number as the last step of a path: in the tree's digits."""
    base = len(DIGITS)
    return " || ".join(
        f"substr('{DIGITS}', ({number} / {base**power}) % {base} + 1, 1)"
        for power in reversed(range(length))
    )


def _copy(
    model: type[Page], key: int, changed: dict[str, str], others: str, start: str = ""
) -> None:
    """Copy one row once for each row of `others`, with the changed columns."""
    fields = [f for f in model._meta.local_concrete_fields if f.column != "id"]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(changed.get(field.column, f't."{field.column}"') for field in fields)
    table, own = model._meta.db_table, model._meta.pk.column
    sql = (
        f"{start} INSERT INTO {table} ({names}) SELECT {values} FROM {table} t"
        f" CROSS JOIN {others} WHERE t.{own} = {key}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
