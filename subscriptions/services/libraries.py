"""Libraries that readers bring: papers put into an interest, lists that wait to be read, accounts that are followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LibraryImport, LibraryPaper, LinkedLibrary, Subscriber
from subscriptions.sealed import seal
from subscriptions.services.profiles import own_profile
from subscriptions.services.reader import locked
from subscriptions.types import PaperReference

MOST_IN_LIBRARY = 2000  # papers of one interest
MOST_LINKED = 5  # accounts of one reader
MOST_REPORTS = 20  # of one interest; older ones go when a new list comes
REPORT_KEPT_FOR = timedelta(days=30)
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedReference:
    """A paper on its way into an interest; `title` is its title among ours, "" when we do not have it."""

    reference: PaperReference
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Which papers of a list are new in an interest, and which found no room; the rest was there already."""

    new: frozenset[PaperReference]
    left: frozenset[PaperReference]


def add_papers(*, profile: InterestProfile, papers: Sequence[NamedReference], now: datetime) -> Added:
    """Put papers into an interest as liked ones; a paper that the reader has spoken of already stays as it is.

    Raises: ReaderGone.
    """
    with transaction.atomic():
        locked(subscriber=profile.subscriber)
        held = set(profile.library.values_list("scheme", "value"))
        fresh = {paper.reference: paper for paper in papers if paper.reference not in held}
        room = max(MOST_IN_LIBRARY - len(held), 0)
        taken = list(fresh.values())[:room]
        LibraryPaper.objects.bulk_create([_row(profile, paper, now) for paper in taken], ignore_conflicts=True)
        if taken:
            InterestProfile.objects.filter(pk=profile.pk).update(updated_at=now)
            InterestProfile.objects.filter(pk=profile.pk).mark_changed()
    new = frozenset(paper.reference for paper in taken)
    return Added(new=new, left=frozenset(fresh) - new)


def keep_list(
    *, subscriber: Subscriber, profile_id: int, key: str, name: str, payload: bytes, now: datetime
) -> LibraryImport:
    """Store a list of papers that a reader gave to an interest, to be read. The same list once more is the same row.

    Raises: SubscriptionError when the reader has no such interest; ReaderGone.
    """
    with transaction.atomic():
        profile = own_profile(subscriber=locked(subscriber=subscriber), profile_id=profile_id)
        said: dict[str, Any] = {"name": name[:120], "payload": payload, "began_at": now}
        waiting = {"state": LibraryImport.State.WAITING, "refusal": ""}
        row, _ = LibraryImport.objects.update_or_create(profile=profile, key=key, defaults=said | waiting)
        kept = profile.imports.order_by("-began_at", "-pk").values_list("pk", flat=True)[:MOST_REPORTS]
        profile.imports.exclude(pk__in=list(kept)).delete()
    return row


def settle_list(
    *, row: LibraryImport, label: str, lines: list[dict[str, str]], left: int, refusal: str, now: datetime
) -> None:
    """Write down what became of a list; the list itself is forgotten."""
    state = LibraryImport.State.REFUSED if refusal else LibraryImport.State.DONE
    LibraryImport.objects.filter(pk=row.pk).update(
        state=state, format=label[:40], lines=lines, left=left, refusal=refusal[:300], payload=None, read_at=now
    )


def link_library(
    *, subscriber: Subscriber, profile_id: int, kind: str, library: str, secret: str, now: datetime
) -> LinkedLibrary:
    """Follow an account elsewhere from an interest; the same one again gets the new key, and is read anew.

    Raises: SubscriptionError when the reader has no such interest, or follows too many; ReaderGone.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        profile = own_profile(subscriber=reader, profile_id=profile_id)
        others = LinkedLibrary.objects.filter(profile__subscriber=reader)
        if others.exclude(profile=profile, kind=kind, library=library).count() >= MOST_LINKED:
            raise SubscriptionError(
                gettext("%(most)d accounts are the most that one reader can follow.") % {"most": MOST_LINKED}
            )
        said = {"sealed_key": seal(secret) if secret else "", "version": 0, "problem": "", "failures": 0}
        row, _ = LinkedLibrary.objects.update_or_create(
            profile=profile,
            kind=kind,
            library=library,
            defaults=said | {"next_read_at": now},
            create_defaults=said | {"next_read_at": now, "linked_at": now},
        )
    return row


def unlink_library(*, subscriber: Subscriber, linked_id: int) -> None:
    """Follow an account no more and forget its key; the papers stay. One that is gone already is no error."""
    LinkedLibrary.objects.filter(pk=linked_id, profile__subscriber_id=subscriber.pk).delete()


def tidy_reports(*, now: datetime) -> int:
    """Forget what became of lists that were read long ago."""
    old = LibraryImport.objects.filter(read_at__lt=now - REPORT_KEPT_FOR)
    return old.delete()[0]


def _row(profile: InterestProfile, paper: NamedReference, now: datetime) -> LibraryPaper:
    scheme, value = paper.reference
    state = LibraryPaper.State.KNOWN if paper.title else LibraryPaper.State.WAITING
    return LibraryPaper(
        profile=profile,
        scheme=scheme,
        value=value,
        stance=LibraryPaper.Stance.LIKED,
        added_at=now,
        state=state,
        title=paper.title[:LONGEST_TITLE],
    )
