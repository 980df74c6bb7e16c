"""What an API answer and a daily feed say of a paper, and what a source asks of arXiv."""

from datetime import UTC, date, datetime

import pytest

from digest.errors import ErrorAnswer, TemporaryError
from digest.sources.arxiv import SOURCE, Arxiv
from digest.types import Announcement, Identifier, PaperRecord, RejectedRecord, VersionRecord
from tests.payloads import api_entry, api_feed, rss_feed, rss_item
from tests.unit.sources.fakes import FakeHttp


def only(payload: bytes) -> PaperRecord:
    (record,) = SOURCE.parse(payload)
    assert isinstance(record, PaperRecord), record
    return record


# --- the API ----------------------------------------------------------------------------


def test_an_api_entry_says_everything_in_fields_of_its_own() -> None:
    entry = api_entry(paper="2606.01234v2", updated="2026-06-08T09:00:00Z", doi="10.5555/ABC", comment="2 pages")

    record = only(api_feed(entry))

    assert (record.rank, record.title, record.comments) == (30, "An invented title", "2 pages")
    assert [author.name for author in record.authors or ()] == ["Ada Example", "Ben Sample"]
    assert record.identifiers == (
        Identifier(scheme="arxiv", value="2606.01234"),
        Identifier(scheme="doi", value="10.5555/abc"),
    )
    assert record.links == {
        "abstract": "https://arxiv.org/abs/2606.01234",
        "pdf": "https://arxiv.org/pdf/2606.01234",
    }


def test_an_api_entry_dates_the_first_version_and_this_one() -> None:
    record = only(api_feed(api_entry(paper="2606.01234v3", updated="2026-06-08T09:00:00Z")))

    first, this = datetime(2026, 6, 5, 10, 11, 12, tzinfo=UTC), datetime(2026, 6, 8, 9, 0, tzinfo=UTC)
    assert (record.submitted_at, record.updated_at, record.announced_on) == (first, this, None)
    assert record.versions == (
        VersionRecord(number=1, submitted_at=first),
        VersionRecord(number=3, submitted_at=this),
    )
    assert record.as_of == datetime(2026, 6, 9, 5, 0, tzinfo=UTC)


def test_the_primary_category_comes_first_wherever_it_is_listed() -> None:
    entry = api_entry(categories=("cs.CL", "cs.AI")).replace(
        '<arxiv:primary_category term="cs.CL"/>', '<arxiv:primary_category term="cs.AI"/>'
    )

    record = only(api_feed(entry))

    assert record.categories == ("cs.AI", "cs.CL")


def test_affiliations_come_with_their_author() -> None:
    entry = api_entry().replace("</name></author>", "</name><arxiv:affiliation>U. of X</arxiv:affiliation></author>", 1)

    record = only(api_feed(entry))

    assert [author.affiliations for author in record.authors or ()] == [("U. of X",), ()]


def test_a_title_of_one_character_is_a_title() -> None:
    record = only(api_feed(api_entry(title="K")))

    assert record.title == "K"


def test_what_an_entry_leaves_out_is_none() -> None:
    entry = api_entry(authors=(), abstract="").replace("<arxiv:primary_category", "<x").replace("<category", "<y")

    record = only(api_feed(entry))

    assert (record.abstract, record.authors, record.categories, record.comments, record.licence) == (None,) * 5


def test_an_answer_without_entries_has_no_records() -> None:
    records = list(SOURCE.parse(api_feed()))

    assert records == []


def test_the_apis_error_entry_is_an_error_and_no_paper() -> None:
    entry = (
        "<entry><id>https://arxiv.org/api/errors#bad</id><title>Error</title>"
        "<summary>incorrect id format</summary></entry>"
    )

    with pytest.raises(ErrorAnswer, match="incorrect id format"):
        list(SOURCE.parse(api_feed(entry)))


def test_words_suggest_a_withdrawal_but_are_not_certain() -> None:
    record = only(api_feed(api_entry(comment="This paper has been withdrawn by the authors")))

    assert (record.withdrawn, record.withdrawn_certain) == (True, False)


# --- the daily feed ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Announcement))
def test_a_feed_tells_new_cross_and_replaced_papers_apart(kind: Announcement) -> None:
    record = only(rss_feed(rss_item(kind=kind.value)))

    assert record.announcement is kind
    assert record.announced_on == (date(2026, 6, 9) if kind is Announcement.NEW else None)


def test_a_feed_knows_the_day_and_the_version_but_no_submission_date() -> None:
    record = only(rss_feed(rss_item(paper="2606.01234v2", kind="replace")))

    assert (record.submitted_at, record.updated_at, record.comments) == (None, None, None)
    assert record.versions == (VersionRecord(number=2),)
    assert record.as_of == datetime(2026, 6, 9, 4, 0, tzinfo=UTC)


def test_the_preamble_of_a_description_is_no_part_of_the_abstract() -> None:
    record = only(rss_feed(rss_item(abstract="Abstract: the word may come twice.")))

    assert record.abstract == "Abstract: the word may come twice."


def test_a_feeds_one_string_of_authors_is_cut_into_people() -> None:
    record = only(rss_feed(rss_item(authors="Andr\\'e Example (Inst. A, B),  Deepti, Cy Third")))

    assert [author.name for author in record.authors or ()] == ["André Example", "Deepti", "Cy Third"]


