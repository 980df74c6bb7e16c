"""Entries of a reader's list -> the papers that they are among ours: by their names, then by title and first author.

In: a chunk of entries. Out: for each, the paper and the name that an example goes by, in at most five queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digest.library import Entry
from digest.models import Paper, PaperIdentifier
from digest.titles import NO_KEY, name_words, title_key
from subscriptions.types import PaperReference

NAMED_BY = ("arxiv", "doi")  # kinds of names that a paper can be an example by, the better one first
FEWEST_WORDS = 5  # of a title that is believed without an author beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """One of our papers, by the name that an example goes by."""

    paper_id: int
    title: str
    reference: PaperReference


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A paper with the title that was looked for."""

    paper_id: int
    first_author: frozenset[str]


def recognise(*, entries: Sequence[Entry]) -> list[Recognised | None]:
    """Find the paper of each entry, in the order of the entries; None where we have no such paper.

    Of several papers of one title and one first author the one that we had first is meant.
    """
    by_name = _by_name(entries)
    found = [_first(by_name, entry) for entry in entries]
    unknown = [entry for entry, paper_id in zip(entries, found, strict=True) if paper_id is None]
    by_title = _by_title(unknown)
    wanted = [
        paper_id if paper_id is not None else _of_title(by_title, entry)
        for entry, paper_id in zip(entries, found, strict=True)
    ]
    papers = _papers({paper_id for paper_id in wanted if paper_id is not None})
    return [papers.get(paper_id) if paper_id is not None else None for paper_id in wanted]


def _by_name(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    wanted = {(name.scheme, name.value) for entry in entries for name in entry.identifiers}
    schemes, values = {scheme for scheme, _ in wanted}, {value for _, value in wanted}
    rows = PaperIdentifier.objects.filter(scheme__in=schemes, value__in=values)
    return {(scheme, value): pk for scheme, value, pk in rows.values_list("scheme", "value", "paper_id")}


def _first(by_name: Mapping[tuple[str, str], int], entry: Entry) -> int | None:
    names = ((name.scheme, name.value) for name in entry.identifiers)
    return next((by_name[name] for name in names if name in by_name), None)


def _by_title(entries: Iterable[Entry]) -> dict[str, list[_Candidate]]:
    keys = {title_key(entry.title) for entry in entries} - {"", NO_KEY}
    rows = Paper.objects.filter(title_key__in=keys).order_by("pk").values_list("title_key", "pk", "authors")
    found: dict[str, list[_Candidate]] = defaultdict(list)
    for key, pk, authors in rows:
        first = name_words(authors[0]["name"]) if authors else frozenset()
        found[key].append(_Candidate(paper_id=pk, first_author=first))
    return found


def _of_title(by_title: Mapping[str, Sequence[_Candidate]], entry: Entry) -> int | None:
    candidates = by_title.get(title_key(entry.title), ())
    return next((found.paper_id for found in candidates if _is_by(entry, found.first_author)), None)


def _is_by(entry: Entry, first_author: frozenset[str]) -> bool:
    """Tell whether an entry of this title may be the paper of this first author."""
    if entry.authors and first_author:
        return bool(name_words(entry.authors[0]) & first_author)
    return len(entry.title.split()) >= FEWEST_WORDS


def _papers(paper_ids: Iterable[int]) -> dict[int, Recognised]:
    """Read titles and the best names of papers; one without a name of those kinds can be no example."""
    titles = dict(Paper.objects.filter(pk__in=paper_ids).values_list("pk", "title"))
    names: dict[int, list[PaperReference]] = defaultdict(list)
    rows = PaperIdentifier.objects.filter(paper_id__in=titles, scheme__in=NAMED_BY).order_by("pk")
    for pk, scheme, value in rows.values_list("paper_id", "scheme", "value"):
        names[pk].append((scheme, value))
    best = {pk: min(known, key=lambda name: NAMED_BY.index(name[0])) for pk, known in names.items()}
    return {pk: Recognised(paper_id=pk, title=titles[pk], reference=best[pk]) for pk in best}
