"""Which vectors matching reads: the newest that cover what it needs, of the chosen encoder or of a taste map's space.

    (first seen) -> FILLING -> SERVING -> RETIRED -> (vectors deleted, forgotten)
                       ^                     |
                       '---- chosen again ---'          BROKEN: chosen, and cannot be loaded; no vector can be made

A taste map goes the same way from FITTED on, and never back; or it is REFUSED. Only index turns and the nightly fit
call what writes here; matching asks `matching_space` alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from digest.encoders import Encoder, label
from digest.models import EncoderState, Feedback, FittedTaste, Paper, PaperIdentifier, PaperQuerySet, PaperVector
from digest.pipeline.encoding import NOT_CHOSEN, why_words_alone
from digest.pipeline.tastemaps import read_map
from subscriptions.models import LibraryPaper

YOUNGEST = 3000  # papers; the background against which scores are measured
RECENT = timedelta(days=14)  # longer than a paper is news
KEPT_FOR = timedelta(days=2)  # after another took over: long enough to choose the old one again
MAP_KEPT_FOR = timedelta(hours=6)  # nobody goes back to a map; this is for digests that were begun with it
MAP_SERVES_FOR = timedelta(days=7)  # after the last fit that came to it: longer than fits fail unseen
MAPS_KEPT = 5  # nights, for staff to look back on
TIDIED_AT_ONCE = 5000  # vectors
COUNT_LIMIT = 100_000  # papers
TURN_TIMEOUT = timedelta(minutes=5)  # longer than a turn of the index: then its worker is dead
NOTE_LENGTH = 500  # characters

Status = EncoderState.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """By what papers are matched now: an encoder's name@version, or None and the reason.

    `waiting` counts the papers that matching needs and that have no vector of the chosen encoder yet.
    """

    encoder: str | None
    reason: str
    waiting: int

    @property
    def in_words(self) -> str:
        """Say it in a sentence."""
        if self.reason:
            return self.reason if self.reason == NOT_CHOSEN else f"Papers are matched by words alone. {self.reason}"
        papers = f"{self.waiting:,} paper{'' if self.waiting == 1 else 's'} of these weeks to encode"
        if self.encoder is None:
            return f"Papers are matched by words alone until there are vectors: {papers}."
        return f"Papers are matched by words and by meaning ({self.encoder}): {papers}."


def serving_encoder() -> str | None:
    """Answer the name@version of the encoder whose vectors matching should read now; None for words alone.

    An encoder that serves goes on while new papers wait for their vectors. None when no encoder is chosen, or when
    the chosen one cannot be loaded: today's papers would have no vectors.
    """
    return None if _why_none() else _serving()


def matching_space() -> str | None:
    """Answer under which name the vectors are kept that matching should read now; None for words alone.

    With a taste map that serves: the space of that map, as long as it was fitted on what serves now and this process
    can read it. Without: the encoder's own name.
    """
    encoder = serving_encoder()
    taste = FittedTaste.objects.serving().filter(encoder=encoder).first() if encoder else None
    return encoder if taste is None or read_map(taste=taste) is None else taste.space


def dimensions_of(*, space: str) -> int | None:
    """Say how many numbers a vector of an encoder or a space holds; None when there is no such thing."""
    spaces = FittedTaste.objects.of_space(space=space).values_list("dimensions", flat=True)
    encoders = EncoderState.objects.filter(encoder=space).values_list("dimensions", flat=True)
    return spaces.first() or encoders.first()


def meaning(*, now: datetime) -> Meaning:
    """Tell by what papers are matched, for people."""
    reason = _why_none()
    if reason:
        return Meaning(encoder=None, reason=reason, waiting=0)
    return Meaning(encoder=_serving(), reason="", waiting=_count_waiting(now))


def taste_in_words() -> str:
    """Tell whether readers' likes help to rank, for people."""
    newest = FittedTaste.objects.defer("payload").order_by("-pk").first()
    serving = FittedTaste.objects.serving().first()
    if serving is not None:
        gain = f"{serving.score_before:.3f} to {serving.score_after:.3f}"
        learnt = f"{serving.n_likes:,} likes of {serving.n_readers:,} readers"
        return f"Taste map {serving.pk} serves, learnt from {learnt}; it brought nDCG@10 from {gain}."
    if newest is None:
        return "Nothing has been learnt yet of what readers like together."
    return f"Taste map {newest.pk} does not serve ({newest.get_status_display().lower()}). {newest.note}".strip()


