"""Papers in memory between reading their rows and writing them, a batch at a time.

In: identifiers. Out: drafts, and later the rows that changed; a constant number of queries either way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from digest.models import DigestItem, Feedback, Paper, PaperIdentifier, PaperSignal, PaperVersion, SavedPaper
from digest.search.index import file_papers
from digest.types import Identifier

CONTENT = (
    "title",
    "abstract",
    "authors",
    "categories",
    "primary_category",
    "licence",
    "comments",
    "journal_ref",
    "links",
    "submitted_at",
    "announced_on",
    "updated_at",
    "latest_version",
    "withdrawn",
)
"""What a reader could notice; a record that changes none of it leaves the paper unchanged."""
BOOKKEEPING = ("metadata_rank", "metadata_as_of", "merged_records", "withdrawn_settled_version", "first_seen_at")


@dataclass(slots=True, kw_only=True, eq=False)
class Draft:
    """A paper with what hangs on it. `id` of the paper is None until it is saved."""

    paper: Paper
    identifiers: set[Identifier] = field(default_factory=set)
    versions: dict[int, datetime | None] = field(default_factory=dict)
    signals: dict[tuple[str, date], float] = field(default_factory=dict)
    absorbed: list["Draft"] = field(default_factory=list)
    loaded: tuple[Any, ...] = ()

    def content(self) -> tuple[Any, ...]:
        """Give everything that a reader could notice, to compare it before and after."""
        fields = tuple(_frozen(getattr(self.paper, name)) for name in CONTENT)
        return (*fields, frozenset(self.identifiers), _frozen(self.versions), _frozen(self.signals))

    def state(self) -> tuple[Any, ...]:
        """Give everything that is stored."""
        return (*self.content(), *(_frozen(getattr(self.paper, name)) for name in BOOKKEEPING))

    def names(self, scheme: str) -> set[str]:
        """Give the paper's identifiers of one scheme."""
        return {identifier.value for identifier in self.identifiers if identifier.scheme == scheme}


def load_drafts(*, identifiers: Iterable[Identifier]) -> list[Draft]:
    """Read and lock the papers that go by any of these names. Call it inside a transaction.

    Rows are locked in the order of their ids, so that two workers cannot wait for each other.
    """
    wanted = set(identifiers)
    # The schemes narrow nothing down: they let the index (scheme, value) be used, which values alone cannot.
    schemes, values = ({getattr(name, part) for name in wanted} for part in ("scheme", "value"))
    named = PaperIdentifier.objects.filter(scheme__in=schemes, value__in=values)
    ids = {row.paper_id for row in named if Identifier(scheme=row.scheme, value=row.value) in wanted}
    papers = Paper.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    drafts = {paper.pk: Draft(paper=paper) for paper in papers}
    for name in PaperIdentifier.objects.filter(paper_id__in=drafts):
        drafts[name.paper_id].identifiers.add(Identifier(scheme=name.scheme, value=name.value))
    for version in PaperVersion.objects.filter(paper_id__in=drafts):
        drafts[version.paper_id].versions[version.number] = version.submitted_at
    for signal in PaperSignal.objects.filter(paper_id__in=drafts):
        drafts[signal.paper_id].signals[signal.kind, signal.day] = signal.value
    for draft in drafts.values():
        draft.loaded = draft.state()
    return list(drafts.values())


def save_drafts(*, drafts: Sequence[Draft]) -> None:
    """Write what changed since the drafts were loaded; nothing is written for the others.

    Raises: IntegrityError when another worker gave one of the names to a paper of its own meanwhile.
    """
    changed = [draft for draft in drafts if draft.state() != draft.loaded]
    Paper.objects.bulk_create([draft.paper for draft in changed if not draft.loaded])
    # An upsert by primary key is one statement for the batch, and leaves the columns of other stages alone.
    Paper.objects.bulk_create(
        [draft.paper for draft in changed if draft.loaded],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*CONTENT, *BOOKKEEPING, "title_key"],
    )
    for draft in changed:
        for other in draft.absorbed:
            _take_over(draft.paper, other)
    _save_identifiers(changed)
    _save_versions(changed)
    _save_signals(changed)
    file_papers(papers=[draft.paper for draft in changed])


def _save_identifiers(drafts: Sequence[Draft]) -> None:
    known = set(
        PaperIdentifier.objects.filter(paper__in=[draft.paper for draft in drafts]).values_list("scheme", "value")
    )
    PaperIdentifier.objects.bulk_create(
        PaperIdentifier(paper=draft.paper, scheme=name.scheme, value=name.value)
        for draft in drafts
        for name in sorted(draft.identifiers, key=lambda name: (name.scheme, name.value))
        if (name.scheme, name.value) not in known
    )


def _save_versions(drafts: Sequence[Draft]) -> None:
    PaperVersion.objects.bulk_create(
        (
            PaperVersion(paper=draft.paper, number=number, submitted_at=submitted_at)
            for draft in drafts
            for number, submitted_at in draft.versions.items()
        ),
        update_conflicts=True,
        unique_fields=["paper", "number"],
        update_fields=["submitted_at"],
    )


def _save_signals(drafts: Sequence[Draft]) -> None:
    PaperSignal.objects.bulk_create(
        (
            PaperSignal(paper=draft.paper, kind=kind, day=day, value=value)
            for draft in drafts
            for (kind, day), value in draft.signals.items()
        ),
        update_conflicts=True,
        unique_fields=["paper", "kind", "day"],
        update_fields=["value"],
    )


def _take_over(keeper: Paper, absorbed: Draft) -> None:
    """Hand another paper's names, places in digests and readers' words to the one that it turned out to be.

    A reader who was sent both keeps both in the archive: then the other row stays, without a name.
    """
    if not absorbed.loaded:
        return  # it was never saved
    other = absorbed.paper
    PaperIdentifier.objects.filter(paper=other).update(paper=keeper)
    has_keeper = DigestItem.objects.filter(paper=keeper).values("subscriber")
    DigestItem.objects.filter(paper=other).exclude(subscriber__in=has_keeper).update(paper=keeper)
    _take_over_feedback(keeper, other)
    _take_over_saved(keeper, other)
    if not DigestItem.objects.filter(paper=other).exists():
        other.delete()


def _take_over_feedback(keeper: Paper, other: Paper) -> None:
    """Keep the last word of each profile that spoke of both papers, and every word of the others."""
    said_of_both = Feedback.objects.filter(profile=OuterRef("profile"))
    later = said_of_both.filter(paper=keeper, given_at__gte=OuterRef("given_at"))
    Feedback.objects.filter(Exists(later), paper=other).delete()
    Feedback.objects.filter(Exists(said_of_both.filter(paper=other)), paper=keeper).delete()
    Feedback.objects.filter(paper=other).update(paper=keeper)


def _take_over_saved(keeper: Paper, other: Paper) -> None:
    has_keeper = SavedPaper.objects.filter(paper=keeper).values("subscriber")
    SavedPaper.objects.filter(paper=other, subscriber__in=has_keeper).delete()
    SavedPaper.objects.filter(paper=other).update(paper=keeper)


def _frozen(value: Any) -> Any:
    """Make a value that later changes cannot reach; dicts and lists of JSON compare by what they hold."""
    if isinstance(value, dict):
        return frozenset((key, _frozen(item)) for key, item in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
