"""A reader's interests: cleaned, and replaced as a whole; what they dislike, they told us elsewhere and stays."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from subscriptions.errors import SubscriptionError
from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from subscriptions.services.reader import locked
from subscriptions.text import clean_line
from subscriptions.types import PaperReference, ProfileInput

MOST_PROFILES = 50
MOST_ENTRIES = 200  # in one list, typed into a form
LONGEST_ENTRY = 100  # characters
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 1000
CATEGORY = re.compile(r"([a-z]+(?:-[a-z]+)*)(?:\.([a-z]{2,}(?:-[a-z]+)*))?", re.IGNORECASE)
LISTS = ("categories", "keywords", "exclude", "authors")
SETTINGS = ("description", "pickiness", "active", "fades")


def save_profile(
    *, subscriber: Subscriber, profile: ProfileInput, profile_id: int | None, now: datetime
) -> InterestProfile:
    """Add an interest, or replace the one with `profile_id`.

    Raises: SubscriptionError with the field's name; on a name that another interest of the reader has.
    """
    with transaction.atomic():
        reader = locked(subscriber=subscriber)
        if profile_id is None:
            cleaned = clean_profile(profile=profile)
            _refuse_one_too_many(reader)
            row = InterestProfile(subscriber=reader, created_at=now)
        else:
            row = own_profile(subscriber=reader, profile_id=profile_id)
            cleaned = clean_profile(profile=profile, most_entries=max(MOST_ENTRIES, _longest_list(row)))
        _refuse_taken_name(reader, row, cleaned.name)
        write_profile(row=row, profile=cleaned, now=now)
    return row


def draft_profile(*, subscriber: Subscriber, profile: ProfileInput, profile_id: int | None) -> InterestProfile:
    """Put an interest on a row as `save_profile` would, and save nothing; its papers are not on the row.

    Raises: SubscriptionError with the field's name.
    """
    if profile_id is None:
        row = InterestProfile(subscriber=subscriber)
    else:
        row = own_profile(subscriber=subscriber, profile_id=profile_id)
        row.subscriber = subscriber
    most_entries = max(MOST_ENTRIES, _longest_list(row)) if row.pk else MOST_ENTRIES
    fill_row(row=row, profile=clean_profile(profile=profile, most_entries=most_entries))
    return row


def draft_wish(*, profile: ProfileInput) -> InterestProfile:
    """Put the interest of somebody who is no reader yet on a row, and save nothing; its papers are not on the row.

    Raises: SubscriptionError with the field's name.
    """
    row = InterestProfile()
    fill_row(row=row, profile=clean_profile(profile=profile))
    return row


def delete_profile(*, subscriber: Subscriber, profile_id: int) -> None:
    """Delete an interest with its papers; one that is gone already is no error."""
    InterestProfile.objects.filter(subscriber=subscriber, pk=profile_id).delete()


def set_profile_active(*, subscriber: Subscriber, profile_id: int, active: bool, now: datetime) -> None:
    """Pause an interest, or let it match again.

    Raises: SubscriptionError when the reader has no such interest.
    """
    row = own_profile(subscriber=subscriber, profile_id=profile_id)
    InterestProfile.objects.filter(pk=row.pk).exclude(active=active).update(active=active, updated_at=now)


def own_profile(*, subscriber: Subscriber, profile_id: int) -> InterestProfile:
    """Find an interest among the reader's own.

    Raises: SubscriptionError when it is another's, or gone: the two cannot be told apart.
    """
    row = InterestProfile.objects.filter(subscriber=subscriber, pk=profile_id).first()
    if row is None:
        raise SubscriptionError(gettext("This interest does not exist any more."))
    return row


def clean_profile(*, profile: ProfileInput, most_entries: int = MOST_ENTRIES) -> ProfileInput:
    """Trim every word, drop repeats and empty entries, and bring categories into arXiv's spelling.

    Raises: SubscriptionError with the field's name.
    """
    name = clean_line(profile.name)
    if not name or len(name) > LONGEST_NAME:
        raise SubscriptionError(
            gettext("An interest needs a name of 1 to %(most)d characters.") % {"most": LONGEST_NAME}, field="name"
        )
    description = clean_line(profile.description)
    if len(description) > LONGEST_DESCRIPTION:
        message = gettext("A description has %(most)d characters at most.") % {"most": LONGEST_DESCRIPTION}
        raise SubscriptionError(message, field="description")
    if profile.pickiness not in InterestProfile.Pickiness.values:
        message = f"How picky is one of: {', '.join(InterestProfile.Pickiness.values)}."
        raise SubscriptionError(message, field="pickiness")
    lists: dict[str, Any] = {
        field: _clean_list(getattr(profile, field), field=field, most=most_entries) for field in LISTS
    }
    lists["categories"] = tuple(dict.fromkeys(_category(text) for text in lists["categories"]))
    papers = tuple(dict.fromkeys(profile.papers))
    _refuse_long_list(papers, field="papers", most=most_entries)
    return replace(profile, name=name, description=description, papers=papers, **lists)


def clean_exclusions(*, terms: Iterable[str]) -> tuple[str, ...]:
    """Trim words that a reader never wants to see, and drop repeats and empty ones.

    Raises: SubscriptionError with the field's name.
    """
    return _clean_list(terms, field="exclude", most=MOST_ENTRIES)


def fill_row(*, row: InterestProfile, profile: ProfileInput) -> bool:
    """Put a cleaned interest on a row without saving it, and tell whether anything changed."""
    wanted: dict[str, object] = {field: list(getattr(profile, field)) for field in LISTS}
    wanted |= {field: getattr(profile, field) for field in ("name", *SETTINGS)}
    changed = any(getattr(row, field) != value for field, value in wanted.items())
    for field, value in wanted.items():
        setattr(row, field, value)
    return changed


def write_profile(*, row: InterestProfile, profile: ProfileInput, now: datetime) -> None:
    """Save a cleaned interest on a new or an old row, with the papers it names as the liked ones."""
    if fill_row(row=row, profile=profile) or row.pk is None:
        row.updated_at = now
        # Never the revision: what was read of it may be older than what feedback has made of it meanwhile.
        row.save(update_fields=[*LISTS, "name", *SETTINGS, "updated_at"] if row.pk else None)
    unwanted = row.library.filter(stance=LibraryPaper.Stance.LIKED)
    held = {(paper.scheme, paper.value): paper.pk for paper in unwanted}
    row.library.filter(pk__in=[pk for reference, pk in held.items() if reference not in profile.papers]).delete()
    LibraryPaper.objects.bulk_create(
        liked(row=row, papers=(paper for paper in profile.papers if paper not in held), now=now),
        update_conflicts=True,  # a paper they disliked before and now name as an example: the last word wins
        unique_fields=["profile", "scheme", "value"],
        update_fields=["stance", "added_at"],
    )
    InterestProfile.objects.filter(pk=row.pk).mark_changed()


def liked(*, row: InterestProfile, papers: Iterable[PaperReference], now: datetime) -> list[LibraryPaper]:
    """Make rows of papers that a reader gives as examples, without saving them."""
    return [
        LibraryPaper(profile=row, scheme=scheme, value=value, stance=LibraryPaper.Stance.LIKED, added_at=now)
        for scheme, value in papers
    ]


def _clean_list(entries: Iterable[str], *, field: str, most: int) -> tuple[str, ...]:
    cleaned = tuple(dict.fromkeys(filter(None, map(clean_line, entries))))
    _refuse_long_list(cleaned, field=field, most=most)
    if any(len(entry) > LONGEST_ENTRY for entry in cleaned):
        raise SubscriptionError(
            gettext("One entry has %(most)d characters at most.") % {"most": LONGEST_ENTRY}, field=field
        )
    return cleaned


def _refuse_long_list(entries: tuple[object, ...], *, field: str, most: int) -> None:
    if len(entries) > most:
        raise SubscriptionError(
            gettext("This list has %(count)d entries; %(most)d are the most.") % {"count": len(entries), "most": most},
            field=field,
        )


def _category(text: str) -> str:
    match = CATEGORY.fullmatch(text)
    if match is None:
        raise SubscriptionError(
            gettext("“%(text)s” is no category; an example is cs.CL.") % {"text": text}, field="categories"
        )
    archive, subject = match[1].lower(), (match[2] or "").lower()
    # arXiv writes subjects of two letters in capitals (cs.CL), longer ones small (cond-mat.mes-hall).
    return f"{archive}.{subject.upper() if len(subject) == 2 else subject}" if subject else archive


def _longest_list(row: InterestProfile) -> int:
    return max(row.library.count(), *(len(getattr(row, field)) for field in LISTS))


def _refuse_one_too_many(reader: Subscriber) -> None:
    if reader.profiles.count() >= MOST_PROFILES:
        raise SubscriptionError(
            gettext("%(most)d interests are the most that one reader can have.") % {"most": MOST_PROFILES}
        )


def _refuse_taken_name(reader: Subscriber, row: InterestProfile, name: str) -> None:
    if reader.profiles.filter(name=name).exclude(pk=row.pk).exists():
        raise SubscriptionError(gettext("Another of your interests has this name."), field="name")
