"""Where keywords occur in the papers of a run, and how much that tells; each is looked up once, whoever asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
from scipy import sparse

from digest.matching._evidence import LEAST_RARITY, RARITY_PER_DECADE, rarity_weight, variance_of
from digest.matching._phrases import saturate
from digest.matching._space import PaperBatch
from digest.matching._sparse import FloatVector, matrix, scale_rows
from digest.matching._wording import Keyword, find_keywords, keyword_of
from digest.types import IdArray

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
# What is remembered of one run of papers: rare keywords by number, common ones (20 kB each in a week of arXiv) by size.
KEYWORDS_KEPT = 50_000
BYTES_KEPT = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Some keywords in the papers of a run, a row for each.

    `whole` (n_keywords x papers of the window) says where a keyword itself occurs and what that counts; `holds` adds
    where only its words do. `shares` (n_keywords x roots) says what part of a keyword each of its words is,
    `variances` how much the evidence of a keyword varies over the background.
    """

    whole: sparse.csr_array
    holds: sparse.csr_array
    shares: sparse.csr_array
    variances: FloatVector

    @property
    def nbytes(self) -> int:
        """How much memory the numbers take."""
        tables = (self.whole, self.holds, self.shares)
        return sum(int(part.nbytes) for table in tables for part in (table.data, table.indices, table.indptr))

    def take(self, rows: IdArray) -> "Found":
        """Give some keywords, in the order asked for."""
        return Found(
            whole=self.whole[rows], holds=self.holds[rows], shares=self.shares[rows], variances=self.variances[rows]
        )

    def followed_by(self, other: "Found") -> "Found":
        """Put the keywords of another one behind these."""
        return Found(
            whole=sparse.csr_array(sparse.vstack([self.whole, other.whole])),
            holds=sparse.csr_array(sparse.vstack([self.holds, other.holds])),
            shares=sparse.csr_array(sparse.vstack([self.shares, other.shares])),
            variances=np.concatenate([self.variances, other.variances]),
        )


class Lookup:
    """Remembers where keywords occur in the papers of one run: the next chunk of readers asks for the same.

    It guards itself: several threads may ask at once. The papers are given each time and not kept, so that a run that
    nobody needs any more is freed at once.
    """

    def __init__(self, _: PaperBatch) -> None:
        """Remember nothing yet."""
        self._lock = Lock()
        self._row_of: dict[str, int] = {}
        self._found: Found | None = None

    def find(self, *, things: Sequence[str], papers: PaperBatch) -> Found:
        """Answer for keywords by their keys, a row for each; `papers` are always those of this run."""
        with self._lock:
            asked = dict.fromkeys(things)
            if len(self._row_of.keys() | asked.keys()) > KEYWORDS_KEPT:
                self._forget()
            new = [thing for thing in asked if thing not in self._row_of]
            if new or self._found is None:
                found = look_up(keywords=[keyword_of(key=thing) for thing in new], papers=papers)
                self._row_of |= {thing: row for row, thing in enumerate(new, start=len(self._row_of))}
                self._found = found if self._found is None else self._found.followed_by(found)
            answer = self._found.take(np.array([self._row_of[thing] for thing in things], dtype=np.int64))
            if self._found.nbytes > BYTES_KEPT:
                self._forget()
            return answer

    def _forget(self) -> None:
        self._row_of, self._found = {}, None


def look_up(*, keywords: Sequence[Keyword], papers: PaperBatch) -> Found:
    """Find every keyword in every paper, all of them at once."""
    counts = find_keywords(keywords=keywords, papers=papers)
    n_holding = np.diff(counts[:, papers.background].indptr).astype(np.float64)
    rarity = rarity_weight(n_holding=n_holding, n_background=len(papers.background))
    weighed = scale_rows(_weigh_mentions(counts, rarity), rarity)
    whole = weighed[:, papers.window]
    shares = _word_shares(keywords, papers)
    worth = np.array([SCATTERED if len(keyword.roots) > 1 else RELATED for keyword in keywords])
    scattered = scale_rows(_scatter(shares, papers.once(presence), whole=whole), worth * rarity)
    holds = sparse.csr_array(whole + scattered)
    holds.sort_indices()
    variances = variance_of(holds=weighed[:, papers.background])
    return Found(whole=whole, holds=holds, shares=shares, variances=variances)


def presence(papers: PaperBatch) -> sparse.csr_array:
    """Say which roots each paper of the window holds, shape (n_roots, n_papers)."""
    return sparse.csr_array(papers.root_counts[papers.window].T.tocsr().astype(bool).astype(np.float64))


def root_names(papers: PaperBatch) -> tuple[str, ...]:
    """Name the roots that any paper holds, in the order of their numbers."""
    return tuple(papers.roots.ids)


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
