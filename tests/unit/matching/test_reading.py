"""What is read once for the chunks of an hour is what would be read each time."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.matching._reading import read_texts
from digest.matching._space import forget_batches
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
        forget_batches()
        fresh.append(matches(WISH, *window, background=PAPERS))

    assert remembered == fresh


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
