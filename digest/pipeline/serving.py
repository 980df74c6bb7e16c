"""Which encoder's vectors matching reads: the chosen one once it covers what matching needs, until then the one before.

    (first seen) -> FILLING -> SERVING -> RETIRED -> (vectors deleted, forgotten)
                       ^                     |
                       '---- chosen again ---'          BROKEN: chosen, and cannot be loaded; no vector can be made

Only index turns call what writes here; matching asks `serving_encoder` alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from digest.encoders import Encoder, label
from digest.models import EncoderState, Paper, PaperQuerySet, PaperVector
from digest.pipeline.encoding import NOT_CHOSEN, why_words_alone

YOUNGEST = 3000  # papers; the background against which scores are measured
RECENT = timedelta(days=14)  # longer than a paper is news
KEPT_FOR = timedelta(days=2)  # after another took over: long enough to choose the old one again
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


def meaning(*, now: datetime) -> Meaning:
    """Tell by what papers are matched, for people."""
    reason = _why_none()
    if reason:
        return Meaning(encoder=None, reason=reason, waiting=0)
    return Meaning(encoder=_serving(), reason="", waiting=_count_waiting(now))


def waiting(*, encoder: str) -> PaperQuerySet:
    """Find the papers without a vector of this encoder, or whose text has changed since."""
    fresh = PaperVector.objects.filter(encoder=encoder, paper=OuterRef("pk"), text_key=OuterRef("text_key"))
    return Paper.objects.with_text().filter(~Exists(fresh))


def needed(*, now: datetime) -> PaperQuerySet:
    """Find the papers whose vectors matching needs: those that may be news, and the background."""
    youngest = Paper.objects.with_text().filter(submitted_at__isnull=False).order_by("-submitted_at", "-pk")
    is_needed = Q(first_seen_at__gt=now - RECENT) | Q(pk__in=youngest.values("pk")[:YOUNGEST])
    return Paper.objects.filter(is_needed)


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
    with transaction.atomic():
        list(EncoderState.objects.select_for_update().order_by("pk"))  # two workers: one after the other
        others = EncoderState.objects.exclude(encoder=name)
        others.filter(status__in=(Status.FILLING, Status.SERVING)).update(status=Status.RETIRED, changed_at=now)
        mine = EncoderState.objects.filter(encoder=name)
        mine.exclude(status=Status.SERVING).update(status=Status.SERVING, changed_at=now)


def tidy_vectors(*, now: datetime, limit: int = TIDIED_AT_ONCE) -> int:
    """Delete a chunk of the vectors of encoders that retired KEPT_FOR ago, and forget such an encoder after its last.

    Returns: how many vectors were deleted; fewer than `limit` when none is left.
    """
    retired = EncoderState.objects.retired(before=now - KEPT_FOR)
    names = list(retired.values_list("encoder", flat=True))
    chunk = PaperVector.objects.filter(encoder__in=names).order_by("pk").values_list("pk", flat=True)[:limit]
    n_deleted, _ = PaperVector.objects.filter(pk__in=list(chunk)).delete()
    if n_deleted < limit:
        retired.filter(encoder__in=names).delete()
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
