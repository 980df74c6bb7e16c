"""What a reader does not want to see: hard rules, whatever else speaks for a paper."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from digest.matching._arxiv import canonical, is_category
from digest.matching._codes import code_values
from digest.matching._evidence import collect_wishes
from digest.matching._space import PaperBatch
from digest.matching._sparse import matrix
from digest.matching._wording import Keyword, find_keywords, read_keyword
from digest.types import ProfileDoc


def forbidden(*, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    """Find the papers that each profile must not be sent.

    An excluded word or phrase drops a paper that holds it, in any of its forms, in title or abstract; an excluded
    category drops a paper that is in it, also by cross-listing; a paper that the reader gave as an example of what
    they like or do not want is no news to them.
    Returns: shape (n_profiles, n_papers of the window); whatever is not 0 is forbidden.
    """
    by_words = _by_words(profiles, papers)
    by_category = _by_category(profiles, papers)
    return sparse.csr_array(by_words + by_category + _examples(profiles, papers))


def _by_words(profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    read: dict[str, Keyword] = {}
    entries = []
    for row, profile in enumerate(profiles):
        for text in profile.exclude:
            if keyword := read_keyword(text):
                read[keyword.key] = keyword
                entries.append((row, keyword.key, text))
    wishes = collect_wishes(entries=entries, n_profiles=len(profiles))
    counts = find_keywords(keywords=[read[thing] for thing in wishes.things], papers=papers)
    return sparse.csr_array(wishes.table @ counts[:, papers.window])


def _by_category(profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    wishes = collect_wishes(
        entries=(
            (row, canonical(text), text)
            for row, profile in enumerate(profiles)
            for text in profile.exclude
            if is_category(text)
        ),
        n_profiles=len(profiles),
    )
    return sparse.csr_array(wishes.table @ code_values(codes=wishes.things, papers=papers))


def _examples(profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    place_of = papers.once(_place_of)
    entries = [
        (row, place_of[paper.id])
        for row, profile in enumerate(profiles)
        for paper in (*profile.liked, *profile.disliked)
        if paper.id in place_of
    ]
    rows, places = zip(*entries, strict=True) if entries else ((), ())
    return matrix(rows=rows, columns=places, values=np.ones(len(entries)), shape=(len(profiles), len(place_of)))


def _place_of(papers: PaperBatch) -> dict[int, int]:
    return {paper.id: place for place, paper in enumerate(papers.window_docs)}