def test_the_atom_form_of_the_feed_says_the_same() -> None:
    atom = api_feed(
        "<entry><id>oai:arXiv.org:2606.01234v1</id><title>An invented title</title>"
        "<summary>arXiv:2606.01234v1 Announce Type: cross \nAbstract: Short.</summary>"
        '<category term="cs.CL"/><category term="cs.AI"/><published>2026-06-09T00:00:00-04:00</published>'
        "<arxiv:announce_type>cross</arxiv:announce_type>"
        '<creator xmlns="http://purl.org/dc/elements/1.1/">Ada Example, Ben Sample</creator></entry>'
    )

    record = only(atom)

    assert (record.rank, record.announcement, record.abstract) == (10, Announcement.CROSS, "Short.")
    assert record.categories == ("cs.CL", "cs.AI")


def test_a_feed_of_a_quiet_day_is_empty_and_no_error() -> None:
    records = list(SOURCE.parse(rss_feed()))

    assert records == []


def test_a_feed_about_an_unknown_category_is_an_error() -> None:
    with pytest.raises(ErrorAnswer, match="Feed error for query"):
        list(SOURCE.parse(rss_feed(title='Feed error for query "cs.XX"')))


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (rss_item(title=""), "it has no title"),
        (rss_item(title="A" * 3000), "its title is 3,000 characters long"),
        (rss_item(paper="2606.0123v1"), "no arXiv id"),
        (rss_item(kind="novel"), "announcement type 'novel'"),
        (rss_item(day="some day"), "is no date"),
        (rss_item(authors="A" * 400_000), "its author list"),
    ],
)
def test_one_bad_item_costs_that_item_and_says_why(item: str, reason: str) -> None:
    good = rss_item(paper="2606.05678v1")

    bad, kept = SOURCE.parse(rss_feed(item, good))

    assert isinstance(bad, RejectedRecord)
    assert reason in bad.reason
    assert bad.identifier.startswith("2606.0123")
    assert isinstance(kept, PaperRecord)


# --- what is asked ----------------------------------------------------------------------

MONDAY = datetime(2026, 6, 8, 5, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 6, 9, 5, 0, tzinfo=UTC)


def test_the_feed_is_asked_for_a_few_categories_at_a_time_by_todays_names() -> None:
    source = Arxiv(categories=("cs.AI", "math.MP", "math-ph", "cs.CL", "cs.LG"), rss_url="https://feed.example.org")
    http = FakeHttp([rss_feed(), rss_feed()])

    list(source.fetch(since=MONDAY, until=TUESDAY, http=http))

    assert http.asked == [
        ("https://feed.example.org/rss/cs.AI+math-ph+cs.CL", {}),
        ("https://feed.example.org/rss/cs.LG", {}),
    ]


def test_a_feed_that_has_not_changed_yields_nothing() -> None:
    http = FakeHttp([None])

    answers = list(SOURCE.fetch(since=MONDAY, until=TUESDAY, http=http))

    assert answers == []


def test_a_window_that_no_feed_reaches_is_asked_of_the_api_by_submission_date() -> None:
    source = Arxiv(categories=("cs.AI", "cs.CL"))
    http = FakeHttp([api_feed(api_entry())])

    list(source.fetch(since=datetime(2026, 5, 1, tzinfo=UTC), until=TUESDAY, http=http))

    ((_, params),) = http.asked
    assert params["search_query"] == "(cat:cs.AI OR cat:cs.CL) AND submittedDate:[202605010000 TO 202606090500]"


def test_a_search_goes_on_to_its_last_page() -> None:
    http = FakeHttp([api_feed(api_entry(), api_entry(), total=3), api_feed(api_entry(), total=3)])

    answers = list(SOURCE.search(query="all:invented", http=http))

    assert len(answers) == 2
    assert [params["start"] for _, params in http.asked] == ["0", "2"]


def test_an_empty_page_in_the_middle_is_asked_for_again_later() -> None:
    http = FakeHttp([api_feed(api_entry(), total=3), api_feed(total=3)])

    with pytest.raises(TemporaryError, match="empty page at 1 of 3"):
        list(SOURCE.search(query="all:invented", http=http))


def test_papers_are_looked_up_a_hundred_at_a_time() -> None:
    ids = [f"2606.{number:05d}" for number in range(150)]
    http = FakeHttp([api_feed(), api_feed()])

    list(SOURCE.look_up(ids=ids, http=http))

    assert [params["id_list"].count(",") + 1 for _, params in http.asked] == [100, 50]


def test_a_doubt_about_a_withdrawal_is_settled_by_the_format_that_flags_it() -> None:
    http = FakeHttp([b"answer"])

    list(SOURCE.settle(ids=["2606.01234"], http=http))

    ((_, params),) = http.asked
    assert params == {"verb": "GetRecord", "metadataPrefix": "arXivRaw", "identifier": "oai:arXiv.org:2606.01234"}


@pytest.fixture
def after_midnight() -> datetime:
    """Ten past midnight in New York, on a Tuesday."""
    return datetime(2026, 6, 9, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_success", "due"),
    [
        (None, True),
        (datetime(2026, 6, 9, 3, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 9, 4, 1, tzinfo=UTC), False),
    ],
)
def test_the_feed_is_polled_until_the_new_announcement_came(
    after_midnight: datetime, last_success: datetime | None, *, due: bool
) -> None:
    found = SOURCE.due(now=after_midnight, last_success=last_success)

    assert found is due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 6, 9, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 9, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 9, 7, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 9, 8, 0, tzinfo=UTC), False),
    ],
)
def test_three_hours_later_it_looks_once_more_for_a_category_that_came_late(now: datetime, *, due: bool) -> None:
    found = SOURCE.due(now=now, last_success=datetime(2026, 6, 9, 4, 10, tzinfo=UTC))

    assert found is due


def test_over_the_weekend_nothing_is_polled() -> None:
    friday_success = datetime(2026, 6, 12, 7, 30, tzinfo=UTC)

    found = SOURCE.due(now=datetime(2026, 6, 14, 12, 0, tzinfo=UTC), last_success=friday_success)

    assert found is False
