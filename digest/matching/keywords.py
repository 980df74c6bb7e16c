"""Keywords and phrases that the reader named, found in titles and abstracts by their stems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._evidence import Hits, Parts, collect_wishes, rarity_weight, spread_of
from digest.matching._phrases import saturate
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, expand, lookup, matrix, scale_rows, unsum
from digest.matching._text import spellings
from digest.matching._wording import QUOTES, Keyword, find_keywords, read_keyword
from digest.types import FloatMatrix, IdArray, ProfileDoc

HALF = 1.5  # mentions beyond the first add ever less: 1, 1.43, 1.67, ... towards 2.5
# A phrase whose words stand scattered gives at most this part of what the phrase itself gives.
SCATTERED = 0.35
# Scattered words count from this share of the phrase's rarity on: "model" alone is no "state space model".
LEAST_COVERAGE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeywordEvidence:
    """Hits of whole keywords and, more weakly, of their scattered words.

    `hits` holds both; `whole` says where a keyword itself occurs; `shares` (keywords x stems) says what part of a
    keyword each of its words is; `presence` (stems x papers of the window) which words a paper holds; `stems` names
    the stems.
    """

    hits: Hits
    whole: sparse.csr_array
    shares: sparse.csr_array
    presence: sparse.csr_array
    stems: tuple[str, ...]

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background."""
        return self.hits.spread

    def scores(self, rows: slice) -> FloatMatrix:
        """Add up what each paper holds of each profile's keywords."""
        return self.hits.scores(rows)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Name whole keywords in the reader's words; of a scattered one, name only the words that occur."""
        wishes = self.hits.wishes
        cells, places, amounts = unsum(left=wishes.table, right=self.hits.holds, rows=rows, columns=columns)
        things = wishes.table.indices[places].astype(np.int64)
        is_whole = lookup(self.whole, things, columns[cells]) > 0
        loose = ~is_whole
        scattered = self._scattered(
            cells=cells[loose], places=places[loose], amounts=amounts[loose], columns=columns[cells[loose]]
        )
        return Parts(
            cells=np.concatenate([cells[is_whole], scattered.cells]),
            amounts=np.concatenate([amounts[is_whole], scattered.amounts]),
            terms=[*(wishes.labels[place] for place in places[is_whole].tolist()), *scattered.terms],
        )

    def _scattered(self, *, cells: IdArray, places: IdArray, amounts: FloatVector, columns: IdArray) -> Parts:
        wishes = self.hits.wishes
        asked, word_places = expand(self.shares, wishes.table.indices[places].astype(np.int64))
        words = self.shares.indices[word_places].astype(np.int64)
        share = self.shares.data[word_places] * lookup(self.presence, words, columns[asked])
        total = np.bincount(asked, weights=share, minlength=len(cells))
        kept = np.flatnonzero(share > 0)
        owner = asked[kept]
        labels = [wishes.labels[place] for place in places[owner].tolist()]
        stems = [self.stems[place] for place in words[kept].tolist()]
        return Parts(
            cells=cells[owner],
            amounts=amounts[owner] * share[kept] / total[owner],
            terms=[spellings(label).get(word, word) for label, word in zip(labels, stems, strict=True)],
        )


class KeywordSignal:
    """Papers that hold what the reader named, as a phrase or, more weakly, its words scattered."""

    kind = "keyword"

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> KeywordEvidence:
        """Find every keyword of every profile in every paper, each once whoever asks for it."""
        found = list(_read_wishes(profiles))
        wishes = collect_wishes(
            entries=((row, keyword.key, label) for row, keyword, label in found), n_profiles=len(profiles)
        )
        by_key = {keyword.key: keyword for _, keyword, _ in found}
        keywords = [by_key[thing] for thing in wishes.things]
        counts = find_keywords(keywords=keywords, papers=papers)
        n_background = len(papers.background)
        whole = counts.copy()
        whole.data = saturate(counts.data, half=HALF)
        ordinary = whole[:, papers.background]
        rarity = rarity_weight(n_holding=np.diff(ordinary.indptr).astype(np.float64), n_background=n_background)
        whole = scale_rows(whole, rarity)
        shares = _word_shares(keywords, papers)
        presence = papers.counts[papers.window].T.tocsr().astype(bool).astype(np.float64)
        scattered = scale_rows(_scatter(shares, presence, whole=whole[:, papers.window]), rarity)
        spread = spread_of(wishes=wishes.table, holds=whole[:, papers.background])
        holds = sparse.csr_array(whole[:, papers.window] + scattered)
        holds.sort_indices()
        return KeywordEvidence(
            hits=Hits(wishes=wishes, holds=holds, spread=spread),
            whole=whole[:, papers.window],
            shares=shares,
            presence=presence,
            stems=tuple(papers.space.ids),
        )


def _read_wishes(profiles: Sequence[ProfileDoc]) -> Iterator[tuple[int, Keyword, str]]:
    for row, profile in enumerate(profiles):
        for text in profile.keywords:
            if keyword := read_keyword(text):
                yield row, keyword, text.strip().strip(QUOTES)


def _scatter(shares: sparse.csr_array, presence: sparse.csr_array, *, whole: sparse.csr_array) -> sparse.csr_array:
    """Answer the evidence of scattered words (n_keywords, n_papers), where the keyword itself does not occur."""
    coverage = sparse.csr_array(shares @ presence)
    coverage.data = np.where(coverage.data >= LEAST_COVERAGE - 1e-9, SCATTERED * coverage.data**2, 0.0)
    loose = sparse.csr_array(coverage - coverage.multiply(whole.astype(bool)))
    loose.eliminate_zeros()
    return loose


def _word_shares(keywords: Sequence[Keyword], papers: PaperBatch) -> sparse.csr_array:
    """Split each keyword that may stand scattered into its words by how rare they are; shape (n_keywords, n_stems)."""
    space = papers.space
    entries = [
        (row, space.ids[word], space.rarity_of(word) / sum(map(space.rarity_of, keyword.words)))
        for row, keyword in enumerate(keywords)
        for word in keyword.words
        if word in space.ids and space.rarity_of(word) > 0
    ]
    rows, places, shares = zip(*entries, strict=True) if entries else ((), (), ())
    return matrix(rows=rows, columns=places, values=shares, shape=(len(keywords), len(space.ids)))


SIGNAL = KeywordSignal()
