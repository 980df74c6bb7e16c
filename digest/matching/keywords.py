"""Keywords and phrases that the reader named, found in titles and abstracts by their stems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from digest.matching._evidence import Hits, Parts, Wishes, collect_wishes, rarity_weight, spread_of
from digest.matching._phrases import Phrase, count_phrases, saturate
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, expand, lookup, matrix, scale_rows, unsum
from digest.matching._text import STOP_WORDS, fold, is_spaceless, joined_words, spellings, split_words, stem
from digest.types import FloatMatrix, IdArray, ProfileDoc

HALF = 1.5  # mentions beyond the first add ever less: 1, 1.43, 1.67, ... towards 2.5
# A phrase whose words stand scattered gives at most this part of what the phrase itself gives.
SCATTERED = 0.35
# Scattered words count from this share of the phrase's rarity on: "model" alone is no "state space model".
LEAST_COVERAGE = 0.5
QUOTES = "\"“”„«»"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword as it is searched: `ways` of writing it, as stems; `words` that may stand scattered, unless quoted."""

    ways: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        """Two keywords with one key are searched alike."""
        return f"{' '.join(self.ways[0])}\n{' '.join(self.words)}"


@lru_cache(maxsize=100_000)
def read_keyword(text: str) -> Keyword | None:
    """Read what a reader typed; in quotation marks only the phrase itself counts.

    Returns: None when there is nothing to search for: no letter or digit, or nothing but stop words.
    """
    folded = fold(text)
    split = split_words(folded)
    if all(word in STOP_WORDS for word in split):
        return None
    joined = joined_words(folded) or (split if len(split) == 1 else [])
    if len(split) == 2 and not any(map(is_spaceless, split)):
        joined = ["".join(split)]
    ways = dict.fromkeys(tuple(map(stem, way)) for way in (split, joined) if way)
    quoted = text.strip()[:1] in QUOTES
    scattered = () if quoted or any(map(is_spaceless, split)) or len(split) == 1 else split
    words = dict.fromkeys(stem(word) for word in scattered if word not in STOP_WORDS)
    return Keyword(ways=tuple(ways), words=tuple(words))


def find_keywords(*, keywords: Sequence[Keyword], papers: PaperBatch) -> sparse.csr_array:
    """Count each keyword in each paper of the run, a mention in the title as two.

    Returns: shape (n_keywords, n_docs).
    """
    phrases: list[Phrase] = []
    owners: list[int] = []
    ids = papers.space.ids
    for owner, keyword in enumerate(keywords):
        for way in keyword.ways:
            if all(word in ids for word in way):
                phrases.append(tuple(ids[word] for word in way))
                owners.append(owner)
    return count_phrases(
        phrases=phrases,
        owners=np.array(owners, dtype=np.int64),
        n_owners=len(keywords),
        streams=papers.streams,
        n_papers=len(papers.docs),
        n_stems=len(ids),
    )


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
        presence = papers.vectors[papers.window].T.tocsr().astype(bool).astype(np.float64)
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
