"""What is done to the house while it works, and when: a draw from the seed.

The moments are shares of a day's mails, so that they fall into the work on a fast machine and on a slow one.
"""

import random
from dataclasses import dataclass
from enum import Enum


class Deed(Enum):
    """One cruelty."""

    KILL_WORKER = "a worker is killed, with all its processes"
    KILL_CHILD = "the process of a worker that does the work is killed"
    KILL_BEAT = "beat is killed"
    FLUSH_REDIS = "Redis forgets everything"
    KILL_REDIS = "Redis is killed, and comes back empty"
    RESTART_POSTGRES = "PostgreSQL is restarted and ends every connection"
    CRASH_POSTGRES = "PostgreSQL is stopped at once and recovers from its log"


EACH_DAY = {
    Deed.KILL_WORKER: 4,
    Deed.KILL_CHILD: 2,
    Deed.KILL_BEAT: 2,
    Deed.FLUSH_REDIS: 1,
    Deed.KILL_REDIS: 1,
    Deed.RESTART_POSTGRES: 1,
    Deed.CRASH_POSTGRES: 1,
}
WHILE_PLANNED = (Deed.KILL_WORKER, Deed.KILL_CHILD, Deed.CRASH_POSTGRES)
LATEST = 0.9  # of a day's mails: some never come, so a later moment might not either
MANY = 500  # mails
AIMED = 0.5  # of the kills of workers wait for a mail that has been handed over and not been answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A deed, and after which share of a day's mails; `aimed`: while a mail waits for its answer, if one soon does."""

    after: float
    deed: Deed
    aimed: bool
    choice: float  # which worker, as a share of all


def script(*, seed: int, day: int, mails: int) -> list[Act]:
    """Draw the acts of a day in their order. The first strikes while digests are planned and not yet built.

    A day of few mails has each deed once.
    """
    draw = random.Random(f"acts {seed} {day}")  # noqa: S311 - to be drawn again, not to be secret
    deeds = [(0.0, draw.choice(WHILE_PLANNED))]
    for deed, times in EACH_DAY.items():
        deeds += [(draw.uniform(0.01, LATEST), deed) for _ in range(times if mails >= MANY else 1)]
    acts = [Act(after=at, deed=deed, aimed=draw.random() < AIMED, choice=draw.random()) for at, deed in deeds]
    return sorted(acts, key=lambda act: act.after)
