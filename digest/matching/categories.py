"""Categories that the reader picked: a gentle hint beside other wishes, the wish itself where there is no other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._arxiv import canonical, says_only_categories
from digest.matching._codes import code_values
from digest.matching._evidence import Hits, Parts, collect_wishes
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector
from digest.types import IdArray, ProfileDoc

# Evidence s / (s + 0.5): 0.8 for the primary category (s = 2), 0.75 for a cross-listing (1.5), more for several.
HALF = 0.5
# What categories count beside keywords, authors, a description or examples: enough for a broad profile alone.
AS_A_HINT = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CategoryEvidence:
    """Hits of categories that saturate: a paper in three of the reader's categories is not thrice as near.

    `weight` says for each profile what its categories count, 1 or AS_A_HINT.
    """

    hits: Hits
    weight: FloatVector

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background, at most a quarter of the weight squared."""
        return self.hits.spread

    def scores(self, rows: slice) -> sparse.csr_array:
        """Answer how much of each paper lies in each profile's categories; most lie in none."""
        plain = self.hits.scores(rows)
        plain.data = np.repeat(self.weight[rows], np.diff(plain.indptr)) * plain.data / (plain.data + HALF)
        return plain

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Name each category that the paper is in."""
        plain = self.hits.parts(rows=rows, columns=columns)
        total = np.bincount(plain.cells, weights=plain.amounts, minlength=len(rows))[plain.cells]
        amounts = plain.amounts * self.weight[rows[plain.cells]] / (total + HALF)
        return Parts(cells=plain.cells, amounts=amounts, name=plain.name)


class CategorySignal:
    """Papers of the categories that the reader picked, the primary one counting more than a cross-listing."""

    kind = "category"
    is_named = True

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> CategoryEvidence:
        """Look each picked category up in the window's papers."""
        wishes = collect_wishes(texts=[profile.categories for profile in profiles], read=canonical)
        weight = np.array([1.0 if says_only_categories(profile) else AS_A_HINT for profile in profiles])
        holds = code_values(codes=wishes.things, papers=papers)
        # A quantity between 0 and 1 varies by a quarter at most; the scale's floor is exactly that.
        spread = np.where(weight == 1.0, 0.0, AS_A_HINT**2 / 4)
        return CategoryEvidence(hits=Hits(wishes=wishes, holds=holds, spread=spread), weight=weight)


SIGNAL = CategorySignal()
