"""What is read once for the chunks of an hour is what would be read each time."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.matching._reading import READINGS_KEPT, read_texts
from digest.matching._space import PaperBatch, forget_batches, read_papers
from digest.types import PaperDoc
from tests.unit.matching.samples import a_paper, a_profile, found, matches, ordinary_papers

PAPERS = [a_paper(1, "Sundials", "Shadows of gnomons."), a_paper(2, "Bees", "A sundial of bees."), *ordinary_papers(8)]
WISH = a_profile(keywords=["sundial", "shadow"], description="gnomons and bees", pickiness="broad")


@settings(max_examples=25, deadline=None)
@given(windows=st.lists(st.lists(st.sampled_from(PAPERS), min_size=1, max_size=6), min_size=1, max_size=5))
def test_a_remembered_reading_gives_what_a_fresh_one_gives(windows: list[list[PaperDoc]]) -> None:
    remembered = [matches(WISH, *window, background=PAPERS) for window in windows]

    fresh = []
    for window in windows:
        read_texts.cache_clear()
        forget_batches()
        fresh.append(matches(WISH, *window, background=PAPERS))

    assert remembered == fresh


def test_the_chunks_of_an_hour_share_one_reading() -> None:
    read_texts.cache_clear()

    for number in range(3):  # the documents are read from the database anew for each chunk
        again = [replace(paper, title=str(paper.title.encode(), "utf-8")) for paper in PAPERS]
        matches(a_profile(number, keywords=["sundial"]), *again[:2], background=again)

    assert (read_texts.cache_info().misses, read_texts.cache_info().hits) == (1, 2)


def test_a_paper_that_was_corrected_is_read_anew() -> None:
    wish = a_profile(keywords=["sundial"])
    corrected = replace(PAPERS[1], abstract="A hive of bees.")

    before = found(wish, PAPERS[1], background=PAPERS)
    after = found(wish, corrected, background=[PAPERS[0], corrected, *PAPERS[2:]])

    assert (before, after) == ([2], [])


def test_matching_leaves_what_is_remembered_as_it_was() -> None:
    docs = tuple(sorted(PAPERS, key=lambda paper: paper.id))
    reading = read_texts(docs)
    parts = (reading.counts.data, reading.counts.indices, reading.root_counts.data, reading.streams[0].stems)
    before = [part.tolist() for part in parts]

    matches(replace(WISH, liked=(PAPERS[0],), exclude=("hive",)), *PAPERS, background=PAPERS)

    assert [part.tolist() for part in parts] == before


def test_no_more_than_a_few_readings_are_remembered() -> None:
    for number in range(READINGS_KEPT + 3):
        read_texts((a_paper(number),))

    assert read_texts.cache_info().currsize == READINGS_KEPT


def test_the_very_same_papers_are_laid_out_once_in_whatever_sequence_they_come() -> None:
    batch = read_papers(papers=PAPERS[:2], background=PAPERS)

    again = read_papers(papers=tuple(PAPERS[:2]), background=[*PAPERS])

    assert again is batch


def test_papers_that_only_say_the_same_are_laid_out_anew_for_telling_would_take_longer() -> None:
    batch = read_papers(papers=PAPERS[:2], background=PAPERS)

    again = read_papers(papers=[replace(paper) for paper in PAPERS[:2]], background=PAPERS)

    assert again is not batch


def test_what_is_made_of_papers_is_made_once() -> None:
    made: list[PaperBatch] = []

    def number_of_papers(papers: PaperBatch) -> int:
        made.append(papers)
        return len(papers.docs)

    batch = read_papers(papers=PAPERS, background=())
    counted = [batch.once(number_of_papers), batch.once(number_of_papers)]

    assert counted == [len(PAPERS)] * 2
    assert made == [batch]
