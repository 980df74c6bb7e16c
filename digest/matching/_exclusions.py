"""What a reader does not want to see: hard rules, whatever else speaks for a paper."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse

from digest.matching._arxiv import CODES_KEPT, canonical, is_category
from digest.matching._codes import code_values
from digest.matching._evidence import collect_wishes
from digest.matching._lookup import Lookup
from digest.matching._space import PaperBatch
from digest.matching._sparse import matrix
from digest.matching._wording import keyword_key
from digest.types import ProfileDoc


def forbidden(*, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    """Find the papers that each profile must not be sent.

    An excluded word or phrase drops a paper that holds it, in any of its forms, in title or abstract; an excluded
    category drops a paper that is in it, also by cross-listing, or that holds its name as a word ("physics"); a paper
    that the reader gave as an example of what they like or do not want is no news to them.
    Returns: shape (n_profiles, n_papers of the window); whatever is not 0 is forbidden.
    """
    by_words = _by_words(profiles, papers)
    by_category = _by_category(profiles, papers)
    return sparse.csr_array(by_words + by_category + _examples(profiles, papers))


def _by_words(profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    wishes = collect_wishes(texts=[profile.exclude for profile in profiles], read=keyword_key)
    found = papers.once(Lookup).find(things=wishes.things, papers=papers)
    return sparse.csr_array(wishes.table @ found.whole)


def _by_category(profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    wishes = collect_wishes(texts=[profile.exclude for profile in profiles], read=_code)
    return sparse.csr_array(wishes.table @ code_values(codes=wishes.things, papers=papers))


@lru_cache(maxsize=CODES_KEPT)
def _code(text: str) -> str:
    return canonical(text) if is_category(text) else ""


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
