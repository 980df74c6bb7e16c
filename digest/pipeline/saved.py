"""Papers that readers put aside: the only writer of them, and what pages read. Nothing is learnt from them."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from digest.errors import NotSaved
from digest.models import PaperIdentifier, SavedPaper
from subscriptions import services
from subscriptions.models import Subscriber
from subscriptions.types import PaperReference

MOST_SAVED = 1_000
NAMED_BY = ("arxiv", "doi")  # kinds of names that a paper can be an example by, the better one first


def save_paper(*, subscriber: Subscriber, paper_id: int, now: datetime) -> None:
    """Put a paper aside; one that is aside already keeps its day.

    Raises: NotSaved when the reader or the paper is gone, or MOST_SAVED are aside.
    """
    own = SavedPaper.objects.filter(subscriber=subscriber)
    if own.count() >= MOST_SAVED and not own.filter(paper=paper_id).exists():
        raise NotSaved(f"{MOST_SAVED:,} papers are the most that one reader can put aside; please remove some.")
    try:
        with transaction.atomic():
            own.get_or_create(subscriber=subscriber, paper_id=paper_id, defaults={"saved_at": now})
    except IntegrityError as error:
        raise NotSaved("This paper is no longer held.") from error


def remove_saved(*, subscriber: Subscriber, paper_id: int) -> None:
    """Take a paper off the shelf; one that is not there is no error."""
    SavedPaper.objects.filter(subscriber=subscriber, paper=paper_id).delete()


def saved_ids(*, subscriber: Subscriber, paper_ids: Collection[int]) -> frozenset[int]:
    """Tell which of these papers are put aside, in one query."""
    own = SavedPaper.objects.filter(subscriber=subscriber, paper__in=paper_ids)
    return frozenset(own.values_list("paper_id", flat=True))


def list_saved(*, subscriber: Subscriber, most: int = MOST_SAVED) -> list[SavedPaper]:
    """Read what a reader put aside with the papers and their names, the newest first, in two queries."""
    own = SavedPaper.objects.filter(subscriber=subscriber).select_related("paper")
    return list(own.prefetch_related("paper__identifiers").order_by("-saved_at", "-pk")[:most])


def learn_from_saved(*, subscriber: Subscriber, paper_id: int, profile_id: int, now: datetime) -> None:
    """Give a paper that was put aside to an interest as an example; it stays aside, too.

    Raises: NotSaved when it is not aside any more; SubscriptionError when the interest is gone or full.
    """
    held = SavedPaper.objects.filter(subscriber=subscriber, paper=paper_id).select_related("paper").first()
    reference = _reference(paper_id)
    if held is None or reference is None:
        raise NotSaved("This paper is not among those that you put aside any more.")
    services.name_paper(
        subscriber=subscriber, profile_id=profile_id, reference=reference, title=held.paper.title, now=now
    )


def _reference(paper_id: int) -> PaperReference | None:
    names = PaperIdentifier.objects.filter(paper=paper_id, scheme__in=NAMED_BY).values_list("scheme", "value")
    return min(names, key=lambda name: NAMED_BY.index(name[0]), default=None)
