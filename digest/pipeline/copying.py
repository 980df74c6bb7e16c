"""Many rows into one table at once: COPY where the database is PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def can_copy() -> bool:
    """Tell whether this database takes rows by COPY."""
    return connection.vendor == "postgresql"


def copy_rows(*, model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Send rows to PostgreSQL in one stream, in the transaction that is open.

    In: each row holds the values of `fields` as the database takes them, JSON as text; every other field gets its
    default, and the database numbers the rows.
    Raises: IntegrityError as an INSERT would.
    """
    given = [_field(model, name) for name in fields]
    filled = [field for field in model._meta.concrete_fields if field not in given and _needs_value(field)]
    rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in filled)
    columns = [sql.Identifier(str(field.column)) for field in (*given, *filled)]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(columns)
    )
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row((*row, *rest))


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.name == name)


def _needs_value(field: "models.Field[Any, Any]") -> bool:
    return not field.generated and not (field.primary_key and isinstance(field, models.AutoField))
