"""A reader's past digests with what was in them, and the days between on which none was planned, with the reason.

In: a reader and a moment. Out: digests and gaps, the newest first. What a reader had chosen on a day that has passed
is written down nowhere, so a gap is explained by the consent history and by what is chosen now, and no further.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from django.db.models import Prefetch

from digest.models import Digest, DigestItem, Paper
from subscriptions import schedule
from subscriptions.models import ConsentEvent, Subscriber

DIGESTS_SHOWN = 30
ONE_DAY = timedelta(days=1)
Kind = ConsentEvent.Kind
MOVES: dict[str, bool] = {Kind.CONFIRMED: True, Kind.IMPORTED: True, Kind.RETURNED: True, Kind.UNSUBSCRIBED: False}
"""What of the consent history begins the mails (True), and what ends them."""


class Why(StrEnum):
    """Why no digest was planned for a day. CHOSEN: it was a day for one, and nothing that is kept says more."""

    NOT_CONFIRMED = "not_confirmed"
    BEGAN = "began"
    LEFT = "left"
    PAUSED = "paused"
    NOT_CHOSEN = "not_chosen"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Days without a digest, from `first` to `last`, both included."""

    first: date
    last: date
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Some digests of a reader with their items and deliveries read, the gaps around them, and where to read on."""

    digests: tuple[Digest, ...]
    gaps: tuple[Gap, ...]
    earlier: date | None


def read_past(*, reader: Subscriber, today: date, before: date | None = None) -> Past:
    """Read the last DIGESTS_SHOWN digests, or the last before a day, with what lies between them, in four queries."""
    rows = _digests(reader, before)
    has_more, rows = len(rows) > DIGESTS_SHOWN, rows[:DIGESTS_SHOWN]
    days = [row.digest_date for row in rows]
    ends = [] if has_more else [schedule.local_day(at=reader.created_at, timezone=reader.timezone) - ONE_DAY]
    upper = min(before or today, today)
    marks = sorted({upper, *(day for day in (*days, *ends) if day < upper)}, reverse=True)
    known = _Known(reader=reader, today=today, moves=_moves(reader))
    gaps = tuple(gap for upper, lower in pairwise(marks) for gap in _between(lower, upper, known))
    return Past(digests=tuple(rows), gaps=gaps, earlier=days[-1] if has_more else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What explains a day; `moves` are the reader's own days on which the mails began or ended, the oldest first."""

    reader: Subscriber
    today: date
    moves: Sequence[tuple[date, bool]]

    def reason(self, day: date, *, is_last: bool) -> Why:
        """Say what kept a day without a digest; `is_last` when no digest came between it and today."""
        begins = [begins for at, begins in self.moves if at <= day]
        if self.moves and not begins:
            return Why.NOT_CONFIRMED
        if begins and not begins[-1]:
            return Why.LEFT
        if (day, True) in self.moves:
            return Why.BEGAN
        if is_last and self.reader.is_paused(on=self.today):
            return Why.PAUSED
        return Why.CHOSEN


def _digests(reader: Subscriber, before: date | None) -> list[Digest]:
    built = Digest.objects.filter(subscriber=reader).exclude(status=Digest.Status.PLANNED)
    earlier = built.filter(digest_date__lt=before) if before else built
    items = Prefetch("items", DigestItem.objects.order_by("section", "position").defer("reasons"))
    titles = Prefetch("items__paper", Paper.objects.only("title"))
    rows = earlier.select_related("delivery").prefetch_related(items, titles)
    return list(rows.order_by("-digest_date")[: DIGESTS_SHOWN + 1])


def _moves(reader: Subscriber) -> list[tuple[date, bool]]:
    rows = reader.consent_events.filter(kind__in=MOVES).order_by("at", "pk").values_list("kind", "at")
    return [(schedule.local_day(at=at, timezone=reader.timezone), MOVES[kind]) for kind, at in rows]


def _between(lower: date, upper: date, known: _Known) -> Iterator[Gap]:
    """Explain the days between two, the newest first; neighbouring days with the same reason are one gap."""
    days = [upper - n * ONE_DAY for n in range(1, (upper - lower).days)]
    chosen = schedule.delivery_days(cadence=known.reader.cadence, weekdays=known.reader.weekdays)
    for why, same in groupby(days, key=lambda day: known.reason(day, is_last=upper == known.today)):
        gap = list(same)
        if why == Why.CHOSEN and not any(day.weekday() in chosen for day in gap):
            why = Why.NOT_CHOSEN  # noqa: PLW2901 # what a whole gap is, no single day can tell
        yield Gap(first=gap[-1], last=gap[0], why=why)
