"""A table of fees or spending, from the editor's form to the resident's page."""

import re
from typing import Any

import pytest
from django.test import Client

from home.models import ContentPage
from tests.council import Council

pytestmark = pytest.mark.django_db

TYPES = ["name", "words", "amount"]
HEADINGS = ["Room", "Seats", "An hour"]
ROWS = [["Main hall", "120 & a stage", "£14.00"], ["Committee room", "", "£6.50"]]


def table(
    caption: str = "Hall fees",
    types: list[str] = TYPES,
    headings: list[str] = HEADINGS,
    rows: list[list[str]] = ROWS,
) -> dict[str, Any]:
    """What the browser sends of a body that holds one table."""
    form: dict[str, Any] = {"body-count": 1, "body-0-type": "table", "body-0-order": 0}
    form |= {"body-0-deleted": "", "body-0-id": ""}
    sent: dict[str, Any] = {"caption": caption, "column-count": len(types), "row-count": len(rows)}
    for n, (kind, heading) in enumerate(zip(types, headings, strict=True)):
        facts = {"type": kind, "heading": heading, "order": n, "deleted": ""}
        sent |= {f"column-{n}-{name}": value for name, value in facts.items()}
    for n, row in enumerate(rows):
        sent |= {f"row-{n}-order": n, f"row-{n}-deleted": ""}
        sent |= {f"cell-{n}-{m}": value for m, value in enumerate(row)}
    return form | {f"body-0-value-{name}": value for name, value in sent.items()}


def write(council: Council, form: dict[str, Any], *, publish: bool = True) -> Any:
    """Through the form of the admin, as the webmaster."""
    address = f"/admin/pages/add/home/contentpage/{council.home.pk}/"
    form |= {"title": "Fees", "slug": "fees", "intro": "What things cost.", "footnote": "null"}
    form |= {"review_on": "2030-01-01", "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    if publish:
        form["action-publish"] = "1"
    return council.client("webmaster").post(address, form)


def test_residents_read_rows_and_columns_by_their_headings(council: Council) -> None:
    assert write(council, table()).status_code == 302
    shown = Client().get("/fees/").content.decode()
    shown = re.sub(r">\s+<", "><", shown[shown.index("<table") : shown.index("</table>")])
    assert "<caption>Hall fees</caption>" in shown
    assert '<th scope="col">Room</th><th scope="col">Seats</th>' in shown
    assert '<th scope="col" class="amount">An hour</th>' in shown
    first = '<th scope="row">Main hall</th><td>120 &amp; a stage</td><td class="amount">£14.00</td>'
    assert f"<tr>{first}</tr>" in shown
    assert shown.count("<tr>") == 3
    assert "Fees" in Client().get("/search/?q=committee").content.decode()


def test_rows_need_no_names_of_their_own(council: Council) -> None:
    form = table(types=["words", "amount"], headings=["Date", "Sum"], rows=[["1 May", "£120"]])
    assert write(council, form).status_code == 302
    shown = Client().get("/fees/").content.decode()
    assert '<td>1 May</td><td class="amount">£120</td>' in shown
    assert 'scope="row"' not in shown


def test_an_empty_row_is_left_out(council: Council) -> None:
    assert write(council, table(rows=[*ROWS, ["", "", ""]])).status_code == 302
    assert Client().get("/fees/").content.decode().count('<th scope="row">') == 2


def test_a_wide_table_scrolls_by_itself_with_the_keyboard(council: Council) -> None:
    write(council, table(caption='Fees "from" 1 < 2'))
    shown = Client().get("/fees/").content.decode()
    name = "Fees &quot;from&quot; 1 &lt; 2"
    assert f'<div class="sideways" role="region" aria-label="{name}" tabindex="0"><table>' in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"caption": " "}, "Give the table a caption: what does it show?"),
        ({"headings": ["Room", "", "An hour"]}, "Give each column a heading."),
        ({"rows": []}, "Add a column and a row, or take the table away."),
        ({"types": [], "headings": [], "rows": []}, "Add a column and a row"),
        ({"rows": [["", "", ""]]}, "Add a column and a row"),
        ({"rows": [["", "120", "£14"]]}, "Give each row its name."),
    ],
)
def test_what_a_table_lacks_is_said(council: Council, changes: Any, words: str) -> None:
    refused = write(council, table(**changes))
    assert refused.status_code == 200
    assert words in refused.content.decode()
    assert not ContentPage.objects.filter(slug="fees").exists()
    assert write(council, table(**changes), publish=False).status_code == 302, "a draft may lack it"
    page = ContentPage.objects.get(slug="fees")
    webmaster = council.client("webmaster")
    assert webmaster.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    assert webmaster.get(f"/admin/pages/{page.pk}/view_draft/").status_code == 200


def test_the_style_guide_shows_a_table() -> None:
    guide = Client().get("/style-guide/").content.decode()
    assert "<caption>What the hall costs</caption>" in guide
