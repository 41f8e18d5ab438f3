"""`manage.py document_states`: the page on a delivery's life, made from the state table itself."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from social_publish.models import State
from social_publish.outbox import MOVES

PAGE = Path("docs") / "delivery-states.md"
HEAD = """# The life of a delivery

Made by `manage.py document_states` from `social_publish/outbox/table.py`; do not edit it here.
`wanted` is what people want (present or absent), the state is what we know. Each move is one
conditional UPDATE on the row's id, state and lease, and writes one line of its history.
"""


class Command(BaseCommand):
    help = "Writes docs/delivery-states.md; with --check, says whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / PAGE
        page = the_page()
        if not options["check"]:
            path.write_text(page)
        elif not path.exists() or path.read_text() != page:
            raise CommandError(f"{PAGE} is out of date. Run: manage.py document_states")


def the_page() -> str:
    """The whole page: words of the states, the table of moves, and the diagram."""
    states = ["| state | on the screens |", "|---|---|"]
    states += [f"| {state.value} | {state.label} |" for state in State]
    moves = ["| move | from | to | when | guard |", "|---|---|---|---|---|"]
    for name, rule in MOVES.items():
        before = ", ".join(state.value for state in rule.before)
        moves.append(f"| {name} | {before} | {rule.after.value} | {rule.meaning} | {rule.guard} |")
    parts = [HEAD, "## States", *states, "", "## Moves", *moves, "", "## Diagram", *_diagram(), ""]
    return "\n".join(parts)


def _diagram() -> list[str]:
    """In Mermaid's language, which forges draw; moves between the same two states share an arrow."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for name, rule in MOVES.items():
        for before in rule.before:
            if before != rule.after:
                arrows.setdefault((before, rule.after), []).append(name)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {_word(State.PROPOSED)}: propose"]
    lines += [f"    {_word(a)} --> {_word(b)}: {', '.join(n)}" for (a, b), n in arrows.items()]
    return [*lines, "```"]


def _word(state: State) -> str:
    return state.name.lower()
