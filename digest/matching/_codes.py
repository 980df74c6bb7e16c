"""Which category codes the papers of a run answer to, filed once for all that ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from digest.matching._arxiv import category_values
from digest.matching._space import PaperBatch
from digest.matching._sparse import matrix


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Codes:
    """How strongly each paper is in each category: `values` has the shape (n_codes, n_papers of the window)."""

    ids: Mapping[str, int]
    values: sparse.csr_array


def code_values(*, codes: Sequence[str], papers: PaperBatch) -> sparse.csr_array:
    """Answer how strongly each paper of the window is in each category, shape (n_codes, n_papers of the window)."""
    filed = papers.once(_file_codes)
    nobody = len(filed.ids)  # the last row, of zeros
    return filed.values[np.array([filed.ids.get(code, nobody) for code in codes], dtype=np.int64)]


def _file_codes(papers: PaperBatch) -> Codes:
    entries = [
        (code, place, value)
        for place, paper in enumerate(papers.window_docs)
        for code, value in category_values(paper).items()
    ]
    ids = {code: number for number, code in enumerate(sorted({code for code, _, _ in entries}))}
    values = matrix(
        rows=[ids[code] for code, _, _ in entries],
        columns=[place for _, place, _ in entries],
        values=[value for _, _, value in entries],
        shape=(len(ids) + 1, len(papers.window)),
    )
    return Codes(ids=ids, values=values)
