"""What the three OAI formats say of a paper, and how a harvest is asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import ErrorAnswer, TemporaryError
from digest.sources.arxiv_oai import SOURCE, ArxivOai, set_of
from digest.types import Author, Identifier, PaperRecord, RejectedRecord, VersionRecord
from tests.payloads import oai_arxiv, oai_dc, oai_deleted, oai_error, oai_page, oai_raw
from tests.unit.sources.fakes import FakeHttp

FRIDAY = datetime(2026, 6, 5, tzinfo=UTC)
V1, V2, V3 = "Fri, 5 Jun 2026 10:11:12 GMT", "Sat, 6 Jun 2026 01:00:00 GMT", "Sun, 7 Jun 2026 02:00:00 GMT"


def only(payload: bytes) -> PaperRecord:
    (record,) = SOURCE.parse(payload)
    assert isinstance(record, PaperRecord), record
    return record


# --- arXiv ------------------------------------------------------------------------------


def test_the_split_format_gives_names_licence_and_days() -> None:
    record = only(oai_page(oai_arxiv(comments="2 pages", doi="10.5555/x")))

    assert [author.name for author in record.authors or ()] == ["Ada Example", "Ben Sample"]
    assert (record.rank, record.licence) == (30, "http://creativecommons.org/licenses/by/4.0/")
    assert record.categories == ("cs.CL", "cs.AI")
    assert (record.submitted_at, record.updated_at) == (FRIDAY, FRIDAY)
    assert record.as_of == datetime(2026, 6, 8, tzinfo=UTC)


def test_a_record_that_was_never_updated_is_the_first_version() -> None:
    record = only(oai_page(oai_arxiv()))

    assert record.versions == (VersionRecord(number=1, submitted_at=FRIDAY),)


def test_an_updated_record_does_not_say_which_version_it_is() -> None:
    record = only(oai_page(oai_arxiv(updated="2026-06-07")))

    assert record.versions == ()
    assert record.updated_at == datetime(2026, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "authors"),
    [
        ([("Planck Collaboration", "")], [Author(name="Planck Collaboration", is_group=True)]),
        ([("Collaboration", "for the XYZ")], [Author(name="XYZ Collaboration", is_group=True)]),
        ([("Collaboration", "Super-XYZ"), (":", "")], [Author(name="Super-XYZ Collaboration", is_group=True)]),
        (
            [("Collaboration", "Ada Example for the XYZ")],
            [Author(name="Ada Example"), Author(name="XYZ Collaboration", is_group=True)],
        ),
    ],
)
def test_a_collaboration_spelt_as_a_person_is_a_group(fields: list[tuple[str, str]], authors: list[Author]) -> None:
    record = only(oai_page(oai_arxiv(authors=fields)))

    assert list(record.authors or ()) == authors


# --- arXivRaw ---------------------------------------------------------------------------


def test_the_raw_format_gives_every_version_with_its_hour() -> None:
    record = only(oai_page(oai_raw(versions=[(V1, ""), (V2, "")])))

    first, second = datetime(2026, 6, 5, 10, 11, 12, tzinfo=UTC), datetime(2026, 6, 6, 1, 0, tzinfo=UTC)
    assert record.versions == (
        VersionRecord(number=1, submitted_at=first),
        VersionRecord(number=2, submitted_at=second),
    )
    assert (record.rank, record.submitted_at, record.updated_at) == (20, first, second)


@pytest.mark.parametrize(
    ("kinds", "withdrawn"),
    [(["", "I"], True), (["", "D"], False), (["", "I", ""], False), (["I"], True), ([""], False)],
)
def test_the_flag_of_the_last_version_settles_whether_it_was_withdrawn(kinds: list[str], *, withdrawn: bool) -> None:
    history = list(zip([V1, V2, V3], kinds, strict=False))

    record = only(oai_page(oai_raw(versions=history, comments="This paper has been withdrawn")))

    assert (record.withdrawn, record.withdrawn_certain) == (withdrawn, True)


# --- oai_dc -----------------------------------------------------------------------------


def test_the_plain_format_is_read_with_its_reversed_names_and_its_second_description() -> None:
    record = only(oai_page(oai_dc(creators=("Özel, B.", "Roe, Richard, Jr"))))

    assert [author.name for author in record.authors or ()] == ["B. Özel", "Richard Roe Jr"]
    assert (record.comments, record.journal_ref) == ("2 pages", "Invented J. 1 (2026) 2")
    assert record.identifiers[1] == Identifier(scheme="doi", value="10.5555/invented.7")


def test_of_several_dates_the_first_is_the_submission() -> None:
    record = only(oai_page(oai_dc(dates=("2026-06-07", "2026-06-05"))))

    assert (record.submitted_at, record.updated_at) == (FRIDAY, FRIDAY + timedelta(days=2))
    assert record.versions == ()


def test_a_bare_record_without_an_envelope_is_read() -> None:
    record = only(oai_dc().encode())

    assert record.identifiers[0].value == "2606.01234"


# --- answers that are no records --------------------------------------------------------


def test_a_deleted_record_is_a_paper_that_was_taken_away() -> None:
    record = only(oai_page(oai_deleted()))

    assert (record.title, record.withdrawn, record.withdrawn_certain) == (None, True, True)


def test_an_empty_day_is_no_error() -> None:
    records = list(SOURCE.parse(oai_error(code="noRecordsMatch")))

    assert records == []


@pytest.mark.parametrize("code", ["idDoesNotExist", "badResumptionToken", "badArgument"])
def test_a_complaint_is_an_error_with_the_servers_own_word(code: str) -> None:
    with pytest.raises(ErrorAnswer, match=f"{code}: no such thing") as caught:
        list(SOURCE.parse(oai_error(code=code, message="no such thing")))

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (oai_raw().replace("version='v1'", "version='vx'"), "its version 'x' is no number"),
        (oai_raw(paper="26.1"), "'26.1' is no arXiv id"),
        (oai_raw().replace("arXivRaw", "marc"), "no metadata in a format that is known"),
        (oai_arxiv(created="2026-13-45"), "its creation date '2026-13-45' is no date"),
    ],
)
def test_one_bad_record_costs_that_record_and_says_why(record: str, reason: str) -> None:
    kept, bad = SOURCE.parse(oai_page(oai_raw(paper="2606.05678"), record))

    assert isinstance(kept, PaperRecord)
    assert isinstance(bad, RejectedRecord)
    assert reason in bad.reason
    assert bad.identifier


# --- what is asked ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("cs.AI", "cs:cs:AI"),
        ("math.NA", "math:math:NA"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("physics.optics", "physics:physics:optics"),
        ("cs", "cs"),
    ],
)
def test_a_category_is_a_set_of_its_group(category: str, name: str) -> None:
    found = set_of(category=category)

    assert found == name


def test_a_harvest_overlaps_by_a_day_and_follows_every_token() -> None:
    http = FakeHttp([oai_page(oai_raw(), token="page 2"), oai_page(oai_raw(paper="2606.05678"))])

    answers = list(ArxivOai(categories=("cs.AI",)).fetch(since=FRIDAY, until=FRIDAY + timedelta(days=3), http=http))

    assert len(answers) == 2
    assert [params for _, params in http.asked] == [
        {
            "verb": "ListRecords",
            "metadataPrefix": "arXivRaw",
            "set": "cs:cs:AI",
            "from": "2026-06-04",
            "until": "2026-06-08",
        },
        {"verb": "ListRecords", "resumptionToken": "page 2"},
    ]


def test_every_category_is_harvested_even_when_one_has_an_empty_day() -> None:
    http = FakeHttp([oai_error(code="noRecordsMatch"), oai_page(oai_raw())])

    answers = list(ArxivOai(categories=("cs.AI", "hep-th")).fetch(since=FRIDAY, until=FRIDAY, http=http))

    assert len(answers) == 2


def test_a_token_that_the_server_forgot_begins_the_window_again() -> None:
    lost = oai_error(code="badResumptionToken")
    http = FakeHttp([oai_page(oai_raw(), token="page 2"), lost, oai_page(oai_raw())])

    list(SOURCE.fetch(since=FRIDAY, until=FRIDAY, http=http))

    assert ["from" in params for _, params in http.asked] == [True, False, True]


def test_a_token_forgotten_twice_waits_for_the_next_run() -> None:
    lost = oai_error(code="badResumptionToken")
    http = FakeHttp([lost, lost])

    with pytest.raises(TemporaryError, match="forgot its place"):
        list(SOURCE.fetch(since=FRIDAY, until=FRIDAY, http=http))


def test_a_server_that_gives_one_page_for_ever_is_left() -> None:
    page = oai_page(oai_raw(), token="again")
    http = FakeHttp([page, page, page])

    with pytest.raises(TemporaryError, match="same page"):
        list(SOURCE.fetch(since=FRIDAY, until=FRIDAY, http=http))


@pytest.mark.parametrize(
    ("last_success", "due"),
    [
        (None, True),
        (datetime(2026, 6, 9, 2, 29, tzinfo=UTC), True),  # before Monday 22:30 in New York
        (datetime(2026, 6, 9, 2, 31, tzinfo=UTC), False),
    ],
)
def test_a_harvest_is_due_once_after_each_announcement(last_success: datetime | None, *, due: bool) -> None:
    found = SOURCE.due(now=datetime(2026, 6, 9, 3, 0, tzinfo=UTC), last_success=last_success)

    assert found is due


def test_a_harvest_is_due_when_the_last_one_is_old() -> None:
    saturday = datetime(2026, 6, 13, 12, 0, tzinfo=UTC)

    recent = SOURCE.due(now=saturday, last_success=saturday - timedelta(hours=26))
    old = SOURCE.due(now=saturday, last_success=saturday - timedelta(hours=26, minutes=1))

    assert (recent, old) == (False, True)
