"""Paper rows -> what matching may know of them: text, and the vector that serves.

Every chunk of an hour's readers is compared with the same papers. A process therefore remembers what it read: of each
set of papers it asks only for ids and marks of change, and reads the texts anew when one of them differs.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.db.models import F, FilteredRelation, Q, TextField
from django.db.models.functions import Cast

from digest.models import Paper, PaperQuerySet
from digest.pipeline.index import load_vectors
from digest.types import PaperDoc

BACKGROUND_PAPERS = 3000  # enough for stable statistics, small enough to be read in a second
SETS_KEPT = 4  # the window and the background of an hour, and of the one before

Marks = tuple[tuple[int, object, object, object], ...]


def load_docs(*, papers: PaperQuerySet, space: str | None) -> tuple[PaperDoc, ...]:
    """Read papers with their vectors in a space (none for words alone), by rising id."""
    return _read(_marks(papers.order_by("pk"), space), space)


def load_background(*, space: str | None) -> tuple[PaperDoc, ...]:
    """Read the youngest papers, the ordinary against which a score is measured.

    Young by their own dates: what was read last may be old papers that readers named, and to count what an interest
    is made of among the ordinary would hide what is like it.
    """
    dated = Paper.objects.mailable().filter(submitted_at__isnull=False)  # PostgreSQL would put the undated first
    return _read(_marks(dated.order_by("-submitted_at", "-pk")[:BACKGROUND_PAPERS], space), space)


def forget_papers() -> None:
    """Forget what was remembered: another database may lie behind the same ids."""
    _read.cache_clear()


def _marks(papers: PaperQuerySet, space: str | None) -> Marks:
    """Read of each paper its id and what tells that text, authors or vector have changed.

    Moments come as text: they are only compared, and reading thousands of them as such would cost more than the rest.
    """
    vector = FilteredRelation("vectors", condition=Q(vectors__encoder=space or ""))
    moments = {
        "as_of": Cast("metadata_as_of", TextField()),
        "made_at": Cast(F("vector__made_at"), TextField()),
    }
    marked = papers.annotate(vector=vector).annotate(**moments)
    return tuple(marked.values_list("pk", "text_key", "as_of", "made_at"))


@lru_cache(maxsize=SETS_KEPT)
def _read(marks: Marks, space: str | None) -> tuple[PaperDoc, ...]:
    ids = [pk for pk, *_ in marks]
    vectors = load_vectors(paper_ids=ids, encoder=space) if space else {}
    return tuple(_docs(ids, vectors))


def _docs(ids: Sequence[int], vectors: dict[int, bytes]) -> list[PaperDoc]:
    rows = Paper.objects.filter(pk__in=ids).order_by("pk")
    return [
        PaperDoc(
            id=pk,
            title=title,
            abstract=abstract,
            authors=tuple(author["name"] for author in authors),
            categories=tuple(categories),
            vector=vectors.get(pk, b""),
        )
        for pk, title, abstract, authors, categories in rows.values_list(
            "pk", "title", "abstract", "authors", "categories"
        )
    ]
