"""A chunk of planned digests -> the papers that match each reader's interests, best first, each once.

Reads rows into the plain batches that `digest.matching` scores; writes nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from digest import matching
from digest.models import Digest, DigestItem, Paper
from digest.pipeline.papers import load_background, load_docs
from digest.pipeline.profiles import load_profiles
from digest.pipeline.serving import matching_space
from digest.types import BoolMatrix, IdArray, PaperDoc, ProfileDoc, Reason

TOP_K_SPARE = 3  # chosen per profile, in multiples of the reader's cap: some papers go to another profile


class Chosen(NamedTuple):
    """A matched paper under the profile where it ranks best; `also_in` names the reader's other profiles.

    A plain tuple, since an hour has millions of them.
    """

    paper_id: int
    profile_id: int
    profile_name: str
    also_in: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picked:
    """The papers of some readers, reader by reader, in the order of their mails.

    `places` are those of the cells that were picked; `also` names for the i-th of them the other profiles (rows) that
    the same paper matches, where there are any.
    """

    places: IdArray
    also: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The new papers of a chunk: documents, and for each when it was first seen and first submitted (UTC seconds)."""

    docs: tuple[PaperDoc, ...]
    seen: npt.NDArray[np.float64]
    born: npt.NDArray[np.float64]

    def news(self, *, digests: Sequence[Digest]) -> BoolMatrix:
        """Tell which papers are news for which digest. Shape (n_digests, n_papers)."""
        spans = [(digest.window_start, digest.window_end, digest.horizon_days) for digest in digests]
        place_of = {span: place for place, span in enumerate(dict.fromkeys(spans))}  # most readers share theirs
        starts = np.array([start.timestamp() for start, _, _ in place_of])[:, None]
        ends = np.array([end.timestamp() for _, end, _ in place_of])[:, None]
        horizons = np.array([timedelta(days=days).total_seconds() for _, _, days in place_of])[:, None]
        is_news: BoolMatrix = (self.seen > starts) & (self.seen <= ends) & (self.born >= ends - horizons)
        return is_news[[place_of[span] for span in spans]]


def match_digests(*, digests: Sequence[Digest], window: Window, sent: dict[int, set[int]]) -> dict[int, list[Chosen]]:
    """Choose the papers for a chunk of digests in one scoring.

    `sent` holds, by reader, the papers they have had. Returns: by reader id, best first, at most the reader's cap.
    """
    readers = {digest.subscriber_id: place for place, digest in enumerate(digests)}
    space = matching_space()
    moments = {digest.subscriber_id: digest.window_end for digest in digests}
    owners, profiles = load_profiles(moments=moments, space=space)
    if not profiles or not window.docs:
        return {}
    reader_of = np.array([readers[owner] for owner in owners], dtype=np.int64)
    most = np.array([digest.subscriber.max_papers for digest in digests], dtype=np.int64)
    ranking = matching.rank(
        profiles=profiles,
        papers=window.docs,
        background=load_background(space=space),
        eligible=_eligible(digests, window, sent)[reader_of],
        top_k=_limits(reader_of, most),
    )
    picked = pick(best=ranking.best, reader_of=reader_of, limits=most)
    chosen = _explained(picked, ranking, profiles)
    ends = np.searchsorted(reader_of[ranking.best.rows[picked.places]], np.arange(len(digests) + 1)).tolist()
    return {
        digest.subscriber_id: chosen[start:end]
        for digest, start, end in zip(digests, ends, ends[1:], strict=False)
        if start < end
    }


def _explained(picked: Picked, ranking: matching.Ranking, profiles: Sequence[ProfileDoc]) -> list[Chosen]:
    """Say why of what was picked alone: of a reader's several interests most matches go to another one."""
    rows = ranking.best.rows[picked.places].tolist()
    papers = ranking.paper_ids[picked.places].tolist()
    scores = ranking.best.scores[picked.places].tolist()
    also = [tuple(profiles[row].name for row in picked.also.get(number, ())) for number in range(len(rows))]
    reasons = ranking.explain_at(picked.places)
    return [
        Chosen(paper, profiles[row].id, profiles[row].name, also_in, score, why)
        for row, paper, also_in, score, why in zip(rows, papers, also, scores, reasons, strict=True)
    ]


