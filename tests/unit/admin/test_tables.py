"""Lists: counted within bounds, read in a constant number of queries, in an order that an index gives."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.models import DeliveryEvent, Paper, PaperSignal
from subscriptions.admin import tables
from subscriptions.admin.tables import COUNT_LIMIT, EstimatingPaginator, estimated_rows, number, values_of
from subscriptions.models import Subscriber
from tests.builders import make_paper, make_reader
from tests.unit.admin.rows import fill_every_table, list_url, make_event

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model not in (User, Group)]


def n_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", OURS)
def test_a_list_of_many_rows_takes_as_many_queries_as_a_list_of_one(
    model: type[models.Model], staff_client: Client
) -> None:
    fill_every_table(number=0)
    for_one = n_queries(staff_client, list_url(model))

    for extra in range(1, 6):
        fill_every_table(number=extra)
    for_six = n_queries(staff_client, list_url(model))

    assert for_six == for_one


@pytest.mark.parametrize("model", OURS)
def test_every_list_is_ordered_by_one_unique_indexed_column(model: type[models.Model], rf: Any, staff: User) -> None:
    request = rf.get("/")
    request.user = staff

    changelist = admin.site._registry[model].get_changelist_instance(request)

    names = {str(part).removeprefix("-") for part in changelist.get_ordering(request, changelist.queryset)}
    assert names == {"pk"} or (len(names) == 1 and unique(model, *names))


def unique(model: type[models.Model], attname: str) -> bool:
    return any(getattr(field, "unique", False) and field.attname == attname for field in model._meta.concrete_fields)


@pytest.mark.parametrize("model", OURS)
def test_no_list_counts_the_whole_table_or_sorts_on_a_click(model: type[models.Model]) -> None:
    table = admin.site._registry[model]

    settings = (table.paginator, table.show_full_result_count, table.show_facets, tuple(table.sortable_by or ()))

    assert settings == (EstimatingPaginator, False, admin.ShowFacets.NEVER, ())


def test_a_filtered_list_is_counted_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "COUNT_LIMIT", 2)
    for _ in range(4):
        make_reader()

    paginator = EstimatingPaginator(Subscriber.objects.filter(hour=8).order_by("-pk"), per_page=1)

    assert (paginator.count, paginator.num_pages) == (2, 2)
    assert "more than 2" in paginator.note


def test_a_list_within_the_limit_is_counted_exactly_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "COUNT_LIMIT", 2)
    for _ in range(2):
        make_reader()

    paginator = EstimatingPaginator(Subscriber.objects.filter(hour=8).order_by("-pk"), per_page=1)

    assert (paginator.count, paginator.note) == (2, "")


def test_the_count_reads_no_more_rows_than_it_may() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert EstimatingPaginator(Subscriber.objects.filter(hour=8).order_by("-pk"), per_page=1).count == 0

    assert f"LIMIT {COUNT_LIMIT + 1}" in queries.captured_queries[0]["sql"]


def test_the_list_tells_staff_when_it_did_not_count_to_the_end(
    staff_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "COUNT_LIMIT", 1)
    make_reader()
    make_reader()

    page = staff_client.get(list_url(Subscriber)).content.decode()

    assert "There are more than 1: search or filter" in page


@pytest.mark.sqlite
def test_a_database_without_estimates_gives_none() -> None:
    assert estimated_rows(model=Subscriber, using="default") == 0


@pytest.mark.postgres
def test_postgresql_estimates_a_table_without_reading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "COUNT_LIMIT", 2)
    for _ in range(3):
        make_reader()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE subscriptions_subscriber")

    with CaptureQueriesContext(connection) as queries:
        paginator = EstimatingPaginator(Subscriber.objects.order_by("-pk"), per_page=1)
        assert (paginator.count, paginator.note) == (3, "The number is an estimate.")

    assert not any("COUNT(" in query["sql"] for query in queries.captured_queries)


def test_the_values_of_a_column_are_found_without_repeats_and_in_order() -> None:
    for category in ("cs.LG", "cs.CL", "cs.LG"):
        make_paper(categories=[category])

    assert values_of(model=Paper, column="primary_category") == ["cs.CL", "cs.LG"]


def test_an_empty_table_has_no_values() -> None:
    assert values_of(model=Paper, column="primary_category") == []


@pytest.mark.parametrize(
    ("model", "column"), [(Paper, "primary_category"), (PaperSignal, "kind"), (DeliveryEvent, "kind")]
)
def test_a_column_that_is_hopped_through_begins_an_index(model: type[models.Model], column: str) -> None:
    first_columns = [index.fields[0].removeprefix("-") for index in model._meta.indexes if index.condition is None]

    assert column in first_columns


def test_a_filter_offers_the_values_and_keeps_the_rows_that_have_the_chosen_one(staff_client: Client) -> None:
    make_event(delivery=None, key="one", kind="bounced")
    make_event(delivery=None, key="two", kind="complained")

    page = staff_client.get(list_url(DeliveryEvent), {"kind": "bounced"})

    assert "complained" in page.content.decode()
    assert [event.key for event in page.context["cl"].result_list] == ["one"]


@pytest.mark.parametrize(
    ("words", "meant"), [("17", 17), ("#17", 17), ("1e3", None), ("", None), ("٣", None), ("9" * 30, None)]
)
def test_a_row_number_is_read_with_or_without_its_sign(words: str, meant: int | None) -> None:
    assert number(words) == meant
