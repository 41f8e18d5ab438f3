"""What must be the same before and after an upgrade, as JSON: `python -m tests.upgrade.facts`.

Run with --check after the upgrade it also verifies every history.
"""

import json
import sys

import django

django.setup()

from django.db import connection

from social_publish.models import Delivery
from social_publish.outbox import MOVES

# What Django and the queue write for themselves.
THEIRS = ("django_migrations", "django_content_type", "auth_permission", "sqlite_", "wagtailsearch")


def counts() -> dict[str, int]:
    """Rows of each table that is ours or our people's."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            if not table.startswith(THEIRS):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found


def states() -> list[list[object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state, text FROM social_publish_delivery ORDER BY id")
        return [list(row) for row in cursor.fetchall()]


def faults() -> list[str]:
    """Histories that do not hold: chain, joints, and the hash in the row."""
    wrong = []
    for delivery in Delivery.objects.all():
        last, state = "", ""
        for event in delivery.events.all():
            rule = MOVES.get(event.move)
            if (event.previous_hash, event.hash) != (last, event.expected_hash()):
                wrong.append(f"{delivery.pk}: the chain breaks at {event.move}")
            if event.state_before != state or (rule and state not in rule.before):
                wrong.append(f"{delivery.pk}: {event.move} does not follow {state}")
            last, state = event.hash, event.state_after
        if (delivery.history_hash, delivery.state) != (last, state):
            wrong.append(f"{delivery.pk}: the row is not where its history ends")
    return wrong


if __name__ == "__main__":
    checked = {"faults": faults()} if "--check" in sys.argv else {}
    sys.stdout.write(json.dumps({"counts": counts(), "states": states(), **checked}))
