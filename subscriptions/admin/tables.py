"""What the admin's tables share: lists that stay fast with a million rows, and history that nobody can change.

Nothing here counts a whole table, sorts by a column without an index, or asks for every value of a column by
reading every row.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.functional import cached_property

if TYPE_CHECKING:  # Django's own classes take a type only while mypy reads them
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
    AnyStackedInline = admin.StackedInline[Any, Any]
    AnyInlineFormSet = BaseInlineFormSet[Any, Any, Any]
    AnyPaginator = Paginator[Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyTabularInline = admin.TabularInline
    AnyStackedInline = admin.StackedInline
    AnyInlineFormSet = BaseInlineFormSet
    AnyPaginator = Paginator

COUNT_LIMIT = 10_000  # rows; nobody turns pages beyond that, one searches

ID_DIGITS = 19  # from here on a number may not fit the column


def estimated_rows(*, model: type[Model], using: str) -> int:
    """Answer PostgreSQL's own estimate of a table's rows; 0 where there is none. This function will read one row."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        (rows,) = cursor.fetchone()
    return max(int(rows), 0)


def values_of(*, model: type[Model], column: str) -> list[str]:
    """List a text column's values by hopping from one to the next; needs an index that begins with the column.

    SELECT DISTINCT would read every row; this reads one index entry for each value.
    """
    name = connections["default"].ops.quote_name
    table, field = name(model._meta.db_table), name(column)
    hop = f"SELECT MIN({field}) FROM {table}"  # noqa: S608 - both names come from the model
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE hops(value) AS ({hop} UNION ALL"  # noqa: S608 - as above
            f" SELECT ({hop} WHERE {field} > hops.value) FROM hops WHERE hops.value IS NOT NULL)"
            " SELECT value FROM hops WHERE value IS NOT NULL"
        )
        return [value for (value,) in cursor.fetchall()]


def number(words: str) -> int | None:
    """Read "17" or "#17" as a row's number. This function will answer None for anything else."""
    digits = words.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < ID_DIGITS else None


class EstimatingPaginator(AnyPaginator):
    """Takes a whole table's size from the planner, and counts a filtered one no further than COUNT_LIMIT."""

    note = ""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment] # the admin pages querysets only
        if not rows.query.where:
            estimate = estimated_rows(model=rows.model, using=rows.db)
            if estimate > COUNT_LIMIT:
                self.note = "The number is an estimate."
                return estimate
        counted = rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()
        if counted > COUNT_LIMIT:
            self.note = f"There are more than {COUNT_LIMIT:,}: search or filter to reach the others."
        return min(counted, COUNT_LIMIT)


class ValuesFilter(admin.AllValuesFieldListFilter):
    """Django's filter by every value a column has, without reading every row to find them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lookup_choices: Any = values_of(model=self.field.model, column=self.field.name)


class LargeTableAdmin(AnyModelAdmin):
    """A list that stays fast. To write: list_display, filters on indexed columns, find() for the search box."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    ordering = ("-pk",)  # ids grow with time, are unique, and have an index in every table
    sortable_by: ClassVar[Any] = ()  # a click on a heading must not sort a million rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.strip()
        return (self.find(rows=queryset, words=words) if words else queryset), False

    def find(self, *, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """Keep the rows that the search box asks for, through an index. This function will never read every row."""
        return rows.filter(pk=number(words))


class HistoryAdmin(LargeTableAdmin):
    """Rows that tell what happened: staff may read them, and nobody may add, change or delete one."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NewestFormSet(AnyInlineFormSet):
    """The newest few rows of a long list."""

    limit = 20

    def get_queryset(self) -> QuerySet[Any]:
        if not hasattr(self, "_newest"):
            self._newest = super().get_queryset()[: self.limit]
        return self._newest


class HistoryInline(AnyTabularInline):
    """The newest rows of a history, below the row they belong to."""

    formset = NewestFormSet
    ordering: ClassVar[Any] = ("-pk",)
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
