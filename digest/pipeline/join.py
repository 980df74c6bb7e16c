"""Which paper a record speaks of, when papers go by several names.

In: drafts that share a name with the batch. Out: one draft per record, made new when nobody goes by its names.
"""

from collections.abc import Iterable
from datetime import datetime

from digest.models import Paper
from digest.pipeline.drafts import Draft
from digest.pipeline.merge import absorb
from digest.sources import canonical
from digest.types import PaperRecord


class Shelf:
    """Drafts by their names. A name belongs to one draft."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self.drafts = list(drafts)
        self._by_name = {name: draft for draft in self.drafts for name in draft.identifiers}

    def find(self, *, record: PaperRecord) -> Draft | None:
        """Find the draft that a record speaks of; its names are tried in their order."""
        return next(iter(self._same(record)), None)

    def open(self, *, record: PaperRecord, now: datetime) -> Draft:
        """Begin a paper that nobody has seen before."""
        draft = Draft(paper=Paper(source=record.source, first_seen_at=now))
        self.drafts.append(draft)
        return draft

    def name(self, *, draft: Draft, record: PaperRecord) -> None:
        """Give a draft the record's names, and take in the drafts that thereby turn out to be the same paper."""
        for other in self._same(record):
            if other is not draft:
                self._join(draft, other)
        for name in map(canonical, record.identifiers):
            if name not in self._by_name:
                draft.identifiers.add(name)
                self._by_name[name] = draft

    def _same(self, record: PaperRecord) -> list[Draft]:
        """Find the drafts that go by one of the record's names and can be its paper.

        A paper that has another name of the first one's kind is a different paper, whatever else they share:
        two arXiv papers may well name the same journal article.
        """
        names = [canonical(name) for name in record.identifiers]
        found = dict.fromkeys(self._by_name[name] for name in names if name in self._by_name)
        return [draft for draft in found if not draft.names(names[0].scheme) - {names[0].value}]

    def _join(self, draft: Draft, other: Draft) -> None:
        absorb(draft=draft, other=other)
        self.drafts.remove(other)
        for name in other.identifiers:
            self._by_name[name] = draft
