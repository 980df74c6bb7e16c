"""What a reader typed as a keyword, and where it occurs: shared by what they want and what they exclude."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from digest.matching._filler import STOP_WORDS
from digest.matching._phrases import Phrase, count_phrases
from digest.matching._space import PaperBatch
from digest.matching._stems import family, stem
from digest.matching._text import fold, is_spaceless, joined_words, split_words

QUOTES = '"“”„«»'


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword as it is searched: `ways` of writing it, as stems; `roots` of its words, unless quoted.

    The roots may stand scattered, and in words that are only related to the reader's.
    """

    ways: tuple[tuple[str, ...], ...]
    roots: tuple[str, ...]

    @property
    def key(self) -> str:
        """Write the keyword down as one text: two keywords with one key are searched alike."""
        return "\n".join([" ".join(self.roots), *map(" ".join, self.ways)])


def keyword_of(*, key: str) -> Keyword:
    """Read a keyword back from its key."""
    roots, *ways = key.split("\n")
    return Keyword(ways=tuple(tuple(way.split(" ")) for way in ways), roots=tuple(roots.split()))


@lru_cache(maxsize=100_000)
def keyword_key(text: str) -> str:
    """Answer the key of what a reader typed; "" when there is nothing to search for."""
    keyword = read_keyword(text)
    return keyword.key if keyword else ""


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
    loose = () if quoted or any(map(is_spaceless, split)) else split
    roots = dict.fromkeys(family(word) for word in loose if word not in STOP_WORDS)
    return Keyword(ways=tuple(ways), roots=tuple(roots))


def find_keywords(*, keywords: Sequence[Keyword], papers: PaperBatch) -> sparse.csr_array:
    """Count each keyword in each paper of the run, a mention in the title as two.

    Returns: shape (n_keywords, n_docs).
    """
    phrases: list[Phrase] = []
    owners: list[int] = []
    ids = papers.stems
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