def waiting(*, encoder: str) -> PaperQuerySet:
    """Find the papers without a vector of this encoder, or whose text has changed since."""
    fresh = PaperVector.objects.filter(encoder=encoder, paper=OuterRef("pk"), text_key=OuterRef("text_key"))
    return Paper.objects.with_text().filter(~Exists(fresh))


def needed(*, now: datetime) -> PaperQuerySet:
    """Find the papers whose vectors matching needs: those that may be news, and the background."""
    youngest = Paper.objects.with_text().filter(submitted_at__isnull=False).order_by("-submitted_at", "-pk")
    is_needed = Q(first_seen_at__gt=now - RECENT) | Q(pk__in=youngest.values("pk")[:YOUNGEST])
    return Paper.objects.filter(is_needed)


def needed_in_space(*, now: datetime) -> PaperQuerySet:
    """Find the papers whose vectors matching needs in a map's space: those, and all that readers have spoken of."""
    asked = LibraryPaper.objects.filter(scheme=OuterRef("scheme"), value=OuterRef("value"))
    named = PaperIdentifier.objects.filter(Exists(asked)).values("paper")
    spoken_of = Q(pk__in=named) | Q(pk__in=Feedback.objects.values("paper"))
    return Paper.objects.with_text().filter(Q(pk__in=needed(now=now).values("pk")) | spoken_of)


def waiting_for_place(*, taste: FittedTaste, now: datetime) -> PaperQuerySet:
    """Find the papers that are needed in a map's space, have the meaning it takes, and have no fresh vector there."""
    papers = waiting(encoder=taste.space) & needed_in_space(now=now)
    fresh = PaperVector.objects.filter(encoder=taste.encoder, paper=OuterRef("pk"), text_key=OuterRef("text_key"))
    return papers.filter(Exists(fresh))


def begin_filling(*, encoder: Encoder, now: datetime) -> None:
    """Note that vectors of this encoder are being made; one that serves goes on serving."""
    fields = {"status": Status.FILLING, "dimensions": encoder.dimensions, "changed_at": now}
    state, _ = EncoderState.objects.get_or_create(encoder=label(encoder=encoder), defaults=fields)
    if state.status == Status.RETIRED:
        EncoderState.objects.filter(pk=state.pk, status=Status.RETIRED).update(**fields)
    EncoderState.objects.filter(encoder=encoder.name, status=Status.BROKEN).delete()


def note_broken(*, model: str, reason: str, now: datetime) -> None:
    """Note that the chosen encoder cannot be loaded, for the admin to say and for matching to know."""
    note = reason[:NOTE_LENGTH]
    values = {"status": Status.BROKEN, "note": note, "changed_at": now}
    state, is_new = EncoderState.objects.get_or_create(encoder=model, defaults=values)
    if not is_new and state.note != note:
        EncoderState.objects.filter(pk=state.pk).update(**values)


def take_turn(*, model: str, now: datetime) -> bool:
    """Take the turn at encoding for this worker. Of any number of workers one gets it, until `end_turn`.

    Before an encoder of this model has begun there is nothing to take: then everybody may.
    """
    states = EncoderState.objects.filter(encoder__startswith=f"{model}@")
    free = states.filter(Q(busy_until__isnull=True) | Q(busy_until__lte=now))
    return bool(free.update(busy_until=now + TURN_TIMEOUT)) or not states.exists()


def end_turn(*, model: str) -> None:
    """Give the turn to the next worker."""
    EncoderState.objects.filter(encoder__startswith=f"{model}@").update(busy_until=None)


def let_serve(*, encoder: Encoder, now: datetime, without: Collection[int] = ()) -> None:
    """Have this encoder serve, and every other retire, once it covers all that matching needs.

    `without` are papers of which it makes no vector: nobody waits for those.
    """
    name = label(encoder=encoder)
    if name == _serving() or _needed_and_waiting(name, now).exclude(pk__in=without).exists():
        return
    _take_over(EncoderState.objects.all(), EncoderState.objects.get(encoder=name).pk, now)


def let_taste_serve(*, taste: FittedTaste, now: datetime, without: Collection[int] = ()) -> None:
    """Have this map serve, and every other retire, once its space covers all that matching needs; as `let_serve`."""
    if not waiting_for_place(taste=taste, now=now).exclude(pk__in=without).exists():
        _take_over(FittedTaste.objects.all(), taste.pk, now)


