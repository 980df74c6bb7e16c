"""The papers of one run as the stored rows of readers see them: which terms each holds, and how much they tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from digest.matching._likeness import Texts, lay_out
from digest.matching._naming import name_of_paper
from digest.matching._quoting import cut, read_line
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, matrix
from digest.matching._terms import PAIR_WEIGHT, SILENCE, Found, Terms, find_terms, hash_stems, index_terms, load_terms
from digest.types import PaperDoc

K1 = 1.2  # how soon a repeated term stops adding; texts count by their length in full (BM25 with b = 1)
RARITY_POWER = 2.5
COMMON, LEAST_COMMON = 0.15, 5  # a term of more background papers than this part tells nothing; of a few, it may
PRIOR_PAPERS = 50  # that a term is taken to be as rare in as half a paper, however small the background
PLACES_KEPT = 3_000  # papers; some 15 MB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermSpace:
    """What the papers hold: `known` terms, rising, and their weights in `texts` (n_terms, n_papers of the window).

    `rows` are the same weights, a paper in each row. `noise`, shape (n_terms,), is the variance that a term said once
    has among ordinary papers of ordinary length, were it independent of the others. `place_of` is the way back from a
    term to its place.
    """

    known: Terms
    texts: Texts
    rows: sparse.csr_array
    noise: FloatVector
    place_of: npt.NDArray[np.int32]

    def queries(self, rows: Sequence[bytes]) -> sparse.csr_array:
        """Read the stored rows of readers, shape (n_readers, n_terms)."""
        owners, places, weights = load_terms(rows, place_of=self.place_of)
        return matrix(rows=owners, columns=places, values=weights, shape=(len(rows), len(self.known)))


def read_terms(papers: PaperBatch) -> TermSpace:
    """Read the terms of all papers of a run, and weigh them by their rarity in the background."""
    found = _find(papers)
    known, first, places = np.unique(found.terms, return_index=True, return_inverse=True)
    counts = matrix(rows=found.owners, columns=places, values=found.weights, shape=(len(papers.docs), len(known)))
    telling = _rarity(counts, papers) ** RARITY_POWER * np.where(found.is_pair[first], PAIR_WEIGHT, 1.0)
    weights = _saturate(counts, papers)
    weights.data *= telling[weights.indices]
    weights.eliminate_zeros()
    rate = (_n_holding(counts, papers) + 0.5) / (len(papers.background) + PRIOR_PAPERS)
    return TermSpace(
        known=known,
        texts=lay_out(vectors=weights, papers=papers),
        rows=weights[papers.window],
        noise=telling**2 * rate,
        place_of=index_terms(known),
    )


def quote_term(*, paper: PaperDoc, term: int) -> str:
    """Say in letters that stand in a paper what it has of a term; the paper's title where that cannot be found."""
    for text in (paper.title, paper.abstract):
        terms, starts, ends = _places(text)
        place = int(np.searchsorted(terms, term))
        if place < len(terms) and terms[place] == term:
            return cut(text, int(starts[place]), int(ends[place]))
    return name_of_paper(paper)


@lru_cache(maxsize=2 * PLACES_KEPT)
def _places(text: str) -> tuple[Terms, npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Find where each term of a text stands first: the terms, rising, and from where to where."""
    line = read_line(text, joined=False)
    order = np.arange(len(line.stems))
    found = find_terms(hashes=hash_stems(line.stems), owners=order, weights=np.ones(len(order)))
    terms, first = np.unique(found.terms, return_index=True)
    begin = found.owners[first]
    starts, ends = np.array(line.starts, dtype=np.uint32), np.array(line.ends, dtype=np.uint32)
    return terms, starts[begin], ends[begin + found.is_pair[first]]


def _find(papers: PaperBatch) -> Found:
    stream = papers.streams[0]
    # The last entry stands for the gap between fields, which indexes it as -1.
    numbers = np.append(hash_stems(papers.stems), SILENCE)
    return find_terms(hashes=numbers[stream.stems], owners=stream.papers, weights=stream.weights)


def _saturate(counts: sparse.csr_array, papers: PaperBatch) -> sparse.csr_array:
    """Let repeated terms, and those of long texts, count less. Source: Robertson & Zaragoza 2009, eq. 3.15."""
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    ordinary = float(lengths[papers.background].mean()) if len(papers.background) else 0.0
    drag = np.repeat(K1 * lengths / (ordinary or 1.0), np.diff(counts.indptr))
    weights = counts.copy()
    weights.data = counts.data * (K1 + 1) / (counts.data + drag)
    return weights


def _n_holding(counts: sparse.csr_array, papers: PaperBatch) -> FloatVector:
    return np.bincount(counts[papers.background].indices, minlength=counts.shape[1]).astype(np.float64)


def _rarity(counts: sparse.csr_array, papers: PaperBatch) -> FloatVector:
    """Say how rare each term is; 0 for a common one. Source: Robertson & Zaragoza 2009, 3.3, and one more."""
    n_papers, n_holding = len(papers.background), _n_holding(counts, papers)
    rarity = np.log1p((n_papers - n_holding + 0.5) / (n_holding + 0.5))
    return np.where(n_holding > max(LEAST_COMMON, COMMON * n_papers), 0.0, rarity)
