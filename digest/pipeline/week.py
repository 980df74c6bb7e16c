"""The papers of the last days, and the ordinary beside which a preview measures them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from django.db.models import F, Q
from django.db.models.functions import TruncDate

from digest.models import Paper
from digest.pipeline.papers import load_background, load_docs
from digest.pipeline.plan import HORIZON_DAYS
from digest.pipeline.serving import matching_space
from digest.types import BoolVector, IdArray, PaperDoc

ALL = slice(None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Span:
    """The papers of the days that are looked at, young enough to be mailed when they came, by rising id.

    `day_of`, shape (n_papers,), says on which day each came, counted from `first`.
    """

    docs: tuple[PaperDoc, ...]
    day_of: IdArray
    first: date
    days: int

    def count(self, which: BoolVector | slice = ALL) -> list[int]:
        """Count the papers, or some of them, day by day."""
        counts: list[int] = np.bincount(self.day_of[which], minlength=self.days).tolist()
        return counts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Week:
    """What previews of one moment have in common; `space` is the one of the papers' vectors, None for words alone."""

    space: str | None
    span: Span
    background: tuple[PaperDoc, ...]


def load_week(*, now: datetime, days: int) -> Week:
    """Read the papers of the last `days` days of UTC, today among them, and the ordinary."""
    space = matching_space()
    return Week(space=space, span=_load_span(space=space, now=now, days=days), background=load_background(space=space))


def _load_span(*, space: str | None, now: datetime, days: int) -> Span:
    """Read the papers of some days. Whole days, so that the same papers serve until another one comes."""
    began = datetime.combine(now.date() - timedelta(days=days - 1), time.min, tzinfo=UTC)
    papers = Paper.objects.mailable().filter(_is_news(), first_seen_at__gte=began, first_seen_at__lte=now)
    day_of = dict(papers.values_list("pk", TruncDate("first_seen_at", tzinfo=UTC)))
    docs = tuple(doc for doc in load_docs(papers=papers, space=space) if doc.id in day_of)
    return Span(
        docs=docs,
        day_of=np.array([(day_of[doc.id] - began.date()).days for doc in docs], dtype=np.int64),
        first=began.date(),
        days=days,
    )


def _is_news() -> Q:
    """Keep what was young enough to be mailed when it came, as `Window.news` does."""
    horizon = F("first_seen_at") - timedelta(days=HORIZON_DAYS)
    undated = Q(submitted_at__isnull=True, announced_on__gt=TruncDate(horizon, tzinfo=UTC))
    return Q(submitted_at__gte=horizon) | undated
