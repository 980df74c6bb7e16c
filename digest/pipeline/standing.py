"""Interests -> where they stand among papers: what they like and say, summed up in the vectors that serve now.

`load_stood` answers for any interest at any moment, from its stored row where that is fresh, else from its library and
feedback; it writes nothing. `stand_waiting` stores the rows in the background, so that the morning only reads.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from django.db.models import F, Q, QuerySet

from digest.matching import stand
from digest.matching._fading import weight
from digest.matching._wording import read_keyword
from digest.models import ProfileVector
from digest.pipeline.examples import load_whole_examples
from digest.pipeline.feedback import ROWS_AT_ONCE, FeedbackRow, load_stances
from digest.pipeline.index import encode_texts
from digest.pipeline.serving import matching_space
from digest.types import PaperDoc, ProfileDoc, Standing
from digest.vectors import are_sound, pack
from subscriptions.models import InterestProfile, Subscriber

log = logging.getLogger(__name__)

CHUNK = 500  # interests a turn
LOOK_AGAIN_AFTER = timedelta(hours=1)  # at an interest that names a paper without a vector
Said = InterestProfile | ProfileDoc  # what has keywords and a description
IDS, WEIGHTS = np.dtype("<i8"), np.dtype("<f4")  # as they are stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Where one interest stands: its examples' sum, its words, and which papers it names.

    `liked_weights` says how much each liked paper counts among the others (0..1). `is_whole` tells whether all that
    could have a vector had one.
    """

    standing: Standing
    wish: bytes
    liked: tuple[int, ...]
    liked_weights: tuple[float, ...]
    disliked: tuple[int, ...]
    is_whole: bool


def load_stood(*, profiles: Sequence[InterestProfile], space: str, now: datetime) -> dict[int, Stood]:
    """Answer where interests stand in a space at `now`, by their ids. A constant number of queries; writes nothing.

    A row whose vectors are damaged counts as stale, which a line in the log counts.
    """
    rows = _sound_rows(space, [profile.pk for profile in profiles])
    fresh = {
        profile.pk: _faded(_read(rows[profile.pk]), profile, age_from=rows[profile.pk].made_at, now=now)
        for profile in profiles
        if profile.pk in rows and rows[profile.pk].revision == profile.revision
    }
    stale = [profile for profile in profiles if profile.pk not in fresh]
    return fresh | (take_stands(profiles=stale, space=space, now=now) if stale else {})


def _sound_rows(space: str, profile_ids: Sequence[int]) -> dict[int, ProfileVector]:
    stored = ProfileVector.objects.filter(space=space, is_whole=True, profile_id__in=profile_ids)
    rows = list(stored.iterator(chunk_size=ROWS_AT_ONCE))
    sound = {
        row.profile_id: row for row in rows if are_sound(rows=[bytes(row.wish), bytes(row.liked), bytes(row.disliked)])
    }
    if len(sound) < len(rows):
        log.warning("Stored stands of interests are damaged and were made again: %d", len(rows) - len(sound))
    return sound


def take_stands(*, profiles: Sequence[InterestProfile], space: str, now: datetime) -> dict[int, Stood]:
    """Find out from library, feedback and words where interests stand, by their ids."""
    stances = load_stances(profile_ids=[profile.pk for profile in profiles])
    papers = load_whole_examples(paper_ids={row.paper_id for rows in stances.values() for row in rows}, space=space)
    wishes = encode_wishes(profiles=profiles, space=space)
    return {
        profile.pk: stand_among(
            profile=profile, stances=stances.get(profile.pk, ()), papers=papers, wish=wishes.get(number), now=now
        )
        for number, profile in enumerate(profiles)
    }


def stand_among(
    *,
    profile: InterestProfile,
    stances: Sequence[FeedbackRow],
    papers: Mapping[int, PaperDoc],
    wish: bytes | None,
    now: datetime,
) -> Stood:
    """Sum one interest up. `papers` holds its examples with their texts, `wish` its words' vector if they have one."""
    liked = [row for row in stances if row.liked and row.paper_id in papers]
    disliked = [row.paper_id for row in stances if not row.liked and row.paper_id in papers]
    weights = tuple(weight(age=now - row.at, fades=profile.fades) for row in liked)
    doc = ProfileDoc(
        id=0,
        name="",
        liked=tuple(papers[row.paper_id] for row in liked),
        disliked=tuple(papers[paper_id] for paper_id in disliked),
        liked_weights=weights,
    )
    return Stood(
        standing=stand(profile=doc),
        wish=wish or b"",
        liked=tuple(row.paper_id for row in liked),
        liked_weights=weights,
        disliked=tuple(disliked),
        is_whole=all(paper.vector for paper in (*doc.liked, *doc.disliked)) and (wish is not None or not says(profile)),
    )


