"""Plays two days in a house of readers: lets time pass, strikes, waits until nothing is on its way."""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from digest.chaos import rows
from digest.chaos.acts import Act, Deed, script
from digest.chaos.calendar import Timeline
from digest.chaos.clock import SEEN_WITHIN_S
from digest.chaos.house import House
from digest.chaos.sink import Sink
from digest.chaos.world import Reader, promised, save_papers

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.2
QUIET_S = 0.7  # nobody talks to the mail server for so long: only then time is helped along
BUILDING_S = 5.0  # ... and no digest was built for so long
A_WHILE = timedelta(minutes=2)  # well below the ledger's shortest patience, CLAIM_TIMEOUT
AIM_S = 2.0
CLAIM_LANDS_S = 0.3  # a claim that a dead worker has sent may still be committed by PostgreSQL
CODA = (timedelta(minutes=70),) * 2  # after all is done: does anything come twice?
IN_THE_MIDDLE = {Deed.KILL_WORKER, Deed.KILL_CHILD, Deed.RESTART_POSTGRES, Deed.CRASH_POSTGRES}
"""Deeds that can cut a hand-over."""


@dataclass(slots=True, kw_only=True)
class Conductor:
    """One run. `in_hand`: by day, the addresses whose mails were being handed over when something was killed."""

    house: House
    sink: Sink
    readers: Sequence[Reader]
    timeline: Timeline
    seed: int
    patience_s: float
    in_hand: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    _moved_at: float = 0.0
    _seen: tuple[object, ...] = ()
    _changed_at: float = 0.0

    def play(self, *, day: int) -> None:
        """Play a day to its end, or until patience is over; the papers and the clock of the day come first."""
        clock, timeline = self.house.clock, self.timeline
        self.house.pass_time(max(timeline.begins[day - 1] - clock.now(), timedelta()))
        save_papers(day=day, now=clock.now())
        self.sink.book.day = day
        mails, began = self._mails(day), time.monotonic()
        acts = deque(script(seed=self.seed, day=day, mails=mails))
        taken_before = len(self.sink.book.takings)
        while time.monotonic() - began < self.patience_s:
            work = rows.work(now=clock.now(), given_up=self._given_up(day))
            if not work.total and clock.now() >= timeline.ends[day - 1]:
                break
            progress = (len(self.sink.book.takings) - taken_before) / max(mails, 1)
            if acts and progress >= acts[0].after and (acts[0].after or work.planned or progress):
                self._strike(acts.popleft(), day)
            self.house.keep_running()
            self._let_time_pass(work, day)
            time.sleep(LOOK_EVERY_S)
        log.warning("Day %d: %.0f s, %d acts left", day, time.monotonic() - began, len(acts))

    def wait_for_more(self) -> None:
        """Let some hours pass in which nothing must come."""
        for some in CODA:
            self.house.pass_time(some)
            time.sleep(SEEN_WITHIN_S + 1)

    def _mails(self, day: int) -> int:
        begin, end = self.timeline.begins[day - 1], self.timeline.ends[day - 1]
        return len(promised(readers=self.readers, since=begin, until=end))

    def _given_up(self, day: int) -> list[str]:
        fates = self.sink.fates
        return [each.address for each in self.readers if fates.is_busy_all_day(recipient=each.address, day=day)]

    def _strike(self, act: Act, day: int) -> None:
        """Do one act, and write down which hand-overs it may have cut."""
        until = time.monotonic() + AIM_S
        while act.aimed and act.deed in IN_THE_MIDDLE and not self.sink.book.holding and time.monotonic() < until:
            time.sleep(0.01)
        log.warning("Day %d: %s", day, act.deed.value)
        self.house.strike(act)
        if act.deed in {Deed.RESTART_POSTGRES, Deed.CRASH_POSTGRES}:
            connection.close()
        if act.deed in IN_THE_MIDDLE:
            self.in_hand[day] |= rows.in_hand()
            time.sleep(CLAIM_LANDS_S)
            self.in_hand[day] |= rows.in_hand()

    def _let_time_pass(self, work: rows.Work, day: int) -> None:
        """Help the clock along while everybody only waits for it; while somebody works it runs by itself."""
        now, seen = time.monotonic(), (work, len(self.sink.book.takings))
        if seen != self._seen:
            self._seen, self._changed_at = seen, now
        calm_s = BUILDING_S if work.planned else QUIET_S
        if self.sink.idle_s() < QUIET_S or now - self._changed_at < calm_s:
            return
        if work.total:
            self._step(A_WHILE, now, after_s=QUIET_S)
        elif (due := rows.next_due()) is not None:
            target = min(due, self.timeline.ends[day - 1]) + timedelta(seconds=1)
            self._step(target - self.house.clock.now(), now, after_s=SEEN_WITHIN_S + QUIET_S)

    def _step(self, by: timedelta, now: float, *, after_s: float) -> None:
        if now - self._moved_at >= after_s and by > timedelta():
            self.house.pass_time(by)
            self._moved_at = now
