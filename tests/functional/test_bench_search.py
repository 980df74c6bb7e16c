"""The bench of search, tiny, on each kind of database."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from digest.bench.search_fill import NOW, Library, fill_library
from digest.models import Paper
from digest.search import Asked, find
from digest.search.filing import file_text

pytestmark = pytest.mark.django_db(transaction=True)


def bench(*options: str) -> dict[str, object]:
    """Run the command and read its last line."""
    out = StringIO()
    call_command("bench", "search", *options, stdout=out)
    return dict(json.loads(out.getvalue().splitlines()[-1]))


def test_each_kind_of_query_is_measured_beside_a_page_of_papers_by_their_numbers() -> None:
    said = bench("--papers", "60", "--rounds", "2")

    kinds = said["kinds"]
    assert isinstance(kinds, dict)
    assert {"rare word", "common word", "phrase", "author", "category and dates", "no hit", "hostile"} <= set(kinds)
    assert kinds["common word"]["hits_p50"] > 0
    assert kinds["no hit"]["hits_p50"] == 0
    assert all(took["page_to_floor_p95"] > 0 for took in kinds.values())
    assert Paper.objects.count() == 60


def test_a_database_that_holds_papers_is_left_alone() -> None:
    fill_library(papers=1)

    with pytest.raises(CommandError, match="an empty one"):
        bench("--papers", "1")


def test_invented_papers_are_filed_as_real_ones_are() -> None:
    (batch,) = Library().papers(number=5)

    assert [paper.filed for paper in batch] == [file_text(text=paper.text) for paper in batch]


@pytest.mark.postgres
def test_older_papers_are_copies_that_are_found_by_their_own_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.bench.search_fill.INVENTED", 20)
    monkeypatch.setattr("digest.bench.search_fill.A_MONTH", 20)

    fill_library(papers=50)
    in_april = find(asked=Asked(text="cat:cs since:2026-04 until:2026-04", per_page=200), now=NOW).papers

    april = Paper.objects.filter(submitted_at__year=2026, submitted_at__month=4)
    assert Paper.objects.count() == 50
    assert {paper.pk for paper in in_april} == set(april.values_list("pk", flat=True)) != set()
