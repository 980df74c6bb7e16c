"""/healthz/: for load balancers and monitors. Times, yes or no, and whose vectors matching reads; nothing personal."""

from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest.pipeline.health import DayHealth, day_health
from digest.pipeline.serving import matching_space


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when this process can serve, 503 when not; with ?day=1 also 503 when the day's work is late.

    The two are apart so that a late source takes no web process out of service.
    """
    try:
        health, space = day_health(now=timezone.now()), matching_space()
    except DatabaseError:
        return JsonResponse({"database": False, "problems": ["The database cannot be reached."]}, status=503)
    is_late = bool(health.problems) and "day" in request.GET
    return JsonResponse(report(health=health) | {"space": space}, status=503 if is_late else 200)


def report(*, health: DayHealth) -> dict[str, Any]:
    """Put the day's health into plain JSON; ages in seconds."""
    return {
        "database": True,
        "sources": {source.name: _age(source.last_read_at, health.at) for source in health.sources},
        "reader_waiting": _age(health.reader_due_since, health.at),
        "digest_waiting": _age(health.digest_planned_since, health.at),
        "delivery_waiting": _age(health.delivery_queued_since, health.at),
        "delivery_unknown": _age(health.delivery_unknown_since, health.at),
        "sending_stopped": bool(health.brakes),
        "problems": list(health.problems),
    }


def _age(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else int((now - since).total_seconds())
