"""What the mail server does to each hand-over: a pure draw from the seed, the same in every run."""

import hashlib
from dataclasses import dataclass
from enum import Enum


class Fate(Enum):
    """What becomes of one try to hand one mail over."""

    TAKEN = "taken"
    SLOW = "answered slowly"
    BUSY = "450 to its recipient"
    FULL = "452 to the mail"
    AWAY = "421, and the line is cut"
    CUT_BEFORE_MAIL = "cut instead of 354: nothing was handed over"
    CUT_BEFORE_DOT = "cut in the middle of the mail: not taken, but who sends it cannot know"
    CUT_AFTER_DOT = "taken whole and cut before the answer"
    NO_SUCH_READER = "550 to its recipient, each time"
    UNWANTED = "554 to the mail, each time"


OF_A_TRY = {
    Fate.BUSY: 0.03,
    Fate.FULL: 0.02,
    Fate.AWAY: 0.01,
    Fate.CUT_BEFORE_MAIL: 0.01,
    Fate.CUT_BEFORE_DOT: 0.01,
    Fate.CUT_AFTER_DOT: 0.01,
    Fate.SLOW: 0.02,
}
OF_A_READER = {Fate.NO_SUCH_READER: 0.01, Fate.UNWANTED: 0.01}
BUSY_ALL_DAY_ONE = 0.01  # of the readers: their first mail is given up before the second day's comes
TOO_LATE = "busy all day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """All fates of a run."""

    seed: int

    def of(self, *, recipient: str, day: int, attempt: int) -> Fate:
        """Draw what becomes of the n-th try to hand over a reader's mail of a day; days and tries count from 1."""
        for_ever = self._pick(OF_A_READER, recipient)
        if for_ever is not None:
            return for_ever
        if self.is_busy_all_day(recipient=recipient, day=day):
            return Fate.BUSY
        return self._pick(OF_A_TRY, f"{recipient} {day} {attempt}") or Fate.TAKEN

    def is_busy_all_day(self, *, recipient: str, day: int) -> bool:
        """Tell whether a reader's mail of a day is refused for now at each try."""
        return day == 1 and self._draw(f"{recipient} {TOO_LATE}") < BUSY_ALL_DAY_ONE

    def _pick(self, shares: dict[Fate, float], key: str) -> Fate | None:
        drawn, total = self._draw(key), 0.0
        for fate, share in shares.items():
            total += share
            if drawn < total:
                return fate
        return None

    def _draw(self, key: str) -> float:
        digest = hashlib.blake2b(f"{self.seed} {key}".encode(), digest_size=7).digest()
        return int.from_bytes(digest, "big") / 2**56