def stand_waiting(*, now: datetime, limit: int = CHUNK) -> int:
    """Store where interests stand that have no fresh row, at most `limit`. Safe to repeat and to run twice at once.

    Returns: how many were stored; fewer than `limit` when none is left.
    """
    space = matching_space()
    if space is None:
        return 0
    waiting = list(stale_profiles(space=space, now=now).order_by("pk")[:limit])
    stood = take_stands(profiles=waiting, space=space, now=now)
    # In one order, so that two workers cannot wait for each other.
    rows = [_row(profile, stood[profile.pk], space, now) for profile in waiting]
    fields = [field.name for field in ProfileVector._meta.concrete_fields if field.name != "profile"]
    ProfileVector.objects.bulk_create(rows, update_conflicts=True, unique_fields=["profile"], update_fields=fields)
    return len(rows)


def stale_profiles(*, space: str, now: datetime) -> QuerySet[InterestProfile]:
    """Find interests of active readers without a fresh row; one that lacked a vector waits LOOK_AGAIN_AFTER.

    A row from before terms were stored is as good as one of an interest without any, until it is made again here.
    """
    fresh = Q(vector__space=space, vector__revision=F("revision"), vector__terms__isnull=False) & (
        Q(vector__is_whole=True) | Q(vector__made_at__gt=now - LOOK_AGAIN_AFTER)
    )
    return InterestProfile.objects.filter(active=True, subscriber__status=Subscriber.Status.ACTIVE).exclude(fresh)


def encode_wishes(*, profiles: Sequence[Said], space: str) -> dict[int, bytes]:
    """Encode what was typed into interests, by their place in the list; those that say nothing are left out."""
    asked = [number for number, profile in enumerate(profiles) if says(profile)]
    vectors = encode_texts(texts=[wish_text(profiles[number]) for number in asked], space=space) if asked else None
    return {} if vectors is None else dict(zip(asked, pack(matrix=vectors), strict=True))


def says(profile: Said) -> bool:
    """Tell whether anything was typed that has a meaning."""
    return bool(wish_text(profile))


def wish_text(profile: Said) -> str:
    """Write keywords and description as the one text that is encoded; nothing where all are stop words or signs."""
    if not any(map(read_keyword, (*profile.keywords, profile.description))):
        return ""
    keywords = " ".join(keyword.strip('"“”„«» ') for keyword in profile.keywords)
    return ". ".join(part for part in (keywords.strip(), profile.description.strip()) if part)


def _row(profile: InterestProfile, stood: Stood, space: str, now: datetime) -> ProfileVector:
    return ProfileVector(
        profile_id=profile.pk,
        space=space,
        revision=profile.revision,
        made_at=now,
        **to_columns(stood=stood),
    )


def to_columns(*, stood: Stood) -> dict[str, bytes | float | bool | None]:
    """Write down where an interest stands, as the columns of its row that say so."""
    return {
        "is_whole": stood.is_whole,
        "wish": stood.wish,
        "liked": stood.standing.liked,
        "liked_weight": stood.standing.liked_weight,
        "liked_ids": np.array(stood.liked, dtype=IDS).tobytes(),
        "liked_weights": np.array(stood.liked_weights, dtype=WEIGHTS).tobytes(),
        "disliked": stood.standing.disliked,
        "disliked_weight": stood.standing.disliked_weight,
        "disliked_ids": np.array(stood.disliked, dtype=IDS).tobytes(),
        "terms": stood.standing.terms,
    }


def _read(row: ProfileVector) -> Stood:
    return Stood(
        standing=Standing(
            liked=bytes(row.liked),
            liked_weight=row.liked_weight,
            disliked=bytes(row.disliked),
            disliked_weight=row.disliked_weight,
            terms=bytes(row.terms or b""),
        ),
        wish=bytes(row.wish),
        liked=tuple(np.frombuffer(row.liked_ids, dtype=IDS).tolist()),
        liked_weights=tuple(np.frombuffer(row.liked_weights, dtype=WEIGHTS).tolist()),
        disliked=tuple(np.frombuffer(row.disliked_ids, dtype=IDS).tolist()),
        is_whole=row.is_whole,
    )


def _faded(stood: Stood, profile: InterestProfile, *, age_from: datetime, now: datetime) -> Stood:
    """Let all likes fade on alike since the row was made: their mean stays where it is and counts less."""
    left = weight(age=now - age_from, fades=profile.fades)
    return replace(stood, standing=replace(stood.standing, liked_weight=stood.standing.liked_weight * left))
