"""Papers on their way out to a reference manager: one of them, or all that a reader named, liked or put aside."""

from collections.abc import Iterable

from digest.library import Reference
from digest.models import Feedback, Paper, PaperIdentifier, SavedPaper
from digest.types import Author, Identifier
from subscriptions.models import LibraryPaper, Subscriber

_Name = tuple[str, str]
_SCHEMES_FIRST = ("arxiv", "doi")


def reference_of(*, paper: Paper) -> Reference:
    """Write a paper down as references are; its identifiers should have been prefetched."""
    names = [Identifier(scheme=name.scheme, value=name.value) for name in paper.identifiers.all()]
    on = paper.submitted_at.date() if paper.submitted_at else paper.announced_on
    return Reference(
        kind="article" if paper.journal_ref else "preprint",
        title=paper.title,
        authors=tuple(Author(name=said["name"], is_group=bool(said.get("is_group"))) for said in paper.authors),
        published_on=on,
        identifiers=tuple(sorted(names, key=_best_first)),
        url=str(paper.links.get("abstract", "")),
        abstract=paper.abstract,
        journal=paper.journal_ref,
        category=paper.primary_category,
    )


def references_of(*, subscriber: Subscriber) -> list[Reference]:
    """Collect what a reader named, liked and put aside, each paper once, in five queries.

    A paper that we do not have yet is given by its name alone.
    """
    named = LibraryPaper.objects.filter(profile__subscriber=subscriber, stance=LibraryPaper.Stance.LIKED)
    rows = list(named.order_by("added_at", "pk").values_list("scheme", "value", "title"))
    ours = _paper_ids((scheme, value) for scheme, value, _ in rows)
    liked = Feedback.objects.filter(profile__subscriber=subscriber, verdict=Feedback.Verdict.MORE)
    saved = SavedPaper.objects.filter(subscriber=subscriber).order_by("saved_at", "pk")
    ids = [*ours.values(), *liked.order_by("given_at").values_list("paper_id", flat=True)]
    ids += saved.values_list("paper_id", flat=True)
    papers = Paper.objects.prefetch_related("identifiers").in_bulk(ids)
    held = [reference_of(paper=papers[pk]) for pk in dict.fromkeys(ids) if pk in papers]
    return [*held, *(_by_name_alone(*row) for row in rows if row[:2] not in ours)]


def _paper_ids(names: Iterable[_Name]) -> dict[_Name, int]:
    wanted = list(names)
    schemes, values = {scheme for scheme, _ in wanted}, {value for _, value in wanted}
    found = PaperIdentifier.objects.filter(scheme__in=schemes, value__in=values)
    ids = {(scheme, value): pk for scheme, value, pk in found.values_list("scheme", "value", "paper_id")}
    return {name: ids[name] for name in wanted if name in ids}


def _by_name_alone(scheme: str, value: str, title: str) -> Reference:
    return Reference(title=title or f"{scheme}:{value}", identifiers=(Identifier(scheme=scheme, value=value),))


def _best_first(name: Identifier) -> int:
    return _SCHEMES_FIRST.index(name.scheme) if name.scheme in _SCHEMES_FIRST else len(_SCHEMES_FIRST)
