"""Records become rows: once, whoever says them and however often."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.errors import UnknownSource
from digest.models import Digest, DigestItem, Paper, PaperIdentifier, PaperSignal, PaperVersion
from digest.pipeline.ingest import IngestReport, ingest, store
from digest.types import Identifier, PaperRecord
from tests.builders import make_paper, make_reader
from tests.payloads import (
    api_entry,
    api_feed,
    hf_list,
    hf_paper,
    oai_arxiv,
    oai_deleted,
    oai_page,
    oai_raw,
    rss_feed,
    rss_item,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
V1, V2, V3 = "Fri, 5 Jun 2026 10:11:12 GMT", "Sat, 6 Jun 2026 01:00:00 GMT", "Sun, 7 Jun 2026 02:00:00 GMT"


def read(*payloads: bytes, source: str = "arxiv", now: datetime = NOW) -> dict[str, int]:
    return ingest(source_name=source, payloads=payloads, now=now).counts()


def counts(**expected: int) -> dict[str, int]:
    full = dict.fromkeys(("seen", "new", "updated", "unchanged", "rejected"), 0) | expected
    return full | {"seen": sum(expected.values())}


# --- new papers -------------------------------------------------------------------------


def test_a_record_becomes_a_paper_with_its_names_and_versions() -> None:
    report = read(api_feed(api_entry(paper="2606.01234v2", updated="2026-06-08T09:00:00Z", doi="10.5555/ABC")))

    paper = Paper.objects.get()
    assert report == counts(new=1)
    assert (paper.title, paper.primary_category, paper.categories) == ("An invented title", "cs.CL", ["cs.CL", "cs.AI"])
    assert paper.authors[0] == {"name": "Ada Example", "affiliations": [], "is_group": False}
    assert (paper.first_seen_at, paper.source, paper.latest_version) == (NOW, "arxiv", 2)
    assert set(paper.identifiers.values_list("scheme", "value")) == {("arxiv", "2606.01234"), ("doi", "10.5555/abc")}
    assert list(paper.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_counts_become_signals_of_their_day() -> None:
    read(hf_list(hf_paper(upvotes=118)), source="huggingface")

    signal = PaperSignal.objects.get()
    assert (signal.kind, signal.value, signal.day) == ("huggingface_upvotes", 118.0, date(2026, 6, 9))


def test_an_unknown_source_is_named_with_those_that_there_are() -> None:
    with pytest.raises(UnknownSource, match="arxiv, arxiv-oai, huggingface"):
        ingest(source_name="nonsense", payloads=[], now=NOW)


# --- the same again ---------------------------------------------------------------------

EVERY_FORMAT = {
    "api": api_feed(api_entry(paper="2606.01234v1")),
    "api later": api_feed(api_entry(paper="2606.01234v3", updated="2026-06-07T02:00:00Z", title="Third")),
    "rss": rss_feed(rss_item(paper="2606.01234v1")),
    "rss replaced": rss_feed(rss_item(paper="2606.01234v2", kind="replace", title="Second")),
    "arXiv": oai_page(oai_arxiv(title="Split")),
    "arXiv updated": oai_page(oai_arxiv(updated="2026-06-06", title="Split, second", datestamp="2026-06-09")),
    "raw": oai_page(oai_raw(versions=[(V1, ""), (V2, ""), (V3, "I")], title="Raw")),
}


def test_reading_the_same_bytes_twice_changes_nothing() -> None:
    for payload in EVERY_FORMAT.values():
        read(payload)
        again = read(payload, now=LATER)

        assert again == counts(unchanged=1)


@pytest.mark.parametrize("order", list(itertools.permutations(EVERY_FORMAT, 3))[::7])
def test_in_whatever_order_a_second_reading_changes_nothing(order: tuple[str, ...]) -> None:
    read(*(EVERY_FORMAT[name] for name in order))
    before = Paper.objects.values().get()

    again = read(*(EVERY_FORMAT[name] for name in reversed(order)), now=LATER)

    assert again == counts(unchanged=3)
    assert Paper.objects.values().get() == before


def test_counts_read_again_are_not_taken_back() -> None:
    early, late = hf_list(hf_paper(upvotes=5)), hf_list(hf_paper(upvotes=9))

    reports = [read(payload, source="huggingface") for payload in (early, late, early)]

    assert reports == [counts(new=1), counts(updated=1), counts(unchanged=1)]
    assert PaperSignal.objects.get().value == 9.0


def test_one_paper_twice_in_one_answer_is_one_paper() -> None:
    report = read(rss_feed(rss_item(kind="new"), rss_item(kind="new")))

    assert report == counts(new=1, unchanged=1)
    assert Paper.objects.count() == 1


# --- one paper, many names --------------------------------------------------------------


def test_a_paper_seen_by_two_sources_is_one_paper() -> None:
    read(hf_list(hf_paper(githubRepo="https://git.example.org/x")), source="huggingface")
    report = read(api_feed(api_entry()), now=LATER)

    paper = Paper.objects.get()
    assert report == counts(updated=1)
    assert (paper.source, paper.first_seen_at) == ("huggingface", NOW)
    assert (paper.categories, paper.links["code"]) == (["cs.CL", "cs.AI"], "https://git.example.org/x")


def record(*names: tuple[str, str], **fields: Any) -> PaperRecord:
    identifiers = tuple(Identifier(scheme=scheme, value=value) for scheme, value in names)
    return PaperRecord(source="invented", rank=30, identifiers=identifiers, **({"title": "A title"} | fields))


def test_arxivs_own_doi_names_the_arxiv_paper() -> None:
    store(records=[record(("arxiv", "2606.01234"))], now=NOW)

    report = store(records=[record(("doi", "10.48550/arXiv.2606.01234"), abstract="Short.")], now=NOW)

    assert report.counts() == counts(updated=1)
    assert Paper.objects.get().abstract == "Short."


def test_a_paper_known_by_its_doi_gets_its_arxiv_id() -> None:
    store(records=[record(("doi", "10.5555/x"))], now=NOW)

    store(records=[record(("arxiv", "2606.01234"), ("doi", "10.5555/X"))], now=NOW)

    assert set(Paper.objects.get().identifiers.values_list("value", flat=True)) == {"10.5555/x", "2606.01234"}


def test_two_arxiv_papers_that_name_one_article_stay_two() -> None:
    store(records=[record(("arxiv", "2606.00001"), ("doi", "10.5555/x"))], now=NOW)

    report = store(records=[record(("arxiv", "2606.00002"), ("doi", "10.5555/x"))], now=NOW)

    assert report.counts() == counts(new=1)
    assert PaperIdentifier.objects.get(scheme="doi").paper.identifiers.filter(value="2606.00001").exists()


def test_a_record_that_names_two_papers_makes_them_one() -> None:
    store(records=[record(("doi", "10.5555/x"), comments="From the journal.")], now=NOW)
    store(records=[record(("arxiv", "2606.01234"))], now=LATER)

    report = store(records=[record(("arxiv", "2606.01234"), ("doi", "10.5555/x"))], now=LATER)

    paper = Paper.objects.get()
    assert report.counts() == counts(updated=1)
    assert (paper.first_seen_at, paper.comments) == (NOW, "From the journal.")
    assert paper.identifiers.count() == 2


def test_papers_that_turn_out_to_be_one_keep_their_place_in_digests() -> None:
    store(records=[record(("doi", "10.5555/x")), record(("arxiv", "2606.01234"))], now=NOW)
    journal = Paper.objects.get(identifiers__scheme="doi")
    digest = Digest.objects.create(
        subscriber=make_reader(), digest_date=NOW, window_start=NOW, window_end=NOW, horizon_days=7, planned_at=NOW
    )
    item = DigestItem.objects.create(
        digest=digest, subscriber=digest.subscriber, paper=journal, section="matched", position=1
    )

    store(records=[record(("arxiv", "2606.01234"), ("doi", "10.5555/x"))], now=NOW)

    item.refresh_from_db()
    assert item.paper == Paper.objects.get()


# --- what wins --------------------------------------------------------------------------


def test_a_new_version_updates_the_paper_and_is_no_new_paper() -> None:
    read(api_feed(api_entry(paper="2606.01234v1")))

    report = read(rss_feed(rss_item(paper="2606.01234v2", kind="replace", title="A better title")), now=LATER)

    paper = Paper.objects.get()
    assert report == counts(updated=1)
    assert (paper.title, paper.latest_version, paper.first_seen_at) == ("A better title", 2, NOW)
    assert PaperVersion.objects.filter(number=2).exists()


def test_a_paper_without_a_date_is_first_seen_when_it_gets_one() -> None:
    """A digest planned before could not tell that it was news; one planned after must not take it for seen."""
    read(rss_feed(rss_item(kind="cross")))

    read(api_feed(api_entry()), now=LATER)
    read(api_feed(api_entry()), now=LATER + timedelta(days=1))

    assert Paper.objects.get().first_seen_at == LATER


def test_an_update_that_names_a_day_but_no_version_updates_the_paper() -> None:
    read(api_feed(api_entry(paper="2606.01234v1")))

    report = read(oai_page(oai_arxiv(updated="2026-06-07", title="A better title")))

    assert report == counts(updated=1)
    assert Paper.objects.get().title == "A better title"


def test_an_older_version_changes_no_text() -> None:
    read(api_feed(api_entry(paper="2606.01234v2", updated="2026-06-08T09:00:00Z", title="Second")))

    read(api_feed(api_entry(paper="2606.01234v1", title="First"), updated="2026-06-10T05:00:00Z"))

    assert Paper.objects.get().title == "Second"


def test_within_a_version_the_cleaner_format_wins() -> None:
    read(api_feed(api_entry(title="Clean")))

    read(rss_feed(rss_item(title="For people")))

    assert Paper.objects.get().title == "Clean"


def test_what_loses_fills_blanks() -> None:
    read(api_feed(api_entry()))

    report = read(rss_feed(rss_item()))

    paper = Paper.objects.get()
    assert report == counts(updated=1)
    assert (paper.licence, paper.announced_on) == ("http://creativecommons.org/licenses/by/4.0/", date(2026, 6, 9))


def test_what_a_source_does_not_say_overwrites_nothing() -> None:
    read(oai_page(oai_arxiv(comments="2 pages")))

    read(api_feed(api_entry(paper="2606.01234v2", updated="2026-06-08T09:00:00Z", comment="")))

    paper = Paper.objects.get()
    assert (paper.comments, paper.licence) == ("2 pages", "http://creativecommons.org/licenses/by/4.0/")


def test_the_later_reading_of_the_same_version_wins() -> None:
    read(oai_page(oai_arxiv(title="Misspelt", datestamp="2026-06-08")))

    report = read(oai_page(oai_arxiv(title="Mended", datestamp="2026-06-08")))

    assert report == counts(updated=1)
    assert Paper.objects.get().title == "Mended"


def test_a_day_never_replaces_the_hour_of_the_same_day() -> None:
    read(api_feed(api_entry()))

    read(oai_page(oai_arxiv(datestamp="2026-06-30")))

    assert Paper.objects.get().submitted_at == datetime(2026, 6, 5, 10, 11, 12, tzinfo=UTC)


# --- withdrawn --------------------------------------------------------------------------


def test_words_withdraw_a_paper() -> None:
    read(api_feed(api_entry()))

    read(
        api_feed(
            api_entry(paper="2606.01234v2", updated="2026-06-06T01:00:00Z", comment="This paper has been withdrawn")
        )
    )

    assert Paper.objects.get().withdrawn is True
    assert not Paper.objects.mailable().exists()


def test_a_flag_settles_it_against_the_words() -> None:
    words = api_entry(paper="2606.01234v3", updated="2026-06-07T02:00:00Z", comment="This paper has been withdrawn")
    flag = oai_raw(versions=[(V1, ""), (V2, "I"), (V3, "")], comments="This paper has been withdrawn")
    read(api_feed(words), oai_page(flag))

    read(api_feed(words, updated="2026-06-20T05:00:00Z"))

    assert Paper.objects.get().withdrawn is False


def test_a_later_version_brings_a_paper_back_and_an_old_answer_does_not_take_it_away() -> None:
    gone = oai_page(oai_raw(versions=[(V1, ""), (V2, "I")]))
    back = oai_page(oai_raw(versions=[(V1, ""), (V2, "I"), (V3, "")]))

    seen = []
    for payload in (gone, back, gone):
        read(payload)
        seen.append(Paper.objects.get().withdrawn)

    assert seen == [True, False, False]


def test_silence_brings_no_paper_back() -> None:
    read(oai_page(oai_raw(versions=[(V1, ""), (V2, "I")])))

    read(api_feed(api_entry(paper="2606.01234v2", updated="2026-06-06T01:00:00Z")))

    assert Paper.objects.get().withdrawn is True


def test_a_record_that_the_archive_deleted_is_never_mailed() -> None:
    read(api_feed(api_entry()))

    read(oai_page(oai_deleted()))

    assert not Paper.objects.mailable().exists()


# --- what goes wrong --------------------------------------------------------------------


def test_a_bad_record_costs_that_record_and_is_named() -> None:
    feed = rss_feed(rss_item(paper="2606.00001v1"), rss_item(paper="2606.0002v1"), rss_item(paper="2606.00003v1"))

    report = ingest(source_name="arxiv", payloads=[feed], now=NOW)

    assert report.counts() == counts(new=2, rejected=1)
    assert [record.identifier for record in report.rejected] == ["2606.0002"]


def test_an_unreadable_answer_costs_that_answer() -> None:
    report = ingest(source_name="arxiv", payloads=[b"<html>", rss_feed(rss_item())], now=NOW)

    assert report.counts() == counts(new=1)
    assert [answer.name for answer in report.unreadable] == ["answer 1"]
    assert not report.nothing_readable


def test_a_record_that_the_database_refuses_costs_that_record() -> None:
    refused = record(("arxiv", "2606.00002"), title="half a character: \ud800")

    report = store(records=[record(("arxiv", "2606.00001")), refused, record(("arxiv", "2606.00003"))], now=NOW)

    assert report.counts() == counts(new=2, rejected=1)
    assert report.rejected[0].identifier == "2606.00002"


def test_half_a_batch_is_never_left_behind() -> None:
    def torn() -> Any:
        yield api_feed(api_entry(paper="2606.00001v1"))
        raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        ingest(source_name="arxiv", payloads=torn(), now=NOW)

    assert PaperIdentifier.objects.filter(value="2606.00001").exists()


def test_the_ranking_of_trending_papers_is_left_alone() -> None:
    paper = make_paper(arxiv="2606.01234", title="Old", trending_score=2.5, trending_note="118 upvotes")

    read(api_feed(api_entry(paper="2606.01234v2", updated="2026-06-30T09:00:00Z")))

    paper.refresh_from_db()
    assert (paper.title, paper.trending_score, paper.trending_note) == ("An invented title", 2.5, "118 upvotes")


# --- cost -------------------------------------------------------------------------------


def feed_of(n: int) -> bytes:
    return api_feed(*(api_entry(paper=f"2606.{number:05d}v1") for number in range(1, n + 1)))


def queries_for(payload: bytes) -> int:
    with CaptureQueriesContext(connection) as queries:
        read(payload)
    return len(queries)


def test_two_hundred_records_cost_a_few_queries_and_not_some_each() -> None:
    payload = feed_of(200)

    new, again = queries_for(payload), queries_for(payload)

    assert new < 40  # SQLite takes a thousand values a statement, so it cuts large ones
    assert again < 15


def test_reports_add_up() -> None:
    report = IngestReport(new=1, updated=2) + IngestReport(unchanged=3)

    assert report.counts() == counts(new=1, updated=2, unchanged=3)
