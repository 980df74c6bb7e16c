"""Authors that the reader follows, recognised through initials, accents and the order of names."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from scipy import sparse

from digest.matching._evidence import Hits, Wishes, collect_wishes, rarity_weight, spread_of, variance_of
from digest.matching._names import Name, filing_keys, is_same_person, lookup_keys, read_name, says_given_name
from digest.matching._space import PaperBatch
from digest.matching._sparse import matrix, scale_rows
from digest.matching._standing import is_placed
from digest.types import ProfileDoc

# A followed author says more than a keyword that is mentioned once; a surname alone says no more than that.
FULL_NAME, SURNAME_ONLY = 1.25, 1.0
# Beside meaning, whose deviation is an evidence of 4, a name in full counts so many times as much: a rare one lifts a
# paper by one deviation or so, above those that are only as near. A surname alone may be anybody's.
BESIDE_MEANING = 2.0
NAMES_KEPT = 100_000  # asked for in one run of papers; some 20 MB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Register:
    """The authors of the papers of a run: the places of each one's papers, and the names filed under each key.

    `asked` remembers where the names stand that were asked for: the next chunk of readers asks for the same.
    """

    papers_of: Mapping[str, Sequence[int]]
    names_under: Mapping[str, Sequence[str]]
    asked: dict[str, tuple[int, ...]] = field(default_factory=dict)


class AuthorSignal:
    """Papers by the authors that the reader named."""

    kind = "author"
    is_named = True

    def gather(self, *, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> Hits:
        """Compare every name that any profile follows with every author, by what both give of the name."""
        asked = collect_wishes(texts=[profile.authors for profile in profiles], read=_plain)
        wishes = replace(asked, table=_lift(asked, profiles, papers))
        holds = _find_authors(wanted=wishes.things, papers=papers)
        ordinary = holds[:, papers.background]
        rarity = rarity_weight(
            n_holding=np.diff(ordinary.indptr).astype(np.float64), n_background=len(papers.background)
        )
        holds = scale_rows(holds, rarity)
        return Hits(
            wishes=wishes,
            holds=holds[:, papers.window],
            spread=spread_of(wishes=wishes.table, variances=variance_of(holds=holds[:, papers.background])),
        )


def _lift(wishes: Wishes, profiles: Sequence[ProfileDoc], papers: PaperBatch) -> sparse.csr_array:
    """Let names in full count more for those profiles that are compared by meaning too."""
    placed = [bool(p.authors) and is_placed(p, dimensions=papers.dimensions) for p in profiles]
    rows = np.repeat(np.array(placed, dtype=bool), np.diff(wishes.table.indptr))
    in_full = np.array([_weight(thing) == FULL_NAME for thing in wishes.things], dtype=bool)
    table = wishes.table.copy()
    table.data = table.data * np.where(rows & in_full[table.indices], BESIDE_MEANING, 1.0)
    return table


def _find_authors(*, wanted: Sequence[str], papers: PaperBatch) -> sparse.csr_array:
    """Answer which wanted name stands on which paper, shape (n_wanted, n_docs)."""
    register = papers.once(_register)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, text in enumerate(wanted):
        found = _papers_by(text, register)
        rows.extend([row] * len(found))
        columns.extend(found)
        values.extend([_weight(text)] * len(found))
    return matrix(rows=rows, columns=columns, values=values, shape=(len(wanted), len(papers.docs)))


def _papers_by(text: str, register: Register) -> tuple[int, ...]:
    found = register.asked.get(text)
    if found is None:
        found = tuple(_search(text, register))
        if len(register.asked) >= NAMES_KEPT:
            register.asked.clear()
        register.asked[text] = found
    return found


def _search(text: str, register: Register) -> list[int]:
    wanted = read_name(text)
    if wanted is None:
        return []
    candidates = dict.fromkeys(chain.from_iterable(register.names_under.get(key, ()) for key in lookup_keys(wanted)))
    same = [author for author in candidates if _is(wanted, author)]
    return sorted(set(chain.from_iterable(register.papers_of[author] for author in same)))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is(wanted: Name, author: str) -> bool:
    printed = read_name(author)
    return printed is not None and is_same_person(wanted=wanted, printed=printed)


def _weight(text: str) -> float:
    name = read_name(text)
    return FULL_NAME if name and (name.is_group or says_given_name(name)) else SURNAME_ONLY


def _register(papers: PaperBatch) -> Register:
    papers_of = _file_papers(papers)
    return Register(papers_of=papers_of, names_under=_file_names(papers_of))


def _file_papers(papers: PaperBatch) -> dict[str, list[int]]:
    filed: dict[str, list[int]] = defaultdict(list)
    for place, paper in enumerate(papers.docs):
        for author in paper.authors:
            filed[author].append(place)
    return filed


def _file_names(authors: Mapping[str, object]) -> dict[str, list[str]]:
    filed: dict[str, list[str]] = defaultdict(list)
    for author in authors:
        if name := read_name(author):
            for key in filing_keys(name):
                filed[key].append(author)
    return filed


SIGNAL = AuthorSignal()
