"""What readers say of papers, more like this or less: the only writer of it, and what matching and pages read.

A profile's word on a paper is one row, and the last word wins. A reader also names papers in their library, which
`stances` joins with it: of two words on one paper the later counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery

from digest.errors import NothingToLearnFrom
from digest.models import Feedback, PaperIdentifier
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber

Verdict = Feedback.Verdict
ROWS_AT_ONCE = 2_000  # read from the database in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """That a paper is liked, or unwanted, and since when (UTC)."""

    paper_id: int
    liked: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFeedback:
    """One word of a reader's, as a page lists it."""

    profile_id: int
    paper_id: int
    title: str
    verdict: str
    given_at: datetime


def give_feedback(*, profile_id: int, paper_id: int, verdict: str, now: datetime) -> None:
    """Keep a reader's word on a paper; the last word by `now` wins, in whatever order they arrive.

    Safe to repeat and to run twice at once.
    Raises: NothingToLearnFrom when the profile or the paper is gone.
    """
    try:
        with learning(profile_id=profile_id):
            said = {"verdict": Verdict(verdict), "given_at": now}
            row, is_new = Feedback.objects.get_or_create(profile_id=profile_id, paper_id=paper_id, defaults=said)
            if not is_new:
                Feedback.objects.filter(pk=row.pk, given_at__lte=now).update(**said)
    except IntegrityError as error:
        raise NothingToLearnFrom("This paper is no longer held.") from error


def take_back(*, profile_id: int, paper_id: int) -> None:
    """Forget a reader's word on a paper; one that was never given, or is forgotten already, is no error."""
    with learning(profile_id=profile_id):
        Feedback.objects.filter(profile_id=profile_id, paper_id=paper_id).delete()


@contextmanager
def learning(*, profile_id: int) -> Iterator[None]:
    """Hold a profile in one transaction while what it has learnt is changed: every change goes through here.

    Raises: NothingToLearnFrom when the profile is gone.
    """
    with transaction.atomic():
        if not InterestProfile.objects.select_for_update().filter(pk=profile_id).exists():
            raise NothingToLearnFrom("This interest does not exist any more.")
        yield
        InterestProfile.objects.filter(pk=profile_id).mark_changed()


def last_word(*, profile_ids: Sequence[int], paper_id: int) -> GivenFeedback | None:
    """Find what was said last of a paper under any of these profiles."""
    said = _listed(Feedback.objects.filter(profile_id__in=profile_ids, paper_id=paper_id), most=1)
    return next(iter(said), None)


def list_feedback(*, profile_ids: Sequence[int], most: int | None = None) -> list[GivenFeedback]:
    """Read what was said under some profiles with the papers' titles, the newest first, in one query."""
    return _listed(Feedback.objects.filter(profile_id__in=profile_ids), most=most)


def count_feedback(*, subscriber: Subscriber) -> dict[int, int]:
    """Count the answers that each interest of a reader has learnt from, in one query; one without is left out."""
    said = Feedback.objects.filter(profile__subscriber=subscriber)
    return dict(said.order_by().values_list("profile").annotate(n=Count("pk")))


def _listed(rows: QuerySet[Feedback], *, most: int | None = None) -> list[GivenFeedback]:
    wanted = rows.order_by("-given_at", "-pk").values_list(
        "profile_id", "paper_id", "paper__title", "verdict", "given_at"
    )
    return [
        GivenFeedback(profile_id=profile, paper_id=paper, title=title, verdict=verdict, given_at=given_at)
        for profile, paper, title, verdict, given_at in wanted[:most]
    ]


def load_feedback(*, profile_ids: Sequence[int]) -> dict[int, list[FeedbackRow]]:
    """Read what was said under many profiles, the oldest first, in one query. A profile without a word is left out."""
    rows = Feedback.objects.filter(profile_id__in=profile_ids).order_by("profile_id", "given_at", "paper_id")
    said: dict[int, list[FeedbackRow]] = defaultdict(list)
    wanted = rows.values_list("profile_id", "paper_id", "verdict", "given_at")
    for profile, paper, verdict, at in wanted.iterator(chunk_size=ROWS_AT_ONCE):
        said[profile].append(FeedbackRow(paper_id=paper, liked=verdict == Verdict.MORE, at=at))
    return dict(said)


def load_library(*, profile_ids: Sequence[int]) -> dict[int, list[FeedbackRow]]:
    """Read the named papers of many profiles as far as we have them, the oldest first, in one query."""
    named = PaperIdentifier.objects.filter(scheme=OuterRef("scheme"), value=OuterRef("value"))
    rows = LibraryPaper.objects.filter(profile_id__in=profile_ids).order_by("profile_id", "added_at", "pk")
    found = rows.annotate(known=Subquery(named.values("paper_id")[:1])).filter(known__isnull=False)
    said: dict[int, list[FeedbackRow]] = defaultdict(list)
    wanted = found.values_list("profile_id", "known", "stance", "added_at")
    for profile, paper, stance, at in wanted.iterator(chunk_size=ROWS_AT_ONCE):
        said[profile].append(FeedbackRow(paper_id=paper, liked=stance == LibraryPaper.Stance.LIKED, at=at))
    return dict(said)


def load_stances(*, profile_ids: Sequence[int]) -> dict[int, list[FeedbackRow]]:
    """Read what the readers of many profiles think of which paper, named or answered on, in two queries."""
    library, feedback = load_library(profile_ids=profile_ids), load_feedback(profile_ids=profile_ids)
    return {
        profile: stances(library=library.get(profile, ()), feedback=feedback.get(profile, ()))
        for profile in library | feedback
    }


def stances(*, library: Iterable[FeedbackRow], feedback: Iterable[FeedbackRow]) -> list[FeedbackRow]:
    """Decide what a reader thinks of each paper that they named or answered on: of two words the later counts.

    At the same moment the answer counts, for it was given to this very paper.
    Returns: one row for each paper, the oldest first, ties by paper id.
    """
    last: dict[int, FeedbackRow] = {}
    for row in (*library, *feedback):
        if row.paper_id not in last or row.at >= last[row.paper_id].at:
            last[row.paper_id] = row
    return sorted(last.values(), key=lambda row: (row.at, row.paper_id))
