"""The sample papers that the project ships."""

import pytest

from digest.demo.edition import FIRST_NUMBER
from digest.demo.papers import SamplePaper, load_papers

PAPERS = load_papers()


def words(paper: SamplePaper) -> int:
    # Chinese is written without spaces: its characters count too.
    return len(paper.abstract.split()) + sum(letter > "\u3000" for letter in paper.abstract) // 2


def test_there_are_about_sixty_papers_and_each_number_is_used_once() -> None:
    numbers = [paper.number for paper in PAPERS]

    assert numbers == list(range(FIRST_NUMBER, FIRST_NUMBER + len(PAPERS)))
    assert 55 <= len(PAPERS) <= 70


def test_the_first_paper_is_of_the_first_day_because_its_date_keeps_the_edition() -> None:
    assert PAPERS[0].days_ago == 0


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.number))
def test_every_abstract_is_as_long_as_a_real_one(paper: SamplePaper) -> None:
    assert 80 <= words(paper) <= 180


def test_the_papers_come_from_many_fields() -> None:
    primary = {paper.categories[0] for paper in PAPERS}

    assert {
        "cs.CL",
        "cs.RO",
        "stat.ML",
        "math.CO",
        "quant-ph",
        "astro-ph.GA",
        "hep-ph",
        "q-bio.NC",
        "econ.EM",
    } <= primary


def test_what_readers_and_mails_find_hard_is_among_them() -> None:
    assert max(len(paper.authors) for paper in PAPERS) == 34
    assert max(len(paper.title) for paper in PAPERS) > 200
    assert any(paper.comment.startswith("This paper has been withdrawn") for paper in PAPERS)
    assert any("$" in paper.title for paper in PAPERS)
    assert any(letter > "\u3000" for paper in PAPERS for letter in paper.title)


def test_about_fifteen_papers_of_the_first_day_are_featured() -> None:
    featured = [paper for paper in PAPERS if paper.featured is not None and paper.days_ago >= 0]

    assert 12 <= len(featured) <= 18


def test_a_paper_is_never_featured_before_it_was_written() -> None:
    early = [paper.number for paper in PAPERS if paper.featured and paper.featured.days_ago > paper.days_ago]

    assert early == []


def test_no_link_leads_to_a_real_place() -> None:
    links = [paper.featured.code for paper in PAPERS if paper.featured and paper.featured.code]

    assert links
    assert all(link.startswith("https://code.example.org/") for link in links)
