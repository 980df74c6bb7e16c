"""From one mail to the next in one statement and one commit: that one was accepted is written, the next is claimed.

The moves and their conditions are the ledger's own querysets, compiled once for PostgreSQL. Elsewhere the same two
moves are made in one transaction.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery

from digest.mail import ledger
from digest.mail.ledger import MOVES, Status
from digest.models import Delivery

# Stand-ins that the compiled statement is searched for; no row can have them.
SENT_ID, NEXT_ID = UUID(int=1), UUID(int=2)
NOW = datetime(1, 1, 1, tzinfo=UTC)
PROVIDER, MESSAGE_ID = "<provider>", "<message id>"
NAMES: dict[Any, str] = {
    SENT_ID: "sent_id", NEXT_ID: "next_id", NOW: "now", PROVIDER: "provider", MESSAGE_ID: "message_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A mail that the provider has, and its own id of it: to be written down."""

    delivery_id: UUID
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a statement came to. `settled` is False when the accepted one was no longer SENDING."""

    settled: bool
    claimed: bool


def step(*, accepted: Accepted | None, next_id: UUID, provider: str, now: datetime) -> Step:
    """Write down that a mail was accepted, if there is one, and claim the next. Committed on return.

    Raises: RuntimeError inside a transaction, which could take the claim back after the mail has left.
    """
    if connection.vendor == "postgresql":
        return _in_one_statement(accepted, next_id, provider, now)
    with transaction.atomic(durable=True):
        settled = accepted is None or ledger.move(
            delivery_id=accepted.delivery_id,
            origin=Status.SENDING,
            to=Status.SENT,
            **ledger.sent_fields(message_id=accepted.message_id, now=now),
        )
        fields = ledger.claim_fields(provider=provider, now=now)
        taken = ledger.claimable(delivery_id=next_id, now=now).update(**fields)
    return Step(settled=settled, claimed=taken == 1)


def _in_one_statement(accepted: Accepted | None, next_id: UUID, provider: str, now: datetime) -> Step:
    if connection.atomic_blocks and not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        raise RuntimeError("A claim inside a transaction could be taken back after the mail has left.")
    sql, constants = _statement()
    values = {
        **constants,
        "sent_id": accepted.delivery_id if accepted else None,
        "message_id": accepted.message_id[:200] if accepted else "",
        "next_id": next_id,
        "provider": provider,
        "now": now,
    }
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(sql, values, prepare=True).fetchone()
    n_settled, n_claimed = row or (0, 0)
    return Step(settled=accepted is None or n_settled == 1, claimed=n_claimed == 1)


@cache
def _statement() -> tuple[bytes, dict[str, Any]]:
    """Compile the two moves into one statement. Returns: it, and the values in it that are always the same."""
    _ = MOVES[Status.QUEUED, Status.SENDING], MOVES[Status.SENDING, Status.SENT]
    constants: dict[str, Any] = {}
    sending = Delivery.objects.filter(pk=SENT_ID, status=Status.SENDING)
    sent = {"status": Status.SENT, **ledger.sent_fields(message_id=MESSAGE_ID, now=NOW)}
    settling = _update(sending, sent, constants)
    claimable = ledger.claimable(delivery_id=NEXT_ID, now=NOW)
    claiming = _update(claimable, ledger.claim_fields(provider=PROVIDER, now=NOW), constants)
    counts = "(SELECT count(*) FROM settled), (SELECT count(*) FROM claimed)"
    sql = f"WITH settled AS ({settling} RETURNING 1), claimed AS ({claiming} RETURNING 1) SELECT {counts}"
    return sql.encode(), constants


def _update(rows: QuerySet[Delivery], fields: dict[str, Any], constants: dict[str, Any]) -> str:
    """Compile an UPDATE with named places for its values; those that never change are added to `constants`."""
    query: Any = rows.query.chain(UpdateQuery)  # whose types leave out what an update adds
    query.add_update_values(fields)
    sql, params = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    texts = sql.split("%s")
    named = [texts[0]]
    for value, text in zip(params, texts[1:], strict=True):
        name = NAMES.get(value)
        if name is None:
            name = f"constant_{len(constants)}"
            constants[name] = value
        named += (f"%({name})s", text)
    return "".join(named)
