"""The reader's own description, free text, against title and abstract by the words they share."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digest.matching._evidence import Parts
from digest.matching._likeness import PER_DEVIATION, Likeness, compare
from digest.matching._phrases import saturate
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, matrix, scale_rows, unsum
from digest.matching._text import spellings
from digest.types import FloatMatrix, IdArray, ProfileDoc

HALF = 1.5  # mentions beyond the first add ever less
# A paper that holds k of a description's n words, all as rare, stands k / sqrt(n) high; a quarter is one standard
# deviation at least. So one word of seven does not pass 'balanced', two of them do.
LEAST_DEVIATION = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DescriptionEvidence:
    """Likeness to the description; `words[i]` spells the stems of profile i's description as its reader did."""

    likeness: Likeness
    words: tuple[dict[str, str], ...]
    stems: tuple[str, ...]

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background."""
        return self.likeness.spread

    def scores(self, rows: slice) -> FloatMatrix:
        """Answer how like each paper is to each profile's description."""
        return self.likeness.scores(rows)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Share the evidence out to the words of the description that the paper holds."""
        queries = self.likeness.queries
        cells, places, products = unsum(left=queries, right=self.likeness.papers, rows=rows, columns=columns)
        total = np.bincount(cells, weights=products, minlength=len(rows)).astype(np.float64)
        evidence = self.likeness.cells(rows=rows, totals=total)
        stems = [self.stems[place] for place in queries.indices[places].tolist()]
        words = [self.words[row][stem] for row, stem in zip(rows[cells].tolist(), stems, strict=True)]
        return Parts(cells=cells, amounts=evidence[cells] * products / total[cells], terms=words)


class DescriptionSignal:
    """Papers whose text shares telling words with the reader's description."""

    kind = "description"

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> DescriptionEvidence:
        """Weigh the description's words by how rare they are, and compare them with every paper."""
        space = papers.space
        words = tuple(spellings(profile.description) for profile in profiles)
        entries = [
            (row, space.ids[word], space.telling_of(word))
            for row, spelled in enumerate(words)
            for word in spelled
            if word in space.ids and space.telling_of(word) > 0
        ]
        # A word that occurs in no paper belongs to the description's length all the same.
        length = np.array([math.hypot(*map(space.telling_of, spelled)) for spelled in words], dtype=np.float64)
        rows, places, weights = zip(*entries, strict=True) if entries else ((), (), ())
        queries = matrix(rows=rows, columns=places, values=weights, shape=(len(profiles), len(space.ids)))
        queries = scale_rows(queries, np.divide(1.0, length, out=np.zeros_like(length), where=length > 0))
        mentions = papers.counts.copy()
        mentions.data = saturate(mentions.data, half=HALF)
        likeness = compare(
            queries=queries,
            vectors=mentions,
            papers=papers,
            least_deviation=LEAST_DEVIATION,
            weight=np.full(len(profiles), PER_DEVIATION),
        )
        return DescriptionEvidence(likeness=likeness, words=words, stems=tuple(space.ids))


SIGNAL = DescriptionSignal()
