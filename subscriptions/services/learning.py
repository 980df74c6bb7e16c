"""What an interest learns from its reader besides the form: words to leave out, papers to forget, how likes age."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from subscriptions.services.profiles import MOST_ENTRIES, clean_exclusions, own_profile, save_profile
from subscriptions.services.reader import locked
from subscriptions.types import PaperReference, ProfileInput

LIKED_PAPERS = "Liked papers"
LONGEST_TITLE = 300  # characters
Stance, State = LibraryPaper.Stance, LibraryPaper.State


def add_exclusions(*, subscriber: Subscriber, profile_id: int, terms: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Leave papers with these words, or in these categories, out of an interest from now on.

    Returns: the terms that were new; one that is excluded already, in whatever case, is not added again.
    Raises: SubscriptionError when the reader has no such interest, or the list would become too long.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        row = own_profile(subscriber=reader, profile_id=profile_id)
        held = {term.casefold() for term in row.exclude}
        new = {term.casefold(): term for term in clean_exclusions(terms=terms) if term.casefold() not in held}
        if new and len(row.exclude) + len(new) > MOST_ENTRIES:
            raise SubscriptionError(
                gettext("%(most)d words are the most that an interest can exclude.") % {"most": MOST_ENTRIES},
                field="exclude",
            )
        if new:
            row.exclude = [*row.exclude, *new.values()]
            row.updated_at = now
            row.save(update_fields=["exclude", "updated_at"])
    return tuple(new.values())


def set_profile_fades(*, subscriber: Subscriber, profile_id: int, fades: bool, now: datetime) -> None:
    """Let the older likes of an interest count less, or all the same.

    Raises: SubscriptionError when the reader has no such interest.
    """
    row = own_profile(subscriber=subscriber, profile_id=profile_id)
    InterestProfile.objects.filter(pk=row.pk).exclude(fades=fades).update(fades=fades, updated_at=now)
    InterestProfile.objects.filter(pk=row.pk).mark_changed()


def forget_paper(*, subscriber: Subscriber, profile_id: int, entry_id: int, now: datetime) -> None:
    """Take a named paper out of an interest, whatever the reader thought of it; one that is gone is no error."""
    with transaction.atomic():
        entries = LibraryPaper.objects.filter(pk=entry_id, profile_id=profile_id, profile__subscriber_id=subscriber.pk)
        _, deleted = entries.delete()
        if deleted:
            InterestProfile.objects.filter(pk=profile_id).update(updated_at=now)
            InterestProfile.objects.filter(pk=profile_id).mark_changed()


def name_paper(
    *, subscriber: Subscriber, profile_id: int, reference: PaperReference, title: str, now: datetime
) -> None:
    """Give an interest a paper that we hold as an example; one that is an example already stays as it is.

    Raises: SubscriptionError when the reader has no such interest, or it has as many examples as one can have.
    """
    with transaction.atomic():
        row = own_profile(subscriber=locked(subscriber=subscriber), profile_id=profile_id)
        scheme, value = reference
        state = State.KNOWN if title else State.WAITING
        said = {"stance": Stance.LIKED, "added_at": now, "state": state, "title": title[:LONGEST_TITLE]}
        entry = row.library.filter(scheme=scheme, value=value).first()
        if entry is not None and entry.stance == Stance.LIKED:
            return
        if entry is None and row.library.count() >= MOST_ENTRIES:
            raise SubscriptionError(
                gettext("%(most)d papers are the most that an interest can have as examples.") % {"most": MOST_ENTRIES}
            )
        row.library.update_or_create(scheme=scheme, value=value, defaults=said)
        InterestProfile.objects.filter(pk=row.pk).update(updated_at=now)
        InterestProfile.objects.filter(pk=row.pk).mark_changed()


def interest_for_likes(*, subscriber: Subscriber, now: datetime) -> InterestProfile:
    """Find the interest that holds what a reader liked outside of all their interests, or begin it.

    Raises: SubscriptionError when the reader has as many interests as one can have; ReaderGone.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        row = reader.profiles.filter(name=LIKED_PAPERS).first()
        return row or save_profile(subscriber=reader, profile=ProfileInput(name=LIKED_PAPERS), profile_id=None, now=now)
