"""The profiles of many readers at once, made to be what a file says, with a fixed number of queries."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from subscriptions.models import InterestProfile, LibraryPaper, Subscriber
from subscriptions.services.profiles import LISTS, SETTINGS, fill_row, liked
from subscriptions.types import ProfileInput

Wanted = Mapping[Subscriber, tuple[ProfileInput, ...]]
Rows = dict[tuple[int, str], InterestProfile]
PROFILE_FIELDS = [*LISTS, *SETTINGS, "updated_at"]
BATCH = 500


def replace_profiles(*, wanted: Wanted, now: datetime) -> None:
    """Give each reader exactly the profiles named for them, matched by name; what is equal is not written."""
    rows = _held(wanted)
    named = {(reader.pk, profile.name): profile for reader, profiles in wanted.items() for profile in profiles}
    unnamed = [row.pk for key, row in rows.items() if key not in named]
    InterestProfile.objects.filter(pk__in=unnamed).delete()
    changed = _write(rows, named, now)
    changed |= _replace_papers({rows[key]: profile for key, profile in named.items()}, now)
    InterestProfile.objects.filter(pk__in=changed).mark_changed()


def _held(wanted: Wanted) -> Rows:
    held = InterestProfile.objects.filter(subscriber__in=[reader.pk for reader in wanted])
    return {(row.subscriber_id, row.name): row for row in held}


def _write(rows: Rows, named: Mapping[tuple[int, str], ProfileInput], now: datetime) -> set[int]:
    """Bring the rows to what is named, and add the new ones to `rows`. Returns: the old ones that changed."""
    rows |= {key: InterestProfile(subscriber_id=key[0], created_at=now) for key in named if key not in rows}
    changed = [rows[key] for key, profile in named.items() if fill_row(row=rows[key], profile=profile)]
    for row in changed:
        row.updated_at = now
    old, new = [row for row in changed if row.pk], [row for row in changed if not row.pk]
    InterestProfile.objects.bulk_update(old, PROFILE_FIELDS, batch_size=BATCH)
    InterestProfile.objects.bulk_create(new)
    return {row.pk for row in old}


def _replace_papers(wanted: Mapping[InterestProfile, ProfileInput], now: datetime) -> set[int]:
    """Bring the liked papers to what is named. Returns: the profiles whose papers changed."""
    held = LibraryPaper.objects.filter(profile__in=[row.pk for row in wanted], stance=LibraryPaper.Stance.LIKED)
    present = {(paper.profile_id, paper.scheme, paper.value): paper.pk for paper in held}
    named = {(row.pk, *reference) for row, profile in wanted.items() for reference in profile.papers}
    LibraryPaper.objects.filter(pk__in=[pk for key, pk in present.items() if key not in named]).delete()
    missing = list(_missing(wanted, present, now))
    LibraryPaper.objects.bulk_create(
        missing,
        batch_size=BATCH,
        update_conflicts=True,  # a disliked paper that the file names as an example: the file is the truth
        unique_fields=["profile", "scheme", "value"],
        update_fields=["stance", "added_at"],
    )
    return {key[0] for key in present if key not in named} | {paper.profile_id for paper in missing}


def _missing(
    wanted: Mapping[InterestProfile, ProfileInput], present: Mapping[tuple[int, str, str], int], now: datetime
) -> Iterable[LibraryPaper]:
    for row, profile in wanted.items():
        yield from liked(
            row=row, papers=(paper for paper in profile.papers if (row.pk, *paper) not in present), now=now
        )
