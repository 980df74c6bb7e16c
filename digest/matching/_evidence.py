"""What a signal hands to the engine: evidence for every profile and paper that can be taken apart again.

One paper that plainly holds one thing the reader named gives an evidence of about 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._sparse import FloatVector, matrix, product, unsum
from digest.types import FloatMatrix, IdArray

# A background smaller than this is eked out with papers that hold nothing of what anybody named.
PRIOR_PAPERS = 50
LEAST_RARITY, RARITY_PER_DECADE, MOST_RARITY = 1.0, 0.25, 2.0
# However common a single wish is, it widens the profile's scale by no more than this variance.
MOST_VARIANCE = 0.125


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """The terms that the evidence of some cells (profile, paper) is the sum of.

    `cells[i]` says which of the asked cells part i belongs to, `amounts[i]` what it adds to that cell,
    `terms[i]` what a reader is told: something that stands on the paper. `asked`, where it is given, says how the
    reader put it; `kinds`, where it is given, under which word the reason is shown, else that is the signal's.
    """

    cells: IdArray
    amounts: FloatVector
    terms: Sequence[str]
    asked: Sequence[str] = ()
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wishes:
    """What the profiles of a run ask for: which profile wants which thing, and in whose words.

    `table` has the shape (n_profiles, n_things); `labels` goes with `table.data`; `things` names the columns.
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

    def scores(self, rows: slice) -> FloatMatrix:
        """Add up what each paper holds of each profile's wishes."""
        return product(self.wishes.table[rows], self.holds)

    def parts(self, *, rows: IdArray, columns: IdArray) -> Parts:
        """Name each wish that a paper fulfils, with what it adds."""
        cells, places, amounts = unsum(left=self.wishes.table, right=self.holds, rows=rows, columns=columns)
        return Parts(cells=cells, amounts=amounts, terms=[self.wishes.labels[place] for place in places.tolist()])


def collect_wishes(*, entries: Iterable[tuple[int, str, str]], n_profiles: int) -> Wishes:
    """Put (profile, thing, the reader's word for it) together; a thing that a profile names twice counts once."""
    first_label: dict[tuple[int, str], str] = {}
    for row, thing, label in entries:
        first_label.setdefault((row, thing), label)
    things = tuple(sorted({thing for _, thing in first_label}))
    column_of = {thing: column for column, thing in enumerate(things)}
    # Things are numbered in alphabetical order: this is the order of the entries in the table too.
    order = sorted(first_label)
    return Wishes(
        table=matrix(
            rows=[row for row, _ in order],
            columns=[column_of[thing] for _, thing in order],
            values=np.ones(len(order)),
            shape=(n_profiles, len(things)),
        ),
        labels=tuple(first_label[key] for key in order),
        things=things,
    )


def rarity_weight(*, n_holding: FloatVector, n_background: int) -> FloatVector:
    """Say how much more a rare thing tells than a common one.

    1 for what every paper holds, a quarter more for each tenth part: 1.25 at one paper in ten, 1.75 at one in a
    thousand, 2 at most. `n_holding` counts the background papers that hold the thing.
    """
    rate = (n_holding + 0.5) / (n_background + PRIOR_PAPERS)
    return np.clip(LEAST_RARITY - RARITY_PER_DECADE * np.log10(rate), LEAST_RARITY, MOST_RARITY)


def spread_of(*, wishes: sparse.csr_array, holds: sparse.csr_array) -> FloatVector:
    """Estimate how much each profile's evidence varies over the background; `holds` is things x background papers.

    The things are taken as independent. With their covariances, in a small background, a paper that fulfils five
    wishes would be no more remarkable than one that fulfils four, since it would set the scale itself.
    """
    n_papers = holds.shape[1] + PRIOR_PAPERS
    mean = np.asarray(holds.sum(axis=1)).ravel() / n_papers
    mean_square = np.asarray(holds.multiply(holds).sum(axis=1)).ravel() / n_papers
    variance = np.clip(mean_square - mean**2, 0.0, MOST_VARIANCE)
    return np.asarray(wishes.multiply(wishes) @ variance).ravel()
