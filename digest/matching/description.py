"""The reader's own description, free text, against title and abstract by the words they share."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._evidence import PRIOR_PAPERS, Parts, Term
from digest.matching._filler import FILLER_WORDS, STOP_WORDS
from digest.matching._likeness import PER_DEVIATION, Likeness, Texts, compare, lay_out
from digest.matching._phrases import saturate
from digest.matching._quoting import quote
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, matrix, scale_rows, unsum
from digest.matching._stems import stem
from digest.matching._text import written_words
from digest.types import FloatMatrix, IdArray, PaperDoc, ProfileDoc

HALF = 0.5  # mentions beyond the first add little: one word said often is no two words
# A paper that holds k of a description's n words, all as rare, stands k / sqrt(n) high; a quarter is one standard
# deviation at least. So one word of seven does not pass 'balanced', two of them do.
LEAST_DEVIATION = 0.25
FILLER_STEMS = frozenset(stem(word) for word in STOP_WORDS | FILLER_WORDS)
COMMON_RATE = 0.2  # what stands in so many of the background papers tells nothing in free text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DescriptionEvidence:
    """Likeness to the description; `words[i]` spells the stems of profile i's description as its reader did.

    `docs` are the papers of the window.
    """

    likeness: Likeness
    words: tuple[dict[str, str], ...]
    stems: tuple[str, ...]
    docs: tuple[PaperDoc, ...]

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background."""
        return self.likeness.spread

    def scores(self, rows: slice) -> FloatMatrix | sparse.csr_array:
        """Answer how like each paper is to each profile's description."""
        return self.likeness.scores(rows)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Share the evidence out to the words of the description that the paper holds."""
        queries = self.likeness.queries
        cells, places, products = unsum(left=queries, right=self.likeness.papers.whole, rows=rows, columns=columns)
        total = np.bincount(cells, weights=products, minlength=len(rows)).astype(np.float64)
        evidence = self.likeness.cells(rows=rows, totals=total)

        def name(at: IdArray) -> list[Term]:
            where = zip(rows[cells[at]].tolist(), columns[cells[at]].tolist(), strict=True)
            stems = [self.stems[place] for place in queries.indices[places[at]].tolist()]
            asked = [
                (self.docs[column], self.words[row][word]) for (row, column), word in zip(where, stems, strict=True)
            ]
            return [Term(quote(paper=paper, asked=word), word) for paper, word in asked]

        return Parts(cells=cells, amounts=evidence[cells] * products / total[cells], name=name)


class DescriptionSignal:
    """Papers whose text shares telling words with the reader's description."""

    kind = "description"
    is_named = False

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> DescriptionEvidence:
        """Weigh the description's words by how rare they are, and compare them with every paper."""
        words = tuple(_spellings(profile.description) for profile in profiles)
        stems, telling = papers.stems, papers.once(_Telling)
        entries = [
            (row, stems[word], telling.of(word))
            for row, spelled in enumerate(words)
            for word in spelled
            if word in stems and telling.of(word) > 0
        ]
        # A word that occurs in no paper belongs to the description's length all the same.
        length = np.array([math.hypot(*map(telling.of, spelled)) for spelled in words], dtype=np.float64)
        rows, places, weights = zip(*entries, strict=True) if entries else ((), (), ())
        queries = matrix(rows=rows, columns=places, values=weights, shape=(len(profiles), len(stems)))
        queries = scale_rows(queries, np.divide(1.0, length, out=np.zeros_like(length), where=length > 0))
        likeness = compare(
            queries=queries,
            texts=papers.once(_mentions),
            least_deviation=np.full(len(profiles), LEAST_DEVIATION),
            weight=np.full(len(profiles), PER_DEVIATION),
        )
        return DescriptionEvidence(
            likeness=likeness, words=words, stems=papers.once(_stem_names), docs=papers.window_docs
        )


def _mentions(papers: PaperBatch) -> Texts:
    mentions = papers.counts.copy()
    mentions.data = saturate(mentions.data, half=HALF)
    return lay_out(vectors=mentions, papers=papers)


def _stem_names(papers: PaperBatch) -> tuple[str, ...]:
    return tuple(papers.stems)


class _Telling:
    """How much each word says about what somebody reads: nothing when it is filler or stands in every fifth paper."""

    def __init__(self, papers: PaperBatch) -> None:
        holding = np.bincount(papers.counts[papers.background].indices, minlength=len(papers.stems))
        self.ids = papers.stems
        self.n_papers = len(papers.background) + PRIOR_PAPERS
        self.weights = np.maximum(np.log(COMMON_RATE * self.n_papers / (holding + 0.5)), 0.0)

    def of(self, word: str) -> float:
        if word in FILLER_STEMS:
            return 0.0
        place = self.ids.get(word)
        return math.log(COMMON_RATE * self.n_papers / 0.5) if place is None else float(self.weights[place])


def _spellings(text: str) -> dict[str, str]:
    """Tell for each stem of a text how its writer spelled the first word of it."""
    return {stem(found.word): text[found.start : found.end] for found in reversed([*written_words(text)])}


SIGNAL = DescriptionSignal()
