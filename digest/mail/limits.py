"""A provider and how much it may be given, as the settings say it. The settings import this: no app registry here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many mails one provider may be given; 0 is no limit. Its day is the day in UTC.

    `warm_up` holds the most mails of each day of a new sending domain, the first day being `warm_up_from`.
    """

    per_second: int = 0
    per_day: int = 0
    warm_up_from: date | None = None
    warm_up: tuple[int, ...] = ()
    errors_in_a_row: int = 5  # after so many nothing is handed over for a while

    def most_on(self, *, day: date) -> int | None:
        """Decide the most mails of a day; None when there is no limit. Before its first day a domain is as on it."""
        limits = [self.per_day] if self.per_day else []
        if self.warm_up_from is not None:
            n_days = max((day - self.warm_up_from).days, 0)
            limits += self.warm_up[n_days : n_days + 1]
        return min(limits, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Who sends: its name on the rows, its backend and what that is made with, and its limits."""

    name: str
    backend: str
    options: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
