"""A chunk of planned digests -> the papers that match each reader's interests, best first, each once.

Reads rows into the plain batches that `digest.matching` scores; writes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

from digest import matching
from digest.models import Digest, DigestItem, Paper
from digest.pipeline.papers import load_background, load_docs
from digest.pipeline.profiles import load_profiles
from digest.pipeline.serving import matching_space
from digest.types import BoolMatrix, IdArray, Match, PaperDoc

TOP_K_SPARE = 3  # chosen per profile, in multiples of the reader's cap: some papers go to another profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A matched paper under the profile where it ranks best; `also_in` names the reader's other profiles."""

    match: Match
    profile_name: str
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The new papers of a chunk: documents, and for each when it was first seen and first submitted (UTC seconds)."""

    docs: tuple[PaperDoc, ...]
    seen: npt.NDArray[np.float64]
    born: npt.NDArray[np.float64]

    def news(self, *, digests: Sequence[Digest]) -> BoolMatrix:
        """Tell which papers are news for which digest. Shape (n_digests, n_papers)."""
        starts = np.array([digest.window_start.timestamp() for digest in digests])[:, None]
        ends = np.array([digest.window_end.timestamp() for digest in digests])[:, None]
        horizons = np.array([timedelta(days=digest.horizon_days).total_seconds() for digest in digests])[:, None]
        is_news: BoolMatrix = (self.seen > starts) & (self.seen <= ends) & (self.born >= ends - horizons)
        return is_news


def match_digests(*, digests: Sequence[Digest], window: Window, sent: dict[int, set[int]]) -> dict[int, list[Chosen]]:
    """Choose the papers for a chunk of digests in one scoring.

    `sent` holds, by reader, the papers they have had. Returns: by reader id, best first, at most the reader's cap.
    """
    readers = {digest.subscriber_id: digest for digest in digests}
    space = matching_space()
    now = max(digest.window_end for digest in digests)
    owners, profiles = load_profiles(subscriber_ids=list(readers), space=space, now=now)
    if not profiles or not window.docs:
        return {}
    unsent = _eligible(digests, window, sent)
    ranking = matching.rank(
        profiles=profiles,
        papers=window.docs,
        background=load_background(space=space),
        eligible=np.stack([unsent[owner] for owner in owners]),
        top_k=_limits(owners, {reader: digest.subscriber.max_papers for reader, digest in readers.items()}),
    )
    owner_of = dict(zip((profile.id for profile in profiles), owners, strict=True))
    names = {profile.id: profile.name for profile in profiles}
    grouped: dict[int, list[Match]] = defaultdict(list)
    for found in ranking.matches:
        grouped[owner_of[found.profile_id]].append(found)
    picked = {
        reader: pick(matches=found, names=names, limit=readers[reader].subscriber.max_papers)
        for reader, found in grouped.items()
    }
    return _explained(picked, ranking)


def _explained(picked: dict[int, list[Chosen]], ranking: matching.Ranking) -> dict[int, list[Chosen]]:
    """Say why of what was picked alone: of a reader's several interests most matches go to another one."""
    explained = iter(ranking.explain([each.match for found in picked.values() for each in found]))
    return {
        reader: [Chosen(match=next(explained), profile_name=each.profile_name, also_in=each.also_in) for each in found]
        for reader, found in picked.items()
    }


def _limits(owners: Sequence[int], max_papers: dict[int, int]) -> IdArray:
    """Say how many papers to choose for each profile: as many as fit, and spare ones where a reader has several."""
    n_profiles = Counter(owners)
    spare = {reader: TOP_K_SPARE if n_profiles[reader] > 1 else 1 for reader in n_profiles}
    return np.array([spare[reader] * max_papers[reader] for reader in owners], dtype=np.int64)


def pick(*, matches: Sequence[Match], names: dict[int, str], limit: int) -> list[Chosen]:
    """Merge one reader's matches: each paper once, under the profile where it ranks best.

    Order: by rank within the profile, then by score, so that every interest is heard before any repeats itself.
    """
    ranked = sorted(_with_ranks(matches), key=lambda pair: (pair[0], -pair[1].score, pair[1].paper_id))
    chosen: dict[int, Chosen] = {}
    for _, found in ranked:
        first = chosen.get(found.paper_id)
        if first is None:
            chosen[found.paper_id] = Chosen(match=found, profile_name=names[found.profile_id])
        else:
            also = (*first.also_in, names[found.profile_id])
            chosen[found.paper_id] = replace(first, also_in=also)
    return list(chosen.values())[:limit]


def _with_ranks(matches: Sequence[Match]) -> Iterable[tuple[int, Match]]:
    by_profile: dict[int, list[Match]] = defaultdict(list)
    for found in matches:
        by_profile[found.profile_id].append(found)
    for found_here in by_profile.values():
        yield from enumerate(sorted(found_here, key=lambda m: (-m.score, m.paper_id)))


def _eligible(digests: Sequence[Digest], window: Window, sent: dict[int, set[int]]) -> dict[int, npt.NDArray[np.bool_]]:
    """Answer for each reader which papers are news and were never sent to them."""
    place_of = {doc.id: place for place, doc in enumerate(window.docs)}
    eligible = window.news(digests=digests)
    for digest, row in zip(digests, eligible, strict=True):
        row[[place_of[paper] for paper in sent.get(digest.subscriber_id, ()) if paper in place_of]] = False
    return {digest.subscriber_id: row for digest, row in zip(digests, eligible, strict=True)}


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
