"""Keywords and phrases that the reader named, found in titles and abstracts by their stems."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from digest.matching._evidence import Hits, Parts, Term, collect_wishes, spread_of
from digest.matching._lookup import Found, Lookup, presence, root_names
from digest.matching._quoting import quote
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, expand, lookup, unsum
from digest.matching._stems import family
from digest.matching._text import written_words
from digest.matching._wording import QUOTES, keyword_key
from digest.types import IdArray, PaperDoc, ProfileDoc

WHOLE = -1  # in place of a word: the keyword itself


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeywordEvidence:
    """Hits of whole keywords and, more weakly, of their scattered words.

    `hits` holds both and `found` tells them apart; `presence` (roots x papers of the window) says which roots a paper
    holds; `roots` names the roots, and `docs` are the papers of the window.
    """

    hits: Hits
    found: Found
    presence: sparse.csr_array
    roots: tuple[str, ...]
    docs: tuple[PaperDoc, ...]

    @property
    def spread(self) -> FloatVector:
        """The variance of each profile's evidence over the background."""
        return self.hits.spread

    def scores(self, rows: slice) -> sparse.csr_array:
        """Add up what each paper holds of each profile's keywords."""
        return self.hits.scores(rows)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Name whole keywords; of one that stands scattered, or only in a related word, name the words that occur."""
        wishes = self.hits.wishes
        cells, places, amounts = unsum(left=wishes.table, right=self.hits.holds, rows=rows, columns=columns)
        things = wishes.table.indices[places].astype(np.int64)
        is_whole = lookup(self.found.whole, things, columns[cells]) > 0
        loose = np.flatnonzero(~is_whole)
        owner, words, shares = self._scattered(things=things[loose], columns=columns[cells[loose]])
        owner = loose[owner]
        cells = np.concatenate([cells[is_whole], cells[owner]])
        amounts = np.concatenate([amounts[is_whole], amounts[owner] * shares])
        places = np.concatenate([places[is_whole], places[owner]])
        words = np.concatenate([np.full(int(is_whole.sum()), WHOLE), words])
        return Parts(
            cells=cells, amounts=amounts, name=lambda at: self._name(places[at], words[at], columns[cells[at]])
        )

    def _name(self, places: IdArray, words: IdArray, columns: IdArray) -> list[Term]:
        """Quote keywords, or one word of each, as the papers write them."""
        labels = [self.hits.wishes.labels[place].strip().strip(QUOTES) for place in places.tolist()]
        asked = [
            label if word == WHOLE else _spellings(label)[self.roots[word]]
            for label, word in zip(labels, words.tolist(), strict=True)
        ]
        docs = [self.docs[column] for column in columns.tolist()]
        return [Term(quote(paper=paper, asked=label), label) for paper, label in zip(docs, asked, strict=True)]

    def _scattered(self, *, things: IdArray, columns: IdArray) -> tuple[IdArray, IdArray, FloatVector]:
        """Say which words of some keywords stand in some papers: whose word it is, which root, its share."""
        asked, word_places = expand(self.found.shares, things)
        words = self.found.shares.indices[word_places].astype(np.int64)
        share = self.found.shares.data[word_places] * lookup(self.presence, words, columns[asked])
        total = np.bincount(asked, weights=share, minlength=len(things))
        kept = np.flatnonzero(share > 0)
        return asked[kept], words[kept], share[kept] / total[asked[kept]]


class KeywordSignal:
    """Papers that hold what the reader named, as a phrase or, more weakly, its words scattered."""

    kind = "keyword"
    is_named = True

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> KeywordEvidence:
        """Find every keyword of every profile in every paper, each once whoever asks for it."""
        wishes = collect_wishes(texts=[profile.keywords for profile in profiles], read=keyword_key)
        found = papers.once(Lookup).find(things=wishes.things, papers=papers)
        spread = spread_of(wishes=wishes.table, variances=found.variances)
        return KeywordEvidence(
            hits=Hits(wishes=wishes, holds=found.holds, spread=spread),
            found=found,
            presence=papers.once(presence),
            roots=papers.once(root_names),
            docs=papers.window_docs,
        )


@lru_cache(maxsize=10_000)
def _spellings(label: str) -> dict[str, str]:
    """Tell for each root in a keyword how the reader spelled the first word of it."""
    return {family(found.word): label[found.start : found.end] for found in reversed([*written_words(label)])}


SIGNAL = KeywordSignal()
