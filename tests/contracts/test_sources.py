"""What every source promises, checked on every file of digest/sources."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from digest import sources
from digest.errors import UnreadablePayload
from digest.plugins import discover
from digest.sources import Source
from digest.types import PaperRecord, RejectedRecord
from tests.payloads import api_entry, api_feed, hf_list, hf_paper, oai_page, oai_raw, rss_feed, rss_item

FOUND: dict[str, Any] = {source.name: source for source in discover(package=sources, attribute="SOURCE").values()}
ARXIV = rss_feed(rss_item(), rss_item(paper="2606.0002v1"), rss_item(paper="2606.00003v2", kind="replace"))
SAMPLES: dict[str, list[bytes]] = {
    "arxiv": [ARXIV, api_feed(api_entry()), oai_page(oai_raw())],
    "arxiv-oai": [oai_page(oai_raw(), oai_raw(paper="x")), ARXIV],
    "huggingface": [hf_list(hf_paper(), hf_paper(paper="x"), hf_paper(upvotes=None))],
}
NOW = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)


@pytest.fixture(params=sorted(FOUND))
def source(request: pytest.FixtureRequest) -> Source:
    found: Source = FOUND[request.param]
    return found


@pytest.fixture
def records(source: Source) -> list[PaperRecord]:
    found = [record for payload in SAMPLES[source.name] for record in source.parse(payload)]
    return [record for record in found if isinstance(record, PaperRecord)]


def test_every_source_has_samples_here() -> None:
    assert set(SAMPLES) == set(FOUND)


def test_the_same_bytes_give_the_same_records(source: Source) -> None:
    for payload in SAMPLES[source.name]:
        assert list(source.parse(payload)) == list(source.parse(payload))


def test_a_record_has_names_in_lower_case_and_no_version(records: list[PaperRecord]) -> None:
    names = [name for record in records for name in record.identifiers]

    assert records
    assert all(record.identifiers for record in records)
    assert all(name.value == name.value.lower() != "" for name in names)
    assert {"2606.01234"} <= {name.value for name in names}


def test_all_times_are_aware_and_in_utc(records: list[PaperRecord]) -> None:
    times = [getattr(record, name) for record in records for name in ("submitted_at", "updated_at", "as_of")]
    times += [version.submitted_at for record in records for version in record.versions]

    assert any(times)
    assert all(moment.tzinfo is UTC for moment in times if moment)


def test_what_a_record_does_not_say_is_none_and_never_empty(records: list[PaperRecord]) -> None:
    texts = ("title", "abstract", "authors", "categories", "licence", "comments", "journal_ref")

    assert all(getattr(record, name) not in ("", ()) for record in records for name in texts)


def test_the_sources_name_is_in_its_records(source: Source, records: list[PaperRecord]) -> None:
    assert {record.source for record in records} == {source.name}


def test_a_bad_record_is_rejected_with_its_id_and_a_reason(source: Source) -> None:
    rejected = [record for record in source.parse(SAMPLES[source.name][0]) if isinstance(record, RejectedRecord)]

    assert rejected
    assert all(record.identifier and record.reason for record in rejected)


@pytest.mark.parametrize(
    "payload", [b"", b"   ", b"<html><title>403</title></html>", b"Rate exceeded.", b"\x00\xff\xfe"]
)
def test_what_is_no_answer_of_the_source_is_one_clear_error(source: Source, payload: bytes) -> None:
    with pytest.raises(UnreadablePayload) as caught:
        list(source.parse(payload))

    assert str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_clock_of_a_source_that_was_never_read_says_now(source: Source) -> None:
    assert source.due(now=NOW, last_success=None)


def test_a_source_that_was_just_read_is_not_due(source: Source) -> None:
    assert not source.due(now=NOW, last_success=NOW - timedelta(seconds=1))


def test_a_source_is_due_again_within_three_days(source: Source) -> None:
    assert any(source.due(now=NOW + timedelta(hours=hours), last_success=NOW) for hours in range(72))


def test_an_operator_can_put_other_addresses_in(source: Source) -> None:
    fields = {field.name for field in dataclasses.fields(FOUND[source.name])}

    assert {"name", "gate", "pause_s"} <= fields
    assert any(name.endswith("_url") for name in fields)
    assert source.pause_s >= 1