def _limits(reader_of: IdArray, most: IdArray) -> IdArray:
    """Say how many papers to choose for each profile: as many as fit, and spare ones where a reader has several."""
    n_profiles = np.bincount(reader_of, minlength=len(most))
    return np.where(n_profiles > 1, TOP_K_SPARE, 1)[reader_of] * most[reader_of]


def pick(*, best: matching.Cells, reader_of: IdArray, limits: IdArray) -> Picked:
    """Merge what was chosen for each reader's profiles: each paper once, under the profile where it ranks best.

    In: the best cells of each profile (a row), by rising row and the best of each first; `reader_of` says which reader
    a row belongs to, `limits` how many papers a reader takes.
    Order: by rank within the profile, then by score, so that every interest is heard before any repeats itself.
    """
    rank = np.arange(len(best.rows)) - np.searchsorted(best.rows, best.rows)
    readers = reader_of[best.rows]
    order = np.lexsort((best.columns, -best.scores, rank, readers))
    papers = readers[order] * (int(best.columns.max(initial=0)) + 1) + best.columns[order]
    _, first, paper = np.unique(papers, return_index=True, return_inverse=True)
    firsts = np.sort(first)
    taken = readers[order[firsts]]
    kept = firsts[np.arange(len(firsts)) - np.searchsorted(taken, taken) < limits[taken]]
    place_of = {place: number for number, place in enumerate(kept.tolist())}
    also: dict[int, list[int]] = defaultdict(list)
    for again in np.setdiff1d(np.arange(len(order)), firsts).tolist():
        if (number := place_of.get(int(first[paper[again]]))) is not None:
            also[number].append(int(best.rows[order[again]]))
    return Picked(places=order[kept], also=also)


def _eligible(digests: Sequence[Digest], window: Window, sent: dict[int, set[int]]) -> BoolMatrix:
    """Tell which papers are news for which digest's reader and were never sent to them."""
    place_of = {doc.id: place for place, doc in enumerate(window.docs)}
    eligible = window.news(digests=digests)
    for digest, row in zip(digests, eligible, strict=True):
        if had := sent.get(digest.subscriber_id):
            row[[place_of[paper] for paper in had if paper in place_of]] = False
    return eligible


def load_window(*, digests: Sequence[Digest]) -> Window:
    """Read every paper that is news for at least one of the digests."""
    papers = Paper.objects.mailable().first_seen(
        after=min(digest.window_start for digest in digests), until=max(digest.window_end for digest in digests)
    )
    rows = list(papers.order_by("pk").values_list("pk", "first_seen_at", "submitted_at", "announced_on"))
    docs = {doc.id: doc for doc in load_docs(papers=papers, space=matching_space())}
    kept = [row for row in rows if row[0] in docs]
    return Window(
        docs=tuple(docs[row[0]] for row in kept),
        seen=np.array([row[1].timestamp() for row in kept], dtype=np.float64),
        born=np.array([_born(row[2], row[3]) for row in kept], dtype=np.float64),
    )


def _born(submitted_at: datetime | None, announced_on: date | None) -> float:
    if submitted_at is not None:
        return submitted_at.timestamp()
    if announced_on is not None:
        return datetime.combine(announced_on, time.min, tzinfo=UTC).timestamp()
    return float("-inf")  # nobody says how old it is: then it is not announced as new


def load_sent(*, subscriber_ids: Sequence[int], paper_ids: Sequence[int]) -> dict[int, set[int]]:
    """Read which of these papers each of these readers has had, in any digest."""
    sent: dict[int, set[int]] = defaultdict(set)
    pairs = DigestItem.objects.filter(subscriber_id__in=subscriber_ids, paper_id__in=paper_ids)
    for reader, paper in pairs.values_list("subscriber_id", "paper_id").iterator():
        sent[reader].add(paper)
    return sent
