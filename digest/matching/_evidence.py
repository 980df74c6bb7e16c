"""What a signal hands to the engine: evidence for every profile and paper that can be taken apart again.

One paper that plainly holds one thing the reader named gives an evidence of about 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy import sparse

from digest.matching._sparse import FloatVector, matrix, unsum
from digest.types import IdArray

# A background smaller than this is eked out with papers that hold nothing of what anybody named.
PRIOR_PAPERS = 50
LEAST_RARITY, RARITY_PER_DECADE, MOST_RARITY = 1.0, 0.25, 2.0
# However common a single wish is, it widens the profile's scale by no more than this variance.
MOST_VARIANCE = 0.125
NOTHING = -1  # in place of a thing's column


class Term(NamedTuple):
    """What a reader is told of a part: something that stands on the paper.

    `asked` is how the reader put it, where that is another wording; `kind` under which word it is shown, where that is
    not the signal's own.
    """

    term: str
    asked: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """What the evidence of some cells (profile, paper) is the sum of.

    `cells[i]` says which of the asked cells part i belongs to, `amounts[i]` what it adds to that cell. `name` puts the
    parts at some places into words: only the few that are shown are worth that.
    """

    cells: IdArray
    amounts: FloatVector
    name: Callable[[IdArray], list[Term]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wishes:
    """What the profiles of a run ask for: which profile wants which thing, and in whose words.

    `table` has the shape (n_profiles, n_things); `labels` goes with `table.data`, as typed; `things` names the columns.
    """

    table: sparse.csr_array
    labels: tuple[str, ...]
    things: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hits:
    """Evidence of the kind "the paper holds a thing that the profile named": one sparse product, profiles x papers.

    `holds` has the shape (n_things, n_papers of the window); `spread` is the variance that each profile's evidence
    has over the background.
    """

    wishes: Wishes
    holds: sparse.csr_array
    spread: FloatVector

    def scores(self, rows: slice) -> sparse.csr_array:
        """Add up what each paper holds of each profile's wishes; most hold nothing."""
        return sparse.csr_array(self.wishes.table[rows] @ self.holds)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Name each wish that a paper fulfils, with what it adds."""
        cells, places, amounts = unsum(left=self.wishes.table, right=self.holds, rows=rows, columns=columns)

        def name(at: IdArray) -> list[Term]:
            return [Term(" ".join(self.wishes.labels[place].split())) for place in places[at].tolist()]

        return Parts(cells=cells, amounts=amounts, name=name)


def collect_wishes(*, texts: Sequence[Sequence[str]], read: Callable[[str], str]) -> Wishes:
    """Put together what each profile asks for; a thing that a profile names twice counts once, as it named it first.

    In: for each profile what its reader typed; `read` answers which thing a text asks for, "" where it asks nothing.
    """
    flat = [*chain.from_iterable(texts)]
    named = [*map(read, flat)]
    column_of = {thing: column for column, thing in enumerate(sorted({*named} - {""}))}
    columns = np.fromiter((column_of.get(thing, NOTHING) for thing in named), dtype=np.int64, count=len(named))
    rows = np.repeat(np.arange(len(texts)), [*map(len, texts)])
    asked = np.flatnonzero(columns != NOTHING)
    # Numbered row by row, then by column: the order of the entries in the table too.
    _, first = np.unique(rows[asked] * len(column_of) + columns[asked], return_index=True)
    entries = asked[first]
    shape = (len(texts), len(column_of))
    return Wishes(
        table=matrix(rows=rows[entries], columns=columns[entries], values=np.ones(len(entries)), shape=shape),
        labels=tuple(flat[entry] for entry in entries.tolist()),
        things=tuple(column_of),
    )


def rarity_weight(*, n_holding: FloatVector, n_background: int) -> FloatVector:
    """Say how much more a rare thing tells than a common one.

    1 for what every paper holds, a quarter more for each tenth part: 1.25 at one paper in ten, 1.75 at one in a
    thousand, 2 at most. `n_holding` counts the background papers that hold the thing.
    """
    rate = (n_holding + 0.5) / (n_background + PRIOR_PAPERS)
    return np.clip(LEAST_RARITY - RARITY_PER_DECADE * np.log10(rate), LEAST_RARITY, MOST_RARITY)


def variance_of(*, holds: sparse.csr_array) -> FloatVector:
    """Estimate how much each thing's evidence varies over the background; `holds` is things x background papers."""
    n_papers = holds.shape[1] + PRIOR_PAPERS
    mean = np.asarray(holds.sum(axis=1)).ravel() / n_papers
    mean_square = np.asarray(holds.multiply(holds).sum(axis=1)).ravel() / n_papers
    return np.clip(mean_square - mean**2, 0.0, MOST_VARIANCE)


def spread_of(*, wishes: sparse.csr_array, variances: FloatVector) -> FloatVector:
    """Estimate how much each profile's evidence varies over the background, by the variance of each thing.

    The things are taken as independent. With their covariances, in a small background, a paper that fulfils five
    wishes would be no more remarkable than one that fulfils four, since it would set the scale itself.
    """
    return np.asarray(wishes.multiply(wishes) @ variances).ravel()