def retire_tastes(*, note: str, now: datetime) -> None:
    """Retire every map that serves or is to serve, and say why: matching goes on without taste."""
    _retire(FittedTaste.objects.in_use(), note, now)


def retire_stale_tastes(*, now: datetime) -> None:
    """Retire maps to which no nightly fit has come for MAP_SERVES_FOR: they may hold likes that were withdrawn."""
    note = f"No fit has come to it for {MAP_SERVES_FOR.days} days: look at beat and the workers."
    _retire(FittedTaste.objects.stale(before=now - MAP_SERVES_FOR), note, now)


def supersede_tastes(*, by: FittedTaste, now: datetime) -> None:
    """Retire the maps that were to serve next, now that there is a younger one; what serves goes on until it can."""
    others = FittedTaste.objects.in_use().exclude(pk=by.pk).exclude(status=FittedTaste.Status.SERVING)
    _retire(others, f"Taste map {by.pk} came before it could serve.", now)


def _retire(tastes: QuerySet[FittedTaste], note: str, now: datetime) -> None:
    tastes.update(status=FittedTaste.Status.RETIRED, note=note[:NOTE_LENGTH], changed_at=now)


def _take_over(states: QuerySet[EncoderState] | QuerySet[FittedTaste], pk: int, now: datetime) -> None:
    with transaction.atomic():
        found = dict(states.select_for_update().order_by("pk").values_list("pk", "status"))  # one after the other
        if found.get(pk) != Status.FILLING:
            return
        others = states.exclude(pk=pk).filter(status__in=(Status.FILLING, Status.SERVING))
        others.update(status=Status.RETIRED, changed_at=now)
        states.filter(pk=pk).update(status=Status.SERVING, changed_at=now)


def tidy_vectors(*, now: datetime, limit: int = TIDIED_AT_ONCE) -> int:
    """Delete a chunk of the vectors that nobody reads, and forget an encoder or a map after its last.

    These are the vectors of encoders that retired KEPT_FOR ago and of maps that retired MAP_KEPT_FOR ago, and in the
    spaces of other maps those of papers that matching no longer needs there.
    Returns: how many vectors were deleted; fewer than `limit` when none is left.
    """
    retired = EncoderState.objects.retired(before=now - KEPT_FOR)
    tastes = FittedTaste.objects.retired(before=now - MAP_KEPT_FOR)
    names = [*retired.values_list("encoder", flat=True), *(taste.space for taste in tastes)]
    spaces = [taste.space for taste in FittedTaste.objects.in_use()]
    unread = Q(encoder__in=names)
    if spaces:
        unread |= Q(encoder__in=spaces) & ~Q(paper__in=needed_in_space(now=now).values("pk"))
    chunk = PaperVector.objects.filter(unread).order_by("pk").values_list("pk", flat=True)[:limit]
    n_deleted, _ = PaperVector.objects.filter(pk__in=list(chunk)).delete()
    if n_deleted < limit:
        retired.filter(encoder__in=names).delete()
        tastes.exclude(payload=b"").update(payload=b"")  # what it had learnt goes, its scores stay for some nights
        youngest = FittedTaste.objects.order_by("-pk").values_list("pk", flat=True)[:MAPS_KEPT]
        FittedTaste.objects.filter(pk__in=[taste.pk for taste in tastes]).exclude(pk__in=list(youngest)).delete()
    return n_deleted


def _why_none() -> str:
    if reason := why_words_alone():
        return reason
    broken = EncoderState.objects.filter(encoder=settings.ENCODER, status=Status.BROKEN)
    note: str = broken.values_list("note", flat=True).first() or ""
    return note


def _serving() -> str | None:
    return EncoderState.objects.serving().values_list("encoder", flat=True).first()


def _needed_and_waiting(encoder: str, now: datetime) -> PaperQuerySet:
    return waiting(encoder=encoder) & needed(now=now)


def _count_waiting(now: datetime) -> int:
    """Count for the encoder that is chosen now: the newest of that name that is not retired."""
    chosen = EncoderState.objects.filter(encoder__startswith=f"{settings.ENCODER}@").exclude(status=Status.RETIRED)
    newest = chosen.order_by("-changed_at", "-pk").values_list("encoder", flat=True).first()
    return _needed_and_waiting(newest or settings.ENCODER, now).values("pk")[:COUNT_LIMIT].count()
