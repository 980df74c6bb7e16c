"""Find many phrases in many texts at once, exactly, without a loop over either."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from digest.matching._reading import GAP, Stream
from digest.matching._sparse import FloatVector, matrix
from digest.types import IdArray

Phrase = tuple[int, ...]


def count_phrases(
    *, phrases: Sequence[Phrase], owners: IdArray, n_owners: int, streams: Sequence[Stream], n_papers: int, n_stems: int
) -> sparse.csr_array:
    """Count how often each owner's phrases occur in each paper, words of the title counting more.

    An owner may have several ways of writing one thing ("few shot", "fewshot"): the way that occurs most counts.
    A phrase is the numbers of its stems, one after the other; `owners[i]` says whose phrase i is.
    Returns: weighted counts, shape (n_owners, n_papers).
    """
    order = sorted(set(phrases))
    place_of = {phrase: place for place, phrase in enumerate(order)}
    ways = matrix(
        rows=owners,
        columns=[place_of[phrase] for phrase in phrases],
        values=np.ones(len(phrases)),
        shape=(n_owners, max(len(order), 1)),
    )
    found = [_count(stream=stream, phrases=order, n_papers=n_papers, n_stems=n_stems) for stream in streams]
    return _most(ways=ways, counts=found[0].maximum(found[1]) if len(found) > 1 else found[0])


def _most(*, ways: sparse.csr_array, counts: sparse.csr_array) -> sparse.csr_array:
    """For each owner and paper, keep the largest count among the owner's ways of writing."""
    owners, places = (index.astype(np.int64) for index in ways.tocoo().coords)
    single = counts[places].tocoo()
    rows, columns = owners[single.coords[0]], single.coords[1].astype(np.int64)
    order = np.lexsort((-single.data, columns, rows))
    rows, columns, values = rows[order], columns[order], single.data[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return matrix(
        rows=rows[first], columns=columns[first], values=values[first], shape=(ways.shape[0], counts.shape[1])
    )


def _count(*, stream: Stream, phrases: Sequence[Phrase], n_papers: int, n_stems: int) -> sparse.csr_array:
    which, where = find_phrases(stream=stream, phrases=phrases, n_stems=n_stems)
    return matrix(
        rows=which,
        columns=stream.papers[where],
        values=stream.weights[where],
        shape=(max(len(phrases), 1), n_papers),
    )


def find_phrases(*, stream: Stream, phrases: Sequence[Phrase], n_stems: int) -> tuple[IdArray, IdArray]:
    """Find every place where one of the phrases begins.

    All phrases grow together, a stem at a time: a state stands for the beginning read so far, and a place in the
    text stays in the race only while the beginning that it reads is the beginning of some phrase. Only places where
    a phrase's first stem stands enter it, and the stream knows those.
    Raises: ValueError when a phrase is empty.
    Returns: the numbers of the phrases found, and beside each the place in the stream where it begins.
    """
    if any(not phrase for phrase in phrases):
        raise ValueError("an empty phrase is found nowhere and everywhere")
    alive = list(range(len(phrases)))
    phrase_state = np.zeros(len(phrases), dtype=np.int64)
    which_found, where_found = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for depth in range(max(map(len, phrases), default=0)):
        alive = [place for place in alive if len(phrases[place]) > depth]
        stems_here = np.array([phrases[place][depth] for place in alive], dtype=np.int64)
        step = phrase_state[alive] * n_stems + stems_here
        known, phrase_state[alive] = np.unique(step, return_inverse=True)
        if depth == 0:
            where_state, where = stream.places_of(known)
        else:
            where, where_state = _advance(known, stream.stems, where, where_state, depth=depth, n_stems=n_stems)
        complete = np.full(len(known), GAP, dtype=np.int64)
        for place in alive:
            if len(phrases[place]) == depth + 1:
                complete[phrase_state[place]] = place
        hit = complete[where_state]
        which_found.append(hit[hit != GAP])
        where_found.append(where[hit != GAP])
    return np.concatenate(which_found), np.concatenate(where_found)


def _advance(
    known: IdArray, stems: IdArray, where: IdArray, state: IdArray, *, depth: int, n_stems: int
) -> tuple[IdArray, IdArray]:
    """Read one stem more at each place that is still in the race, and drop the places that left it."""
    after = where + depth
    following = np.where(after < len(stems), stems[np.minimum(after, len(stems) - 1)], GAP)
    step = np.where(following == GAP, GAP, state * n_stems + following)
    place = np.minimum(np.searchsorted(known, step), len(known) - 1)
    stays = known[place] == step
    return where[stays], place[stays]


def saturate(counts: FloatVector, *, half: float) -> FloatVector:
    """Turn counts into evidence that is 1 for a single mention and grows ever slower towards 1 + half."""
    return counts * (1 + half) / (counts + half)
