"""The words of papers that the reader liked, less those of papers they did not want, against new papers.

Where an interest has a stand, only its stored row of terms is read, never the texts of the library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._evidence import Parts, Term
from digest.matching._likeness import PER_DEVIATION, Likeness, compare
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, multiply_rows
from digest.matching._standing import has_meaning, store_library
from digest.matching._terms import ROW_TERMS
from digest.matching._termspace import TermSpace, quote_term, read_terms
from digest.matching.meaning import PER_DEVIATION as BY_MEANING
from digest.types import BoolVector, FloatMatrix, IdArray, PaperDoc, ProfileDoc

# One liked paper says less of what a reader wants than twenty do: alone, their words count sqrt(n / (n + 4)).
HALF_SURE = 4.0
# Beside meaning, each liked paper lets their words count a sixtieth of it, until they count a third.
PER_LIKED, MOST_BESIDE = 1 / 60, 1 / 3
# Where words are all there is, they are read from the texts each time, and more of them than a row could hold.
TERMS_ALONE = 2_000
# How far likeness by words and by meaning rise together among ordinary papers: their correlation.
ALIKE = 0.5
# Terms that add less than this part of the strongest one are not named; the others stand for them.
LEAST_PART = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExampleEvidence:
    """Likeness to the liked papers' terms; `beside` tells for each profile whether meaning is there too.

    `docs` are the papers of the window.
    """

    likeness: Likeness
    space: TermSpace
    beside: BoolVector
    docs: tuple[PaperDoc, ...]

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background, with what it has in common with meaning."""
        own = self.likeness.spread
        return own + np.where(self.beside, 2 * ALIKE * BY_MEANING * np.sqrt(own), 0.0)

    def scores(self, rows: slice) -> FloatMatrix | sparse.csr_array:
        """Answer how like each paper is to the profile's examples; below 0 when it is like the unwanted ones."""
        return self.likeness.scores(rows)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Share the evidence out to the telling words and pairs of words that a paper has in common with liked ones."""
        order = np.argsort(rows, kind="stable")
        rows, columns = rows[order], columns[order]
        cells, at, shared = multiply_rows(left=self.likeness.queries, right=self.space.rows, rows=rows, columns=columns)
        totals = np.bincount(cells, weights=shared, minlength=len(rows)).astype(np.float64)
        evidence = self.likeness.cells(rows=rows, totals=totals)
        strongest = np.zeros(len(rows))
        np.maximum.at(strongest, cells, shared)
        named = (shared > 0) & (shared >= LEAST_PART * strongest[cells]) & (evidence[cells] > 0)
        cells, amounts, places = cells[named], shared[named], self.space.rows.indices[at[named]].astype(np.int64)
        drawn = np.bincount(cells, weights=amounts, minlength=len(rows))
        return Parts(
            cells=order[np.concatenate([cells, np.arange(len(rows))])],
            amounts=np.concatenate([evidence[cells] * amounts / drawn[cells], np.minimum(evidence, 0.0)]),
            name=lambda at: self._quote(columns[cells[at]], places[at]),
        )

    def _quote(self, columns: IdArray, places: IdArray) -> list[Term]:
        """Say in each paper's letters what it has of a term."""
        docs = [self.docs[column] for column in columns.tolist()]
        terms = self.space.known[places].tolist()
        return [Term(quote_term(paper=paper, term=term)) for paper, term in zip(docs, terms, strict=True)]


class ExampleSignal:
    """Papers whose words are those of the papers that the reader gave as examples."""

    kind = "words"
    is_named = False

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> ExampleEvidence:
        """Compare the terms of each profile's library with every paper."""
        space = papers.once(read_terms)
        beside = np.array([has_meaning(profile, dimensions=papers.dimensions) for profile in profiles], dtype=bool)
        most = np.where(beside, ROW_TERMS, TERMS_ALONE).tolist()
        queries = space.queries([_row(profile, most=n) for profile, n in zip(profiles, most, strict=True)])
        return ExampleEvidence(
            likeness=compare(
                queries=queries,
                texts=space.texts,
                # Where hardly any paper shares a word with a library, one shared word must not look like a marvel.
                least_deviation=np.maximum(np.sqrt(queries.multiply(queries) @ space.noise), 1e-9),
                weight=_weight(np.array([_n_liked(profile) for profile in profiles], dtype=np.float64), beside),
            ),
            space=space,
            beside=beside,
            docs=papers.window_docs,
        )


def _row(profile: ProfileDoc, *, most: int) -> bytes:
    return store_library(profile=profile, most=most) if profile.standing is None else profile.standing.terms


def _n_liked(profile: ProfileDoc) -> float:
    if profile.standing is not None and profile.standing.liked_weight > 0:
        return profile.standing.liked_weight
    return sum(profile.liked_weights) or float(len(profile.liked))


def _weight(n_liked: FloatVector, beside: BoolVector) -> FloatVector:
    """Answer the evidence for one deviation of likeness."""
    alone = PER_DEVIATION * np.sqrt(n_liked / (n_liked + HALF_SURE))
    return np.where(beside, BY_MEANING * np.minimum(PER_LIKED * n_liked, MOST_BESIDE), alone)


SIGNAL = ExampleSignal()
