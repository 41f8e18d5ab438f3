"""`/health`: is the site's machinery running? Strangers hear ok or not ok, staff hear why."""

import logging
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from social_publish import pulse
from social_publish.models import Trouble

logger = logging.getLogger(__name__)

AWAY = {
    "live": True,
    "ready": False,
    "worker": None,
    "last_sweep": None,
    "oldest_due": None,
    "last_scheduled_publishing": None,
    "troubles": None,
}


@require_safe
@cache_control(no_store=True)
def health(request: HttpRequest) -> HttpResponse:
    """200 and ok, or 503 and not ok; with the token, or for staff, the facts as JSON."""
    try:
        life = pulse.take(timezone.now())
        facts = _facts(life) if _has_token(request) or _is_staff(request) else None
        well = life.well and (facts is None or facts["ready"])
    except Error:
        logger.warning("The database does not answer", extra={"event": "health.database"})
        well, facts = False, AWAY if _has_token(request) else None
    status = 200 if well else 503
    if facts is not None:
        return JsonResponse(facts, status=status)
    words = "ok" if well else "not ok"
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)


def _facts(life: pulse.Pulse) -> dict[str, Any]:
    """worker and oldest_due are seconds; None stands for never, or for nothing that is due."""
    heartbeat, due = life.heartbeat, life.oldest_due
    return {
        "live": True,
        "ready": _is_migrated(),
        "worker": (life.now - heartbeat).total_seconds() if heartbeat else None,
        "last_sweep": life.sweep,
        "oldest_due": (life.now - due).total_seconds() if due else None,
        "last_scheduled_publishing": life.scheduled,
        "troubles": Trouble.objects.filter(over_at=None).count(),
    }


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    wanted = settings.HEALTH_TOKEN
    return bool(wanted) and constant_time_compare(given, f"Bearer {wanted}")


def _is_staff(request: HttpRequest) -> bool:
    return request.user.has_perm("wagtailadmin.access_admin")
