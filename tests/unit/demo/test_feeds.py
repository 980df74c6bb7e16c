"""Sample papers in their sources' bytes: read back by the sources themselves."""

from datetime import date

import pytest

from digest.demo.feeds import arxiv_answers, arxiv_daily_feeds, huggingface_lists, tex_accents
from digest.demo.papers import Featured, load_papers
from digest.sources.arxiv import SOURCE as ARXIV
from digest.sources.huggingface import SOURCE as HUGGINGFACE
from digest.types import Announcement, PaperRecord, RejectedRecord
from tests.unit.demo.samples import EDITION, sample

LICENCE = "http://creativecommons.org/licenses/by/4.0/"


def records(payloads: list[bytes], *, source: str = "arxiv") -> list[PaperRecord]:
    read = {"arxiv": ARXIV.parse, "huggingface": HUGGINGFACE.parse}[source]
    found = [record for payload in payloads for record in read(payload)]
    assert not [record for record in found if isinstance(record, RejectedRecord)]
    return [record for record in found if isinstance(record, PaperRecord)]


def test_the_api_answer_says_of_a_paper_all_that_it_says_of_a_real_one() -> None:
    paper = sample(comment="12 pages", doi="10.5555/demo.1", authors=("Ada Ibáñez", "Prabhakar"))

    (record,) = records(arxiv_answers(papers=[paper], edition=EDITION))

    assert [name.value for name in record.identifiers][:1] == ["2606.90001"]
    assert (record.title, record.comments) == ("An invented title", "12 pages")
    assert [author.name for author in record.authors or ()] == ["Ada Ibáñez", "Prabhakar"]
    assert record.categories == ("cs.CL", "cs.LG")
    assert record.submitted_at == EDITION.first_moment


def test_a_second_version_is_a_version_of_the_same_paper() -> None:
    paper = sample(days_ago=3, versions=2, revised_days_ago=0)

    (record,) = records(arxiv_answers(papers=[paper], edition=EDITION))

    assert [version.number for version in record.versions] == [1, 2]


def test_a_comment_that_says_so_withdraws_the_paper() -> None:
    paper = sample(comment="This paper has been withdrawn by the authors because of Lemma 4")

    (record,) = records(arxiv_answers(papers=[paper], edition=EDITION))

    assert record.withdrawn is True


def test_a_later_day_has_an_answer_of_its_own_so_that_the_first_one_never_changes() -> None:
    today, tomorrow = sample(number=90001), sample(number=90002, days_ago=-1)

    before = arxiv_answers(papers=[today], edition=EDITION)
    after = arxiv_answers(papers=[today, tomorrow], edition=EDITION)

    assert after[:1] == before
    assert len(after) == 2


def test_the_daily_feed_tells_when_and_how_a_paper_was_announced() -> None:
    paper = sample(announced="new", licence=LICENCE, days_ago=1)

    (record,) = records(arxiv_daily_feeds(papers=[paper], edition=EDITION))

    assert record.announcement is Announcement.NEW
    assert record.announced_on == date(2026, 6, 8)
    assert record.licence == LICENCE


def test_only_announced_papers_are_in_the_daily_feed_one_feed_a_day() -> None:
    papers = [
        sample(number=90001, announced="new", licence=LICENCE),
        sample(number=90002, announced="cross", licence=LICENCE),
        sample(number=90003, announced="new", licence=LICENCE, days_ago=2),
        sample(number=90004),
    ]

    feeds = arxiv_daily_feeds(papers=papers, edition=EDITION)

    assert [len(records([feed])) for feed in feeds] == [1, 2]


def test_the_daily_list_has_a_papers_counts_and_code() -> None:
    featured = Featured(days_ago=0, upvotes=118, stars=642, code="https://code.example.org/ink")

    (record,) = records(huggingface_lists(papers=[sample(featured=featured)], edition=EDITION), source="huggingface")

    assert {(signal.kind, signal.value, signal.day) for signal in record.signals} == {
        ("huggingface_upvotes", 118, date(2026, 6, 9)),
        ("github_stars", 642, date(2026, 6, 9)),
    }
    assert record.links["code"] == "https://code.example.org/ink"


def test_a_paper_without_code_has_no_stars() -> None:
    featured = Featured(days_ago=0, upvotes=3)

    (record,) = records(huggingface_lists(papers=[sample(featured=featured)], edition=EDITION), source="huggingface")

    assert [signal.kind for signal in record.signals] == ["huggingface_upvotes"]


def test_every_shipped_paper_reads_back_as_it_was_written() -> None:
    papers = load_papers()

    read = {record.identifiers[0].value: record for record in records(arxiv_answers(papers=papers, edition=EDITION))}

    assert len(read) == len(papers)
    for paper in papers:
        names = tuple(author.name for author in read[EDITION.arxiv_id(paper.number)].authors or ())
        assert names == paper.authors


def test_the_daily_feeds_names_in_tex_are_the_same_names() -> None:
    announced = [paper for paper in load_papers() if paper.announced]

    read = records(arxiv_daily_feeds(papers=announced, edition=EDITION))

    names = {record.identifiers[0].value: tuple(author.name for author in record.authors or ()) for record in read}
    assert names == {EDITION.arxiv_id(paper.number): paper.authors for paper in announced}


def test_the_same_edition_gives_the_same_bytes() -> None:
    papers = load_papers()

    for write in (arxiv_answers, arxiv_daily_feeds, huggingface_lists):
        assert write(papers=papers, edition=EDITION) == write(papers=papers, edition=EDITION)


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("Ada Roe", "Ada Roe"),
        ("Ibáñez", r"Ib\'a\~nez"),
        ("Çağlayan", r"\c{C}ağlayan"),
        ("Vlkovský", r"Vlkovsk\'y"),
        ("Jiří", r"Ji\v{r}\'{\i}"),
        ("Łukasz", "Łukasz"),
        ("Kealiʻi", "Kealiʻi"),
    ],
)
def test_accents_are_spelt_in_tex(name: str, spelt: str) -> None:
    assert tex_accents(name) == spelt
