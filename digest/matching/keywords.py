"""Keywords and phrases that the reader named, found in titles and abstracts by their stems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from digest.matching._evidence import (
    LEAST_RARITY,
    RARITY_PER_DECADE,
    Hits,
    Parts,
    collect_wishes,
    rarity_weight,
    spread_of,
)
from digest.matching._phrases import saturate
from digest.matching._quoting import quote
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, expand, lookup, matrix, scale_rows, unsum
from digest.matching._stems import family
from digest.matching._text import written_words
from digest.matching._wording import QUOTES, Keyword, find_keywords, read_keyword
from digest.types import FloatMatrix, IdArray, PaperDoc, ProfileDoc

HALF = 1.5  # mentions beyond the first add ever less: 1, 1.43, 1.67, ... towards 2.5
# What further mentions of a keyword are worth that stands in every paper; in full from one paper in ten on. Or a paper
# full of "model" would go before one with the reader's rare word.
LEAST_WORTH = 0.5
# A phrase whose words stand scattered gives at most this part of what the phrase itself gives.
SCATTERED = 0.35
# A word that is only related to the reader's ("entangled" to "entanglement") gives at most this part: it
# orders papers that have more to say, and never carries one, since "university" is a relative of "universal" too.
RELATED = 0.12
# Scattered words count from this share of the phrase's rarity on: "model" alone is no "state space model".
LEAST_COVERAGE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeywordEvidence:
    """Hits of whole keywords and, more weakly, of their scattered words.

    `hits` holds both; `whole` says where a keyword itself occurs; `shares` (keywords x roots) says what part of a
    keyword each of its words is; `presence` (roots x papers of the window) which of them a paper holds; `roots`
    names the roots, and `docs` are the papers of the window.
    """

    hits: Hits
    whole: sparse.csr_array
    shares: sparse.csr_array
    presence: sparse.csr_array
    roots: tuple[str, ...]
    docs: tuple[PaperDoc, ...]

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background."""
        return self.hits.spread

    def scores(self, rows: slice) -> FloatMatrix:
        """Add up what each paper holds of each profile's keywords."""
        return self.hits.scores(rows)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Name whole keywords; of one that stands scattered, or only in a related word, name the words that occur."""
        wishes = self.hits.wishes
        cells, places, amounts = unsum(left=wishes.table, right=self.hits.holds, rows=rows, columns=columns)
        things = wishes.table.indices[places].astype(np.int64)
        is_whole = lookup(self.whole, things, columns[cells]) > 0
        loose = ~is_whole
        owner, words, shares = self._scattered(things=things[loose], columns=columns[cells[loose]])
        asked = [
            *(wishes.labels[place] for place in places[is_whole].tolist()),
            *self._spell(labels=[wishes.labels[place] for place in places[loose][owner].tolist()], words=words),
        ]
        cells, amounts = (
            np.concatenate([cells[is_whole], cells[loose][owner]]),
            np.concatenate([amounts[is_whole], amounts[loose][owner] * shares]),
        )
        docs = [self.docs[column] for column in columns[cells].tolist()]
        terms = [quote(paper=paper, asked=label) for paper, label in zip(docs, asked, strict=True)]
        return Parts(cells=cells, amounts=amounts, terms=terms, asked=asked)

    def _scattered(self, *, things: IdArray, columns: IdArray) -> tuple[IdArray, IdArray, FloatVector]:
        """Say which words of some keywords stand in some papers: whose word it is, which root, its share."""
        asked, word_places = expand(self.shares, things)
        words = self.shares.indices[word_places].astype(np.int64)
        share = self.shares.data[word_places] * lookup(self.presence, words, columns[asked])
        total = np.bincount(asked, weights=share, minlength=len(things))
        kept = np.flatnonzero(share > 0)
        return asked[kept], words[kept], share[kept] / total[asked[kept]]

    def _spell(self, *, labels: Sequence[str], words: IdArray) -> list[str]:
        return [_spellings(label)[self.roots[word]] for label, word in zip(labels, words.tolist(), strict=True)]


class KeywordSignal:
    """Papers that hold what the reader named, as a phrase or, more weakly, its words scattered."""

    kind = "keyword"
    is_named = True

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
        ordinary = counts[:, papers.background]
        rarity = rarity_weight(n_holding=np.diff(ordinary.indptr).astype(np.float64), n_background=n_background)
        whole = scale_rows(_weigh_mentions(counts, rarity), rarity)
        shares = _word_shares(keywords, papers)
        presence = papers.once(_presence)
        worth = np.array([SCATTERED if len(keyword.roots) > 1 else RELATED for keyword in keywords])
        scattered = scale_rows(_scatter(shares, presence, whole=whole[:, papers.window]), worth * rarity)
        spread = spread_of(wishes=wishes.table, holds=whole[:, papers.background])
        holds = sparse.csr_array(whole[:, papers.window] + scattered)
        holds.sort_indices()
        return KeywordEvidence(
            hits=Hits(wishes=wishes, holds=holds, spread=spread),
            whole=whole[:, papers.window],
            shares=shares,
            presence=presence,
            roots=papers.once(_root_names),
            docs=papers.window_docs,
        )


def _presence(papers: PaperBatch) -> sparse.csr_array:
    """Say which roots each paper of the window holds, shape (n_roots, n_papers)."""
    return sparse.csr_array(papers.root_counts[papers.window].T.tocsr().astype(bool).astype(np.float64))


def _root_names(papers: PaperBatch) -> tuple[str, ...]:
    return tuple(papers.roots.ids)


def _read_wishes(profiles: Sequence[ProfileDoc]) -> Iterator[tuple[int, Keyword, str]]:
    for row, profile in enumerate(profiles):
        for text in profile.keywords:
            if keyword := read_keyword(text):
                yield row, keyword, text.strip().strip(QUOTES)


def _weigh_mentions(counts: sparse.csr_array, rarity: FloatVector) -> sparse.csr_array:
    """Turn counts into evidence: 1 for a mention, more for several, less of that the commoner the keyword is."""
    worth = np.clip((rarity - LEAST_RARITY) / RARITY_PER_DECADE, LEAST_WORTH, 1.0)
    weighed = counts.copy()
    weighed.data = 1.0 + (saturate(counts.data, half=HALF) - 1.0) * np.repeat(worth, np.diff(counts.indptr))
    return weighed


def _scatter(shares: sparse.csr_array, presence: sparse.csr_array, *, whole: sparse.csr_array) -> sparse.csr_array:
    """Answer how much of each keyword's words a paper holds (n_keywords, n_papers), where it lacks the keyword."""
    coverage = sparse.csr_array(shares @ presence)
    coverage.data = np.where(coverage.data >= LEAST_COVERAGE - 1e-9, coverage.data**2, 0.0)
    loose = sparse.csr_array(coverage - coverage.multiply(whole.astype(bool)))
    loose.eliminate_zeros()
    return loose


def _word_shares(keywords: Sequence[Keyword], papers: PaperBatch) -> sparse.csr_array:
    """Split each keyword that may stand scattered into its words by how rare they are; shape (n_keywords, n_roots)."""
    roots = papers.roots
    entries = [
        (row, roots.ids[root], roots.of(root) / sum(map(roots.of, keyword.roots)))
        for row, keyword in enumerate(keywords)
        for root in keyword.roots
        if root in roots.ids and roots.of(root) > 0
    ]
    rows, places, shares = zip(*entries, strict=True) if entries else ((), (), ())
    return matrix(rows=rows, columns=places, values=shares, shape=(len(keywords), len(roots.ids)))


@lru_cache(maxsize=10_000)
def _spellings(label: str) -> dict[str, str]:
    """Tell for each root in a keyword how the reader spelled the first word of it."""
    return {family(found.word): label[found.start : found.end] for found in reversed([*written_words(label)])}


SIGNAL = KeywordSignal()
