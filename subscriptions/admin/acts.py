"""What every action of the admin does besides its own work: keep within bounds, write the log, say what happened."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from subscriptions.admin.tables import AnyModelAdmin

MOST_AT_ONCE = 500  # rows that one click may change: one request is no place for a million of them


def is_too_many(of: AnyModelAdmin, request: HttpRequest, chosen: QuerySet[Any]) -> bool:
    """Tell whether more rows are chosen than one click may change, and say so to the person who clicked."""
    if len(chosen.values_list("pk", flat=True)[: MOST_AT_ONCE + 1]) <= MOST_AT_ONCE:
        return False
    of.message_user(request, f"Nothing was done: choose {MOST_AT_ONCE} rows at most.", messages.ERROR)
    return True


def log_each(request: HttpRequest, rows: Iterable[Model], said: str) -> None:
    """Write into Django's admin log who did this to which rows."""
    LogEntry.objects.log_actions(request.user.pk or 0, list(rows), CHANGE, change_message=said)


def counted(number: int, one: str, many: str) -> str:
    """Count things in words: "1 reader", "3 readers"."""
    return f"{number:,} {one if number == 1 else many}"
